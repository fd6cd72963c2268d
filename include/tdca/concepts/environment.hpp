// The contract of an environment that a policy acts in.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <span>
#include <string_view>

#include "tdca/core/abi.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/shape.hpp"

namespace tdca::inline TDCA_ABI {

/// One of `Count` things to do; an action is its number.
template <std::size_t Count>
struct DiscreteActions {
    static constexpr std::size_t size = Count;  ///< how many choices
    static constexpr bool is_discrete = true;   ///< a choice, not numbers
    /// The number of the choice.
    template <class Scalar>
    using Action = std::size_t;
    /// Whether `action` is one of the choices.
    [[nodiscard]] static constexpr bool contains(std::size_t action) noexcept {
        return action < Count;
    }
};

/// `Count` numbers at once, such as torques, in the environment's own units.
template <std::size_t Count>
struct ContinuousActions {
    static constexpr std::size_t size = Count;  ///< how many numbers
    static constexpr bool is_discrete = false;  ///< numbers, not a choice
    /// One value for each of them.
    template <class Scalar>
    using Action = std::array<Scalar, Count>;
    /// Whether all of `action` are finite. Environments themselves cut off what is too large.
    template <class Scalar>
    [[nodiscard]] static bool contains(const std::array<Scalar, Count>& action) noexcept {
        return std::ranges::all_of(action, [](Scalar number) { return std::isfinite(number); });
    }
};

/// What one step brought.
template <class Scalar>
struct StepResult {
    Scalar reward;    ///< of this step
    bool terminated;  ///< the episode is over; being cut off at the limit is not this
};

namespace detail {

/// Says what a policy's output of 1 stands for.
template <class E>
concept HasActionLimit = requires(const typename E::Settings& settings) {
    { E::action_limit(settings) } -> std::convertible_to<typename E::scalar>;
};

/// Can fail in a step, and says so when asked.
template <class E>
concept CanFail = requires(const typename E::Settings& settings) { E::require_sound(settings); };

/// Passes on whether the world that it is made of has failed, where it is made of one.
template <class E>
concept TellsOfWhole = !requires { typename E::whole; } || CanFail<E> ||
                       !requires { requires CanFail<typename E::whole>; };

}  // namespace detail

/// A world that is acted in one step at a time.
///
/// | member | meaning |
/// | --- | --- |
/// | `name` | as results and programs call it, and policies know it by; see below |
/// | `scalar` | of states, observations and rewards |
/// | `observation_shape` | a `Shape<…>` |
/// | `actions` | `DiscreteActions<N>` or `ContinuousActions<N>` |
/// | `episode_limit` | steps after which an episode is cut off |
/// | `Settings` | lengths, masses, gravity … as data, default: as published |
/// | `State` | of one episode |
/// | `reset(settings, key, state)` | the start of an episode; everything random follows from `key` |
/// | `observe(settings, state, out)` | what the policy sees |
/// | `step(settings, action, state)` | one step, a `StepResult<scalar>` |
/// | `action_limit(settings)` | with continuous actions: what a policy's output of 1 stands for |
/// | `whole` | where there is one: the environment that this one shows in another way |
/// | `require_sound(settings)` | where steps can fail, or those of `whole`: throws if one has |
///
/// `observe` and `step` are `noexcept` and do not allocate. Same key, same actions, same bits.
///
/// `reset` throws `tdca::Error` where the settings make no world, as a mass of 0 or NaN. A step
/// that fails, of a world that another program is, ends the episode with a reward of NaN, and
/// `require_sound` says why; whoever acts calls @ref tdca::require_sound when an episode is over.
///
/// A policy is read back by the `name` that it was kept under. What makes observations or actions
/// mean something else, such as which ones a mask shows, is therefore part of the name; `Settings`
/// and `scalar` are not.
///
/// **Whose duty.** `step` is in the inner loop and knows nothing but the state. That the action is
/// one of the environment's (`actions::contains`), and that the episode is not over, is the
/// caller's duty; our environments assert the first in debug builds, and go on past an end as if
/// there were none. Actions that nobody can vouch for go through a `CheckedEnvironment`, or an
/// `EnvironmentBatch` of many: these check both, and throw. `Agent` acts within the
/// contract by itself.
template <class E>
concept Environment =
    StaticShape<typename E::observation_shape> && std::default_initializable<typename E::State> &&
    std::default_initializable<typename E::Settings> &&
    requires(const typename E::Settings& settings, typename E::State& state,
             const typename E::State& frozen,
             const typename E::actions::template Action<typename E::scalar>& action,
             std::span<typename E::scalar, E::observation_shape::size> out) {
        { E::name } -> std::convertible_to<std::string_view>;
        { E::episode_limit } -> std::convertible_to<std::size_t>;
        { E::actions::contains(action) } noexcept -> std::same_as<bool>;
        E::reset(settings, Key{0}, state);
        { E::observe(settings, frozen, out) } noexcept;
        {
            E::step(settings, action, state)
        } noexcept -> std::same_as<StepResult<typename E::scalar>>;
    } &&
    (E::actions::is_discrete || detail::HasActionLimit<E>)&&detail::TellsOfWhole<E>;

/// Asks a world at the end of an episode whether a step of it has failed; most cannot.
///
/// @throws tdca::Error where one has
template <Environment E>
void require_sound(const typename E::Settings& settings) {
    if constexpr (detail::CanFail<E>) E::require_sound(settings);
}

/// What an action is in environment `E`.
template <class E>
using ActionOf = typename E::actions::template Action<typename E::scalar>;

namespace detail {

/// Tells of something that is no environment which member it lacks, a sentence each.
template <class E>
consteval bool tell_what_an_environment_lacks() {
    static_assert(
        requires {
            { E::name } -> std::convertible_to<std::string_view>;
        }, "an environment needs name");
    static_assert(
        requires {
            { E::episode_limit } -> std::convertible_to<std::size_t>;
        }, "an environment needs episode_limit: steps after which an episode is cut off");
    static_assert(
        requires { typename E::scalar; }, "an environment needs scalar: float or double");
    static_assert(
        requires { requires StaticShape<typename E::observation_shape>; },
        "an environment needs observation_shape: a Shape");
    static_assert(
        requires { typename E::actions; },
        "an environment needs actions: DiscreteActions or ContinuousActions");
    static_assert(
        requires { requires std::default_initializable<typename E::Settings>; },
        "an environment needs Settings: its constants, as data");
    static_assert(
        requires { requires std::default_initializable<typename E::State>; },
        "an environment needs State: of one episode");
    if constexpr (requires {
                      typename E::scalar;
                      typename E::observation_shape;
                      typename E::actions;
                      typename E::Settings;
                      typename E::State;
                  }) {
        static_assert(
            requires(const typename E::Settings& settings, typename E::State& state) {
                E::reset(settings, Key{0}, state);
            }, "an environment needs a static reset(settings, key, state)");
        static_assert(
            requires(const typename E::Settings& settings, const typename E::State& state,
                     std::span<typename E::scalar, E::observation_shape::size> out) {
                { E::observe(settings, state, out) } noexcept;
            },
            "an environment needs a static observe(settings, state, out), noexcept");
        static_assert(
            requires(const typename E::Settings& settings, typename E::State& state,
                     const typename E::actions::template Action<typename E::scalar>& action) {
                {
                    E::step(settings, action, state)
                } noexcept -> std::same_as<StepResult<typename E::scalar>>;
            },
            "an environment needs a static step(settings, action, state), noexcept, which returns "
            "a StepResult<scalar>");
        if constexpr (requires { requires !E::actions::is_discrete; }) {
            static_assert(HasActionLimit<E>,
                          "an environment with continuous actions needs a static "
                          "action_limit(settings): what a policy's output of 1 stands for");
        }
        static_assert(TellsOfWhole<E>,
                      "an environment that is made of one whose steps can fail needs a static "
                      "require_sound(settings), which asks that one");
    }
    return false;
}

}  // namespace detail

}  // namespace tdca
