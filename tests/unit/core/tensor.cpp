// Tensors are row-major, whatever layout they are made of.
#include "tdca/core/tensor.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <cstddef>
#include <span>
#include <vector>

using namespace tdca;

static_assert(Matrix<>::static_layout == xt::layout_type::row_major);

TEST_CASE("a tensor of another layout is laid out anew") {
    auto theirs = xt::xtensor<float, 2, xt::layout_type::column_major>::from_shape({3, 2});
    for (std::size_t row = 0; row < 3; ++row) {
        for (std::size_t column = 0; column < 2; ++column) {
            theirs(row, column) = static_cast<float>(10 * row + column);
        }
    }
    CHECK(theirs.data()[1] == 10.0F);  // theirs is column-major
    const Matrix<> ours = theirs;
    CHECK(std::vector<float>(ours.data(), ours.data() + 6) ==
          std::vector<float>{0, 1, 10, 11, 20, 21});
}

TEST_CASE("a view shows a span row by row") {
    std::array<float, 6> values{0, 1, 2, 3, 4, 5};
    CHECK(view<Shape<3, 2>>(std::span<float, 6>(values))(1, 0) == 2.0F);
}
