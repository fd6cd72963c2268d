// Rearranged: an environment seen and driven through another body.
#pragma once

#include <array>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string_view>

#include "tdca/concepts/environment.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/random.hpp"

namespace tdca::inline TDCA_ABI {

/// The same world with its observations in another order and other units, and its actions flipped.
///
/// Observation i is number `order[i]` of `Env`, times `scale[i]`. Flipped, choice a is choice
/// size − 1 − a of `Env`, and numbers change their sign. All this is settings, as gravity is: it
/// has the name of `Env`.
template <class Env>
struct Rearranged {
    static_assert(
        Environment<Env> || detail::tell_what_an_environment_lacks<Env>(),
        "only an environment can be rearranged; see tdca/concepts/environment.hpp for what "
        "one must offer");

    static constexpr std::string_view name = Env::name;
    using whole = Env;  ///< the world itself
    using scalar = typename Env::scalar;
    using observation_shape = typename Env::observation_shape;
    using actions = typename Env::actions;
    static constexpr std::size_t episode_limit = Env::episode_limit;

    struct Settings {
        typename Env::Settings inner{};  ///< of the world itself
        /// Where each observation comes from.
        std::array<std::uint8_t, observation_shape::size> order = in_order();
        std::array<scalar, observation_shape::size> scale = ones();  ///< each one's factor
        bool flipped = false;  ///< whether actions are the other way round
    };
    using State = typename Env::State;

    static scalar action_limit(const Settings& settings) noexcept
        requires(!actions::is_discrete)
    {
        return Env::action_limit(settings.inner);
    }

    /// @throws tdca::Error naming the parameter that makes no world
    static void check(const Settings& settings) {
        for (std::size_t i = 0; i < observation_shape::size; ++i) {
            if (settings.order[i] >= observation_shape::size) {
                throw Error(name, "order " + to_text(i) + " is no observation",
                            "below " + to_text(observation_shape::size),
                            to_text(settings.order[i]));
            }
            if (!std::isfinite(settings.scale[i])) {
                throw Error(name, "scale " + to_text(i) + " is not finite", "a finite value",
                            to_text(settings.scale[i]));
            }
        }
    }

    static void reset(const Settings& settings, Key key, State& state) {
        check(settings);
        Env::reset(settings.inner, key, state);
    }

    static void observe(const Settings& settings, const State& state,
                        std::span<scalar, observation_shape::size> out) noexcept {
        std::array<scalar, observation_shape::size> inner;
        Env::observe(settings.inner, state, std::span<scalar, observation_shape::size>(inner));
        for (std::size_t i = 0; i < inner.size(); ++i) {
            out[i] = settings.scale[i] * inner[settings.order[i]];
        }
    }

    static StepResult<scalar> step(const Settings& settings, ActionOf<Env> action,
                                   State& state) noexcept {
        assert(actions::contains(action));
        if (settings.flipped) {
            if constexpr (actions::is_discrete) {
                action = actions::size - 1 - action;
            } else {
                for (scalar& number : action) number = -number;
            }
        }
        return Env::step(settings.inner, action, state);
    }

    /// @throws tdca::Error where the world itself has failed
    static void require_sound(const Settings& settings)
        requires(detail::CanFail<Env>)
    {
        Env::require_sound(settings.inner);
    }

private:
    static constexpr auto in_order() noexcept {
        std::array<std::uint8_t, observation_shape::size> order{};
        std::iota(order.begin(), order.end(), std::uint8_t{0});
        return order;
    }
    static constexpr auto ones() noexcept {
        std::array<scalar, observation_shape::size> scale{};
        scale.fill(scalar{1});
        return scale;
    }
};

}  // namespace tdca
