// Softmax on packs against a plain loop, for shapes with every kind of remainder.
#include "tdca/math/softmax.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "tdca/core/random.hpp"

namespace {

using tdca::Key;

/// Rows between canaries, at no aligned address.
template <class Scalar, std::size_t Count>
class Guarded {
public:
    std::span<Scalar, Count> span() { return std::span<Scalar, Count>(values_.data() + 3, Count); }
    [[nodiscard]] bool intact() const {
        return std::all_of(values_.begin(), values_.begin() + 3, is_canary) &&
               std::all_of(values_.end() - 32, values_.end(), is_canary);
    }

private:
    static bool is_canary(Scalar x) { return x == Scalar{-12345}; }
    std::vector<Scalar> values_ = std::vector<Scalar>(Count + 35, Scalar{-12345});
};

template <class Scalar, std::size_t Samples, std::size_t Units>
void check() {
    CAPTURE(Samples, Units);
    for (const double scale : {1.0, 30.0}) {
        Guarded<Scalar, Samples * Units> rows;
        Key(Units).fill_normal(std::span<Scalar>(rows.span()));
        for (Scalar& x : rows.span()) x *= static_cast<Scalar>(scale);
        const std::vector<Scalar> before(rows.span().begin(), rows.span().end());
        tdca::simd::softmax_rows<Samples, Units>(rows.span());
        double worst = 0;
        for (std::size_t s = 0; s < Samples; ++s) {
            double top = -std::numeric_limits<double>::infinity();
            for (std::size_t u = 0; u < Units; ++u) {
                top = std::max(top, double{before[s * Units + u]});
            }
            double total = 0;
            for (std::size_t u = 0; u < Units; ++u) {
                total += std::exp(double{before[s * Units + u]} - top);
            }
            for (std::size_t u = 0; u < Units; ++u) {
                const double expected = std::exp(double{before[s * Units + u]} - top) / total;
                worst = std::max(worst, std::abs(double{rows.span()[s * Units + u]} - expected));
            }
        }
        CHECK(worst < 16 * std::numeric_limits<Scalar>::epsilon());
        CHECK(rows.intact());
    }
}

template <class Scalar, std::size_t Samples>
void check_units() {
    check<Scalar, Samples, 1>();
    check<Scalar, Samples, 3>();
    check<Scalar, Samples, 10>();
    check<Scalar, Samples, 16>();
    check<Scalar, Samples, 24>();
    check<Scalar, Samples, 25>();
    check<Scalar, Samples, 37>();
}

}  // namespace

TEST_CASE("softmax agrees with a plain loop for every remainder", "[softmax]") {
    check_units<float, 1>();
    check_units<float, 13>();
    check_units<float, 64>();
    check<double, 13, 3>();
    check<double, 13, 11>();
    check<double, 13, 19>();
}

TEST_CASE("softmax overflows for no sum", "[softmax]") {
    // One wide row and rows of few units go two ways through the kernel.
    std::vector<float> values(5 * 40, -3e38F);
    for (std::size_t s = 0; s < 5; ++s) values[s * 40 + s] = 3e38F;
    tdca::simd::softmax_rows<5, 40>(std::span<float, 200>(values));
    std::vector<float> few(5 * 3, -1e30F);
    for (std::size_t s = 0; s < 5; ++s) few[s * 3 + s % 3] = 1e30F;
    tdca::simd::softmax_rows<5, 3>(std::span<float, 15>(few));
    for (std::size_t i = 0; i < values.size(); ++i) {
        REQUIRE(values[i] == (i % 40 == i / 40 ? 1.0F : 0.0F));
    }
    for (std::size_t i = 0; i < few.size(); ++i)
        REQUIRE(few[i] == (i % 3 == i / 3 % 3 ? 1.0F : 0.0F));
}

TEST_CASE("a row of a softmax does not depend on the other rows", "[softmax]") {
    std::vector<float> together(21 * 5);
    Key(3).fill_normal(std::span<float>(together));
    std::vector<float> other = together;
    for (std::size_t i = 5; i < other.size(); ++i) other[i] += 7.0F;
    tdca::simd::softmax_rows<21, 5>(std::span<float, 105>(together));
    tdca::simd::softmax_rows<21, 5>(std::span<float, 105>(other));
    CHECK(std::equal(together.begin(), together.begin() + 5, other.begin()));
}

TEST_CASE("a NaN makes its row of a softmax NaN, wherever it stands", "[softmax]") {
    for (std::size_t at = 0; at < 5; ++at) {
        std::vector<float> rows(21 * 5, 1.0F);
        rows[3 * 5 + at] = std::nanf("");
        tdca::simd::softmax_rows<21, 5>(std::span<float, 105>(rows));
        for (std::size_t i = 0; i < rows.size(); ++i) {
            CHECK(std::isnan(rows[i]) == (i / 5 == 3));
        }
    }
}
