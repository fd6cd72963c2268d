// Numbers for tests.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "tdca/core/random.hpp"

namespace tdca::testing {

/// Standard normal numbers that follow from the key.
template <class Scalar = double>
[[nodiscard]] std::vector<Scalar> normal(std::size_t count, Key key) {
    std::vector<Scalar> numbers(count);
    key.fill_normal(std::span<Scalar>(numbers));
    return numbers;
}

}  // namespace tdca::testing
