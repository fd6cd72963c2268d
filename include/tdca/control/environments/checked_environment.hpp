// CheckedEnvironment: an environment for actions that nobody can vouch for.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "tdca/concepts/environment.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/random.hpp"

namespace tdca::inline TDCA_ABI {

/// @param where the world, as messages call it
/// @throws tdca::Error naming the action where `Env` has no such one
template <class Env>
void require_action(std::string_view where, const ActionOf<Env>& action) {
    if (Env::actions::contains(action)) return;  // before any text is made
    if constexpr (Env::actions::is_discrete) {
        require_within(where, "the action", std::size_t{0}, Env::actions::size - 1, action);
    } else {
        for (std::size_t i = 0; i < action.size(); ++i) {
            require_finite(where, "action " + to_text(i), action[i]);
        }
    }
}

/// One environment, one episode after the other, held to the contract of `Environment`: it steps
/// only with actions that there are, only between the beginning of an episode and its end, and cuts
/// an episode off at its limit. For programs whose actions come from outside; a step costs two
/// comparisons more than `Env::step`. Nothing allocates but messages.
template <class Env>
class CheckedEnvironment {
    static_assert(
        Environment<Env> || detail::tell_what_an_environment_lacks<Env>(),
        "only an environment can be checked; see tdca/concepts/environment.hpp for what one "
        "must offer");

    using Scalar = typename Env::scalar;
    static constexpr std::size_t inputs = Env::observation_shape::size;

public:
    /// Begins an episode; everything random in it follows from `key`.
    ///
    /// @throws tdca::Error where the settings make no world
    void reset(const typename Env::Settings& settings, Key key) {
        steps_ = 0;
        terminated_ = false;
        is_over_ = true;  // where the world refuses
        Env::reset(settings, key, state_);
        settings_ = settings;
        is_over_ = false;
        show();
    }

    /// One step.
    ///
    /// @throws tdca::Error naming the action where there is no such one; where no episode has
    /// begun,
    ///   and where it is over: the world stays as it was. Where the world has failed: the episode
    ///   is over
    StepResult<Scalar> step(const ActionOf<Env>& action) {
        if (is_over_) {
            throw Error(Env::name, steps_ == 0 ? "a step before an episode has begun"
                                               : "a step past the end of an episode");
        }
        require_action<Env>(Env::name, action);
        const auto outcome = Env::step(settings_, action, state_);
        ++steps_;
        terminated_ = outcome.terminated;
        is_over_ = terminated_ || steps_ >= Env::episode_limit;
        show();
        if (is_over_) require_sound<Env>(settings_);
        return outcome;
    }

    /// What the world shows, also after the last step of an episode.
    [[nodiscard]] std::span<const Scalar, inputs> observation() const noexcept {
        return observation_;
    }
    /// Whether there is no episode to step in.
    [[nodiscard]] bool is_over() const noexcept { return is_over_; }
    /// Whether the episode ended by itself: nothing more would have come.
    [[nodiscard]] bool terminated() const noexcept { return terminated_; }
    /// Whether it was cut off at the limit: more would have come.
    [[nodiscard]] bool truncated() const noexcept { return is_over_ && !terminated_ && steps_ > 0; }
    /// Steps of the episode so far.
    [[nodiscard]] std::size_t steps() const noexcept { return steps_; }

private:
    void show() noexcept {
        Env::observe(settings_, state_, std::span<Scalar, inputs>(observation_));
    }

    typename Env::Settings settings_{};
    typename Env::State state_{};
    alignas(alignment) std::array<Scalar, inputs> observation_{};
    std::size_t steps_ = 0;
    bool terminated_ = false;
    bool is_over_ = true;
};

}  // namespace tdca
