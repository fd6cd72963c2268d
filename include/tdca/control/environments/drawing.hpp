// Drawing: what each environment looks like; LunarLander brings its own.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "tdca/control/environments/acrobot.hpp"
#include "tdca/control/environments/asterix.hpp"
#include "tdca/control/environments/breakout.hpp"
#include "tdca/control/environments/cart_pole.hpp"
#include "tdca/control/environments/masked.hpp"
#include "tdca/control/environments/mountain_car.hpp"
#include "tdca/control/environments/pendulum.hpp"
#include "tdca/control/environments/rearranged.hpp"
#include "tdca/control/environments/t_maze.hpp"
#include "tdca/control/environments/text_picture.hpp"
#include "tdca/core/abi.hpp"

namespace tdca::inline TDCA_ABI {

/// How an environment is drawn: `draw(settings, state, picture)`. One's own is a specialisation.
template <class Env>
struct Drawing;

/// Whether there is a drawing of `Env`.
template <class Env>
concept Drawable =
    requires(const typename Env::Settings& settings, const typename Env::State& state,
             TextPicture& picture) { Drawing<Env>::draw(settings, state, picture); };

/// The track, the cart on it, and the pole; angles are drawn three times as large.
template <class Scalar>
struct Drawing<CartPole<Scalar>> {
    using Env = CartPole<Scalar>;  ///< the world
    static void draw(const typename Env::Settings& /*settings*/, const typename Env::State& state,
                     TextPicture& picture) {
        const double limit = Env::position_limit;
        picture.clear({-limit, limit, 0, 1});
        picture.line(-limit, 0, limit, 0, '_');
        const auto x = static_cast<double>(state.position);
        const auto angle = 3 * static_cast<double>(state.angle);
        picture.line(x, 0.1, x + std::sin(angle), 0.1 + 0.8 * std::cos(angle), '|');
        picture.put(x + std::sin(angle), 0.1 + 0.8 * std::cos(angle), 'o');
        picture.box(x - 0.2, 0, x + 0.2, 0.1, '#');
    }
};

/// Two links from a hinge, and the height that is asked for.
template <class Scalar>
struct Drawing<Acrobot<Scalar>> {
    using Env = Acrobot<Scalar>;  ///< the world
    static void draw(const typename Env::Settings& settings, const typename Env::State& state,
                     TextPicture& picture) {
        const auto first = static_cast<double>(settings.length);
        const double reach = 1.1 * (first + 1);
        picture.clear({-reach, reach, -reach, reach});
        picture.line(-reach, first, reach, first, '_');
        const auto angle = static_cast<double>(state.first);
        const double both = angle + static_cast<double>(state.second);
        const double x = first * std::sin(angle);
        const double y = -first * std::cos(angle);
        picture.line(0, 0, x, y, '|');
        picture.line(x, y, x + std::sin(both), y - std::cos(both), '/');
        picture.put(0, 0, '+');
        picture.put(x, y, 'o');
    }
};

namespace detail {

/// The valley, the flag and the car.
template <class State>
void draw_valley(const State& state, double goal, TextPicture& picture) {
    picture.clear({-1.2, 0.6, -1.2, 1.4});
    const auto height = [](double x) { return std::sin(3 * x); };
    for (double x = -1.2; x <= 0.6; x += 0.005) picture.put(x, height(x), '.');
    picture.line(goal, height(goal), goal, height(goal) + 0.4, '|');
    const auto x = static_cast<double>(state.position);
    picture.box(x - 0.03, height(x) + 0.02, x + 0.03, height(x) + 0.2, '#');
}

}  // namespace detail

/// The valley with its flag.
template <class Scalar>
struct Drawing<MountainCar<Scalar>> {
    using Env = MountainCar<Scalar>;  ///< the world
    static void draw(const typename Env::Settings& /*settings*/, const typename Env::State& state,
                     TextPicture& picture) {
        detail::draw_valley(state, 0.5, picture);
    }
};
/// The valley with its flag.
template <class Scalar>
struct Drawing<MountainCarContinuous<Scalar>> {
    using Env = MountainCarContinuous<Scalar>;  ///< the world
    static void draw(const typename Env::Settings& /*settings*/, const typename Env::State& state,
                     TextPicture& picture) {
        detail::draw_valley(state, 0.45, picture);
    }
};

/// The rod around its hinge.
template <class Scalar>
struct Drawing<Pendulum<Scalar>> {
    using Env = Pendulum<Scalar>;  ///< the world
    static void draw(const typename Env::Settings& /*settings*/, const typename Env::State& state,
                     TextPicture& picture) {
        picture.clear({-1.2, 1.2, -1.2, 1.2});
        const double x = -std::sin(static_cast<double>(state.angle));
        const double y = std::cos(static_cast<double>(state.angle));
        picture.line(0, 0, x, y, '|');
        picture.put(0, 0, '+');
        picture.put(x, y, 'o');
    }
};

/// The corridor from the start, the junction and its two ends; `$` is the goal, which the agent is
/// shown at the start alone.
template <class Scalar>
struct Drawing<TMaze<Scalar>> {
    using Env = TMaze<Scalar>;  ///< the world
    static void draw(const typename Env::Settings& settings, const typename Env::State& state,
                     TextPicture& picture) {
        const double length = settings.length;
        picture.clear({-0.5, length + 0.5, -1.5, 1.5});
        for (double x = 0; x <= length; ++x) picture.put(x, 0, '.');
        picture.put(length, 1, state.goal_north ? '$' : 'x');
        picture.put(length, -1, state.goal_north ? 'x' : '$');
        picture.put(state.place, 0, '@');
    }
};

namespace detail {

/// The channels of a grid game, each with its mark, from the lowest to the one on top.
template <class Env, std::size_t Channels>
void draw_grid(const typename Env::Settings& settings, const typename Env::State& state,
               const std::array<std::pair<int, char>, Channels>& channels, TextPicture& picture) {
    using Scalar = typename Env::scalar;
    std::array<Scalar, Env::observation_shape::size> seen;
    Env::observe(settings, state, std::span<Scalar, Env::observation_shape::size>(seen));
    constexpr int side = GridGame::side;
    picture.clear({0, side, 0, side});
    for (const auto& [channel, mark] : channels) {
        for (int cell = 0; cell < side * side; ++cell) {
            const int place = channel * side * side + cell;
            if (seen[static_cast<std::size_t>(place)] == 0) continue;
            const int row = cell / side;
            const double x = cell % side;
            const double y = side - 1 - row;
            picture.box(x + 0.1, y + 0.1, x + 0.9, y + 0.9, mark);
        }
    }
}

}  // namespace detail

/// Bricks `#`, ball `o` with its trail, paddle `=`.
template <class Scalar>
struct Drawing<Breakout<Scalar>> {
    using Env = Breakout<Scalar>;  ///< the world
    static void draw(const typename Env::Settings& settings, const typename Env::State& state,
                     TextPicture& picture) {
        detail::draw_grid<Env, 4>(settings, state, {{{3, '#'}, {2, '.'}, {1, 'o'}, {0, '='}}},
                                  picture);
    }
};
/// Player `@`, enemies `x`, treasure `$`, with their trails.
template <class Scalar>
struct Drawing<Asterix<Scalar>> {
    using Env = Asterix<Scalar>;  ///< the world
    static void draw(const typename Env::Settings& settings, const typename Env::State& state,
                     TextPicture& picture) {
        detail::draw_grid<Env, 4>(settings, state, {{{2, '.'}, {1, 'x'}, {3, '$'}, {0, '@'}}},
                                  picture);
    }
};

/// As the world itself.
template <class Env, std::size_t... Shown>
    requires Drawable<Env>
struct Drawing<Masked<Env, Shown...>> : Drawing<Env> {};
/// As the world itself.
template <class Env>
    requires Drawable<Env>
struct Drawing<Rearranged<Env>> {
    /// As the environment itself.
    static void draw(const typename Rearranged<Env>::Settings& settings,
                     const typename Env::State& state, TextPicture& picture) {
        Drawing<Env>::draw(settings.inner, state, picture);
    }
};

}  // namespace tdca
