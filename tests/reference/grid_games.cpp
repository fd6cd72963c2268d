// Breakout and Asterix against games that grid_games_numpy.py played by itself.
#include "grid_games.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <cstddef>
#include <span>

#include "tdca/control/environments/asterix.hpp"
#include "tdca/control/environments/breakout.hpp"

using namespace tdca;

namespace {

/// As the script's: the k-th cell, where lit, adds (k + 1)² + 7 k.
template <class Env>
long fingerprint(const typename Env::State& state) {
    std::array<float, Env::observation_shape::size> seen;
    Env::observe({}, state, std::span<float, Env::observation_shape::size>(seen));
    long sum = 0;
    for (std::size_t k = 0; k < seen.size(); ++k) {
        const auto cell = static_cast<long>(k);
        if (seen[k] != 0) sum += (cell + 1) * (cell + 1) + 7 * cell;
    }
    return sum;
}

}  // namespace

TEST_CASE("Breakout plays as the independent games") {
    using Env = Breakout<>;
    Env::State state;
    std::size_t game = 0;
    std::size_t differences = 0;
    int rewards = 0;
    Env::begin(true, state);
    for (const auto& expected : reference::breakout) {
        const auto result = Env::advance(static_cast<std::size_t>(expected.action), state);
        rewards += expected.reward;
        const bool is_same = result.reward == static_cast<float>(expected.reward) &&
                             (!result.terminated || expected.is_over) &&
                             fingerprint<Env>(state) == expected.picture;
        differences += is_same ? 0 : 1;
        if (!expected.is_over) continue;
        ++game;
        state = {};
        Env::begin(game % 2 == 0, state);
        if (game < reference::breakout_walls.size()) state.bricks = reference::breakout_walls[game];
    }
    CHECK(differences == 0);
    CHECK(game == reference::breakout_walls.size());
    CHECK(reference::breakout_walls.front() == Env::full);
    CHECK(rewards > 90);  // walls came again
}

TEST_CASE("Asterix plays as the independent games") {
    using Env = Asterix<>;
    Env::State state;
    std::size_t differences = 0;
    int rewards = 0;
    for (const auto& expected : reference::asterix) {
        Env::Spawn spawn;
        if (expected.spawn_row > 0) {
            spawn = {static_cast<std::size_t>(expected.spawn_row - 1), expected.spawn_direction > 0,
                     expected.spawns_treasure};
        }
        const auto result = Env::advance(static_cast<std::size_t>(expected.action), spawn, state);
        rewards += expected.reward;
        const bool is_same = result.reward == static_cast<float>(expected.reward) &&
                             (!result.terminated || expected.is_over) &&
                             fingerprint<Env>(state) == expected.picture;
        differences += is_same ? 0 : 1;
        if (expected.is_over) state = {};
    }
    CHECK(differences == 0);
    CHECK(rewards > 20);
}
