// The contract of SettingRange: which worlds lifetimes are drawn from in evolution.
#pragma once

#include <cmath>

#include "tdca/core/abi.hpp"
#include "tdca/core/random.hpp"

namespace tdca::inline TDCA_ABI {

/// Worlds of a kind: `draw(key)` varies some of the published settings, each by a log-uniform
/// factor of its own. These ranges were fixed before any genome was evolved; what programs test
/// outside of them was never seen.
template <class Env>
struct SettingRange;

namespace detail {

/// Multiplies by a factor, log-uniform in [1 / most, most].
template <class Scalar>
void vary(Scalar& value, double most, Key key) noexcept {
    const double factor = std::exp(std::log(most) * (2 * key.uniform(0) - 1));
    value = static_cast<Scalar>(static_cast<double>(value) * factor);
}

}  // namespace detail

}  // namespace tdca
