// Sums and transposition across lanes.
#include "tdca/math/lanes.hpp"

#include <catch2/catch.hpp>

#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

using namespace tdca;

namespace {

/// There and back again, next to a canary.
template <class Scalar, std::size_t Rows, std::size_t Columns>
void check_columns() {
    CAPTURE(Rows, Columns);
    constexpr std::size_t stride = whole_packs<Scalar>(Rows);
    std::vector<Scalar> matrix(Rows * Columns + 1, Scalar{-7});
    for (std::size_t i = 0; i < Rows * Columns; ++i) matrix[i] = static_cast<Scalar>(i + 1);
    std::vector<Scalar> columns(Columns * stride, Scalar{-7});
    simd::to_columns<Rows, Columns>(matrix.data(), columns.data());
    std::size_t wrong = 0;
    for (std::size_t c = 0; c < Columns; ++c) {
        for (std::size_t r = 0; r < stride; ++r) {
            const Scalar expected = r < Rows ? matrix[r * Columns + c] : Scalar{0};
            wrong += columns[c * stride + r] != expected ? 1 : 0;
        }
    }
    CHECK(wrong == 0);
    std::vector<Scalar> back(Rows * Columns + 1, Scalar{-7});
    simd::from_columns<Rows, Columns>(static_cast<const Scalar*>(columns.data()), back.data());
    CHECK(back == matrix);
}

}  // namespace

TEMPLATE_TEST_CASE("columns of a narrow matrix are laid end to end and back", "[lanes]", float,
                   double) {
    check_columns<TestType, 1, 1>();
    check_columns<TestType, 1, 10>();
    check_columns<TestType, 3, 2>();
    check_columns<TestType, 64, 10>();
    check_columns<TestType, 29, 15>();
    check_columns<TestType, 33, 16>();
    check_columns<TestType, 29, 17>();
    check_columns<TestType, 40, 33>();
}

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

TEMPLATE_TEST_CASE("of a pack the first lanes are kept, NaN elsewhere is not", "[lanes]", float,
                   double) {
    constexpr std::size_t width = lanes<TestType>;
    for (std::size_t count = 0; count <= width; ++count) {
        std::vector<TestType> numbers(width, std::numeric_limits<TestType>::quiet_NaN());
        for (std::size_t i = 0; i < count; ++i) numbers[i] = static_cast<TestType>(i + 1);
        simd::store(numbers.data(),
                    simd::first_lanes<TestType>(simd::load(std::as_const(numbers).data()), count));
        for (std::size_t i = 0; i < width; ++i) {
            CHECK(numbers[i] == (i < count ? static_cast<TestType>(i + 1) : TestType{0}));
        }
    }
}
