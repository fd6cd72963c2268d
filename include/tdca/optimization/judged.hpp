// Judged: how good a point is, by value and by what it violates.
#pragma once

#include <cmath>
#include <limits>

#include "tdca/core/abi.hpp"

namespace tdca::inline TDCA_ABI {

/// What is known of a point: its value, and by how much it violates what it must satisfy.
///
/// Points without violation come first, by value; the others follow by violation (Deb, "An
/// efficient constraint handling method for genetic algorithms", CMAME 186, 2000). A value that is
/// NaN or infinite is worse than every other, and so is such a violation.
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

}  // namespace tdca
