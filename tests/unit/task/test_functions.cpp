// Test functions: every optimum is where it is said to be, also in disguise.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "tdca/core/error.hpp"
#include "tdca/task/landscape.hpp"
#include "tdca/task/test_function.hpp"

using namespace tdca;

namespace {

const std::vector<std::size_t> dimensions{2, 3, 10, 40};

bool exists(const TestFunction& function, std::size_t n) {
    return function.dimension == 0 || function.dimension == n;
}

}  // namespace

TEST_CASE("The optimum of every test function has the value that it claims") {
    for (const TestFunction& function : test_functions()) {
        for (const std::size_t n : dimensions) {
            if (!exists(function, n)) continue;
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
            if (!exists(function, n)) continue;
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
            CHECK(landscape.precise(x) == Approx(landscape.minimum()).margin(1e-8).epsilon(1e-9));
            CHECK(x[0] != function.optimum(0, n));
            // Nothing in the box is lower, also where the function's domain is left.
            double lowest = HUGE_VAL;
            for (std::uint64_t k = 0; k < 5000; ++k) {
                (Key(seed) / 9 / k).fill_uniform(std::span<double>(x), function.low, function.high);
                lowest = std::fmin(lowest, landscape.precise(x));
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
