// tdca::Error: the one exception type of the library, and checks that several headers make.
#pragma once

#include <cmath>
#include <concepts>
#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "tdca/core/abi.hpp"
#include "tdca/core/number.hpp"

namespace tdca::inline TDCA_ABI {

/// What went wrong, where, and, where there are two values to compare, both of them.
///
/// Thrown only outside the inner loop: reading files, binding run-time data to compile-time shapes,
/// configuring an outer loop. The message reads as one line: `where: problem (expected X, found
/// Y)`.
class Error : public std::runtime_error {
public:
    /// @param where the file, tensor or argument the user knows by name
    /// @param problem one clause, without a full stop
    Error(std::string_view where, std::string_view problem)
        : std::runtime_error(join(where, problem)), where_(where) {}

    /// The same with what was wanted and what there was.
    Error(std::string_view where, std::string_view problem, std::string_view expected,
          std::string_view found)
        : std::runtime_error(join(where, problem) + " (expected " + std::string(expected) +
                             ", found " + std::string(found) + ")"),
          where_(where) {}

    Error(std::string_view where, std::string_view problem, std::size_t expected, std::size_t found)
        : Error(where, problem, to_text(expected), to_text(found)) {}

    /// The file, tensor or argument at fault.
    [[nodiscard]] const std::string& where() const noexcept { return where_; }

private:
    static std::string join(std::string_view where, std::string_view problem) {
        return std::string(where) + ": " + std::string(problem);
    }

    std::string where_;
};

/// @throws tdca::Error where `found` is 0, and at least one is needed
/// @param what their name in the plural
inline void require_some(std::string_view where, std::string_view what, std::size_t found) {
    if (found == 0) throw Error(where, "no " + std::string(what), "at least 1", "0");
}

/// @throws tdca::Error where `found` is NaN or infinite
/// @param what its name
template <std::floating_point Number>
inline void require_finite(std::string_view where, std::string_view what, Number found) {
    if (std::isfinite(found)) return;
    throw Error(where, std::string(what) + " is not finite", "a finite value", to_text(found));
}

/// @throws tdca::Error naming the first of `values` that is NaN or infinite
/// @param what one value's name
inline void require_finite(std::string_view where, std::string_view what,
                           std::span<const float> values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (std::isfinite(values[i])) continue;
        throw Error(where, std::string(what) + " " + to_text(i) + " is not finite",
                    "a finite value", to_text(values[i]));
    }
}

/// @throws tdca::Error where `found` is not within [`least`, `most`], or NaN
/// @param what its name
template <class Number>
inline void require_within(std::string_view where, std::string_view what, Number least, Number most,
                           Number found) {
    if (found >= least && found <= most) return;
    throw Error(where, std::string(what) + " is out of range",
                "from " + to_text(least) + " to " + to_text(most), to_text(found));
}

/// @throws tdca::Error where `found` is not above 0, or not finite
/// @param what its name
template <class Number>
inline void require_positive(std::string_view where, std::string_view what, Number found) {
    if (found > 0 && std::isfinite(found)) return;
    throw Error(where, std::string(what) + " must be positive and finite", "> 0", to_text(found));
}

/// @throws tdca::Error where `found` is below 0, or not finite
/// @param what its name
template <class Number>
inline void require_not_negative(std::string_view where, std::string_view what, Number found) {
    if (found >= 0 && std::isfinite(found)) return;
    throw Error(where, std::string(what) + " must be finite and not negative", ">= 0",
                to_text(found));
}

}  // namespace tdca
