// Stepwise: a recurrent layer that is shown one step at a time, and goes on from where it was.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

#include "tdca/bottom_up/recurrent.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/shape.hpp"

namespace tdca::inline TDCA_ABI {

/// The neurons of a `Recurrent` layer, shown one step of a sequence at a time: every forward
/// pass is one step, and neurons and traces go on from where the one before left them, until
/// `begin_sequence`. So credit may come after any step, and meets the traces of all steps so far:
/// what an agent needs, whose sequence is an episode. Passes without learning leave traces as they
/// are.
///
/// Shapes: in any, all numbers are one step's features; out units. Parameters, births and learning
/// are those of `Layer`. With `Longest`, gates that keep a neuron's state (z of `Gru`, f of `Lstm`)
/// are born so that neuron j forgets over about Longest^((j + 0.5) / units) + 1 steps, of which a
/// share 1 / T of what it holds goes at each: b = ln(T − 1) (the idea is that of Tallec & Ollivier,
/// "Can recurrent neural networks warp time?", ICLR 2018, arXiv:1804.11188; theirs draws T at
/// random).
///
/// @tparam Layer `Gru<16>`, or another `Recurrent`
/// @tparam Longest steps; 0: gates are born as the cell says
template <class Layer, std::size_t Longest = 0>
struct Stepwise;

template <std::size_t Units, class Cell, std::size_t Longest>
struct Stepwise<Recurrent<Units, Cell>, Longest> {
    static_assert(
        Longest == 0 || requires { Cell::keeping_gate; },
        "only a cell with a gate that keeps its state can be born to keep it for long: "
        "Gru or Lstm");

    template <class Scalar, class InputShape>
    struct Bound;

    /// The layer on steps of this shape.
    template <class Scalar, std::size_t... Features>
    struct Bound<Scalar, Shape<Features...>>
        : Recurrent<Units, Cell>::template Bound<Scalar, Shape<1, Features...>> {
    private:
        using Whole =
            typename Recurrent<Units, Cell>::template Bound<Scalar, Shape<1, Features...>>;
        static constexpr std::size_t features = Whole::features;
        static constexpr std::size_t traces = Whole::sources * Whole::sums;
        static constexpr std::size_t states = Whole::states * Units;
        static constexpr std::size_t faded = FadingCell<Cell> ? Whole::sources : 0;

    public:
        using input_shape = Shape<Features...>;
        using Params = typename Whole::Params;
        template <std::size_t Samples>
        using Eligibility = typename Whole::template Eligibility<Samples>;

        /// How many numbers a sample's neurons and traces are.
        static constexpr std::size_t memory = traces + states + faded;

        static void initialize(Params& params, Key key) noexcept {
            Whole::initialize(params, key);
            if constexpr (Longest != 0) {
                const auto bias = params.template get<"input_bias">();
                for (std::size_t j = 0; j < Units; ++j) {
                    const double place = (static_cast<double>(j) + 0.5) / Units;
                    bias[Cell::keeping_gate * Units + j] =
                        static_cast<Scalar>(place * std::log(static_cast<double>(Longest)));
                }
            }
        }

        template <std::size_t Samples>
        static void forward(const Params& params, std::span<const Scalar, Samples * features> in,
                            std::span<Scalar, Samples * Units> out,
                            Eligibility<Samples>& eligibility) noexcept {
            Whole::template forward_step<Samples>(params, in, out, eligibility);
        }

        /// The same, and traces take the step in.
        template <std::size_t Samples>
        static void forward_training(const Params& params,
                                     std::span<const Scalar, Samples * features> in,
                                     std::span<Scalar, Samples * Units> out,
                                     Eligibility<Samples>& eligibility, Key key) noexcept {
            Whole::template forward_step_training<Samples>(params, in, out, eligibility, key);
        }

        /// One sample's neurons and traces.
        template <std::size_t Samples>
        static void save(const Eligibility<Samples>& from, std::size_t sample,
                         std::span<Scalar, memory> out) noexcept {
            auto to = out.data();
            to = std::copy_n(from.traces.data() + sample * traces, traces, to);
            to = std::copy_n(from.state.data() + sample * states, states, to);
            std::copy_n(from.faded.data() + sample * faded, faded, to);
        }

        /// Puts back what @ref save gave.
        template <std::size_t Samples>
        static void restore(Eligibility<Samples>& to, std::size_t sample,
                            std::span<const Scalar, memory> in) noexcept {
            std::copy_n(in.data(), traces, to.traces.data() + sample * traces);
            std::copy_n(in.data() + traces, states, to.state.data() + sample * states);
            std::copy_n(in.data() + traces + states, faded, to.faded.data() + sample * faded);
        }
    };
};

}  // namespace tdca
