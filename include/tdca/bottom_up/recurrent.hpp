// Recurrent: a layer that reads a sequence step by step and learns forward in time.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <type_traits>
#include <utility>

#include "tdca/bottom_up/cell_step.hpp"
#include "tdca/bottom_up/initializers.hpp"
#include "tdca/bottom_up/step_factors.hpp"
#include "tdca/bottom_up/step_traces.hpp"
#include "tdca/concepts/layer.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/shape.hpp"
#include "tdca/math/gemm.hpp"
#include "tdca/math/lanes.hpp"
#include "tdca/math/simd.hpp"

namespace tdca::inline TDCA_ABI {

/// A layer of recurrent neurons; its output is what they are after the last step, or at every one
/// (@ref SteppingLayer, see @ref EveryStep).
///
/// Learns by e-prop (Bellec et al., doi:10.1038/s41467-020-17236-y): every synapse carries an
/// eligibility trace forward in time, and credit meets it there when it comes, at the end or at any
/// step. Nothing is unrolled backward in time, and memory does not depend on the number of steps:
///   Δ = mean over samples of credit_j · readout_j · e_ij.
/// A trace follows the neuron's own memory and no way through other neurons, which is what makes it
/// local; where neurons do not feed each other it is exact.
///
/// Shapes: in steps × features (any further axes of a step are features); out `Units`. Weights
/// "input" features × gates · Units, "recurrent" Units × gates · Units, each with a bias.
/// 2 · Samples · steps · gates · Units · (features + Units) FLOPs to run, and as many again for the
/// traces (@ref StepFactors). Allocates nothing.
///
/// @tparam Cell what a neuron does: see @ref GruCell
template <std::size_t Units, class Cell>
struct Recurrent {
    template <class Scalar, class InputShape>
    struct Bound;

    /// The layer on sequences of this shape.
    template <class Scalar, std::size_t Steps, std::size_t... Features>
    struct Bound<Scalar, Shape<Steps, Features...>> {
        static_assert(sizeof...(Features) > 0 && Steps > 0,
                      "a recurrent layer reads a sequence: Input<steps, features>");
        static constexpr std::size_t features = (std::size_t{1} * ... * Features);
        static constexpr std::size_t gates = Cell::gates;    ///< weighted sums of a neuron
        static constexpr std::size_t states = Cell::states;  ///< numbers that a neuron remembers
        static constexpr std::size_t sums = gates * Units;   ///< of all neurons
        static constexpr std::size_t fan_in = features + Units;
        /// Presynaptic sides of a sum: inputs, a bias, neurons, a bias.
        static constexpr std::size_t sources = features + Units + 2;

        using input_shape = Shape<Steps, Features...>;
        using output_shape = Shape<Units>;
        using Params = Parameters<
            Scalar, Parameter<"input", Shape<features, sums>>, Parameter<"input_bias", Shape<sums>>,
            Parameter<"recurrent", Shape<Units, sums>>, Parameter<"recurrent_bias", Shape<sums>>>;

        using Blocks = StepBlocks<Steps, sums, FadingCell<Cell>>;  ///< of steps, for traces
        static constexpr std::size_t block = Blocks::steps;        ///< steps of most of them

        /// Traces, and what a block of steps leaves for them.
        template <std::size_t Samples>
        struct Eligibility {
            template <std::size_t N>
            using Numbers = std::array<Scalar, N>;  ///< `N` of them

            alignas(
                alignment) Numbers<Blocks::are_many ? Samples * sources * sums
                                                    : 1> traces;  ///< e, sources × sums a sample
            alignas(alignment) Numbers<Samples * states * Units> state;  ///< of neurons, now
            alignas(alignment) Numbers<Samples * sums> readout;          ///< how traces show now
            alignas(alignment) Numbers<Samples * sums> from_input;       ///< sums of this step
            alignas(alignment) Numbers<Samples * sums> from_state;       ///< sums of this step
            alignas(alignment) Numbers<FadingCell<Cell> ? Samples * sources
                                                        : 1> faded;  ///< x̄ of a cell that fades
            alignas(alignment) Numbers<block * Samples * Units> before;     ///< activity
            alignas(alignment) Numbers<block * Samples * sums> keep;        ///< of `CellTraces`
            alignas(alignment) Numbers<block * Samples * sums> gain_in;     ///< of `CellTraces`
            alignas(alignment) Numbers<block * Samples * sums> gain_state;  ///< of `CellTraces`
        };

        /// PyTorch's birth: uniform within ±1 / √Units; biases are born zero but for the cell's
        /// own.
        static void initialize(Params& params, Key key) noexcept {
            const Scalar reach = Scalar{1} / std::sqrt(static_cast<Scalar>(Units));
            (key / 0).fill_uniform(std::span<Scalar>(params.template get<"input">()), -reach,
                                   reach);
            (key / 1).fill_uniform(std::span<Scalar>(params.template get<"recurrent">()), -reach,
                                   reach);
            const auto bias = params.template get<"input_bias">();
            for (std::size_t g = 0; g < gates; ++g) {
                std::fill_n(bias.data() + g * Units, Units, static_cast<Scalar>(Cell::bias(g)));
            }
            std::ranges::fill(params.template get<"recurrent_bias">(), Scalar{0});
        }

        template <std::size_t Samples>
        static void forward(const Params& params,
                            std::span<const Scalar, Samples * Steps * features> in,
                            std::span<Scalar, Samples * Units> out,
                            Eligibility<Samples>& eligibility) noexcept {
            eligibility.state.fill(Scalar{0});
            run<false, Samples>(params, in, out, eligibility);
        }

        /// As `forward`; traces take every step in.
        template <std::size_t Samples>
        static void forward_training(const Params& params,
                                     std::span<const Scalar, Samples * Steps * features> in,
                                     std::span<Scalar, Samples * Units> out,
                                     Eligibility<Samples>& eligibility, Key /*key*/) noexcept {
            begin_sequence<Samples>(eligibility);
            run<true, Samples>(params, in, out, eligibility);
        }

        /// Neurons and traces forget, as a @ref SteppingLayer does.
        template <std::size_t Samples>
        static void begin_sequence(Eligibility<Samples>& eligibility) noexcept {
            eligibility.state.fill(Scalar{0});
            eligibility.traces.fill(Scalar{0});
            eligibility.faded.fill(Scalar{0});
        }

        /// As `forward`, from where neurons are.
        template <std::size_t Samples>
        static void forward_step(const Params& params,
                                 std::span<const Scalar, Samples * Steps * features> in,
                                 std::span<Scalar, Samples * Units> out,
                                 Eligibility<Samples>& eligibility) noexcept {
            run<false, Samples>(params, in, out, eligibility);
        }

        /// As `forward_training`, from where neurons and traces are.
        template <std::size_t Samples>
        static void forward_step_training(const Params& params,
                                          std::span<const Scalar, Samples * Steps * features> in,
                                          std::span<Scalar, Samples * Units> out,
                                          Eligibility<Samples>& eligibility, Key /*key*/) noexcept {
            static_assert(!Blocks::by_factors,
                          "who goes on from a step takes fewer than 8 at once");
            run<true, Samples>(params, in, out, eligibility);
        }

        template <std::size_t Samples>
        static void correlate(std::span<const Scalar, Samples * Steps * features> in,
                              std::span<const Scalar, Samples * Units> credit,
                              const Eligibility<Samples>& eligibility, Params& delta) noexcept {
            std::ranges::fill(delta.flat(), Scalar{0});
            Memory<Samples>::correlate(in.data(), eligibility, credit,
                                       [&delta](std::size_t i) { return synapses_of(i, delta); });
        }

        /// A trace has the neuron's slopes in it.
        template <std::size_t Samples>
        static void gate(std::span<const Scalar, Samples * Units> /*out*/,
                         const Eligibility<Samples>& /*eligibility*/,
                         std::span<Scalar, Samples * Units> /*credit*/) noexcept {}

    private:
        /// How traces are kept.
        template <std::size_t Samples>
        using Memory = std::conditional_t<Blocks::by_factors, SequenceFactors<Bound, Samples>,
                                          SequenceTraces<Bound, Cell, Samples>>;

        /// Where what step `t` of a block left for sample `s` stands.
        template <std::size_t Samples>
        static constexpr std::size_t place(std::size_t s, std::size_t t) noexcept {
            return Blocks::by_factors ? s * block + t : t * Samples + s;
        }

        template <bool Remembers, std::size_t Samples>
        static void run(const Params& params,
                        std::span<const Scalar, Samples * Steps * features> in,
                        std::span<Scalar, Samples * Units> out,
                        Eligibility<Samples>& eligibility) noexcept {
            for (std::size_t first = 0; first < Steps; first += block) {
                const std::size_t count = std::min(block, Steps - first);
                for (std::size_t t = 0; t < count; ++t) {
                    step<Samples>(params, in.data() + (first + t) * features, t, eligibility);
                }
                const bool is_last = Blocks::by_factors && first + block >= Steps;
                for (std::size_t s = 0; Remembers && !is_last && s < Samples; ++s) {
                    const Scalar* const seen = in.data() + (s * Steps + first) * features;
                    Memory<Samples>::remember(seen, s, count, eligibility);
                }
            }
            for (std::size_t s = 0; s < Samples; ++s) {
                std::copy_n(eligibility.state.data() + s * states * Units, Units,
                            out.data() + s * Units);
            }
        }

        /// The synapses of source i, in the order of `traces`.
        static std::span<Scalar, sums> synapses_of(std::size_t i, Params& params) noexcept {
            Scalar* start = nullptr;
            if (i < features) {
                start = params.template get<"input">().data() + i * sums;
            } else if (i == features) {
                start = params.template get<"input_bias">().data();
            } else if (i <= features + Units) {
                start = params.template get<"recurrent">().data() + (i - features - 1) * sums;
            } else {
                start = params.template get<"recurrent_bias">().data();
            }
            return std::span<Scalar, sums>(start, sums);
        }

        /// One step of all samples; number `t` of the block.
        template <std::size_t Samples>
        static void step(const Params& params, const Scalar* in, std::size_t t,
                         Eligibility<Samples>& e) noexcept {
            // A sample's steps lie side by side, so the rows of one step are far apart.
            affine_rows<Samples, features, sums, Steps * features>(
                in, params.template get<"input">(), params.template get<"input_bias">(),
                std::span<Scalar, Samples * sums>(e.from_input));
            affine_rows<Samples, Units, sums, states * Units>(
                std::as_const(e.state).data(), params.template get<"recurrent">(),
                params.template get<"recurrent_bias">(),
                std::span<Scalar, Samples * sums>(e.from_state));
            for (std::size_t s = 0; s < Samples; ++s) {
                const std::size_t at = place<Samples>(s, t) * sums;
                Scalar* const state = e.state.data() + s * states * Units;
                std::copy_n(state, Units, e.before.data() + place<Samples>(s, t) * Units);
                for (std::size_t j = 0; j < Units; j += lanes<Scalar>) {
                    const std::size_t count = std::min(lanes<Scalar>, Units - j);
                    detail::advance_neurons<Cell, Units>(
                        e.from_input.data() + s * sums + j, e.from_state.data() + s * sums + j,
                        state + j, e.keep.data() + at + j, e.gain_in.data() + at + j,
                        e.gain_state.data() + at + j, e.readout.data() + s * sums + j, count);
                }
            }
        }
    };
};

}  // namespace tdca
