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
    using Env = CartPole<Scalar>;  ///< the world
    using Settings = typename Env::Settings;
    static Settings draw(Key key) noexcept {
        return detail::vary<Env>(key, {{&Settings::half_length, 2.0},
                                       {&Settings::cart_mass, 2.0},
                                       {&Settings::pole_mass, 2.0},
                                       {&Settings::gravity, 1.4},
                                       {&Settings::force, 1.4}});
    }
};

/// Length, masses, gravity and torque by up to 1.25; centres of mass stay in the middle.
template <class Scalar>
struct SettingRange<Acrobot<Scalar>> {
    using Env = Acrobot<Scalar>;  ///< the world
    using Settings = typename Env::Settings;
    static Settings draw(Key key) noexcept {
        Settings world = detail::vary<Env>(key, {{&Settings::length, 1.25},
                                                 {&Settings::first_mass, 1.25},
                                                 {&Settings::second_mass, 1.25},
                                                 {&Settings::gravity, 1.25},
                                                 {&Settings::torque, 1.25}});
        world.first_centre = world.length / 2;
        return world;
    }
};

/// Force and gravity by up to 1.2.
template <class Scalar>
struct SettingRange<MountainCar<Scalar>> {
    using Env = MountainCar<Scalar>;  ///< the world
    using Settings = typename Env::Settings;
    static Settings draw(Key key) noexcept {
        return detail::vary<Env>(key, {{&Settings::force, 1.2}, {&Settings::gravity, 1.2}});
    }
};

/// Power and gravity by up to 1.2.
template <class Scalar>
struct SettingRange<MountainCarContinuous<Scalar>> {
    using Env = MountainCarContinuous<Scalar>;  ///< the world
    using Settings = typename Env::Settings;
    static Settings draw(Key key) noexcept {
        return detail::vary<Env>(key, {{&Settings::power, 1.2}, {&Settings::gravity, 1.2}});
    }
};

/// Gravity, mass, length and torque by up to 1.25.
template <class Scalar>
struct SettingRange<Pendulum<Scalar>> {
    using Env = Pendulum<Scalar>;  ///< the world
    using Settings = typename Env::Settings;
    static Settings draw(Key key) noexcept {
        return detail::vary<Env>(key, {{&Settings::gravity, 1.25},
                                       {&Settings::mass, 1.25},
                                       {&Settings::length, 1.25},
                                       {&Settings::torque, 1.25}});
    }
};

}  // namespace tdca
