// TMaze: a corridor whose end asks for what was shown at its beginning.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "tdca/concepts/environment.hpp"
#include "tdca/control/environments/setting_range.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/shape.hpp"

namespace tdca::inline TDCA_ABI {

/// The T-maze: a sign at the start says whether the goal lies north or south of the junction at the
/// other end of a corridor of `length` steps; what stands there does not say it again.
///
/// Actions: north (0), east (1), south (2), west (3). Observation, three numbers: 0 1 1 or 1 1 0 at
/// the start (goal in the north, in the south), 1 0 1 in the corridor, 0 1 0 at the junction. East
/// and west move; at the junction north and south end the episode, with a reward of 4 on the goal's
/// side and −0.1 on the other. Where a move is not possible the agent stays, at −0.1. Cut off after
/// 500 steps. Nobody who remembers nothing gets more than half of the choices right. Source:
/// Bakker, "Reinforcement learning with long short-term memory", NIPS 14, 2002.
template <class Scalar = float>
struct TMaze {
    static constexpr std::string_view name = "t_maze";
    using scalar = Scalar;
    using observation_shape = Shape<3>;
    using actions = DiscreteActions<4>;
    static constexpr std::size_t episode_limit = 500;

    struct Settings {
        std::uint32_t length = 10;  ///< steps from the start to the junction
    };
    struct State {
        std::uint32_t place = 0;  ///< steps east of the start
        bool goal_north = false;  ///< which side is right
        bool is_right = false;    ///< whether the episode ended there
    };

    static constexpr Scalar prize = Scalar(4);    ///< for the right end
    static constexpr Scalar bump = Scalar(-0.1);  ///< of a wrong choice, or of a wall

    /// @throws tdca::Error where the maze has no corridor, or one that no episode reaches the end
    /// of
    static void check(const Settings& settings) {
        require_within(name, "length", std::size_t{1}, episode_limit - 1,
                       std::size_t{settings.length});
    }

    static void reset(const Settings& settings, Key key, State& state) {
        check(settings);
        state = {.goal_north = key.below(2, 0) == 0};
    }

    static void observe(const Settings& settings, const State& state,
                        std::span<Scalar, 3> out) noexcept {
        const bool at_start = state.place == 0;
        const bool at_junction = state.place == settings.length;
        out[0] = Scalar(at_junction || (at_start && state.goal_north) ? 0 : 1);
        out[1] = Scalar(at_junction || at_start ? 1 : 0);
        out[2] = Scalar(at_junction || (at_start && !state.goal_north) ? 0 : 1);
    }

    static StepResult<Scalar> step(const Settings& settings, std::size_t action,
                                   State& state) noexcept {
        assert(actions::contains(action));
        const bool is_sideways = action == 0 || action == 2;
        if (is_sideways && state.place == settings.length) {
            state.is_right = (action == 0) == state.goal_north;
            return {state.is_right ? prize : bump, true};
        }
        if (action == 1 && state.place < settings.length) {
            ++state.place;
        } else if (action == 3 && state.place > 0) {
            --state.place;
        } else {
            return {bump, false};
        }
        return {Scalar(0), false};
    }
};

/// Corridors of 3 to 12 steps. Held out of every evolution: anything longer.
template <class Scalar>
struct SettingRange<TMaze<Scalar>> {
    static constexpr std::uint32_t shortest = 3;  ///< of the corridors that are drawn
    static constexpr std::uint32_t longest = 12;  ///< of the corridors that are drawn
    using Settings = typename TMaze<Scalar>::Settings;
    static Settings draw(Key key) noexcept {
        return {.length =
                    shortest + static_cast<std::uint32_t>(key.below(longest - shortest + 1, 0))};
    }
};

}  // namespace tdca
