// The environments against trajectories that control_numpy.py computed by itself.
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <vector>

#include "control_trajectories.hpp"
#include "tdca/control/environments/acrobot.hpp"
#include "tdca/control/environments/cart_pole.hpp"
#include "tdca/control/environments/mountain_car.hpp"
#include "tdca/control/environments/pendulum.hpp"

using namespace tdca;

namespace {

std::size_t choice(std::size_t t, std::size_t actions) {
    return (t * t * 7 + 3 * t + t / 5) % actions;
}

/// Steps through a trajectory and returns the largest deviation of states and of summed rewards.
template <class Env>
double deviation(const typename Env::Settings& settings, typename Env::State state,
                 const std::vector<reference::Moment>& expected) {
    double worst = 0;
    double total = 0;
    auto next = expected.begin();
    for (std::size_t t = 0; next != expected.end(); ++t) {
        StepResult<double> outcome{};
        if constexpr (Env::actions::is_discrete) {
            outcome = Env::step(settings, choice(t, Env::actions::size), state);
        } else {
            const std::array<double, 1> action{2.5 * std::sin(0.3 * static_cast<double>(t))};
            outcome = Env::step(settings, action, state);
        }
        total += outcome.reward;
        if (t + 1 != next->step) continue;
        std::array<double, sizeof state / sizeof(double)> numbers;
        std::memcpy(numbers.data(), &state, sizeof state);
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            worst = std::max(worst, std::abs(numbers[i] - next->state[i]));
        }
        worst = std::max(worst, std::abs(total - next->reward));
        CHECK(outcome.terminated == next->terminated);
        ++next;
    }
    return worst;
}

}  // namespace

TEST_CASE("CartPole follows the independent trajectories") {
    using Env = CartPole<double>;
    const Env::State start{0.01, -0.02, 0.03, 0.04};
    CHECK(deviation<Env>({}, start, reference::cart_pole) < 1e-8);
    CHECK(deviation<Env>({7.0, 1.7, 0.3, 0.8, 13.0}, start, reference::cart_pole_varied) < 1e-8);
    // A constant that is wrong by a thousandth is seen.
    CHECK(deviation<Env>({9.81, 1.0, 0.1, 0.5, 10.0}, start, reference::cart_pole) > 1e-5);
}

TEST_CASE("Acrobot follows the independent trajectories") {
    using Env = Acrobot<double>;
    const Env::State start{0.05, -0.08, 0.02, 0.09};
    CHECK(deviation<Env>({}, start, reference::acrobot) < 1e-5);
    Env::Settings varied;
    varied.length = 1.2;
    varied.first_mass = 0.9;
    varied.second_mass = 1.2;
    varied.first_centre = 0.6;
    varied.gravity = 11;
    varied.torque = 1.2;
    CHECK(deviation<Env>(varied, start, reference::acrobot_varied) < 1e-5);
}

TEST_CASE("MountainCar follows the independent trajectories, in both forms") {
    using Env = MountainCar<double>;
    CHECK(deviation<Env>({}, {-0.45, 0.0}, reference::mountain_car) < 1e-8);
    CHECK(deviation<Env>({0.0012, 0.0021, 0.5}, {-0.45, 0.0}, reference::mountain_car_varied) <
          1e-8);
    using Smooth = MountainCarContinuous<double>;
    CHECK(deviation<Smooth>({}, {-0.55, 0.0}, reference::mountain_car_continuous) < 1e-8);
    CHECK(deviation<Smooth>({0.004, 0.0021, 0.45}, {-0.55, 0.0},
                            reference::mountain_car_continuous_varied) < 1e-8);
}

TEST_CASE("Pendulum follows the independent trajectories") {
    using Env = Pendulum<double>;
    CHECK(deviation<Env>({}, {3.0, 0.5}, reference::pendulum) < 1e-8);
    CHECK(deviation<Env>({8.0, 1.2, 0.9, 2.4}, {3.0, 0.5}, reference::pendulum_varied) < 1e-8);
}
