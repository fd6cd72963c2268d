// EveryStep: a network that puts something out at every step of a sequence.
#pragma once

#include <cstddef>

#include "tdca/bottom_up/network.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/shape.hpp"

namespace tdca::inline TDCA_ABI {

/// `Net`, which reads a whole sequence and puts something out at its end, as a network that reads
/// it step by step and puts something out at every step: all layers run at each step, and those
/// that remember (@ref SteppingLayer) go on from the step before.
///
///     EveryStep<Network<Input<32>, Embedding<64, 16>, Gru<64>, Dense<64, Softmax>>>
///
/// The parameters are those of `Net`, where no layer's number of synapses follows from the number
/// of steps: what learned at every step may be asked for its last output alone, and be saved and
/// loaded as `Net`.
///
/// @tparam Net a network whose first extent of the input counts steps
template <class Net>
struct EveryStep {
    static_assert(sizeof(Net) == 0, "a network of steps begins Input<steps> or Input<steps, …>");
};

/// Of a network with so many steps.
template <class Scalar, std::size_t Steps, std::size_t... Extents, class... Layers>
struct EveryStep<BasicNetwork<Scalar, Input<Steps, Extents...>, Layers...>> {
    using sequence = BasicNetwork<Scalar, Input<Steps, Extents...>, Layers...>;  ///< `Net`
    using step = BasicNetwork<Scalar, Input<1, Extents...>, Layers...>;  ///< what runs at each step
    static constexpr std::size_t steps = Steps;                          ///< of a sequence

    using scalar = Scalar;
    using input_shape = Shape<Steps, Extents...>;
    using output_shape = typename step::output_shape;  ///< of one step
    using Params = typename step::Params;

    static constexpr std::size_t depth = step::depth;                      ///< layers
    static constexpr std::size_t parameter_count = step::parameter_count;  ///< of all layers
    /// Layer `Index`, bound to one step.
    template <std::size_t Index>
    using layer = typename step::template layer<Index>;

    /// As `Net`'s.
    template <class Visitor>
    static constexpr void for_each_layer(Visitor&& visit) {
        step::for_each_layer(visit);
    }
    /// As `Net`'s.
    static void initialize(Params& params, Key key) { step::initialize(params, key); }
    /// As `Net`'s.
    [[nodiscard]] static bool all_finite(const Params& params) noexcept {
        return step::all_finite(params);
    }
};

}  // namespace tdca
