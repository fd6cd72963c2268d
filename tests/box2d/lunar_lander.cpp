// LunarLander: what a pilot who knows the way earns, what doing nothing earns, same bits.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include "tdca/concepts/environment.hpp"
#include "tdca/core/random.hpp"
#include "tdca/task/control/lunar_lander.hpp"

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
double fly(Key key, const LunarLander::Parameters& parameters, Policy&& policy) {
    LunarLander::State state;
    LunarLander::reset(parameters, key, state);
    double total = 0;
    for (std::size_t t = 0; t < LunarLander::episode_limit; ++t) {
        Sight seen;
        LunarLander::observe(parameters, state, std::span<float, 8>(seen));
        const auto outcome = LunarLander::step(parameters, policy(seen), state);
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
    LunarLander::Parameters moon;
    moon.gravity = 5;
    CHECK(fly(Key(7), moon, pilot) != fly(Key(7), {}, pilot));
}
