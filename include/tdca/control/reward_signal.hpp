// RewardSignal: what the top level sees of actions whose consequences are known.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include "tdca/core/abi.hpp"

namespace tdca::inline TDCA_ABI {

/// error = advantage × (chosen − probability): e[s, c] = w Aₛ ([c = actionₛ] − p[s, c]).
///
/// With ρ = p[s, action] / `likelihood`, how much likelier the action has become since it was
/// taken, w = min(ρ, 2), and 0 where ρ has left (1 / (1 + reach), 1 + reach) in the direction that
/// the advantage pushes: there, nothing more is to be learned from this sample (the idea is that
/// of clipped policies: Schulman et al., arXiv:1707.06347). No derivative is taken.
///
/// @tparam Actions number of discrete actions, each a softmax output
template <std::size_t Actions>
struct DiscreteRewardSignal {
    static constexpr std::size_t width = Actions;

    /// What is known of one action, once its consequences are.
    struct Target {
        std::uint32_t action = 0;  ///< the choice
        float advantage = 0;       ///< how much better than expected, in units of the usual
        float likelihood = 1;      ///< the network's probability of the action when it was taken
        float reach = 0;           ///< how far likelihoods may move
    };

    /// @param outputs `Samples` × `Actions`, probabilities
    /// @param targets one per sample
    /// @param errors `Samples` × `Actions`
    template <std::size_t Samples>
    static void observe(std::span<const float, Samples * Actions> outputs,
                        std::span<const Target, Samples> targets,
                        std::span<float, Samples * Actions> errors) noexcept {
        for (std::size_t s = 0; s < Samples; ++s) {
            const Target& told = targets[s];
            const float* const p = outputs.data() + s * Actions;
            const float ratio = p[told.action] / told.likelihood;
            const float edge = told.advantage > 0 ? ratio : 1 / ratio;
            const float weight =
                edge < 1 + told.reach ? told.advantage * std::fmin(ratio, 2.0F) : 0.0F;
            for (std::size_t c = 0; c < Actions; ++c) errors[s * Actions + c] = -weight * p[c];
            errors[s * Actions + told.action] += weight;
        }
    }
};

/// error = advantage × (action − mean) / spread, for actions that are numbers drawn around the
/// network's outputs; weights and reach as for @ref DiscreteRewardSignal, with Gaussian
/// likelihoods.
///
/// @tparam Actions numbers that make up one action, each an output
template <std::size_t Actions>
struct ContinuousRewardSignal {
    static constexpr std::size_t width = Actions;

    struct Target {
        std::array<float, Actions> action{};  ///< in units of the action limit
        std::array<float, Actions> mean{};    ///< the network's outputs when it was taken
        float spread = 1;                     ///< of the noise that was added to them
        float advantage = 0;                  ///< return to come, less what was expected, scaled
        float reach = 0;                      ///< how far noise reaches
    };

    /// @param outputs `Samples` × `Actions`, means
    template <std::size_t Samples>
    static void observe(std::span<const float, Samples * Actions> outputs,
                        std::span<const Target, Samples> targets,
                        std::span<float, Samples * Actions> errors) noexcept {
        for (std::size_t s = 0; s < Samples; ++s) {
            const Target& told = targets[s];
            const float scale = 1 / told.spread;
            float log_ratio = 0;
            for (std::size_t c = 0; c < Actions; ++c) {
                const float now = scale * (told.action[c] - outputs[s * Actions + c]);
                const float then = scale * (told.action[c] - told.mean[c]);
                errors[s * Actions + c] = now;
                log_ratio += 0.5F * (then - now) * (then + now);
            }
            const float ratio = std::exp(std::clamp(log_ratio, -20.0F, 20.0F));
            const float edge = told.advantage > 0 ? ratio : 1 / ratio;
            const float weight =
                edge < 1 + told.reach ? told.advantage * std::fmin(ratio, 2.0F) : 0.0F;
            for (std::size_t c = 0; c < Actions; ++c) errors[s * Actions + c] *= weight;
        }
    }
};

namespace detail {

template <class Actions>
struct RewardSignalOf {
    using type = ContinuousRewardSignal<Actions::size>;
};
template <class Actions>
    requires(Actions::is_discrete)
struct RewardSignalOf<Actions> {
    using type = DiscreteRewardSignal<Actions::size>;
};

}  // namespace detail

/// The signal that fits `DiscreteActions<N>` or `ContinuousActions<N>`.
template <class Actions>
using RewardSignal = typename detail::RewardSignalOf<Actions>::type;

}  // namespace tdca
