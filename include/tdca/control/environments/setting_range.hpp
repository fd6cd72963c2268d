// The contract of SettingRange: which worlds lifetimes are drawn from in evolution.
#pragma once

#include <cmath>
#include <cstdint>
#include <initializer_list>

#include "tdca/core/abi.hpp"
#include "tdca/core/random.hpp"

namespace tdca::inline TDCA_ABI {

/// Worlds of a kind: `draw(key)` varies some of the published settings, each by a log-uniform
/// factor of its own. These ranges were fixed before any genome was evolved; what programs test
/// outside of them was never seen.
template <class Env>
struct SettingRange;

namespace detail {

/// A setting that varies: its factor is log-uniform in [1 / most, most].
template <class Env>
struct Varied {
    typename Env::scalar Env::Settings::*setting;
    double most;
};

/// The published settings, but for these; number i of them by key / i.
template <class Env>
typename Env::Settings vary(Key key, std::initializer_list<Varied<Env>> settings) noexcept {
    typename Env::Settings world;
    std::uint64_t number = 0;
    for (const auto& [setting, most] : settings) {
        const double factor = std::exp(std::log(most) * (2 * (key / number++).uniform(0) - 1));
        auto& value = world.*setting;
        value = static_cast<typename Env::scalar>(static_cast<double>(value) * factor);
    }
    return world;
}

}  // namespace detail

}  // namespace tdca
