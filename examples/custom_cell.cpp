// Recurrent neurons and a layer without synapses of one's own, trained by the shipped genome.
//
// A cell is one struct that says what a neuron does in a step and what its synapses' traces take
// in; `Recurrent` makes a layer of it. A layer without synapses says whom its credit concerns. (A
// layer over images is in custom_layer.cpp, one over tokens in attention_sequence.cpp.)
#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <span>

#include "support/command_line.hpp"
#include "support/fashion_mnist.hpp"
#include "support/program.hpp"
#include "tdca/bottom_up/activations.hpp"
#include "tdca/bottom_up/recurrent.hpp"
#include "tdca/presets.hpp"

using namespace tdca;

/// A minimal gated unit (Zhou et al., arXiv:1603.09420) whose gate sees no other neuron's memory:
///   f = σ(a_f + b_f),  n = tanh(a_n + b_n),  h ← f n + (1 − f) h.
struct MinimalGatedCell {
    static constexpr std::size_t gates = 2;   // f, n
    static constexpr std::size_t states = 1;  // h
    static constexpr double bias(std::size_t gate) noexcept { return gate == 0 ? -1 : 0; }

    template <class T>
    static void step(const T (&in)[gates], const T (&recurrent)[gates], T (&state)[states],
                     CellTraces<T, gates>& traces) noexcept {
        const T f = Sigmoid::apply(in[0] + recurrent[0]);
        const T n = Tanh::apply(in[1] + recurrent[1]);
        // ∂h/∂a_f and ∂h/∂a_n of this step; what was there before stays as h does, by 1 − f.
        traces.gain_in[0] = traces.gain_state[0] = (n - state[0]) * Sigmoid::slope(f);
        traces.gain_in[1] = traces.gain_state[1] = f * Tanh::slope(n);
        for (std::size_t g = 0; g < gates; ++g) {
            traces.keep[g] = T(1) - f;
            traces.readout[g] = T(1);
        }
        state[0] += f * (n - state[0]);
    }
};

/// Reads a sequence backwards: nothing to learn, and credit goes back the way it came.
struct Reversed {
    template <class Scalar, class InputShape>
    struct Bound;

    template <class Scalar, std::size_t Steps, std::size_t Features>
    struct Bound<Scalar, Shape<Steps, Features>> {
        using input_shape = Shape<Steps, Features>;
        using output_shape = input_shape;
        using Params = Parameters<Scalar>;
        template <std::size_t Samples>
        using Eligibility = NoEligibility;
        template <std::size_t Samples>
        using Batch = std::span<const Scalar, Samples * input_shape::size>;
        template <std::size_t Samples>
        using Out = std::span<Scalar, Samples * input_shape::size>;

        static void initialize(Params& /*params*/, Key /*key*/) noexcept {}

        template <std::size_t Samples>
        static void forward(const Params& /*params*/, Batch<Samples> in, Out<Samples> out,
                            NoEligibility& /*eligibility*/) noexcept {
            for (std::size_t row = 0; row < Samples * Steps; ++row) {
                const std::size_t sample = row / Steps;
                const std::size_t mirrored = sample * Steps + Steps - 1 - row % Steps;
                std::copy_n(in.data() + row * Features, Features, out.data() + mirrored * Features);
            }
        }

        template <std::size_t Samples>
        static void relay(Batch<Samples> /*in*/, Batch<Samples> /*out*/, const NoEligibility& none,
                          Batch<Samples> credit, Out<Samples> below) noexcept {
            auto nothing = none;
            forward<Samples>({}, credit, below, nothing);
        }
    };
};

using Net = Network<Input<28, 28>, Reversed, Recurrent<64, MinimalGatedCell>,
                    Dense<10, Softmax, ScaledNormal>>;

int main(int argc, char** argv) {
    support::ProgramOptions options;
    std::size_t updates = 1000;
    support::CommandLine line("Recurrent neurons of one's own, trained by the shipped genome",
                              "custom_cell");
    options.add_to(line);
    line.count("--updates", updates, "of its life", {.least = 1});
    return support::run_program(line, argc, argv, [&] {
        if (options.quick) updates = 20;
        const support::FashionMnist data;
        Classifier<Net> classifier(options.seed);
        classifier.fit(data.train(), updates);
        const double accuracy = classifier.evaluate(data.validation()).accuracy;
        std::printf("rows from the bottom to the top, %zu updates: %.2f %% of validation samples\n",
                    updates, 100 * accuracy);
        support::save_report(
            "custom_cell", options,
            {{"updates", static_cast<double>(updates)}, {"validation_accuracy", accuracy}});
        return 0;
    });
}
