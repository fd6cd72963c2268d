// Pendulum: a rod to be swung up, and held there, by a weak motor.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <span>
#include <string_view>

#include "tdca/concepts/environment.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/shape.hpp"

namespace tdca::inline TDCA_ABI {

/// Pendulum-v1 of Gymnasium: a torque u in [−2, 2] N m at the hinge.
///
/// Observation: cos θ, sin θ, θ̇ (rad/s), with θ = 0 upright. Reward: −(θ² + 0.1 θ̇² + 0.001 u²), θ
/// in [−π, π), of the state before the step; no episode ends before its 200 steps. θ̈ = 3 g sin θ /
/// (2 l)
/// + 3 u / (m l²), semi-implicit Euler steps of 0.05 s, θ̇ within ±8. Source:
/// gymnasium/envs/classic_control/pendulum.py.
template <class Scalar = float>
struct Pendulum {
    static constexpr std::string_view name = "pendulum";
    using scalar = Scalar;
    using observation_shape = Shape<3>;
    using actions = ContinuousActions<1>;
    static constexpr std::size_t episode_limit = 200;

    struct Settings {
        Scalar gravity = Scalar(10);  ///< m/s²
        Scalar mass = Scalar(1);      ///< kg
        Scalar length = Scalar(1);    ///< m
        Scalar torque = Scalar(2);    ///< largest, N m
    };
    struct State {
        Scalar angle;     ///< rad, 0 is upright
        Scalar velocity;  ///< rad/s
    };

    static constexpr Scalar seconds_per_step = Scalar(0.05);
    static constexpr Scalar fastest = Scalar(8);  ///< rad/s

    static Scalar action_limit(const Settings& settings) noexcept { return settings.torque; }

    /// @throws tdca::Error naming the parameter that makes no world
    static void check(const Settings& settings) {
        require_finite(name, "gravity", settings.gravity);
        require_positive(name, "mass", settings.mass);
        require_positive(name, "length", settings.length);
        require_not_negative(name, "torque", settings.torque);
    }

    /// θ uniform in (−π, π), θ̇ in (−1, 1).
    static void reset(const Settings& settings, Key key, State& state) {
        check(settings);
        std::array<Scalar, 2> start;
        key.fill_uniform(std::span<Scalar>(start), Scalar(-1), Scalar(1));
        state = {start[0] * Scalar(std::numbers::pi), start[1]};
    }

    static void observe(const Settings& /*settings*/, const State& state,
                        std::span<Scalar, 3> out) noexcept {
        out[0] = std::cos(state.angle);
        out[1] = std::sin(state.angle);
        out[2] = state.velocity;
    }

    static StepResult<Scalar> step(const Settings& p, const std::array<Scalar, 1>& action,
                                   State& state) noexcept {
        assert(actions::contains(action));
        constexpr auto turn = Scalar(2 * std::numbers::pi);
        const Scalar torque = std::clamp(action[0], -p.torque, p.torque);
        const Scalar away = state.angle - turn * std::floor(state.angle / turn + Scalar(0.5));
        const Scalar cost = away * away + Scalar(0.1) * state.velocity * state.velocity +
                            Scalar(0.001) * torque * torque;
        const Scalar acceleration = 3 * p.gravity / (2 * p.length) * std::sin(state.angle) +
                                    3 / (p.mass * p.length * p.length) * torque;
        state.velocity =
            std::clamp(state.velocity + acceleration * seconds_per_step, -fastest, fastest);
        state.angle += state.velocity * seconds_per_step;
        return {-cost, false};
    }
};

}  // namespace tdca
