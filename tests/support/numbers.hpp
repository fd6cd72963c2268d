// Numbers for tests.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "tdca/core/random.hpp"

namespace tdca::testing {

/// Standard normal numbers that follow from the key.
[[nodiscard]] inline std::vector<double> normal(std::size_t count, Key key) {
    std::vector<double> numbers(count);
    key.fill_normal(std::span<double>(numbers));
    return numbers;
}

}  // namespace tdca::testing
