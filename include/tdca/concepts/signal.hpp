// The contract of a top-level signal.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>

#include "tdca/core/abi.hpp"

namespace tdca::inline TDCA_ABI {

/// What the top level sees of one batch: an error for each output unit of each sample, from the
/// network's output and the task's feedback only, zero where there is nothing to learn.
///
/// | member | meaning |
/// | --- | --- |
/// | `width` | output units |
/// | `Target` | what the task says of one sample: a label, a return |
/// | `observe<Samples>(outputs, targets, errors)` | fills errors, `Samples` × `width` |
template <class S>
concept Signal =
    requires(std::span<const float, S::width> outputs,
             std::span<const typename S::Target, 1> targets, std::span<float, S::width> errors) {
        { S::width } -> std::convertible_to<std::size_t>;
        { S::template observe<1>(outputs, targets, errors) } noexcept;
    };

/// A signal whose layers below the top can guess for themselves.
///
/// | member | meaning |
/// | --- | --- |
/// | `interpret<Samples>(sums)` | turns sums over a layer's own synapses into what the network's outputs would look like, in place |
template <class S>
concept InterpretingSignal = Signal<S> && requires(std::span<float, S::width> sums) {
    { S::template interpret<1>(sums) } noexcept;
};

}  // namespace tdca
