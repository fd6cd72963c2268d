// EnvironmentBatch: many environments of a kind, stepped together.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "tdca/concepts/environment.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/random.hpp"

namespace tdca::inline TDCA_ABI {

/// `Count` independent worlds with the same parameters. One whose episode ends, or reaches the
/// limit, starts again at once, from a branch of the key of its own. Nothing allocates.
template <class Env, std::size_t Count>
class EnvironmentBatch {
    static_assert(Environment<Env>,
                  "a batch is made of environments; see tdca/concepts/environment.hpp for what one "
                  "must offer");

    using Scalar = typename Env::scalar;
    static constexpr std::size_t inputs = Env::observation_shape::size;

public:
    void reset(const typename Env::Parameters& parameters, Key key) {
        parameters_ = parameters;
        key_ = key;
        finished_ = 0;
        episodes_.fill(0);
        for (std::size_t i = 0; i < Count; ++i) begin(i);
    }

    /// What each world shows, `Count` × observation.
    [[nodiscard]] std::span<const Scalar, Count * inputs> observations() const noexcept {
        return observations_;
    }

    /// One step in every world.
    void step(std::span<const ActionOf<Env>, Count> actions) {
        for (std::size_t i = 0; i < Count; ++i) {
            const auto outcome = Env::step(parameters_, actions[i], states_[i]);
            rewards_[i] = outcome.reward;
            returns_[i] += outcome.reward;
            ++steps_[i];
            terminated_[i] = outcome.terminated;
            truncated_[i] = !outcome.terminated && steps_[i] >= Env::episode_limit;
            if (terminated_[i] || truncated_[i]) {
                ++finished_;
                last_returns_[i] = returns_[i];
                begin(i);
            } else {
                show(i);
            }
        }
    }

    /// Of the latest step; where an episode ended in it, the observation is already of the next.
    [[nodiscard]] std::span<const Scalar, Count> rewards() const noexcept { return rewards_; }
    /// Which episodes ended by themselves in the latest step.
    [[nodiscard]] std::span<const bool, Count> terminated() const noexcept { return terminated_; }
    /// Which were cut off at the limit in the latest step.
    [[nodiscard]] std::span<const bool, Count> truncated() const noexcept { return truncated_; }
    /// Return of each world's latest finished episode.
    [[nodiscard]] std::span<const Scalar, Count> last_returns() const noexcept {
        return last_returns_;
    }
    /// Episodes that have ended, in all worlds.
    [[nodiscard]] std::size_t finished() const noexcept { return finished_; }

private:
    void begin(std::size_t i) {
        Env::reset(parameters_, key_ / i / episodes_[i]++, states_[i]);
        steps_[i] = 0;
        returns_[i] = 0;
        show(i);
    }
    void show(std::size_t i) noexcept {
        Env::observe(parameters_, states_[i],
                     std::span<Scalar, inputs>(observations_.data() + i * inputs, inputs));
    }

    typename Env::Parameters parameters_;
    Key key_{0};
    std::array<typename Env::State, Count> states_;
    alignas(alignment) std::array<Scalar, Count * inputs> observations_;
    std::array<Scalar, Count> rewards_{};
    std::array<Scalar, Count> returns_{};
    std::array<Scalar, Count> last_returns_{};
    std::array<std::size_t, Count> steps_{};
    std::array<std::uint64_t, Count> episodes_{};
    std::array<bool, Count> terminated_{};
    std::array<bool, Count> truncated_{};
    std::size_t finished_ = 0;
};

}  // namespace tdca
