// Settings: which worlds lifetimes are drawn from in evolution.
#pragma once

#include <cmath>

#include "tdca/core/random.hpp"
#include "tdca/task/control/cart_pole.hpp"

namespace tdca {

/// Worlds of a kind: `draw(key)` varies some of the published parameters, each by a log-uniform
/// factor of its own. These ranges were fixed before any genome was evolved; what programs test
/// outside of them was never seen.
template <class Env>
struct SettingRange;

namespace detail {

/// Multiplies by a factor, log-uniform in [1 / most, most].
template <class Scalar>
void vary(Scalar& value, double most, Key key) noexcept {
    const double factor = std::exp(std::log(most) * (2 * key.uniform(0) - 1));
    value = static_cast<Scalar>(static_cast<double>(value) * factor);
}

}  // namespace detail

/// Length and masses by up to 2, gravity and force by up to 1.4, either way.
template <class Scalar>
struct SettingRange<CartPole<Scalar>> {
    static typename CartPole<Scalar>::Parameters draw(Key key) noexcept {
        typename CartPole<Scalar>::Parameters world;
        detail::vary(world.half_length, 2.0, key / 0);
        detail::vary(world.cart_mass, 2.0, key / 1);
        detail::vary(world.pole_mass, 2.0, key / 2);
        detail::vary(world.gravity, 1.4, key / 3);
        detail::vary(world.force, 1.4, key / 4);
        return world;
    }
};

}  // namespace tdca
