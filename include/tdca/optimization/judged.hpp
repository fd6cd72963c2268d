// Judged: how good a point is, by value and by what it violates.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "tdca/core/abi.hpp"

namespace tdca::inline TDCA_ABI {

/// What is known of a point: its value, and by how much it violates what it must satisfy.
///
/// Points without violation come first, by value; the others follow by violation (Deb, "An
/// efficient constraint handling method for genetic algorithms", CMAME 186, 2000). A value that is
/// NaN or infinite, without violation, is worse than everything else, and so is such a violation.
struct Judged {
    double value = std::numeric_limits<double>::infinity();  ///< lower is better; never NaN
    double violation = 0;                                    ///< 0: none; never NaN or negative

    /// Nothing is known: worse than all that tell something.
    Judged() = default;
    Judged(double told, double violated)
        : value(std::isfinite(told) ? told : std::numeric_limits<double>::infinity()),
          violation(violated <= 0             ? 0
                    : std::isfinite(violated) ? violated
                                              : std::numeric_limits<double>::infinity()) {}

    /// Whether this point is better.
    [[nodiscard]] bool is_before(const Judged& other) const noexcept {
        if (tells() != other.tells()) return tells();
        if (violation != other.violation) return violation < other.violation;
        return violation == 0 && value < other.value;
    }
    /// Whether it is known how good it is.
    [[nodiscard]] bool tells() const noexcept {
        return violation > 0 ? std::isfinite(violation) : std::isfinite(value);
    }
};

/// The best point so far.
struct BestPoint {
    Judged judged;              ///< how good it is
    std::vector<double> point;  ///< where it is

    /// Takes `other` in its place if that is better; returns whether it was.
    bool offer(const Judged& one, std::span<const double> other) noexcept {
        if (!one.is_before(judged)) return false;
        replace(one, other);
        return true;
    }
    /// Takes `other` in its place, of as many coordinates.
    void replace(const Judged& one, std::span<const double> other) noexcept {
        judged = one;
        std::ranges::copy(other, point.begin());
    }
};

/// Of points that were told at once, the best and its place; without violations where there are
/// none.
struct BestOf {
    std::size_t place = 0;  ///< the first of the best ones
    Judged judged;          ///< how good it is

    /// @param violations one per value; empty: there are none
    BestOf(std::span<const double> values, std::span<const double> violations) noexcept {
        for (std::size_t p = 0; p < values.size(); ++p) {
            const Judged one(values[p], violations.empty() ? 0.0 : violations[p]);
            if (!one.is_before(judged)) continue;
            judged = one;
            place = p;
        }
    }
};

/// One point that was evaluated several times: the mean of its finite values, the largest of its
/// violations.
[[nodiscard]] inline Judged mean_of(std::span<const double> values,
                                    std::span<const double> violations) noexcept {
    double sum = 0;
    double violation = 0;
    std::size_t finite = 0;
    for (std::size_t p = 0; p < values.size(); ++p) {
        if (!violations.empty()) {
            violation = std::fmax(violation, Judged(values[p], violations[p]).violation);
        }
        if (!std::isfinite(values[p])) continue;
        sum += values[p];
        ++finite;
    }
    if (finite == 0 && violation == 0) return {};
    const auto count = static_cast<double>(finite);
    double mean = sum / count;
    if (std::isinf(mean)) {  // the sum of finite values is beyond double precision
        mean = 0;
        for (const double value : values) mean += std::isfinite(value) ? value / count : 0;
    }
    return {mean, violation};
}

}  // namespace tdca
