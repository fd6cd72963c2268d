#include "tdca/control/reward_signal.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <span>

#include "tdca/concepts/environment.hpp"
#include "tdca/concepts/signal.hpp"

using namespace tdca;

static_assert(Signal<DiscreteRewardSignal<3>>);
static_assert(Signal<ContinuousRewardSignal<2>>);
static_assert(std::is_same_v<RewardSignal<DiscreteActions<4>>, DiscreteRewardSignal<4>>);
static_assert(std::is_same_v<RewardSignal<ContinuousActions<2>>, ContinuousRewardSignal<2>>);
static_assert(!InterpretingSignal<DiscreteRewardSignal<3>>);

namespace {

using Choice = DiscreteRewardSignal<3>;
using Motor = ContinuousRewardSignal<2>;

std::array<float, 3> error_of(const std::array<float, 3>& p, const Choice::Target& told) {
    std::array<float, 3> errors;
    Choice::observe<1>(std::span<const float, 3>(p), std::span<const Choice::Target, 1>(&told, 1),
                       std::span<float, 3>(errors));
    return errors;
}

std::array<float, 2> error_of(const std::array<float, 2>& mean, const Motor::Target& told) {
    std::array<float, 2> errors;
    Motor::observe<1>(std::span<const float, 2>(mean), std::span<const Motor::Target, 1>(&told, 1),
                      std::span<float, 2>(errors));
    return errors;
}

}  // namespace

TEST_CASE("A choice's error is advantage times chosen minus probability") {
    const std::array<float, 3> p{0.2F, 0.5F, 0.3F};
    const auto good = error_of(p, {1, 2.0F, 0.5F, 0.2F});
    CHECK(good[0] == Approx(-0.4F));
    CHECK(good[1] == Approx(1.0F));
    CHECK(good[2] == Approx(-0.6F));
    const auto bad = error_of(p, {1, -2.0F, 0.5F, 0.2F});
    for (std::size_t c = 0; c < 3; ++c) CHECK(bad[c] == Approx(-good[c]));
    for (const float e : error_of(p, {1, 0.0F, 0.5F, 0.2F})) CHECK(e == 0.0F);
}

TEST_CASE("Nothing more is learned of a choice whose likelihood is beyond reach") {
    const std::array<float, 3> p{0.2F, 0.5F, 0.3F};
    // It has become 1.25 times as likely: beyond a reach of 0.2 upwards, not downwards.
    CHECK(error_of(p, {1, 1.0F, 0.4F, 0.2F})[1] == 0.0F);
    CHECK(error_of(p, {1, -1.0F, 0.4F, 0.2F})[1] == Approx(-1.25F * 0.5F));
    CHECK(error_of(p, {1, 1.0F, 0.4F, 0.3F})[1] == Approx(1.25F * 0.5F));
    // Less likely: the other way round.
    CHECK(error_of(p, {1, -1.0F, 0.8F, 0.2F})[1] == 0.0F);
    CHECK(error_of(p, {1, 1.0F, 0.8F, 0.2F})[1] == Approx(0.625F * 0.5F));
    // Weights are bounded.
    CHECK(error_of(p, {1, -1.0F, 0.01F, 0.2F})[1] == Approx(-2.0F * 0.5F));
}

TEST_CASE("A number's error is advantage times its deviation from the mean") {
    Motor::Target told;
    told.action = {1.0F, -0.5F};
    told.mean = {0.5F, 0.0F};
    told.spread = 0.5F;
    told.advantage = 3.0F;
    told.reach = 0.2F;
    const auto errors = error_of(told.mean, told);
    CHECK(errors[0] == Approx(3.0F));
    CHECK(errors[1] == Approx(-3.0F));
    // The mean has come nearer: likelier than reach allows, so nothing more is learned.
    const auto after = error_of({0.9F, -0.4F}, told);
    CHECK(after[0] == 0.0F);
    told.advantage = -1.0F;
    CHECK(error_of({0.9F, -0.4F}, told)[0] < 0.0F);
    CHECK(std::isfinite(error_of({1e6F, -1e6F}, told)[0]));
}
