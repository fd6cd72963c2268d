// MountainCar: a car in a valley, too weak to climb out in one go.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <span>
#include <string_view>

#include "tdca/concepts/environment.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/shape.hpp"

namespace tdca::inline TDCA_ABI {

namespace detail {

/// What both forms of the task have in common: the valley sin 3x, its walls and its start.
template <class Scalar>
struct Valley {
    struct State {
        Scalar position, velocity;
    };

    static constexpr Scalar lowest = Scalar(-1.2);
    static constexpr Scalar highest = Scalar(0.6);
    static constexpr Scalar fastest = Scalar(0.07);

    /// At rest, uniform in (−0.6, −0.4).
    static void reset(Key key, State& state) noexcept {
        std::array<Scalar, 1> start;
        key.fill_uniform(std::span<Scalar>(start), Scalar(-0.6), Scalar(-0.4));
        state = {start[0], Scalar(0)};
    }

    static void roll(Scalar push, Scalar gravity, State& state) noexcept {
        state.velocity += push - gravity * std::cos(3 * state.position);
        state.velocity = std::clamp(state.velocity, -fastest, fastest);
        state.position = std::clamp(state.position + state.velocity, lowest, highest);
        if (state.position == lowest && state.velocity < 0) state.velocity = 0;
    }
};

}  // namespace detail

/// MountainCar-v0 of Gymnasium: push left (0), not at all (1) or right (2) until the car is up the
/// hill at 0.5.
///
/// Observation: position and velocity, without units. Every step rewards −1; the episode ends at
/// the goal, and is cut off after 200 steps. v ← v + F (action − 1) − g cos 3x within ±0.07, x ← x
/// + v within [−1.2, 0.6], where the left wall stops the car. Source: Moore, "Efficient
/// memory-based learning for robot control", PhD thesis, Cambridge 1990; constants of
/// gymnasium/envs/classic_control/mountain_car.py.
template <class Scalar = float>
struct MountainCar {
    static constexpr std::string_view name = "mountain_car";
    using scalar = Scalar;
    using observation_shape = Shape<2>;
    using actions = DiscreteActions<3>;
    static constexpr std::size_t episode_limit = 200;

    struct Settings {
        Scalar force = Scalar(0.001);     ///< of the engine, per step
        Scalar gravity = Scalar(0.0025);  ///< per step
        Scalar goal = Scalar(0.5);        ///< position to be reached
    };
    using State = typename detail::Valley<Scalar>::State;

    /// @throws tdca::Error naming the parameter that makes no world
    static void check(const Settings& settings) {
        require_finite(name, "force", settings.force);
        require_finite(name, "gravity", settings.gravity);
        require_finite(name, "goal", settings.goal);
    }

    /// At rest, uniform in (−0.6, −0.4).
    static void reset(const Settings& settings, Key key, State& state) {
        check(settings);
        detail::Valley<Scalar>::reset(key, state);
    }
    static void observe(const Settings& /*settings*/, const State& state,
                        std::span<Scalar, 2> out) noexcept {
        out[0] = state.position;
        out[1] = state.velocity;
    }
    static StepResult<Scalar> step(const Settings& p, std::size_t action, State& state) noexcept {
        assert(actions::contains(action));
        detail::Valley<Scalar>::roll(p.force * (static_cast<Scalar>(action) - Scalar(1)), p.gravity,
                                     state);
        return {Scalar(-1), state.position >= p.goal && state.velocity >= 0};
    }
};

/// MountainCarContinuous-v0 of Gymnasium: the same valley with a force in [−1, 1], the goal at
/// 0.45.
///
/// Reward: 100 at the goal, less 0.1 action² at every step, the action as it was asked for. The
/// episode ends at the goal, and is cut off after 999 steps. Source:
/// gymnasium/envs/classic_control/continuous_mountain_car.py.
template <class Scalar = float>
struct MountainCarContinuous {
    static constexpr std::string_view name = "mountain_car_continuous";
    using scalar = Scalar;
    using observation_shape = Shape<2>;
    using actions = ContinuousActions<1>;
    static constexpr std::size_t episode_limit = 999;

    struct Settings {
        Scalar power = Scalar(0.0015);    ///< of the engine at full throttle, per step
        Scalar gravity = Scalar(0.0025);  ///< per step
        Scalar goal = Scalar(0.45);       ///< position to be reached
    };
    using State = typename detail::Valley<Scalar>::State;

    static Scalar action_limit(const Settings& /*settings*/) noexcept { return Scalar(1); }

    /// @throws tdca::Error naming the parameter that makes no world
    static void check(const Settings& settings) {
        require_finite(name, "power", settings.power);
        require_finite(name, "gravity", settings.gravity);
        require_finite(name, "goal", settings.goal);
    }

    /// At rest, uniform in (−0.6, −0.4).
    static void reset(const Settings& settings, Key key, State& state) {
        check(settings);
        detail::Valley<Scalar>::reset(key, state);
    }
    static void observe(const Settings& /*settings*/, const State& state,
                        std::span<Scalar, 2> out) noexcept {
        out[0] = state.position;
        out[1] = state.velocity;
    }
    static StepResult<Scalar> step(const Settings& p, const std::array<Scalar, 1>& action,
                                   State& state) noexcept {
        assert(actions::contains(action));
        const Scalar force = std::clamp(action[0], Scalar(-1), Scalar(1));
        detail::Valley<Scalar>::roll(p.power * force, p.gravity, state);
        const bool reached = state.position >= p.goal && state.velocity >= 0;
        return {(reached ? Scalar(100) : Scalar(0)) - Scalar(0.1) * action[0] * action[0], reached};
    }
};

}  // namespace tdca
