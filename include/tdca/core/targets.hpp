// What may be told of a sample beside labels and numbers: a label that counts, or nothing.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "tdca/core/abi.hpp"

namespace tdca::inline TDCA_ABI {

/// A label, and how much it counts.
struct WeightedLabel {
    std::uint16_t label = 0;  ///< below the number of classes
    float weight = 1;         ///< 1 counts as a label alone does; 0 says nothing of the sample
};

/// What a task says of a sample, or of one step of a sequence; or that it says nothing.
///
/// @tparam Target what a signal is told
template <class Target>
struct Told {
    Target target{};       ///< means nothing where `is_told` is false
    bool is_told = false;  ///< whether there is something to learn here
};

/// Whether anything is told.
template <class Target>
[[nodiscard]] constexpr bool is_told(const Told<Target>& told) noexcept {
    return told.is_told;
}

/// What a task says of a sequence: something of each of its steps, or nothing of some.
template <class Target, std::size_t Steps>
using StepTargets = std::array<Told<Target>, Steps>;

}  // namespace tdca
