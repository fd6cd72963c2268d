// Breakout: a paddle, a ball and three rows of bricks, as pictures of 10 × 10.
#pragma once

#include <algorithm>
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

/// Breakout by the rules of MinAtar: move the paddle at the bottom (0 stay, 1 left, 2 right) so
/// that the ball comes back up to the bricks.
///
/// Observation: 4 channels × 10 rows × 10 columns of zeros and ones: paddle, ball, where the ball
/// was before, bricks. A brick that breaks rewards 1; when none is left, three new rows come as the
/// ball comes down. The ball flies along diagonals; the paddle throws it back the way it came where
/// it hits from the side, on its way otherwise. The episode ends when the ball is missed, and is
/// cut off after 2,500 steps (MinAtar has no limit). With chance `sticky` the action before is done
/// once more. Source: Young & Tian, "MinAtar: an Atari-inspired testbed for thorough and
/// reproducible reinforcement learning experiments", arXiv:1903.03176; rules of
/// minatar/environments/breakout.py.
template <class Scalar = float>
struct Breakout {
    static constexpr std::string_view name = "breakout";
    using scalar = Scalar;
    using observation_shape = Shape<4, GridGame::side, GridGame::side>;
    using actions = DiscreteActions<3>;
    static constexpr std::size_t episode_limit = 2'500;

    using Settings = GridGame::Settings;

    struct State {
        std::int32_t paddle = 4;      ///< column
        std::int32_t x = 0;           ///< of the ball: column
        std::int32_t y = 3;           ///< row, from the top
        std::int32_t last_x = 0;      ///< where the ball was
        std::int32_t last_y = 3;      ///< where the ball was
        std::int32_t right = 1;       ///< where the ball flies: 1 or −1
        std::int32_t down = 1;        ///< 1 or −1
        bool struck = false;          ///< a brick broke in the step before
        std::uint32_t bricks = full;  ///< bit 10 (row − 1) + column, rows 1 to 3
        GridGame::Luck luck;          ///< of actions
    };

    static constexpr std::uint32_t full = (1U << 30U) - 1;  ///< all bricks

    /// The ball starts on the left or on the right.
    static void reset(const Settings& settings, Key key, State& state) {
        GridGame::check(name, settings);
        state = {};
        state.luck.key = key / 1;
        begin(key.below(2, 0) == 0, state);
    }

    /// The start of an episode.
    static void begin(bool on_left, State& state) noexcept {
        state.x = state.last_x = on_left ? 0 : last;
        state.right = on_left ? 1 : -1;
    }

    static void observe(const Settings& /*settings*/, const State& state,
                        std::span<Scalar, observation_shape::size> out) noexcept {
        std::ranges::fill(out, Scalar{0});
        GridGame::set(out, 0, last, state.paddle);
        GridGame::set(out, 1, state.y, state.x);
        GridGame::set(out, 2, state.last_y, state.last_x);
        for (std::int32_t row = 1; row <= 3; ++row) {
            for (std::int32_t column = 0; column <= last; ++column) {
                if ((state.bricks & brick_at(row, column)) != 0) {
                    GridGame::set(out, 3, row, column);
                }
            }
        }
    }

    static StepResult<Scalar> step(const Settings& settings, std::size_t action,
                                   State& state) noexcept {
        assert(actions::contains(action));
        return advance(state.luck.done(settings, action), state);
    }

    /// One step with this very action.
    static StepResult<Scalar> advance(std::size_t action, State& state) noexcept {
        if (action == 1) state.paddle = std::max(0, state.paddle - 1);
        if (action == 2) state.paddle = std::min(last, state.paddle + 1);

        state.last_x = state.x;
        state.last_y = state.y;
        std::int32_t x = state.x + state.right;
        std::int32_t y = state.y + state.down;
        if (x < 0 || x > last) {
            x = std::clamp(x, 0, last);
            state.right = -state.right;
        }
        Scalar reward{0};
        bool is_missed = false;
        bool strikes = false;
        if (y < 0) {
            y = 0;
            state.down = -state.down;
        } else if ((state.bricks & brick_at(y, x)) != 0) {
            strikes = true;
            if (!state.struck) {  // a ball that broke one flies through the next
                reward = Scalar{1};
                state.struck = true;
                state.bricks &= ~brick_at(y, x);
                y = state.last_y;
                state.down = -state.down;
            }
        } else if (y == last) {
            if (state.bricks == 0) state.bricks = full;
            if (state.x == state.paddle) {
                state.down = -state.down;
                y = state.last_y;
            } else if (x == state.paddle) {
                state.down = -state.down;
                state.right = -state.right;
                y = state.last_y;
            } else {
                is_missed = true;
            }
        }
        if (!strikes) state.struck = false;
        state.x = x;
        state.y = y;
        return {reward, is_missed};
    }

private:
    static constexpr std::int32_t last = GridGame::side - 1;

    [[nodiscard]] static constexpr std::uint32_t brick_at(std::int32_t row,
                                                          std::int32_t column) noexcept {
        return row < 1 || row > 3 ? 0 : 1U << static_cast<std::uint32_t>(10 * (row - 1) + column);
    }
};

/// Stickiness by up to 2.
template <class Scalar>
struct SettingRange<Breakout<Scalar>> : GridGame::Range {};

}  // namespace tdca
