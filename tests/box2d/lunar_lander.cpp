// LunarLander: what a pilot who knows the way earns, what doing nothing earns, same bits.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "support/aborts.hpp"
#include "tdca/concepts/environment.hpp"
#include "tdca/control/environments/checked_environment.hpp"
#include "tdca/control/environments/environment_batch.hpp"
#include "tdca/control/environments/lunar_lander.hpp"
#include "tdca/core/random.hpp"

using namespace tdca;

static_assert(Environment<LunarLander>);

namespace {

using Sight = std::array<float, 8>;

/// Turns towards the pad, and brakes as it comes nearer: the rule that comes with the environment,
/// which earns about 230.
std::size_t pilot(const Sight& s) {
    const float lean = std::clamp(0.5F * s[0] + s[2], -0.4F, 0.4F);
    float turn = 0.5F * (lean - s[4]) - s[5];
    float climb = 0.5F * (0.55F * std::abs(s[0]) - s[1]) - 0.5F * s[3];
    if (s[6] > 0 || s[7] > 0) {
        turn = 0;
        climb = -0.5F * s[3];
    }
    if (climb > std::max(std::abs(turn), 0.05F)) return 2;
    if (turn < -0.05F) return 3;
    return turn > 0.05F ? 1 : 0;
}

template <class Policy>
double fly(Key key, const LunarLander::Settings& settings, Policy&& policy) {
    LunarLander::State state;
    LunarLander::reset(settings, key, state);
    double total = 0;
    for (std::size_t t = 0; t < LunarLander::episode_limit; ++t) {
        Sight seen;
        LunarLander::observe(settings, state, std::span<float, 8>(seen));
        const auto outcome = LunarLander::step(settings, policy(seen), state);
        total += static_cast<double>(outcome.reward);
        if (outcome.terminated) break;
    }
    return total;
}

}  // namespace

TEST_CASE("A pilot who knows the way lands, and one who sleeps crashes") {
    double piloted = 0;
    double asleep = 0;
    std::size_t landed = 0;
    constexpr std::size_t flights = 50;
    for (std::uint64_t flight = 0; flight < flights; ++flight) {
        const double earned = fly(Key(flight), {}, pilot);
        piloted += earned / flights;
        landed += earned >= 200 ? 1 : 0;
        asleep += fly(Key(flight), {}, [](const Sight&) { return std::size_t{0}; }) / flights;
    }
    CHECK(piloted > 200);
    CHECK(landed > 40);
    CHECK(asleep < -90);
}

TEST_CASE("Flights start at the top above the pad, unlike each other") {
    LunarLander::State state;
    std::array<Sight, 2> seen;
    for (std::uint64_t i = 0; i < 2; ++i) {
        LunarLander::reset({}, Key(i), state);
        LunarLander::observe({}, state, std::span<float, 8>(seen[i]));
        CHECK(std::abs(seen[i][0]) < 0.02F);
        CHECK(seen[i][1] == Approx(1.4F).margin(0.03));
        CHECK(seen[i][6] == 0);
    }
    CHECK(seen[0] != seen[1]);
}

TEST_CASE("The same flight is the same bits, and gravity matters") {
    CHECK(fly(Key(7), {}, pilot) == fly(Key(7), {}, pilot));
    LunarLander::Settings moon;
    moon.gravity = 5;
    CHECK(fly(Key(7), moon, pilot) != fly(Key(7), {}, pilot));
}

TEST_CASE("A lander that is checked refuses what no lander can do", "[fault]") {
    CheckedEnvironment<LunarLander> lander;
    CHECK_THROWS_WITH(lander.step(0), "lunar_lander: a step before an episode has begun");
    lander.reset({}, Key(1));
    CHECK_THROWS_WITH(lander.step(4), Catch::Contains("(expected from 0 to 3, found 4)"));
    while (!lander.is_over()) lander.step(0);
    CHECK((lander.terminated() && lander.observation()[1] < 0.5F));
    CHECK_THROWS_WITH(lander.step(0), "lunar_lander: a step past the end of an episode");

    EnvironmentBatch<LunarLander, 2> batch;
    batch.reset({}, Key(2));
    CHECK_THROWS_WITH(batch.step(std::array<std::size_t, 2>{0, 9}), Catch::Contains("world 1"));
    const std::array<std::size_t, 2> asleep{};
    while (batch.finished() == 0) batch.step(asleep);
    const std::size_t ended = batch.terminated()[0] ? 0 : 1;
    // It lies on the ground, where the next one begins at the top.
    CHECK(batch.final_observations()[8 * ended + 1] < 0.5F);
    CHECK(batch.observations()[8 * ended + 1] > 1.0F);
}

TEST_CASE("A lander of settings that make no world does not fly", "[fault]") {
    constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();
    LunarLander::State state;
    const auto refuses = [&](const LunarLander::Settings& settings, const char* what) {
        CHECK_THROWS_WITH(LunarLander::reset(settings, Key(1), state), Catch::Contains(what));
    };
    refuses({.gravity = not_a_number}, "gravity");
    refuses({.main_engine = not_a_number}, "main_engine");
    refuses({.side_engine = not_a_number}, "side_engine");
    for (const float density : {0.0F, -1.0F, not_a_number})
        refuses({.density = density}, "density");
}

#ifndef NDEBUG
TEST_CASE("A step of a lander by an action that there is none of stops a debug build", "[fault]") {
    LunarLander::State state;
    CHECK(testing::aborts([&] { LunarLander::step({}, 0, state); }));  // it has not begun
    LunarLander::reset({}, Key(1), state);
    CHECK(testing::aborts([&] { LunarLander::step({}, 4, state); }));
    CHECK_FALSE(testing::aborts([&] { LunarLander::step({}, 3, state); }));
}
#endif
