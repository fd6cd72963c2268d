// EnvironmentBatch: many environments of a kind, stepped together.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "tdca/concepts/environment.hpp"
#include "tdca/control/environments/checked_environment.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/random.hpp"

namespace tdca::inline TDCA_ABI {

/// `Count` independent worlds with the same settings. One whose episode ends, or reaches the
/// limit, starts again at once, from a branch of the key of its own. Nothing allocates but
/// messages.
///
/// After a step, world i's reward r and what is to come are worth, with V the value of an
/// observation and γ the discount:
///   r                               where `terminated()`: nothing more would have come
///   r + γ V(`final_observations()`) where `truncated()`: more would have come
///   r + γ V(`observations()`)       elsewhere
/// In the first two `observations()` are already of the next episode. `final_observations()` are
/// Gymnasium's `final_observation`.
template <class Env, std::size_t Count>
class EnvironmentBatch {
    static_assert(Environment<Env> || detail::tell_what_an_environment_lacks<Env>(),
                  "a batch is made of environments; see tdca/concepts/environment.hpp for what one "
                  "must offer");
    static_assert(Count > 0, "a batch of environments holds at least one");

    using Scalar = typename Env::scalar;
    static constexpr std::size_t inputs = Env::observation_shape::size;

public:
    /// Begins an episode in every world; everything random in all that follow comes of `key`.
    ///
    /// @throws tdca::Error where the settings make no world
    void reset(const typename Env::Settings& settings, Key key) {
        has_begun_ = false;
        settings_ = settings;
        key_ = key;
        finished_ = 0;
        episodes_.fill(0);
        rewards_.fill(0);
        last_returns_.fill(0);
        final_observations_.fill(0);
        terminated_.fill(false);
        truncated_.fill(false);
        for (std::size_t i = 0; i < Count; ++i) begin(i);
        has_begun_ = true;
    }

    /// What each world shows, `Count` × observation.
    [[nodiscard]] std::span<const Scalar, Count * inputs> observations() const noexcept {
        return observations_;
    }

    /// One step in every world.
    ///
    /// @throws tdca::Error naming the world and the action where it has no such one, and where no
    ///   episode has begun: all worlds stay as they were. Where a world has failed: `reset` begins
    ///   anew
    void step(std::span<const ActionOf<Env>, Count> actions) {
        check(actions);
        for (std::size_t i = 0; i < Count; ++i) {
            const auto outcome = Env::step(settings_, actions[i], states_[i]);
            rewards_[i] = outcome.reward;
            returns_[i] += outcome.reward;
            ++steps_[i];
            terminated_[i] = outcome.terminated;
            truncated_[i] = !outcome.terminated && steps_[i] >= Env::episode_limit;
            if (terminated_[i] || truncated_[i]) {
                has_begun_ = false;  // where the world has failed, or begins no more
                require_sound<Env>(settings_);
                ++finished_;
                last_returns_[i] = returns_[i];
                show(i, final_observations_);
                begin(i);
                has_begun_ = true;
            } else {
                show(i, observations_);
            }
        }
    }

    /// Of the latest step; where an episode ended in it, the observation is already of the next.
    [[nodiscard]] std::span<const Scalar, Count> rewards() const noexcept { return rewards_; }
    /// Which episodes ended by themselves in the latest step.
    [[nodiscard]] std::span<const bool, Count> terminated() const noexcept { return terminated_; }
    /// What the episodes that ended in the latest step showed last, `Count` × observation: a row
    /// that counts where `terminated()` or `truncated()`, and is left from an earlier episode
    /// elsewhere.
    [[nodiscard]] std::span<const Scalar, Count * inputs> final_observations() const noexcept {
        return final_observations_;
    }
    /// Which were cut off at the limit in the latest step.
    [[nodiscard]] std::span<const bool, Count> truncated() const noexcept { return truncated_; }
    /// Return of each world's latest finished episode.
    [[nodiscard]] std::span<const Scalar, Count> last_returns() const noexcept {
        return last_returns_;
    }
    /// Episodes that have ended, in all worlds.
    [[nodiscard]] std::size_t finished() const noexcept { return finished_; }

private:
    using Observations = std::array<Scalar, Count * inputs>;

    void check(std::span<const ActionOf<Env>, Count> actions) const {
        if (!has_begun_) throw Error(Env::name, "a step before an episode has begun");
        bool all = true;
        for (const auto& action : actions) all &= Env::actions::contains(action);
        for (std::size_t i = 0; !all && i < Count; ++i) {
            require_action<Env>(std::string(Env::name) + ", world " + to_text(i), actions[i]);
        }
    }
    void begin(std::size_t i) {
        Env::reset(settings_, key_ / i / episodes_[i]++, states_[i]);
        steps_[i] = 0;
        returns_[i] = 0;
        show(i, observations_);
    }
    void show(std::size_t i, Observations& out) noexcept {
        Env::observe(settings_, states_[i],
                     std::span<Scalar, inputs>(out.data() + i * inputs, inputs));
    }

    typename Env::Settings settings_;
    Key key_{0};
    std::array<typename Env::State, Count> states_;
    alignas(alignment) Observations observations_;
    alignas(alignment) Observations final_observations_{};
    std::array<Scalar, Count> rewards_{};
    std::array<Scalar, Count> returns_{};
    std::array<Scalar, Count> last_returns_{};
    std::array<std::size_t, Count> steps_{};
    std::array<std::uint64_t, Count> episodes_{};
    std::array<bool, Count> terminated_{};
    std::array<bool, Count> truncated_{};
    std::size_t finished_ = 0;
    bool has_begun_ = false;
};

}  // namespace tdca
