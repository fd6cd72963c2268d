// A layer of one's own: neurons that see one patch of the image each, trained by the shipped
// genome.
//
// A layer is one struct with a nested Bound: shapes, parameters, forward, correlate, gate. Nothing
// else in the library needs to know of it, and no genome has to be evolved for it.
#include <array>
#include <cstdio>

#include "support/command_line.hpp"
#include "support/fashion_mnist_data.hpp"
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/credit/diffusion.hpp"
#include "tdca/io/genome_file.hpp"
#include "tdca/signal/classification.hpp"
#include "tdca/top_down/top_down_network.hpp"
#include "tdca/training/learner.hpp"
#include "tdca/training/lifetime.hpp"

using namespace tdca;

/// Cuts an image into square patches and gives each `Units` neurons of its own (locally connected,
/// weights not shared).
template <std::size_t Patch, std::size_t Units, ElementwiseActivation Function = Relu>
struct LocalPatches {
    template <class Scalar, class InputShape>
    struct Bound;  // only images bind

    template <class Scalar, std::size_t Rows, std::size_t Columns>
    struct Bound<Scalar, Shape<Rows, Columns>> {
        static_assert(Rows % Patch == 0 && Columns % Patch == 0,
                      "LocalPatches: the patch must divide both extents of the image");
        static constexpr std::size_t across = Columns / Patch;
        static constexpr std::size_t patches = Rows / Patch * across;
        static constexpr std::size_t pixels = Patch * Patch;
        static constexpr std::size_t inputs = Rows * Columns;
        static constexpr std::size_t outputs = patches * Units;

        using input_shape = Shape<Rows, Columns>;
        using output_shape = Shape<patches, Units>;
        using Params = Parameters<Scalar, Parameter<"weights", Shape<patches, pixels, Units>>,
                                  Parameter<"bias", Shape<patches, Units>>>;
        static constexpr std::size_t fan_in = pixels;
        template <std::size_t Samples>
        using Eligibility = NoEligibility;

        static void initialize(Params& params, Key key) noexcept {
            const auto weights = params.template get<"weights">();
            HeNormal::fill(std::span<Scalar>(weights), pixels, Units, key);
            for (Scalar& bias : params.template get<"bias">()) bias = 0;
        }

        template <std::size_t Samples>
        static void forward(const Params& params, std::span<const Scalar, Samples * inputs> in,
                            std::span<Scalar, Samples * outputs> out,
                            NoEligibility& /*eligibility*/) noexcept {
            const auto weights = params.template get<"weights">();
            const auto bias = params.template get<"bias">();
            for (std::size_t s = 0; s < Samples; ++s) {
                for (std::size_t p = 0; p < patches; ++p) {
                    std::array<Scalar, Units> sums;
                    for (std::size_t u = 0; u < Units; ++u) sums[u] = bias[p * Units + u];
                    for (std::size_t i = 0; i < pixels; ++i) {
                        const Scalar x = in[s * inputs + pixel(p, i)];
                        for (std::size_t u = 0; u < Units; ++u) {
                            sums[u] += x * weights[(p * pixels + i) * Units + u];
                        }
                    }
                    for (std::size_t u = 0; u < Units; ++u) {
                        out[s * outputs + p * Units + u] = Function::apply(sums[u]);
                    }
                }
            }
        }

        template <std::size_t Samples>
        static void correlate(std::span<const Scalar, Samples * inputs> in,
                              std::span<const Scalar, Samples * outputs> credit,
                              const NoEligibility& /*eligibility*/, Params& delta) noexcept {
            const auto weights = delta.template get<"weights">();
            const auto bias = delta.template get<"bias">();
            constexpr Scalar scale = Scalar{1} / Samples;
            for (Scalar& value : delta.flat()) value = 0;
            for (std::size_t s = 0; s < Samples; ++s) {
                for (std::size_t p = 0; p < patches; ++p) {
                    for (std::size_t u = 0; u < Units; ++u) {
                        bias[p * Units + u] += scale * credit[s * outputs + p * Units + u];
                    }
                    for (std::size_t i = 0; i < pixels; ++i) {
                        const Scalar x = scale * in[s * inputs + pixel(p, i)];
                        for (std::size_t u = 0; u < Units; ++u) {
                            weights[(p * pixels + i) * Units + u] +=
                                x * credit[s * outputs + p * Units + u];
                        }
                    }
                }
            }
        }

        template <std::size_t Samples>
        static void gate(std::span<const Scalar, Samples * outputs> out,
                         const NoEligibility& /*eligibility*/,
                         std::span<Scalar, Samples * outputs> credit) noexcept {
            for (std::size_t i = 0; i < Samples * outputs; ++i)
                credit[i] *= Function::slope(out[i]);
        }

    private:
        /// Where pixel `i` of patch `p` stands in the image.
        static constexpr std::size_t pixel(std::size_t p, std::size_t i) {
            return (p / across * Patch + i / Patch) * Columns + p % across * Patch + i % Patch;
        }
    };
};

using Net =
    Network<Input<28, 28>, LocalPatches<7, 8>, Dense<32, Relu>, Dense<10, Softmax, ScaledNormal>>;
using TopDown = TopDownNetwork<ClassificationSignal<10>, Hidden<8>, GaussianDiffusion<32>,
                               PredictiveFeedback<>>;
using Student = Learner<Net, TopDown, AdamPlasticity>;

int main(int argc, char** argv) {
    support::ProgramOptions options;
    support::CommandLine line("Trains a layer of one's own on Fashion-MNIST", "custom_layer");
    options.add_to(line);
    return support::run_program(line, argc, argv, [&] {
        const support::FashionMnist data(default_fashion_mnist_directory());
        const auto genome =
            load_genome<Student::Genome>(support::shipped_genome("fashion_mnist.safetensors"))
                .genome;
        const std::size_t updates = options.quick ? 100 : 1000;
        Lifetime<Student> life;
        life.live(genome, data.train(), Key(options.seed), updates);
        const double accuracy = life.evaluate(data.validation()).accuracy;
        std::printf("validation accuracy after %zu updates: %.2f %% with %zu parameters\n", updates,
                    100 * accuracy, Net::parameter_count);
        if (!options.json.empty()) {
            Json report = support::run_facts("custom_layer", options);
            report["updates"] = updates;
            report["validation_accuracy"] = accuracy;
            report["parameters"] = Net::parameter_count;
            save_json(options.json, report);
        }
        return 0;
    });
}
