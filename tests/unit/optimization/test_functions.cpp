// Test functions: every optimum is where it is said to be, also in disguise.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "tdca/core/error.hpp"
#include "tdca/optimization/landscape.hpp"
#include "tdca/optimization/landscape_range.hpp"
#include "tdca/optimization/test_function.hpp"

using namespace tdca;

namespace {

const std::vector<std::size_t> dimensions{2, 3, 10, 40};

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinite = std::numeric_limits<double>::infinity();

/// Calls `visit(function, n)` for every function in each of 1 to 5 dimensions that it has.
template <class Visitor>
void for_each_function(Visitor&& visit) {
    for (const TestFunction& function : test_functions()) {
        for (std::size_t n = 1; n <= 5; ++n) {
            if (!function.exists_in(n)) continue;
            INFO(function.name << " in " << n << " dimensions");
            visit(function, n);
        }
    }
}

/// The values at `x`, in double and in single precision.
std::array<double, 2> values_at(const TestFunction& function, const std::vector<double>& x) {
    const std::vector<float> single(x.begin(), x.end());
    return {function.precise_value(x), static_cast<double>(function.value(single))};
}

}  // namespace

TEST_CASE("The optimum of every test function has the value that it claims") {
    for (const TestFunction& function : test_functions()) {
        for (const std::size_t n : dimensions) {
            if (!function.exists_in(n)) continue;
            INFO(function.name << " in " << n << " dimensions");
            std::vector<double> x(n);
            for (std::size_t i = 0; i < n; ++i) x[i] = function.optimum(i, n);
            for (const double v : x) {
                CHECK(v >= function.low);
                CHECK(v <= function.high);
            }
            CHECK(function.precise_value(x) ==
                  Approx(function.minimum(n)).margin(1e-8).epsilon(1e-9));
            const std::vector<float> single(x.begin(), x.end());
            CHECK(static_cast<double>(function.value(single)) ==
                  Approx(function.minimum(n)).margin(5e-4 * static_cast<double>(n)).epsilon(1e-5));
        }
    }
}

TEST_CASE("No point that is drawn in the domain is below the minimum of a test function") {
    // 2,000 uniform points, and 2,000 ever closer to the optimum, in each dimension.
    for (const TestFunction& function : test_functions()) {
        for (const std::size_t n : dimensions) {
            if (!function.exists_in(n)) continue;
            INFO(function.name << " in " << n << " dimensions");
            std::vector<double> x(n);
            std::vector<double> away(n);
            double lowest = HUGE_VAL;
            const double width = function.high - function.low;
            for (std::uint64_t k = 0; k < 2000; ++k) {
                const Key key = Key(8) / n / k;
                (key / 0).fill_uniform(std::span<double>(x), function.low, function.high);
                lowest = std::fmin(lowest, function.precise_value(x));
                (key / 1).fill_normal(std::span<double>(away));
                for (std::size_t i = 0; i < n; ++i) {
                    x[i] = function.optimum(i, n) +
                           width * away[i] * std::pow(10.0, -1 - 6 * key.uniform(0));
                    x[i] = std::clamp(x[i], function.low, function.high);
                }
                lowest = std::fmin(lowest, function.precise_value(x));
            }
            CHECK(lowest >= function.minimum(n) - 1e-8 * std::fabs(function.minimum(n)) - 1e-10);
        }
    }
}

TEST_CASE("A disguised landscape keeps its minimum, and moves its optimum") {
    for (const TestFunction& function : test_functions()) {
        for (const std::uint64_t seed : {1U, 2U, 3U}) {
            const std::size_t n = function.dimension == 0 ? 5 : function.dimension;
            const Landscape landscape(function, n, {.shift = true, .rotate = true, .condition = 30},
                                      Key(seed));
            INFO(function.name << ", seed " << seed);
            std::vector<double> x(landscape.optimum().begin(), landscape.optimum().end());
            CHECK(landscape(x) == Approx(landscape.minimum()).margin(1e-8).epsilon(1e-9));
            CHECK(x[0] != function.optimum(0, n));
            // Nothing in the box is lower, also where the function's domain is left.
            double lowest = HUGE_VAL;
            for (std::uint64_t k = 0; k < 5000; ++k) {
                (Key(seed) / 9 / k).fill_uniform(std::span<double>(x), function.low, function.high);
                lowest = std::fmin(lowest, landscape(x));
            }
            CHECK(lowest >= landscape.minimum() - 1e-9);
        }
    }
}

TEST_CASE("A turned landscape is turned by an orthogonal matrix") {
    const Landscape landscape(find_test_function("sphere"), 12,
                              {.shift = true, .rotate = true, .condition = 1}, Key(5));
    const auto matrix = landscape.matrix();
    for (std::size_t a = 0; a < 12; ++a) {
        for (std::size_t b = 0; b < 12; ++b) {
            double dot = 0;
            for (std::size_t i = 0; i < 12; ++i) dot += matrix[a * 12 + i] * matrix[b * 12 + i];
            CHECK(dot == Approx(a == b ? 1.0 : 0.0).margin(1e-12));
        }
    }
}

TEST_CASE("A landscape as defined is the test function itself") {
    const TestFunction& function = find_test_function("rosenbrock");
    const Landscape landscape(function, 4, {.shift = false, .rotate = false, .condition = 1},
                              Key(1));
    const std::vector<float> x{0.5F, -1.0F, 2.0F, 0.25F};
    CHECK(landscape(x) == Approx(function.value(x)));
}

TEST_CASE("Condition flattens one axis and leaves another") {
    const Landscape landscape(find_test_function("sphere"), 2,
                              {.shift = false, .rotate = false, .condition = 100}, Key(1));
    CHECK(landscape(std::vector<float>{1.0F, 0.0F}) == Approx(1.0));
    CHECK(landscape(std::vector<float>{0.0F, 1.0F}) == Approx(0.01));
}

TEST_CASE("An unknown test function and a wrong dimension are named") {
    CHECK_THROWS_WITH(find_test_function("rastrigan"),
                      Catch::Contains("rastrigan") && Catch::Contains("ackley"));
    CHECK_THROWS_WITH(Landscape(find_test_function("himmelblau"), 3, {}, Key(1)),
                      Catch::Contains("himmelblau") && Catch::Contains("2"));
}

TEST_CASE("A point with a coordinate that is NaN has the value NaN under every function",
          "[fault]") {
    for_each_function([](const TestFunction& function, std::size_t n) {
        // At the origin, at the optimum and anywhere, since functions break off at places of their
        // own.
        for (const int place : {0, 1, 2}) {
            for (std::size_t at = 0; at <= n; ++at) {  // n: everywhere
                CAPTURE(place, at);
                std::vector<double> x(n);
                for (std::size_t i = 0; i < n; ++i) {
                    if (place == 1) x[i] = function.optimum(i, n);
                    if (place == 2) x[i] = 0.3 * static_cast<double>(i + 1);
                    if (i == at || at == n) x[i] = not_a_number;
                }
                for (const double value : values_at(function, x)) CHECK(std::isnan(value));
                // Also in disguise.
                const Landscape landscape(function, n, {}, Key(n));
                CHECK(std::isnan(landscape(x)));
                CHECK(std::isnan(landscape(std::vector<float>(x.begin(), x.end()))));
            }
        }
    });
}

TEST_CASE("A point with an infinite coordinate is never a minimum", "[fault]") {
    for_each_function([](const TestFunction& function, std::size_t n) {
        const Landscape landscape(function, n, {}, Key(n));
        for (const double value : {infinite, -infinite}) {
            for (std::size_t at = 0; at <= n; ++at) {
                CAPTURE(value, at);
                std::vector<double> x(n);
                for (std::size_t i = 0; i < n; ++i) {
                    x[i] = i == at || at == n ? value : function.optimum(i, n);
                }
                for (const double found : values_at(function, x)) {
                    CHECK_FALSE(found <= function.minimum(n));
                }
                CHECK_FALSE(landscape(x) <= landscape.minimum());
            }
        }
    });
}

TEST_CASE("Every coordinate matters in the dimensions that a function says it has", "[fault]") {
    for_each_function([](const TestFunction& function, std::size_t n) {
        for (std::size_t moved = 0; moved < n; ++moved) {
            CAPTURE(moved);
            std::vector<double> x(n, 0.3 * (function.low + function.high) + 0.7);
            const double before = function.precise_value(x);
            x[moved] += 0.01 * (function.high - function.low);
            CHECK(function.precise_value(x) != before);
        }
    });
}

TEST_CASE("Functions that degenerate in one dimension are not to be had there", "[fault]") {
    for (const char* name : {"rosenbrock", "schaffer_f7"}) {
        const TestFunction& function = find_test_function(name);
        CHECK(function.least_dimension == 2);
        CHECK(std::isnan(function.value(std::vector<float>{1.0F})));
        CHECK_THROWS_WITH(
            Landscape(function, 1, {}, Key(1)),
            Catch::Contains(name) && Catch::Contains("(expected at least 2, found 1)"));
    }
    CHECK(find_test_function("beale").least_dimension == 2);
    CHECK(find_test_function("sphere").least_dimension == 1);
    CHECK_THROWS_WITH(Landscape(find_test_function("sphere"), 0, {}, Key(1)),
                      Catch::Contains("(expected at least 1, found 0)"));
}

TEST_CASE("A range of landscapes draws no function in fewer dimensions than it has", "[fault]") {
    LandscapeRange range;
    range.functions = {&find_test_function("sphere"), &find_test_function("rosenbrock")};
    range.fewest_dimensions = 1;
    range.most_dimensions = 3;
    range.check();
    std::array<std::size_t, 2> least{99, 99};
    for (std::size_t i = 0; i < 400; ++i) {
        const auto drawn = range.draw({Key(i), i});
        least[i % 2] = std::min(least[i % 2], drawn.landscape.dimension());
    }
    CHECK(least == std::array<std::size_t, 2>{1, 2});
    range.most_dimensions = 1.5;
    CHECK_THROWS_WITH(range.check(), Catch::Contains("rosenbrock needs more than the most"));
}
