// Elementwise loops over packs, for every remainder.
#include "tdca/math/simd.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
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

TEMPLATE_TEST_CASE("a maximum is NaN where either number is, in packs as in scalars",
                   "[simd][fault]", float, double) {
    using T = TestType;
    const T none = std::numeric_limits<T>::quiet_NaN();
    const T infinite = std::numeric_limits<T>::infinity();
    const T some[]{none, -infinite, T(-1), T(0), T(2), infinite};
    for (const T a : some) {
        for (const T b : some) {
            const T expected = std::isnan(a) || std::isnan(b) ? none : std::max(a, b);
            const auto same = [](T x, T y) { return x == y || (std::isnan(x) && std::isnan(y)); };
            CHECK(same(tdca::simd::max(a, b), expected));
            T packed[tdca::lanes<T>];
            tdca::simd::store(packed, tdca::simd::max(Pack<T>(a), Pack<T>(b)));
            CHECK(same(packed[0], expected));
            if (std::isnan(b)) continue;
            CHECK(same(tdca::simd::at_least(a, b), expected));
            tdca::simd::store(packed, tdca::simd::at_least(Pack<T>(a), Pack<T>(b)));
            CHECK(same(packed[0], expected));
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

namespace {

/// The largest error of `f`, in units of the last place of the true value, over floats from `low`
/// to `high`: about two million, all magnitudes alike.
template <class Function, class Truth>
double worst_error(float low, float high, Function f, Truth truth) {
    double worst = 0;
    std::vector<float> x(tdca::lanes<float>);
    std::vector<float> y(x.size());
    const auto visit = [&](float value) {
        x.insert(x.end(), value);
        if (x.size() < tdca::lanes<float>) return;
        tdca::simd::store(y.data(), f(tdca::simd::load(x.data())));
        for (std::size_t i = 0; i < x.size(); ++i) {
            const double expected = truth(double{x[i]});
            const auto rounded = static_cast<float>(expected);
            const double unit =
                double{std::nextafter(std::abs(rounded), INFINITY)} - double{std::abs(rounded)};
            worst = std::max(worst, std::abs(double{y[i]} - expected) / unit);
        }
        x.clear();
    };
    x.clear();
    constexpr float growth = 1.00002F;
    for (float value = 1e-6F; value < std::max(-low, high); value *= growth) {
        if (value < high) visit(value);
        if (-value > low) visit(-value);
    }
    return worst;
}

}  // namespace

TEST_CASE("exp, log and tanh are accurate to two units in the last place", "[simd]") {
    namespace simd = tdca::simd;
    CHECK(worst_error(
              -87.3F, 88.3F, [](Pack<float> x) { return simd::exp(x); },
              [](double x) { return std::exp(x); }) < 2);
    CHECK(worst_error(
              0.0F, 1e30F, [](Pack<float> x) { return simd::log(x); },
              [](double x) { return std::log(x); }) < 2);
    CHECK(worst_error(
              -20.0F, 20.0F, [](Pack<float> x) { return simd::tanh(x); },
              [](double x) { return std::tanh(x); }) < 2);
}
