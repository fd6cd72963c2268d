// The contract of a bottom-up layer.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>

#include "tdca/core/abi.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/shape.hpp"

namespace tdca::inline TDCA_ABI {

/// What `forward` leaves for the same layer's `correlate` when a layer needs nothing of the kind.
struct NoEligibility {};

/// What every layer bound to its input shape has.
///
/// | member | meaning |
/// | --- | --- |
/// | `input_shape`, `output_shape` | of one sample; feature maps and sequences are shapes too |
/// | `Params` | a `Parameters<…>` block, empty for a layer that does not learn |
/// | `Eligibility<Samples>` | what `forward` leaves for `correlate`: `NoEligibility`, or the traces that a recurrent layer carries forward in time |
/// | `initialize(params, key)` | birth |
/// | `forward<Samples>(params, in, out, eligibility)` | the activity |
/// `forward` is `noexcept`, writes only its outputs and never allocates. On top come the members of
/// a @ref SynapticLayer or those of a @ref RelayLayer; those of a @ref TrainingLayer and of a
/// @ref SteppingLayer are options.
template <class L>
concept LayerWithShapes =
    StaticShape<typename L::input_shape> && StaticShape<typename L::output_shape> &&
    std::default_initializable<typename L::Params> &&
    requires(typename L::Params& params, const typename L::Params& frozen,
             typename L::template Eligibility<1>& eligibility,
             std::span<const typename L::Params::scalar, L::input_shape::size> in,
             std::span<typename L::Params::scalar, L::output_shape::size> out) {
        L::initialize(params, Key{0});
        { L::template forward<1>(frozen, in, out, eligibility) } noexcept;
    };

/// A layer that learns.
///
/// | member | meaning |
/// | --- | --- |
/// | `fan_in` | presynaptic neurons per neuron, for step sizes that fit any width |
/// | `correlate<Samples>(in, credit, eligibility, delta)` | batch mean of credit × presynaptic activity, one number a synapse |
/// | `gate<Samples>(out, eligibility, credit)` | credit times the neuron's own slope, in place |
///
/// Both are `noexcept`, write only their outputs and never allocate. They are never given the
/// parameters: what a synapse learns depends on its own two ends.
template <class L>
concept SynapticLayer =
    LayerWithShapes<L> && L::Params::count != 0 &&
    requires(typename L::Params& delta, const typename L::template Eligibility<1>& eligibility,
             std::span<const typename L::Params::scalar, L::input_shape::size> in,
             std::span<const typename L::Params::scalar, L::output_shape::size> out,
             std::span<typename L::Params::scalar, L::output_shape::size> credit) {
        { L::fan_in } -> std::convertible_to<std::size_t>;
        { L::template correlate<1>(in, out, eligibility, delta) } noexcept;
        { L::template gate<1>(out, eligibility, credit) } noexcept;
    };

/// A layer without synapses, which has nothing to learn: pooling, normalisation. Credit is assigned
/// to what comes out of it, and it tells the layer below whom that concerned:
/// `relay<Samples>(in, out, eligibility, credit, below)` fills `below`, the credit of its inputs. A
/// pool hands its credit to the neuron that won. There is no weight to be read on the way, of any
/// layer.
template <class L>
concept RelayLayer =
    LayerWithShapes<L> && L::Params::count == 0 &&
    requires(const typename L::template Eligibility<1>& eligibility,
             std::span<const typename L::Params::scalar, L::input_shape::size> in,
             std::span<const typename L::Params::scalar, L::output_shape::size> out,
             std::span<typename L::Params::scalar, L::input_shape::size> below) {
        { L::template relay<1>(in, out, eligibility, out, below) } noexcept;
    };

/// A layer that runs differently on what it will learn from, and says so by offering
/// `forward_training<Samples>(params, in, out, eligibility, key)` beside `forward`: it leaves
/// traces that nobody else would read, or draws noise from `key`. An option.
template <class L>
concept TrainingLayer =
    LayerWithShapes<L> &&
    requires(const typename L::Params& frozen, typename L::template Eligibility<1>& eligibility,
             std::span<const typename L::Params::scalar, L::input_shape::size> in,
             std::span<typename L::Params::scalar, L::output_shape::size> out) {
        { L::template forward_training<1>(frozen, in, out, eligibility, Key{0}) } noexcept;
    };

/// A layer that remembers from one step of a sequence to the next, and so has an output at every
/// step. Its input is then that of one step. An option.
///
/// | member | meaning |
/// | --- | --- |
/// | `begin_sequence<Samples>(eligibility)` | forgets what came before |
/// | `forward_step<Samples>(params, in, out, eligibility)` | as `forward`, going on from the step before |
/// | `forward_step_training<Samples>(params, in, out, eligibility, key)` | the same for a step that may be learned from: `correlate` may be asked after any, and tells what credit at this step is worth |
///
/// What is remembered is in the eligibility, whose size does not depend on the number of steps.
template <class L>
concept SteppingLayer =
    LayerWithShapes<L> &&
    requires(const typename L::Params& frozen, typename L::template Eligibility<1>& eligibility,
             std::span<const typename L::Params::scalar, L::input_shape::size> in,
             std::span<typename L::Params::scalar, L::output_shape::size> out) {
        { L::template begin_sequence<1>(eligibility) } noexcept;
        { L::template forward_step<1>(frozen, in, out, eligibility) } noexcept;
        { L::template forward_step_training<1>(frozen, in, out, eligibility, Key{0}) } noexcept;
    };

/// A layer whose neurons go on from one pass to the next, where they were left, and says so by
/// offering, beside the members above:
///
/// | member | meaning |
/// | --- | --- |
/// | `memory` | how many numbers a sample's neurons and traces are |
/// | `begin_sequence<Samples>(eligibility)` | all neurons at rest, with empty traces |
/// | `save<Samples>(eligibility, sample, out)` | one sample's memory |
/// | `restore<Samples>(eligibility, sample, in)` | puts it back |
///
/// Whoever owns the eligibilities begins a sequence before the first pass. An option; see
/// `Stepwise`.
template <class L>
concept StatefulLayer =
    LayerWithShapes<L> && requires(typename L::template Eligibility<1>& eligibility,
                                   const typename L::template Eligibility<1>& frozen,
                                   std::span<typename L::Params::scalar, L::memory> out,
                                   std::span<const typename L::Params::scalar, L::memory> in) {
        { L::template begin_sequence<1>(eligibility) } noexcept;
        { L::template save<1>(frozen, std::size_t{0}, out) } noexcept;
        { L::template restore<1>(eligibility, std::size_t{0}, in) } noexcept;
    };

/// A layer bound to its input shape.
template <class L>
concept BoundLayer = SynapticLayer<L> || RelayLayer<L>;

/// A layer that can hand over its deltas a few at a time, while they are in the first cache:
/// `correlate_each<Samples>(in, credit, eligibility, consume)` calls `consume(first, deltas)` with
/// the deltas of the synapses from number `first` of `Params::flat()` on, a span of constant
/// extent; each synapse once. An option: it spares writing the deltas to memory and reading them
/// back. `streaming_layer` names the layer itself, so that one which inherits it and overrides
/// `correlate` is asked for its own.
template <class L, std::size_t Samples, class Consume>
concept StreamingLayer =
    SynapticLayer<L> && std::same_as<typename L::streaming_layer, L> &&
    requires(std::span<const typename L::Params::scalar, Samples * L::input_shape::size> in,
             std::span<const typename L::Params::scalar, Samples * L::output_shape::size> credit,
             const typename L::template Eligibility<Samples>& traces, Consume consume) {
        { L::template correlate_each<Samples>(in, credit, traces, consume) } noexcept;
    };

/// A layer with synapses that gates any number of samples at once, without what the forward pass
/// left: `gate_some<Some>(out, credit)` does for them what `gate` does for a batch.
/// `partly_gated_layer` names the layer itself, as `streaming_layer` does. An option: credit that a
/// pool hands down is then gated while it is in a cache.
template <class L>
concept PartlyGatedLayer =
    SynapticLayer<L> && std::same_as<typename L::partly_gated_layer, L> &&
    requires(std::span<const typename L::Params::scalar, L::output_shape::size> out,
             std::span<typename L::Params::scalar, L::output_shape::size> credit) {
        { L::template gate_some<1>(out, credit) } noexcept;
    };

/// A shape-free description of a layer that binds to an input shape: what a user writes in a
/// network's list, `Dense<64, Relu>`.
template <class Spec, class Scalar, class InputShape>
concept Layer =
    StaticShape<InputShape> && BoundLayer<typename Spec::template Bound<Scalar, InputShape>>;

namespace detail {

/// Tells of something that is no layer, once it is bound, which member it lacks, a sentence each.
template <class L>
consteval bool tell_what_a_layer_lacks() {
    static_assert(
        requires {
            requires StaticShape<typename L::input_shape>;
            requires StaticShape<typename L::output_shape>;
        }, "a layer needs input_shape and output_shape: Shapes of one sample");
    static_assert(
        requires { requires std::default_initializable<typename L::Params>; },
        "a layer needs Params: a Parameters block, empty where it does not learn");
    static_assert(
        requires { typename L::template Eligibility<1>; },
        "a layer needs Eligibility<Samples>: NoEligibility, or what forward leaves for correlate");
    if constexpr (requires {
                      typename L::input_shape;
                      typename L::output_shape;
                      typename L::Params::scalar;
                      typename L::template Eligibility<1>;
                  }) {
        using Scalar = typename L::Params::scalar;
        using In = std::span<const Scalar, L::input_shape::size>;
        using Out = std::span<const Scalar, L::output_shape::size>;
        using Traces = typename L::template Eligibility<1>;
        static_assert(
            requires(typename L::Params& params) { L::initialize(params, Key{0}); },
            "a layer needs a static initialize(params, key)");
        static_assert(
            requires(const typename L::Params& params, In in,
                     std::span<Scalar, L::output_shape::size> out, Traces& traces) {
                { L::template forward<1>(params, in, out, traces) } noexcept;
            },
            "a layer needs a static forward<Samples>(params, in, out, eligibility), noexcept");
        if constexpr (L::Params::count != 0) {
            static_assert(
                requires {
                    { L::fan_in } -> std::convertible_to<std::size_t>;
                }, "a layer with synapses needs fan_in: presynaptic neurons per neuron");
            static_assert(
                requires(In in, Out credit, const Traces& traces, typename L::Params& delta) {
                    { L::template correlate<1>(in, credit, traces, delta) } noexcept;
                },
                "a layer with synapses needs a static correlate<Samples>(in, credit, eligibility, "
                "delta), noexcept");
            static_assert(
                requires(Out out, const Traces& traces,
                         std::span<Scalar, L::output_shape::size> credit) {
                    { L::template gate<1>(out, traces, credit) } noexcept;
                },
                "a layer with synapses needs a static gate<Samples>(out, eligibility, credit), "
                "noexcept");
        } else {
            static_assert(
                requires(In in, Out out, const Traces& traces,
                         std::span<Scalar, L::input_shape::size> below) {
                    { L::template relay<1>(in, out, traces, out, below) } noexcept;
                },
                "a layer without synapses needs a static relay<Samples>(in, out, eligibility, "
                "credit, below), noexcept");
        }
    }
    return false;
}

/// The same of a specification, whose `Bound` may not take this shape at all.
template <class Spec, class Scalar, class InputShape>
consteval bool tell_what_a_layer_lacks_here() {
    if constexpr (requires { sizeof(typename Spec::template Bound<Scalar, InputShape>); }) {
        return tell_what_a_layer_lacks<typename Spec::template Bound<Scalar, InputShape>>();
    }
    return false;
}

}  // namespace detail

}  // namespace tdca
