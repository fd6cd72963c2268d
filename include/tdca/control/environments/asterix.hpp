// Asterix: treasure to pick up and enemies to avoid, as pictures of 10 × 10.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "tdca/concepts/environment.hpp"
#include "tdca/control/environments/grid_game.hpp"
#include "tdca/control/environments/setting_range.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/shape.hpp"

namespace tdca::inline TDCA_ABI {

/// Asterix by the rules of MinAtar: move (0 stay, 1 left, 2 up, 3 right, 4 down), pick up treasure,
/// touch no enemy.
///
/// Observation: 4 channels × 10 rows × 10 columns of zeros and ones: player, enemies, where each
/// thing came from, treasure. Things cross rows 1 to 8, one a row, a third of them treasure; each
/// that is picked up rewards 1, and an enemy that is touched ends the episode. They come and move
/// faster as time goes by. Cut off after 2,500 steps (MinAtar has no limit). With chance `sticky`
/// the action before is done once more. Source: Young & Tian, arXiv:1903.03176; rules of
/// minatar/environments/asterix.py, with ramping.
template <class Scalar = float>
struct Asterix {
    static constexpr std::string_view name = "asterix";
    using scalar = Scalar;
    using observation_shape = Shape<4, GridGame::side, GridGame::side>;
    using actions = DiscreteActions<5>;
    static constexpr std::size_t episode_limit = 2'500;
    static constexpr std::size_t rows = 8;  ///< that things cross

    using Settings = GridGame::Settings;

    /// What crosses a row.
    struct Thing {
        bool is_there = false;     ///< or the row is empty
        std::int32_t x = 0;        ///< column
        bool goes_right = false;   ///< or to the left
        bool is_treasure = false;  ///< or an enemy
        /// All members alike.
        friend bool operator==(const Thing&, const Thing&) = default;
    };
    struct State {
        std::int32_t x = 5;                       ///< of the player: column
        std::int32_t y = 5;                       ///< row, from the top
        std::array<Thing, rows> things{};         ///< thing i crosses row i + 1
        std::int32_t spawn_speed = 10;            ///< steps from one thing to the next
        std::int32_t spawn_timer = 10;            ///< steps until then
        std::int32_t move_speed = 5;              ///< steps from move to move
        std::int32_t move_timer = 5;              ///< steps until then
        std::int32_t ramp_timer = ramp_interval;  ///< steps until things move faster
        std::int32_t ramps = 0;                   ///< how often it became harder
        GridGame::Luck luck;                      ///< of this episode
    };

    /// A thing that comes into an empty row.
    struct Spawn {
        std::size_t row = rows;    ///< which of `things`; `rows`: none comes
        bool goes_right = false;   ///< or to the left
        bool is_treasure = false;  ///< or an enemy
    };

    static void reset(const Settings& settings, Key key, State& state) {
        GridGame::check(name, settings);
        state = {};
        state.luck.key = key;
    }

    static void observe(const Settings& /*settings*/, const State& state,
                        std::span<Scalar, observation_shape::size> out) noexcept {
        std::ranges::fill(out, Scalar{0});
        GridGame::set(out, 0, state.y, state.x);
        std::int32_t row = 0;
        for (const Thing& thing : state.things) {
            ++row;
            if (!thing.is_there) continue;
            GridGame::set(out, thing.is_treasure ? 3 : 1, row, thing.x);
            const std::int32_t behind = thing.x + (thing.goes_right ? -1 : 1);
            if (behind >= 0 && behind < GridGame::side) GridGame::set(out, 2, row, behind);
        }
    }

    static StepResult<Scalar> step(const Settings& settings, std::size_t action,
                                   State& state) noexcept {
        assert(actions::contains(action));
        const std::size_t done = state.luck.done(settings, action);
        return advance(done, state.spawn_timer == 0 ? draw(state) : Spawn{}, state);
    }

    /// One step with this very action; `spawn` comes where the time has come.
    static StepResult<Scalar> advance(std::size_t action, const Spawn& spawn,
                                      State& state) noexcept {
        if (state.spawn_timer == 0) {
            if (spawn.row < rows) {
                state.things[spawn.row] = {true, spawn.goes_right ? 0 : GridGame::side - 1,
                                           spawn.goes_right, spawn.is_treasure};
            }
            state.spawn_timer = state.spawn_speed;
        }
        if (action == 1) state.x = std::max(0, state.x - 1);
        if (action == 2) state.y = std::max(1, state.y - 1);
        if (action == 3) state.x = std::min(GridGame::side - 1, state.x + 1);
        if (action == 4) state.y = std::min(GridGame::side - 2, state.y + 1);

        StepResult<Scalar> result{Scalar{0}, false};
        const auto touch = [&] {
            Thing& thing = state.things[static_cast<std::size_t>(state.y - 1)];
            if (!thing.is_there || thing.x != state.x) return;
            if (thing.is_treasure) {
                thing.is_there = false;
                result.reward += Scalar{1};
            } else {
                result.terminated = true;
            }
        };
        touch();
        if (state.move_timer == 0) {
            state.move_timer = state.move_speed;
            for (Thing& thing : state.things) {
                if (!thing.is_there) continue;
                thing.x += thing.goes_right ? 1 : -1;
                if (thing.x < 0 || thing.x >= GridGame::side) thing.is_there = false;
            }
            touch();
        }
        --state.spawn_timer;
        --state.move_timer;
        if (state.spawn_speed > 1 || state.move_speed > 1) ramp(state);
        return result;
    }

private:
    static constexpr std::int32_t ramp_interval = 100;

    static void ramp(State& state) noexcept {
        if (state.ramp_timer >= 0) {
            --state.ramp_timer;
            return;
        }
        if (state.move_speed > 1 && state.ramps % 2 != 0) --state.move_speed;
        if (state.spawn_speed > 1) --state.spawn_speed;
        ++state.ramps;
        state.ramp_timer = ramp_interval;
    }

    /// Any empty row, either side; one in three is treasure.
    static Spawn draw(const State& state) noexcept {
        const Key key = state.luck.key / 1 / state.luck.steps;
        const auto empty = static_cast<std::uint64_t>(std::ranges::count_if(
            state.things, [](const Thing& thing) { return !thing.is_there; }));
        Spawn spawn;
        if (empty == 0) return spawn;
        spawn.goes_right = key.below(2, 0) == 0;
        spawn.is_treasure = key.below(3, 1) == 0;
        std::uint64_t skip = key.below(empty, 2);
        for (spawn.row = 0; state.things[spawn.row].is_there || skip-- != 0;) ++spawn.row;
        return spawn;
    }
};

/// Stickiness by up to 2.
template <class Scalar>
struct SettingRange<Asterix<Scalar>> : GridGame::Range {};

}  // namespace tdca
