// Fitness shaping: from fitness values to weights that only ranks decide.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <numeric>
#include <span>
#include <string_view>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"

namespace tdca::inline TDCA_ABI {

/// Puts `next` in place of `value`, unless that would make it NaN or infinite.
inline void step_to(float next, float& value) noexcept {
    if (std::isfinite(next)) value = next;
}

/// @throws tdca::Error where there is not one fitness per member
inline void require_one_each(std::string_view strategy, std::size_t members, std::size_t told) {
    if (told != members) throw Error(strategy, "one fitness is needed per member", members, told);
}

/// Weights by rank: member m gets the mean of `weight(r)` over the ranks r (0 is best) that its
/// ties share. Members whose fitness is not finite rank last and are tied with each other.
///
/// The result is invariant under every strictly increasing transform of fitness.
inline std::vector<double> shape_by_rank(std::span<const double> fitness,
                                         const std::function<double(std::size_t)>& weight) {
    const std::size_t members = fitness.size();
    std::vector<double> value(members);
    std::transform(fitness.begin(), fitness.end(), value.begin(), [](double f) {
        return std::isfinite(f) ? f : -std::numeric_limits<double>::infinity();
    });
    std::vector<std::size_t> order(members);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return value[a] > value[b]; });
    std::vector<double> shaped(members);
    for (std::size_t first = 0; first < members;) {
        std::size_t last = first;
        double total = 0;
        while (last < members && value[order[last]] == value[order[first]]) total += weight(last++);
        for (std::size_t r = first; r < last; ++r) {
            shaped[order[r]] = total / static_cast<double>(last - first);
        }
        first = last;
    }
    return shaped;
}

/// Centred ranks, evenly spaced from ½ (best) to −½ (worst) (Salimans et al., arXiv:1703.03864).
inline std::vector<double> centred_ranks(std::span<const double> fitness) {
    const auto last = static_cast<double>(std::max<std::size_t>(fitness.size(), 2) - 1);
    return shape_by_rank(
        fitness, [last](std::size_t rank) { return 0.5 - static_cast<double>(rank) / last; });
}

/// The utilities of natural evolution strategies, u_r ∝ max(0, ln(λ/2 + 1) − ln(r + 1)), shifted
/// to sum to zero (Wierstra et al., JMLR 15, 2014, section 3.1).
inline std::vector<double> nes_utilities(std::span<const double> fitness) {
    const auto members = static_cast<double>(fitness.size());
    const auto raw = [members](std::size_t rank) {
        return std::max(0.0, std::log(members / 2 + 1) - std::log(static_cast<double>(rank) + 1));
    };
    double total = 0;
    for (std::size_t rank = 0; rank < fitness.size(); ++rank) total += raw(rank);
    return shape_by_rank(fitness,
                         [=](std::size_t rank) { return raw(rank) / total - 1 / members; });
}

}  // namespace tdca
