// What a test function offers, and what most of them share.
#pragma once

#include <cstddef>

#include "tdca/core/abi.hpp"

/// Functions that black-box optimisers are measured on, by type. Each offers
///   name, domain [low, high] of every coordinate, whether it is multimodal,
///   value(x)       for x of `float`, `double` or any scalar that behaves like them,
///   optimum(i, n)  coordinate i of a global minimiser in n dimensions, and minimum(n), its value;
/// and, where they apply,
///   dimension      the only one that it has,
///   penalty        where values outside the domain may be lower: per squared widths outside.
///
/// Domains and optima are those of Surjanovic & Bingham, "Virtual Library of Simulation
/// Experiments" (sfu.ca/~ssurjano), unless a function names another source. A test holds every
/// optimum to its value and to its neighbourhood.
namespace tdca::inline TDCA_ABI::test_function::detail {

/// A function whose minimiser is the origin and whose minimum is 0.
struct AtOrigin {
    static double optimum(std::size_t /*i*/, std::size_t /*n*/) { return 0; }
    static double minimum(std::size_t /*n*/) { return 0; }
};

template <class T>
[[nodiscard]] inline T square(const T& x) {
    return x * x;
}

/// i / (n − 1): 0 for the first coordinate, 1 for the last.
[[nodiscard]] inline double position(std::size_t i, std::size_t n) {
    return n > 1 ? static_cast<double>(i) / static_cast<double>(n - 1) : 0.0;
}

}  // namespace tdca::test_function::detail
