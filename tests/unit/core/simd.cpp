// Elementwise loops over packs, for every remainder.
#include "tdca/core/simd.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <vector>

#include "tdca/core/random.hpp"

using tdca::Key;
using tdca::Pack;

TEMPLATE_TEST_CASE("map, sum and axpy treat every length alike", "[simd]", float, double) {
    using T = TestType;
    std::vector<T> x(70);
    std::vector<T> y(70);
    Key(1).fill_normal(std::span<T>(x));
    Key(2).fill_normal(std::span<T>(y));
    for (std::size_t count = 0; count <= 70; ++count) {
        std::vector<T> out(71, T{-5});
        const std::span<const T> a(x.data(), count);
        const std::span<const T> b(y.data(), count);
        tdca::simd::map(
            std::span<T>(out.data(), count), [](Pack<T> p, Pack<T> q) { return p * q; }, a, b);
        double dot = 0;
        for (std::size_t i = 0; i < count; ++i) {
            CHECK(out[i] == x[i] * y[i]);
            dot += double{x[i]} * double{y[i]};
        }
        CHECK(out[count] == T{-5});
        const T sum = tdca::simd::sum([](Pack<T> p, Pack<T> q) { return p * q; }, a, b);
        CHECK(double{sum} == Approx(dot).margin(1e-5));

        std::vector<T> accumulated = y;
        tdca::simd::axpy(T{3}, a, std::span<T>(accumulated.data(), count));
        for (std::size_t i = 0; i < 70; ++i) {
            const double expected = i < count ? double{y[i]} + 3 * double{x[i]} : double{y[i]};
            CHECK(double{accumulated[i]} == Approx(expected).margin(1e-6));
        }
    }
}

TEST_CASE("an element's result does not depend on where it stands", "[simd]") {
    std::vector<float> in(40, 0.3F);
    std::vector<float> out(40);
    tdca::simd::map(
        std::span<float>(out), [](Pack<float> x) { return tdca::simd::tanh(x); },
        std::span<const float>(in));
    for (const float value : out) CHECK(value == out[0]);
    CHECK(out[0] == Approx(std::tanh(0.3F)).epsilon(1e-6));
}

TEST_CASE("a sum does not see what stands behind its span", "[simd]") {
    std::vector<float> values(40, std::nanf(""));
    for (std::size_t i = 0; i < 21; ++i) values[i] = 1;
    const auto total = tdca::simd::sum([](Pack<float> x) { return x + Pack<float>(1.0F); },
                                       std::span<const float>(values.data(), 21));
    CHECK(total == 42.0F);
}
