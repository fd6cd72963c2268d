// Episode and Budget: what a life of acting is granted, and what it leaves on record.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "tdca/core/abi.hpp"

namespace tdca::inline TDCA_ABI {

/// One episode, once it is over.
struct Episode {
    float total = 0;          ///< sum of rewards, not discounted; NaN where the life has broken
    std::uint32_t steps = 0;  ///< length
};

/// When a lifetime of acting ends: after so many episodes, or once so many steps are done,
/// whichever comes first. The episode in which the steps run out is cut off there, and does not
/// count.
struct Budget {
    std::size_t episodes = std::numeric_limits<std::size_t>::max();  ///< most episodes
    std::size_t steps = std::numeric_limits<std::size_t>::max();     ///< most steps, in all

    /// Whether episodes are granted, rather than steps.
    [[nodiscard]] constexpr bool counts_episodes() const noexcept {
        return episodes < std::numeric_limits<std::size_t>::max();
    }

    /// Whether nothing ends it.
    [[nodiscard]] constexpr bool is_endless() const noexcept {
        return !counts_episodes() && steps == std::numeric_limits<std::size_t>::max();
    }

    /// The share of the budget that is spent, in [0, 1].
    [[nodiscard]] constexpr float spent(std::size_t episodes_done,
                                        std::size_t steps_done) const noexcept {
        const auto by_episodes = static_cast<double>(episodes_done) / static_cast<double>(episodes);
        const auto by_steps = static_cast<double>(steps_done) / static_cast<double>(steps);
        return static_cast<float>(by_episodes > by_steps ? by_episodes : by_steps);
    }
};

/// Mean return over episodes; every episode counts the same.
[[nodiscard]] inline double mean_return(std::span<const Episode> episodes) noexcept {
    double total = 0;
    for (const Episode& episode : episodes) total += static_cast<double>(episode.total);
    return total / static_cast<double>(episodes.size());
}

/// The mean height of the learning curve, return against steps: every step counts the return of the
/// episode that it lies in.
[[nodiscard]] inline double area_under_curve(std::span<const Episode> episodes) noexcept {
    double total = 0;
    double steps = 0;
    for (const Episode& episode : episodes) {
        total += static_cast<double>(episode.total) * episode.steps;
        steps += episode.steps;
    }
    return total / steps;
}

/// The figure of a life: mean return where episodes are granted, else the area under its curve. NaN
/// where no episode came to its end.
[[nodiscard]] inline double score(std::span<const Episode> episodes,
                                  const Budget& budget) noexcept {
    return budget.counts_episodes() ? mean_return(episodes) : area_under_curve(episodes);
}

/// The last fifth of a life's episodes, at least one.
[[nodiscard]] inline std::span<const Episode> last_fifth(
    std::span<const Episode> episodes) noexcept {
    return episodes.last(std::min(std::max<std::size_t>(episodes.size() / 5, 1), episodes.size()));
}

}  // namespace tdca
