// PolicyHead: how a network's outputs become actions, and what exploration adds to them.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include "tdca/concepts/environment.hpp"
#include "tdca/control/episode_controller.hpp"
#include "tdca/control/reward_signal.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/random.hpp"

namespace tdca::inline TDCA_ABI {

/// Random numbers of one episode's exploration: noise that lasts, ξ ← ρ ξ + √(1 − ρ²) n with n
/// standard normal, and a die for each step.
template <std::size_t Actions>
class Exploration {
public:
    /// Begins an episode; everything random follows from `key`.
    void begin(Key key, float persistence) noexcept {
        key_ = key;
        persistence_ = persistence;
        innovation_ = std::sqrt(1 - persistence * persistence);
        step_ = 0;
        (key / 0).fill_normal(std::span<float>(noise_));
    }

    /// The next step.
    void advance() noexcept {
        const std::size_t at = step_++ % block;
        if (at == 0) {
            (key_ / 1 / step_).fill_normal(std::span<float>(fresh_));
            (key_ / 2 / step_).fill_uniform(std::span<float>(dice_), 0.0F, 1.0F);
        }
        for (std::size_t a = 0; a < Actions; ++a) {
            noise_[a] = persistence_ * noise_[a] + innovation_ * fresh_[at * Actions + a];
        }
        die_ = dice_[at];
    }

    /// One number per action, N(0, 1), correlated from step to step.
    [[nodiscard]] std::span<const float, Actions> noise() const noexcept { return noise_; }
    /// Uniform in (0, 1).
    [[nodiscard]] float die() const noexcept { return die_; }

private:
    static constexpr std::size_t block = 64;  // steps whose random numbers are drawn at once

    Key key_{0};
    float persistence_ = 0;
    float innovation_ = 1;
    float die_ = 0;
    std::size_t step_ = 0;
    std::array<float, Actions> noise_{};
    std::array<float, block * Actions> fresh_{};
    std::array<float, block> dice_{};
};

/// The choice that a die falls on, when each choice has its share of the die's range.
///
/// @param die in (0, sum of the shares)
template <std::size_t Count>
[[nodiscard]] std::size_t choose(std::span<const float, Count> shares, float die) noexcept {
    for (std::size_t a = 0; a + 1 < Count; ++a) {
        if (die < shares[a]) return a;
        die -= shares[a];
    }
    return Count - 1;
}

/// From outputs to an action, and to what the reward signal must know of it.
template <class Actions>
struct PolicyHead;

/// Choices: drawn from softmax(β (ln p + σ ξ)), where p are the network's softmax outputs and β, σ
/// sharpness and noise of the command.
template <std::size_t Count>
struct PolicyHead<DiscreteActions<Count>> {
    using Signal = DiscreteRewardSignal<Count>;  ///< what its outputs learn from

    /// @param outputs probabilities
    /// @param told what the choice was
    /// @return how certain the choice was: 0 where all actions were as likely, 1 where one was sure
    template <class Scalar>
    static float act(std::span<const float, Count> outputs, const EpisodeCommand& command,
                     const Exploration<Count>& exploration, Scalar /*limit*/, std::size_t& action,
                     typename Signal::Target& told) noexcept {
        constexpr float tiny = 1e-20F;
        std::array<float, Count> share;
        for (std::size_t a = 0; a < Count; ++a) {
            share[a] = command.sharpness *
                       (std::log(outputs[a] + tiny) + command.noise * exploration.noise()[a]);
        }
        const float most = *std::max_element(share.begin(), share.end());
        float total = 0;
        for (float& x : share) total += x = std::exp(x - most);
        action = choose(std::span<const float, Count>(share), exploration.die() * total);
        told.action = static_cast<std::uint32_t>(action);
        told.likelihood = outputs[action] + tiny;
        return (Count / total - 1) / (Count - 1);  // the likeliest has share 1
    }

    /// The likeliest choice, without exploration; the first of several.
    template <class Scalar>
    static void act_greedily(std::span<const float, Count> outputs, Scalar /*limit*/,
                             std::size_t& action) noexcept {
        action = static_cast<std::size_t>(std::ranges::max_element(outputs) - outputs.begin());
    }
};

/// Numbers: outputs + σ ξ in units of the action limit, cut off there.
template <std::size_t Count>
struct PolicyHead<ContinuousActions<Count>> {
    using Signal = ContinuousRewardSignal<Count>;  ///< what its outputs learn from

    /// @param outputs means
    /// @param limit what an output of 1 stands for
    /// @return 1 / (1 + σ)
    template <class Scalar>
    static float act(std::span<const float, Count> outputs, const EpisodeCommand& command,
                     const Exploration<Count>& exploration, Scalar limit,
                     std::array<Scalar, Count>& action, typename Signal::Target& told) noexcept {
        told.spread = command.noise + 1e-3F;
        for (std::size_t a = 0; a < Count; ++a) {
            told.mean[a] = outputs[a];
            told.action[a] = outputs[a] + told.spread * exploration.noise()[a];
            action[a] = limit * static_cast<Scalar>(std::clamp(told.action[a], -1.0F, 1.0F));
        }
        return 1 / (1 + told.spread);
    }

    /// The outputs themselves, without exploration.
    template <class Scalar>
    static void act_greedily(std::span<const float, Count> outputs, Scalar limit,
                             std::array<Scalar, Count>& action) noexcept {
        for (std::size_t a = 0; a < Count; ++a) {
            action[a] = limit * static_cast<Scalar>(std::clamp(outputs[a], -1.0F, 1.0F));
        }
    }
};

}  // namespace tdca
