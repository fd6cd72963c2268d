// The ranges of worlds that lifetimes are drawn from in evolution; LunarLander brings its own.
#pragma once

#include "tdca/control/environments/acrobot.hpp"
#include "tdca/control/environments/cart_pole.hpp"
#include "tdca/control/environments/mountain_car.hpp"
#include "tdca/control/environments/pendulum.hpp"
#include "tdca/control/environments/setting_range.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/random.hpp"

namespace tdca::inline TDCA_ABI {

/// Length and masses by up to 2, gravity and force by up to 1.4, either way.
template <class Scalar>
struct SettingRange<CartPole<Scalar>> {
    static typename CartPole<Scalar>::Settings draw(Key key) noexcept {
        typename CartPole<Scalar>::Settings world;
        detail::vary(world.half_length, 2.0, key / 0);
        detail::vary(world.cart_mass, 2.0, key / 1);
        detail::vary(world.pole_mass, 2.0, key / 2);
        detail::vary(world.gravity, 1.4, key / 3);
        detail::vary(world.force, 1.4, key / 4);
        return world;
    }
};

/// Length, masses, gravity and torque by up to 1.25; centres of mass stay in the middle.
template <class Scalar>
struct SettingRange<Acrobot<Scalar>> {
    static typename Acrobot<Scalar>::Settings draw(Key key) noexcept {
        typename Acrobot<Scalar>::Settings world;
        detail::vary(world.length, 1.25, key / 0);
        detail::vary(world.first_mass, 1.25, key / 1);
        detail::vary(world.second_mass, 1.25, key / 2);
        detail::vary(world.gravity, 1.25, key / 3);
        detail::vary(world.torque, 1.25, key / 4);
        world.first_centre = world.length / 2;
        return world;
    }
};

/// Force and gravity by up to 1.2.
template <class Scalar>
struct SettingRange<MountainCar<Scalar>> {
    static typename MountainCar<Scalar>::Settings draw(Key key) noexcept {
        typename MountainCar<Scalar>::Settings world;
        detail::vary(world.force, 1.2, key / 0);
        detail::vary(world.gravity, 1.2, key / 1);
        return world;
    }
};

/// Power and gravity by up to 1.2.
template <class Scalar>
struct SettingRange<MountainCarContinuous<Scalar>> {
    static typename MountainCarContinuous<Scalar>::Settings draw(Key key) noexcept {
        typename MountainCarContinuous<Scalar>::Settings world;
        detail::vary(world.power, 1.2, key / 0);
        detail::vary(world.gravity, 1.2, key / 1);
        return world;
    }
};

/// Gravity, mass, length and torque by up to 1.25.
template <class Scalar>
struct SettingRange<Pendulum<Scalar>> {
    static typename Pendulum<Scalar>::Settings draw(Key key) noexcept {
        typename Pendulum<Scalar>::Settings world;
        detail::vary(world.gravity, 1.25, key / 0);
        detail::vary(world.mass, 1.25, key / 1);
        detail::vary(world.length, 1.25, key / 2);
        detail::vary(world.torque, 1.25, key / 3);
        return world;
    }
};

}  // namespace tdca
