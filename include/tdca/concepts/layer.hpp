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

/// A layer bound to its input shape.
///
/// | member | meaning |
/// | --- | --- |
/// | `input_shape`, `output_shape` | of one sample; feature maps and sequences are shapes too |
/// | `Params` | a `Parameters<…>` block, empty for a layer that does not learn |
/// | `fan_in` | presynaptic neurons per neuron, for step sizes that fit any width |
/// | `Eligibility<Samples>` | what `forward` leaves for `correlate`: `NoEligibility`, or the traces that a recurrent layer carries forward in time |
/// | `initialize(params, key)` | birth |
/// | `forward<Samples>(params, in, out, eligibility)` | the activity |
/// | `correlate<Samples>(in, credit, eligibility, delta)` | batch mean of credit × presynaptic activity, one number a synapse |
/// | `gate<Samples>(out, credit)` | credit times the neuron's own slope, in place |
///
/// All but `initialize` are `noexcept`, write only their outputs and never allocate. `correlate`
/// and `gate` are never given the parameters: what a synapse learns depends on its own two ends.
template <class L>
concept BoundLayer =
    StaticShape<typename L::input_shape> && StaticShape<typename L::output_shape> &&
    std::default_initializable<typename L::Params> &&
    requires(typename L::Params& params, const typename L::Params& frozen,
             typename L::template Eligibility<1>& eligibility,
             const typename L::template Eligibility<1>& traces,
             std::span<const typename L::Params::scalar, L::input_shape::size> in,
             std::span<typename L::Params::scalar, L::output_shape::size> out,
             std::span<const typename L::Params::scalar, L::output_shape::size> credit) {
        { L::fan_in } -> std::convertible_to<std::size_t>;
        L::initialize(params, Key{0});
        { L::template forward<1>(frozen, in, out, eligibility) } noexcept;
        { L::template correlate<1>(in, credit, traces, params) } noexcept;
        { L::template gate<1>(credit, out) } noexcept;
    };

/// A layer that can hand over its deltas a few at a time, while they are in the first cache:
/// `correlate_each<Samples>(in, credit, eligibility, consume)` calls `consume(first, deltas)` with
/// the deltas of the synapses from number `first` of `Params::flat()` on, a span of constant
/// extent; each synapse once. An option: it spares writing the deltas to memory and reading them
/// back.
template <class L, std::size_t Samples, class Consume>
concept StreamingLayer =
    BoundLayer<L> &&
    requires(std::span<const typename L::Params::scalar, Samples * L::input_shape::size> in,
             std::span<const typename L::Params::scalar, Samples * L::output_shape::size> credit,
             const typename L::template Eligibility<Samples>& traces, Consume consume) {
        { L::template correlate_each<Samples>(in, credit, traces, consume) } noexcept;
    };

/// A shape-free description of a layer that binds to an input shape: what a user writes in a
/// network's list, `Dense<64, Relu>`.
template <class Spec, class Scalar, class InputShape>
concept Layer =
    StaticShape<InputShape> && BoundLayer<typename Spec::template Bound<Scalar, InputShape>>;

}  // namespace tdca
