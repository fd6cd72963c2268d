// CartPole: a pole balanced on a cart.
#pragma once

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

/// CartPole-v1 of Gymnasium: push a cart left (0) or right (1) so that the pole on it stays up.
///
/// Observation: position (m), velocity (m/s), angle (rad, 0 is upright), angular velocity (rad/s).
/// Every step rewards 1; the episode ends beyond 2.4 m or 12°, and is cut off after 500 steps. With
/// total mass M, pole mass m and half length l, force F:
///   u = (F + m l θ̇² sin θ) / M,   θ̈ = (g sin θ − u cos θ) / (l (4/3 − m cos² θ / M)),
///   ẍ = u − m l θ̈ cos θ / M,
/// and explicit Euler steps of 0.02 s. Source: Barto, Sutton & Anderson, "Neuronlike adaptive
/// elements that can solve difficult learning control problems", IEEE SMC 13, 1983; constants of
/// gymnasium/envs/classic_control/cartpole.py.
template <class Scalar = float>
struct CartPole {
    static constexpr std::string_view name = "cart_pole";
    using scalar = Scalar;
    using observation_shape = Shape<4>;
    using actions = DiscreteActions<2>;
    static constexpr std::size_t episode_limit = 500;

    struct Settings {
        Scalar gravity = Scalar(9.8);      ///< m/s²
        Scalar cart_mass = Scalar(1.0);    ///< kg
        Scalar pole_mass = Scalar(0.1);    ///< kg
        Scalar half_length = Scalar(0.5);  ///< m
        Scalar force = Scalar(10.0);       ///< N
    };
    struct State {
        Scalar position;          ///< m
        Scalar velocity;          ///< m/s
        Scalar angle;             ///< rad, 0 is upright
        Scalar angular_velocity;  ///< rad/s
    };

    static constexpr Scalar seconds_per_step = Scalar(0.02);
    static constexpr Scalar position_limit = Scalar(2.4);                           ///< m
    static constexpr Scalar angle_limit = Scalar(12 * 2 * std::numbers::pi / 360);  ///< rad

    /// @throws tdca::Error naming the parameter that makes no world
    static void check(const Settings& settings) {
        require_finite(name, "gravity", settings.gravity);
        require_positive(name, "cart_mass", settings.cart_mass);
        require_positive(name, "pole_mass", settings.pole_mass);
        require_positive(name, "half_length", settings.half_length);
        require_finite(name, "force", settings.force);
    }

    /// Every number of the state is uniform in (−0.05, 0.05).
    static void reset(const Settings& settings, Key key, State& state) {
        check(settings);
        std::array<Scalar, 4> start;
        key.fill_uniform(std::span<Scalar>(start), Scalar(-0.05), Scalar(0.05));
        state = {start[0], start[1], start[2], start[3]};
    }

    static void observe(const Settings& /*settings*/, const State& state,
                        std::span<Scalar, 4> out) noexcept {
        out[0] = state.position;
        out[1] = state.velocity;
        out[2] = state.angle;
        out[3] = state.angular_velocity;
    }

    static StepResult<Scalar> step(const Settings& p, std::size_t action, State& state) noexcept {
        assert(actions::contains(action));
        const Scalar force = action == 1 ? p.force : -p.force;
        const Scalar cosine = std::cos(state.angle);
        const Scalar sine = std::sin(state.angle);
        const Scalar mass = p.cart_mass + p.pole_mass;
        const Scalar moment = p.pole_mass * p.half_length;
        const Scalar push =
            (force + moment * state.angular_velocity * state.angular_velocity * sine) / mass;
        const Scalar turn =
            (p.gravity * sine - cosine * push) /
            (p.half_length * (Scalar(4.0 / 3.0) - p.pole_mass * cosine * cosine / mass));
        const Scalar acceleration = push - moment * turn * cosine / mass;
        state.position += seconds_per_step * state.velocity;
        state.velocity += seconds_per_step * acceleration;
        state.angle += seconds_per_step * state.angular_velocity;
        state.angular_velocity += seconds_per_step * turn;
        const bool failed =
            std::abs(state.position) > position_limit || std::abs(state.angle) > angle_limit;
        return {Scalar(1), failed};
    }
};

}  // namespace tdca
