// Acrobot: two links that hang, of which only the joint between them can be driven.
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

/// Acrobot-v1 of Gymnasium: swing the tip of the second link above the line, one link's length over
/// the hinge, with a torque of −1, 0 or 1 N m at the elbow (actions 0, 1, 2).
///
/// Observation: cos θ₁, sin θ₁, cos θ₂, sin θ₂, θ̇₁, θ̇₂ (rad/s); θ₁ from hanging down, θ₂ relative
/// to the first link. Every step rewards −1, the one that reaches the line 0; the episode ends
/// there, and is cut off after 500 steps. Equations of motion of Sutton & Barto ("book" dynamics),
/// one Runge–Kutta step of the fourth order in 0.2 s; velocities are cut off at 4π and 9π. Source:
/// Sutton, "Generalization in reinforcement learning", NIPS 8, 1996; constants of
/// gymnasium/envs/classic_control/acrobot.py.
template <class Scalar = float>
struct Acrobot {
    static constexpr std::string_view name = "acrobot";
    using scalar = Scalar;
    using observation_shape = Shape<6>;
    using actions = DiscreteActions<3>;
    static constexpr std::size_t episode_limit = 500;

    struct Settings {
        Scalar length = Scalar(1);           ///< of the first link, m
        Scalar first_mass = Scalar(1);       ///< kg
        Scalar second_mass = Scalar(1);      ///< kg
        Scalar first_centre = Scalar(0.5);   ///< from the hinge to the first link's centre, m
        Scalar second_centre = Scalar(0.5);  ///< from the elbow to the second link's centre, m
        Scalar inertia = Scalar(1);          ///< of either link, kg m²
        Scalar gravity = Scalar(9.8);        ///< m/s²
        Scalar torque = Scalar(1);           ///< N m
    };
    struct State {
        Scalar first;            ///< angle of the upper link, rad; 0 hangs down
        Scalar second;           ///< angle of the lower link to the upper, rad
        Scalar first_velocity;   ///< rad/s
        Scalar second_velocity;  ///< rad/s
    };

    static constexpr Scalar seconds_per_step = Scalar(0.2);
    static constexpr Scalar first_velocity_limit = Scalar(4 * std::numbers::pi);   ///< rad/s
    static constexpr Scalar second_velocity_limit = Scalar(9 * std::numbers::pi);  ///< rad/s

    /// @throws tdca::Error naming the parameter that makes no world
    static void check(const Settings& settings) {
        require_positive(name, "length", settings.length);
        require_positive(name, "first_mass", settings.first_mass);
        require_positive(name, "second_mass", settings.second_mass);
        require_not_negative(name, "first_centre", settings.first_centre);
        require_not_negative(name, "second_centre", settings.second_centre);
        require_positive(name, "inertia", settings.inertia);
        require_finite(name, "gravity", settings.gravity);
        require_finite(name, "torque", settings.torque);
    }

    /// Every number of the state is uniform in (−0.1, 0.1).
    static void reset(const Settings& settings, Key key, State& state) {
        check(settings);
        std::array<Scalar, 4> start;
        key.fill_uniform(std::span<Scalar>(start), Scalar(-0.1), Scalar(0.1));
        state = {start[0], start[1], start[2], start[3]};
    }

    static void observe(const Settings& /*settings*/, const State& state,
                        std::span<Scalar, 6> out) noexcept {
        out[0] = std::cos(state.first);
        out[1] = std::sin(state.first);
        out[2] = std::cos(state.second);
        out[3] = std::sin(state.second);
        out[4] = state.first_velocity;
        out[5] = state.second_velocity;
    }

    static StepResult<Scalar> step(const Settings& p, std::size_t action, State& state) noexcept {
        assert(actions::contains(action));
        const Scalar torque = p.torque * (static_cast<Scalar>(action) - Scalar(1));
        const Vector y{state.first, state.second, state.first_velocity, state.second_velocity};
        const Scalar h = seconds_per_step;
        const Vector k1 = derivative(p, torque, y);
        const Vector k2 = derivative(p, torque, along(y, h / 2, k1));
        const Vector k3 = derivative(p, torque, along(y, h / 2, k2));
        const Vector k4 = derivative(p, torque, along(y, h, k3));
        Vector next;
        for (std::size_t i = 0; i < next.size(); ++i) {
            next[i] = y[i] + h / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
        }
        state.first = wrap(next[0]);
        state.second = wrap(next[1]);
        state.first_velocity = std::clamp(next[2], -first_velocity_limit, first_velocity_limit);
        state.second_velocity = std::clamp(next[3], -second_velocity_limit, second_velocity_limit);
        const bool reached =
            -std::cos(state.first) - std::cos(state.first + state.second) > Scalar(1);
        return {reached ? Scalar(0) : Scalar(-1), reached};
    }

private:
    using Vector = std::array<Scalar, 4>;

    static Vector along(const Vector& y, Scalar h, const Vector& slope) noexcept {
        Vector moved;
        for (std::size_t i = 0; i < moved.size(); ++i) moved[i] = y[i] + h * slope[i];
        return moved;
    }

    /// Into [−π, π].
    static Scalar wrap(Scalar angle) noexcept {
        constexpr auto turn = Scalar(2 * std::numbers::pi);
        return angle - turn * std::round(angle / turn);
    }

    static Vector derivative(const Settings& p, Scalar torque, const Vector& y) noexcept {
        const Scalar l = p.length;
        const Scalar c1 = p.first_centre;
        const Scalar c2 = p.second_centre;
        const Scalar m2 = p.second_mass;
        const Scalar cosine = std::cos(y[1]);
        const Scalar sine = std::sin(y[1]);
        const Scalar d1 =
            p.first_mass * c1 * c1 + m2 * (l * l + c2 * c2 + 2 * l * c2 * cosine) + 2 * p.inertia;
        const Scalar d2 = m2 * (c2 * c2 + l * c2 * cosine) + p.inertia;
        // cos(θ − π/2) = sin θ
        const Scalar phi2 = m2 * c2 * p.gravity * std::sin(y[0] + y[1]);
        const Scalar phi1 = -m2 * l * c2 * y[3] * y[3] * sine -
                            2 * m2 * l * c2 * y[3] * y[2] * sine +
                            (p.first_mass * c1 + m2 * l) * p.gravity * std::sin(y[0]) + phi2;
        const Scalar second = (torque + d2 / d1 * phi1 - m2 * l * c2 * y[2] * y[2] * sine - phi2) /
                              (m2 * c2 * c2 + p.inertia - d2 * d2 / d1);
        const Scalar first = -(d2 * second + phi1) / d1;
        return {y[2], y[3], first, second};
    }
};

}  // namespace tdca
