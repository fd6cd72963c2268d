// A lifetime's course and clock: each feature by its definition.
#include "tdca/core/course.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <type_traits>

using namespace tdca;

TEST_CASE("a number of updates is a course", "[progress]") {
    STATIC_REQUIRE(std::is_convertible_v<std::size_t, Course>);
    const Course course = 300;
    CHECK(course.updates == 300);
    CHECK(course.passes == 0.0F);
    CHECK(course.log_passes() == 0.0F);
}

TEST_CASE("passes are how often each sample is seen", "[progress]") {
    const Course course = Course::over(500, 64, 3200);
    CHECK(course.updates == 500);
    CHECK(course.passes == 10.0F);
    CHECK(double{course.log_passes()} == Approx(std::log10(11.0)));
    CHECK(Course::over(1, 16, 64).passes == 0.25F);
    // No product overflows on its way.
    CHECK(double{Course::over(10'000'000'000, 4'000'000'000, 2'000'000'000).passes} ==
          Approx(2e10));
}

TEST_CASE("the clock shows its features by their definitions", "[progress]") {
    const Progress progress = Progress::at(75, {300, 9.0F}, 0.4F, 16);
    CHECK(double{progress.fraction} == Approx(0.25));
    CHECK(double{progress.log_left} == Approx(std::log(0.75)));
    CHECK(double{progress.log_horizon} == Approx(0).margin(1e-7));
    CHECK(progress.error == 0.4F);
    CHECK(double{progress.log_passes} == Approx(1.0));
    CHECK(double{progress.log_batch} == Approx(std::log10(0.25)));

    const Progress born = Progress::at(0, 3000, 1.0F);
    CHECK(born.fraction == 0.0F);
    CHECK(born.log_left == 0.0F);
    CHECK(double{born.log_horizon} == Approx(1.0));
    CHECK(born.log_passes == 0.0F);
    CHECK(born.log_batch == 0.0F);

    const Progress last = Progress::at(2999, 3000, 1.0F);
    CHECK(last.fraction < 1.0F);
    CHECK(double{last.log_left} == Approx(-std::log(3000.0)).epsilon(1e-3));
}

TEST_CASE("a life has an end, however long it is", "[progress][fault]") {
    for (const std::size_t horizon :
         {std::size_t{1}, std::size_t{1} << 24U, (std::size_t{1} << 25U) - 1, std::size_t{1} << 53U,
          std::numeric_limits<std::size_t>::max()}) {
        const Progress last = Progress::at(horizon - 1, horizon, 1.0F);
        CHECK(last.fraction < 1.0F);
        CHECK(std::isfinite(last.log_left));
        CHECK(std::isfinite(last.log_horizon));
    }
}

TEST_CASE("any first error is what later ones are relative to", "[progress][fault]") {
    RunningError error;
    error.note(0.0F);
    error.note(0.5F);
    CHECK(error.relative() == 1.0F);  // to nothing there is no relation
    RunningError below;
    below.note(-1.0F);
    below.note(-1.0F);
    CHECK(below.relative() == 1.0F);
}

TEST_CASE("the running error is relative to the first", "[progress]") {
    RunningError error;
    CHECK(error.relative() == 1.0F);
    error.note(0.8F);
    CHECK(error.relative() == 1.0F);
    error.note(0.4F);
    CHECK(double{error.relative()} == Approx(0.95));
    error.note(0.4F);
    CHECK(double{error.relative()} == Approx(0.95 + 0.1 * (0.5 - 0.95)));
}
