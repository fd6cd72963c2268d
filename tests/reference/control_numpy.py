#!/usr/bin/env python3
"""Trajectories of the classic environments, written by themselves from Gymnasium's documentation.

Writes control_trajectories.hpp beside this file; needs NumPy. States are Gymnasium's own; actions
follow a script that tests/reference/control.cpp repeats.
"""

from pathlib import Path

import numpy as np


def choice(t, n):
    return (t * t * 7 + 3 * t + t // 5) % n


def number(t):
    return 2.5 * np.sin(0.3 * t)


def cart_pole(s, t, gravity=9.8, masscart=1.0, masspole=0.1, length=0.5, force_mag=10.0):
    x, x_dot, theta, theta_dot = s
    force = force_mag if choice(t, 2) == 1 else -force_mag
    total_mass = masscart + masspole
    polemass_length = masspole * length
    temp = (force + polemass_length * theta_dot**2 * np.sin(theta)) / total_mass
    thetaacc = (gravity * np.sin(theta) - np.cos(theta) * temp) / (
        length * (4.0 / 3.0 - masspole * np.cos(theta) ** 2 / total_mass))
    xacc = temp - polemass_length * thetaacc * np.cos(theta) / total_mass
    tau = 0.02
    new = np.array([x + tau * x_dot, x_dot + tau * xacc, theta + tau * theta_dot,
                    theta_dot + tau * thetaacc])
    limit = 12 * 2 * np.pi / 360
    return new, 1.0, bool(abs(new[0]) > 2.4 or abs(new[2]) > limit)


def acrobot(s, t, l1=1.0, m1=1.0, m2=1.0, lc1=0.5, lc2=0.5, moi=1.0, g=9.8, torque=1.0):
    tau = torque * (choice(t, 3) - 1)

    def dsdt(y):
        th1, th2, dth1, dth2 = y
        d1 = m1 * lc1**2 + m2 * (l1**2 + lc2**2 + 2 * l1 * lc2 * np.cos(th2)) + moi + moi
        d2 = m2 * (lc2**2 + l1 * lc2 * np.cos(th2)) + moi
        phi2 = m2 * lc2 * g * np.cos(th1 + th2 - np.pi / 2)
        phi1 = (-m2 * l1 * lc2 * dth2**2 * np.sin(th2)
                - 2 * m2 * l1 * lc2 * dth2 * dth1 * np.sin(th2)
                + (m1 * lc1 + m2 * l1) * g * np.cos(th1 - np.pi / 2) + phi2)
        dd2 = (tau + d2 / d1 * phi1 - m2 * l1 * lc2 * dth1**2 * np.sin(th2) - phi2) / (
            m2 * lc2**2 + moi - d2**2 / d1)
        dd1 = -(d2 * dd2 + phi1) / d1
        return np.array([dth1, dth2, dd1, dd2])

    y = np.array(s)
    dt = 0.2
    k1 = dsdt(y)
    k2 = dsdt(y + dt / 2 * k1)
    k3 = dsdt(y + dt / 2 * k2)
    k4 = dsdt(y + dt * k3)
    new = y + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    for i in range(2):
        while new[i] > np.pi:
            new[i] -= 2 * np.pi
        while new[i] < -np.pi:
            new[i] += 2 * np.pi
    new[2] = np.clip(new[2], -4 * np.pi, 4 * np.pi)
    new[3] = np.clip(new[3], -9 * np.pi, 9 * np.pi)
    done = bool(-np.cos(new[0]) - np.cos(new[1] + new[0]) > 1.0)
    return new, 0.0 if done else -1.0, done


def mountain_car(s, t, force=0.001, gravity=0.0025):
    position, velocity = s
    velocity += (choice(t, 3) - 1) * force + np.cos(3 * position) * (-gravity)
    velocity = np.clip(velocity, -0.07, 0.07)
    position = np.clip(position + velocity, -1.2, 0.6)
    if position == -1.2 and velocity < 0:
        velocity = 0.0
    return np.array([position, velocity]), -1.0, bool(position >= 0.5 and velocity >= 0)


def mountain_car_continuous(s, t, power=0.0015, gravity=0.0025):
    position, velocity = s
    action = number(t)
    force = min(max(action, -1.0), 1.0)
    velocity += force * power - gravity * np.cos(3 * position)
    velocity = min(max(velocity, -0.07), 0.07)
    position = min(max(position + velocity, -1.2), 0.6)
    if position == -1.2 and velocity < 0:
        velocity = 0.0
    done = bool(position >= 0.45 and velocity >= 0)
    return np.array([position, velocity]), (100.0 if done else 0.0) - 0.1 * action**2, done


def pendulum(s, t, g=10.0, m=1.0, l=1.0, max_torque=2.0):
    th, thdot = s
    u = np.clip(number(t), -max_torque, max_torque)
    normal = ((th + np.pi) % (2 * np.pi)) - np.pi
    costs = normal**2 + 0.1 * thdot**2 + 0.001 * u**2
    newthdot = thdot + (3 * g / (2 * l) * np.sin(th) + 3.0 / (m * l**2) * u) * 0.05
    newthdot = np.clip(newthdot, -8, 8)
    return np.array([th + newthdot * 0.05, newthdot]), -costs, False


CASES = [
    ("cart_pole", cart_pole, [0.01, -0.02, 0.03, 0.04], {}, 60),
    ("cart_pole_varied", cart_pole, [0.01, -0.02, 0.03, 0.04],
     {"gravity": 7.0, "masscart": 1.7, "masspole": 0.3, "length": 0.8, "force_mag": 13.0}, 60),
    ("acrobot", acrobot, [0.05, -0.08, 0.02, 0.09], {}, 300),
    ("acrobot_varied", acrobot, [0.05, -0.08, 0.02, 0.09],
     {"l1": 1.2, "m1": 0.9, "m2": 1.2, "lc1": 0.6, "g": 11.0, "torque": 1.2}, 300),
    ("mountain_car", mountain_car, [-0.45, 0.0], {}, 200),
    ("mountain_car_varied", mountain_car, [-0.45, 0.0], {"force": 0.0012, "gravity": 0.0021}, 200),
    ("mountain_car_continuous", mountain_car_continuous, [-0.55, 0.0], {}, 300),
    ("mountain_car_continuous_varied", mountain_car_continuous, [-0.55, 0.0],
     {"power": 0.004, "gravity": 0.0021}, 300),
    ("pendulum", pendulum, [3.0, 0.5], {}, 200),
    ("pendulum_varied", pendulum, [3.0, 0.5], {"g": 8.0, "m": 1.2, "l": 0.9, "max_torque": 2.4},
     200),
]


def main():
    out = ["// Written by control_numpy.py; do not edit.", "#pragma once", "", "#include <array>",
           "#include <cstddef>", "#include <vector>", "", "// clang-format off",
           "namespace reference {", "",
           "struct Moment { std::size_t step; std::array<double, 4> state; double reward; "
           "bool terminated; };", ""]
    for name, step, start, settings, steps in CASES:
        out.append(f"inline const std::vector<Moment> {name}{{")
        state = np.array(start)
        total = 0.0
        for t in range(steps):
            state, reward, done = step(state, t, **settings)
            total += reward
            if t % 10 == 9:
                padded = ", ".join(f"{v:.15g}" for v in [*state, 0, 0][:4])
                out.append(f"    {{{t + 1}, {{{padded}}}, {total:.15g}, {str(done).lower()}}},")
        out += ["};", ""]
    out += ["}  // namespace reference", "// clang-format on", ""]
    Path(__file__).with_name("control_trajectories.hpp").write_text("\n".join(out),
                                                                    encoding="utf-8")


if __name__ == "__main__":
    main()
