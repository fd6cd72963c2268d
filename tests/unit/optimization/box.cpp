// Variable, Axis and Box: kinds of variables, the way into them and back, and what makes no sense.
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <set>
#include <vector>

#include "tdca/core/error.hpp"
#include "tdca/core/random.hpp"
#include "tdca/optimization/box.hpp"
#include "tdca/optimization/search_space.hpp"

using namespace tdca;

TEST_CASE("An interval may be as wide as its type, or hardly of any width", "[fault]") {
    const double most = std::numeric_limits<double>::max();
    const double single = std::numeric_limits<float>::max();
    for (const Variable& variable :
         {Variable::real(-2e38, 2e38), Variable::real(-single, single), Variable::real(-most, most),
          Variable::real(-1e-300, most), Variable::real(1, std::nextafter(1.0, 2.0))}) {
        variable.check("here");
        const Axis axis(variable);
        for (const double unit : {-1.0, -0.5, 0.0, 0.25, 1.0}) {
            const double x = axis.value(unit);
            CHECK(std::isfinite(x));
            CHECK(x >= variable.low);
            CHECK(x <= variable.high);
            CHECK(std::isfinite(axis.unit(x)));
        }
        CHECK(axis.value(-1) == variable.low);
        CHECK(axis.value(1) == variable.high);
        CHECK(axis.unit(variable.low) == -1);
        CHECK(axis.unit(variable.high) == 1);
    }
    const Axis wide(Variable::real(-2e300, 2e300));
    CHECK(wide.value(0.5) == 1e300);
    CHECK(wide.unit(1e300) == Approx(0.5));
    const Axis fixed(Variable::fixed(7));
    CHECK(fixed.value(0.3) == 7);
    CHECK(fixed.unit(7) == 0);
}

TEST_CASE("An interval around zero keeps every digit near zero") {
    const Axis axis(Variable::real(-5, 5));
    CHECK(axis.value(1e-200) == 5e-200);
    CHECK(axis.unit(5e-200) == Approx(1e-200));
}

TEST_CASE("A logarithmic variable has equal ratios at equal distances") {
    const Axis axis(Variable::logarithmic(1e-6, 1e-2));
    CHECK(axis.value(0) == Approx(1e-4));
    CHECK(axis.value(0.5) == Approx(1e-3));
    for (const double x : {1e-6, 3e-5, 2e-3, 1e-2}) CHECK(axis.value(axis.unit(x)) == Approx(x));
}

TEST_CASE("Whole numbers are each as likely as the others, ends included") {
    const Axis axis(Variable::whole(1, 5));
    std::vector<std::size_t> seen(6);
    for (std::uint64_t k = 0; k < 10'000; ++k) {
        const double x = axis.value(2 * Key(1).uniform(k) - 1);
        REQUIRE(std::round(x) == x);
        REQUIRE((x >= 1 && x <= 5));
        ++seen[static_cast<std::size_t>(x)];
    }
    // 2,000 each, deviation 40: 6 of them, over five counts.
    for (std::size_t value = 1; value <= 5; ++value) {
        CHECK(std::fabs(static_cast<double>(seen[value]) - 2000) < 240);
    }
    for (const double x : {1.0, 2.0, 5.0}) CHECK(axis.value(axis.unit(x)) == x);
    // Powers of ten, as whole numbers.
    Variable layers = Variable::whole(1, 1000);
    layers.is_logarithmic = true;
    CHECK(Axis(layers).value(Axis(layers).unit(30)) == 30);
    CHECK(Axis(layers).value(0) < 40);
}

TEST_CASE("The ends of a periodic variable are one point, and ways are short") {
    SearchSpace space;
    space.begin(Box::of({Variable::periodic(0, 360), Variable::real(0, 360)}), false);
    std::vector<double> point(2);
    space.from_unit([](std::size_t) { return 1.25; }, point);
    CHECK(point[0] == Approx(45));   // round
    CHECK(point[1] == Approx(315));  // and back from the wall
    CHECK(space.way(0, 0.9, -0.9) == Approx(0.2));
    CHECK(space.way(1, 0.9, -0.9) == Approx(-1.8));
    CHECK(std::isnan(wrapped(std::nan(""))));
    CHECK(std::isnan(mirrored(std::nan(""))));
    CHECK(mirrored(1.25) == Approx(0.75));
    CHECK(mirrored(-1.25) == Approx(-0.75));
    CHECK(mirrored(3.5) == Approx(-0.5));
    for (double x = -50; x < 50; x += 0.37) {
        CHECK(std::fabs(mirrored(x)) <= 1);
        CHECK(std::fabs(wrapped(x)) <= 1);
    }
}

TEST_CASE("Points for single precision are such as it has, inside of their bounds") {
    SearchSpace space;
    space.begin(Box::of({Variable::real(-0.1, 0.1), Variable::fixed(0.5)}), true);
    std::vector<double> point(2);
    for (const double unit : {-1.0, -0.3, 0.7, 1.0}) {
        space.from_unit([unit](std::size_t) { return unit; }, point);
        CHECK(static_cast<double>(static_cast<float>(point[0])) == point[0]);
        CHECK((point[0] >= -0.1 && point[0] <= 0.1));
        CHECK(point[1] == 0.5);
    }
}

TEST_CASE("Variables that make no sense are named") {
    const auto told = [](const Variable& variable, const char* what) {
        CHECK_THROWS_WITH(Box::of({Variable::real(0, 1), variable}).check(),
                          Catch::Contains("coordinate 1") && Catch::Contains(what));
    };
    told(Variable::real(1, 0), "low <= high");
    told(Variable::real(0, std::numeric_limits<double>::infinity()), "finite");
    told(Variable::real(std::nan(""), 1), "nan");
    told(Variable::logarithmic(0, 1), "positive");
    told(Variable::whole(0.5, 3), "whole");
    Variable odd = Variable::periodic(0, 4);
    odd.is_whole = true;
    told(odd, "periodic");
    CHECK_THROWS_WITH(Box().check(), Catch::Contains("no coordinate"));
    CHECK_THROWS_WITH(Box({0, 1}, {1}), Catch::Contains("2") && Catch::Contains("1"));
    CHECK_THROWS_WITH(Box::of({Variable::whole(0, 3)}).require_inside("start", std::vector{1.5}),
                      Catch::Contains("no whole number"));
}

TEST_CASE("A box says which coordinate is outside, and which ends do not make sense", "[fault]") {
    const Box box({0, -1}, {1, std::nextafter(1.0, 0.0)});
    const double inside[]{0.0, 0.5};
    CHECK_NOTHROW(box.require_inside("point", inside));
    const double outside[]{0.0, 1.0};
    CHECK_THROWS_WITH(
        box.require_inside("point", outside),
        "point: coordinate 1 is out of range (expected from -1 to 0.9999999999999999, found 1)");
    const double broken[]{std::nan(""), 0.0};
    CHECK_THROWS_WITH(box.require_inside("point", broken), Catch::Contains("coordinate 0"));
    const Box descending({std::nextafter(0.056234, 1.0)}, {0.056234});
    CHECK_THROWS_WITH(descending.check(),
                      Catch::Contains("0.056234") && Catch::Contains("0.056234000000000006"));
}

TEST_CASE("A logarithmic variable so narrow that logarithms do not tell its ends apart",
          "[fault]") {
    for (const double low : {1e300, 1e-300, 1e10}) {
        double high = low;
        for (int ulps = 0; ulps < 200; ++ulps) high = std::nextafter(high, 2 * high);
        const Axis axis(Variable::logarithmic(low, high));
        for (const double unit : {-1.0, -0.3, 0.0, 0.9, 1.0}) {
            CHECK((axis.value(unit) >= low && axis.value(unit) <= high));
            CHECK(std::isfinite(axis.unit(axis.value(unit))));
        }
    }
    CHECK_FALSE(std::signbit(Axis(Variable::whole(-1, 1)).value(-0.1)));
}

TEST_CASE("Single precision without a number between the bounds is refused", "[fault]") {
    SearchSpace space;
    const double most = std::numeric_limits<double>::max();
    for (const Box& box : {Box({most / 2}, {most}), Box({0.1}, {0.1 + 1e-12})}) {
        CHECK_THROWS_WITH(space.begin(box, true), Catch::Contains("single precision"));
        space.begin(box, false);
    }
}
