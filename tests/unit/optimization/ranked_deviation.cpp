// RankedDeviation: utility times deviation, whatever the unit.
#include <array>
#include <catch2/catch.hpp>
#include <span>

#include "tdca/concepts/signal.hpp"
#include "tdca/optimization/ranked_deviation.hpp"

using namespace tdca;

static_assert(Signal<RankedDeviation<3>>);

namespace {

using Points = std::array<float, 6>;

Points errors(const Points& points, const std::array<float, 3>& utilities) {
    Points out{};
    RankedDeviation<2>::observe<3>(std::span<const float, 6>(points),
                                   std::span<const float, 3>(utilities), std::span<float, 6>(out));
    return out;
}

}  // namespace

TEST_CASE("The error is the utility times the deviation from the batch's mean") {
    // Mean (2, 0); deviations (−1, 3), (0, −3), (1, 0): root mean square √(20/6).
    const auto out = errors({1, 3, 2, -3, 3, 0}, {0.5F, 0, -0.5F});
    const double scale = 1 / std::sqrt(20.0 / 6.0);
    const std::array expected{-0.5, 1.5, 0.0, 0.0, -0.5, 0.0};
    for (std::size_t i = 0; i < 6; ++i) CHECK(out[i] == Approx(scale * expected[i]).margin(1e-7));
}

TEST_CASE("The error knows neither the place nor the size of the cloud") {
    const auto one = errors({1, 3, 2, -3, 3, 0}, {0.5F, 0.1F, -0.5F});
    const auto other = errors({101, 106, 103, 94, 105, 100}, {0.5F, 0.1F, -0.5F});
    for (std::size_t i = 0; i < 6; ++i) CHECK(other[i] == Approx(one[i]).margin(1e-5));
}

TEST_CASE("Without a utility or without a deviation there is no error") {
    for (const float error : errors({1, 3, 2, -3, 3, 0}, {0, 0, 0})) CHECK(error == 0.0F);
    for (const float error : errors({1, 3, 1, 3, 1, 3}, {0.5F, 0, -0.5F})) CHECK(error == 0.0F);
}
