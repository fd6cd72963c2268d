// What a test function offers, and what most of them share.
#pragma once

#include <cstddef>
#include <limits>

#include "tdca/core/abi.hpp"

namespace tdca::inline TDCA_ABI {

/// Functions that black-box optimisers are measured on, by type.
///
/// | member | meaning |
/// | --- | --- |
/// | `name` | as programs and results call it |
/// | `low` | the domain's lower end, the same for every coordinate |
/// | `high` | the domain's upper end |
/// | `multimodal` | whether there is more than one minimum |
/// | `value(x)` | for x of `float`, `double` or any scalar that behaves like them |
/// | `optimum(i, n)` | coordinate i of a global minimiser in n dimensions |
/// | `minimum(n)` | the value there |
/// | `dimension` | the only one that it has, where there is only one |
/// | `least_dimension` | where it is above 1: with fewer the function degenerates; its value is NaN |
/// | `penalty` | per squared widths outside the domain, where values outside may be lower |
///
/// Domains and optima are those of Surjanovic & Bingham, "Virtual Library of Simulation
/// Experiments" (sfu.ca/~ssurjano), unless a function names another source. A test holds every
/// optimum to its value and to its neighbourhood. A point with a coordinate that is NaN has the
/// value NaN, and one with an infinite coordinate never a finite value at or below the minimum.
namespace test_function {
namespace detail {

/// A function whose minimiser is the origin and whose minimum is 0.
struct AtOrigin {
    static double optimum(std::size_t /*i*/, std::size_t /*n*/) { return 0; }
    static double minimum(std::size_t /*n*/) { return 0; }
};

template <class T>
[[nodiscard]] inline T square(const T& x) {
    return x * x;
}

/// Whether a size, which is never negative, is 0. NaN is not: where a function's formula breaks off
/// at 0, it must not break off at NaN.
template <class T>
[[nodiscard]] inline bool vanishes(const T& size) {
    return size <= T(0);
}

/// The value where a function has none.
template <class T>
[[nodiscard]] inline T no_value() {
    return T(std::numeric_limits<double>::quiet_NaN());
}

/// i / (n − 1): 0 for the first coordinate, 1 for the last.
[[nodiscard]] inline double position(std::size_t i, std::size_t n) {
    return n > 1 ? static_cast<double>(i) / static_cast<double>(n - 1) : 0.0;
}

}  // namespace detail
}  // namespace test_function

}  // namespace tdca
