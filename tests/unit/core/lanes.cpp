// Sums and transposition across lanes.
#include "tdca/core/lanes.hpp"

#include <catch2/catch.hpp>

#include <cstddef>
#include <vector>

using namespace tdca;

TEMPLATE_TEST_CASE("transposition swaps pack and lane, sums go to the lane of their pack",
                   "[lanes]", float, double) {
    constexpr std::size_t width = lanes<TestType>;
    const auto entry = [](std::size_t i, std::size_t j) {
        return static_cast<TestType>(i * width + j);
    };
    Pack<TestType> packs[width];
    Pack<TestType> crossed[width];
    std::vector<TestType> row(width);
    for (std::size_t i = 0; i < width; ++i) {
        for (std::size_t j = 0; j < width; ++j) row[j] = entry(i, j);
        packs[i] = simd::load(row.data());
    }
    simd::transpose<TestType>(packs, crossed);
    for (std::size_t i = 0; i < width; ++i) {
        simd::store(row.data(), crossed[i]);
        for (std::size_t j = 0; j < width; ++j) CHECK(row[j] == entry(j, i));
    }
    simd::store(row.data(), simd::sum_each<TestType>(packs));
    for (std::size_t i = 0; i < width; ++i) {
        // Small whole numbers: every sum is exact.
        CHECK(row[i] == (entry(i, 0) + entry(i, width - 1)) * static_cast<TestType>(width) / 2);
    }
}
