// ObjectiveSignal: ranks, scores, and values that are none.
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "tdca/optimization/objective_signal.hpp"

using namespace tdca;

namespace {

constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();
constexpr float infinite = std::numeric_limits<float>::infinity();

ObjectiveSignal observed(const std::vector<float>& values) {
    ObjectiveSignal signal;
    signal.resize(values.size());
    signal.observe(values);
    return signal;
}

}  // namespace

TEST_CASE("Ranks fall evenly from the best value to the worst") {
    const auto signal = observed({3, -1, 10, 2});
    CHECK(signal.order()[0] == 1);
    CHECK(signal.ranks()[1] == Approx(0.375F));
    CHECK(signal.ranks()[3] == Approx(0.125F));
    CHECK(signal.ranks()[0] == Approx(-0.125F));
    CHECK(signal.ranks()[2] == Approx(-0.375F));
}

TEST_CASE("Scores do not know the unit or the origin of the objective") {
    const auto one = observed({3, -1, 10, 2});
    const auto other = observed({3 * 50 + 7, -1 * 50 + 7, 10 * 50 + 7, 2 * 50 + 7});
    for (std::size_t p = 0; p < 4; ++p) {
        CHECK(one.scores()[p] == Approx(other.scores()[p]).epsilon(1e-5));
        CHECK(one.ranks()[p] == other.ranks()[p]);
    }
}

TEST_CASE("Values that are not finite rank last and move neither mean nor deviation") {
    const auto clean = observed({3, -1, 10});
    const auto signal = observed({not_a_number, 3, -1, infinite, 10, -infinite});
    CHECK(signal.finite() == 3);
    CHECK(signal.mean() == clean.mean());
    CHECK(signal.deviation() == clean.deviation());
    CHECK(signal.order()[0] == 2);
    CHECK(signal.order()[2] == 4);
    for (const std::size_t p : {0U, 3U, 5U}) {
        CHECK(signal.ranks()[p] < signal.ranks()[4]);
        CHECK(std::isfinite(signal.scores()[p]));
    }
}

TEST_CASE("Equal values and no finite value leave everything finite") {
    for (const auto& values : {std::vector<float>(6, 4.0F), std::vector<float>(6, not_a_number)}) {
        const auto signal = observed(values);
        for (std::size_t p = 0; p < 6; ++p) {
            CHECK(std::isfinite(signal.scores()[p]));
            CHECK(signal.order()[p] == p);
        }
        CHECK(std::isfinite(signal.deviation()));
        CHECK(signal.deviation() > 0);
    }
}
