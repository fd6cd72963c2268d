// The contract of what minibatches are drawn from.
#pragma once

#include <cstddef>
#include <span>

#include "tdca/core/abi.hpp"

namespace tdca::inline TDCA_ABI {

/// Samples and what the task says of each: `MinibatchSampler`, or one's own for targets that are no
/// labels.
///
/// | member | meaning |
/// | --- | --- |
/// | `draw(update, inputs, targets)` | fills minibatch number `update`: `Samples` × features, and a target for each; same number, same bits |
/// | `require_fit(features, outputs)` | throws `tdca::Error` where such minibatches are not for a network with so many inputs and output units |
///
/// `draw` does not allocate, and may be called by several threads.
template <class S, std::size_t Samples, class Target>
concept MinibatchSource =
    requires(const S& source, std::span<float> inputs, std::span<Target, Samples> targets) {
        source.draw(std::size_t{0}, inputs, targets);
        source.require_fit(std::size_t{1}, std::size_t{1});
    };

}  // namespace tdca
