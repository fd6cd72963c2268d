// Gradients of the policy objectives with respect to the output units.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <span>

namespace tdca::baseline {

/// What an objective is made of besides the sample: with ρ the likelihood of the action relative to
/// when it was taken,
///   log-likelihood × A + entropy bonus,  or  min(ρ A, clip(ρ, 1 − clip, 1 + clip) A) + entropy
///   bonus.
struct PolicyObjective {
    bool is_clipped = false;
    float clip = 0.2F;
    float entropy = 0;
};

namespace detail {

/// d objective / d log-likelihood.
inline float pull(const PolicyObjective& objective, float advantage, float log_ratio) noexcept {
    if (!objective.is_clipped) return advantage;
    const float ratio = std::exp(log_ratio);
    const bool is_beyond = advantage > 0 ? ratio > 1 + objective.clip : ratio < 1 - objective.clip;
    return is_beyond ? 0.0F : ratio * advantage;
}

}  // namespace detail

/// Of a choice, with respect to the sums that softmax makes into `chances`.
template <std::size_t Count>
void choice_gradient(const PolicyObjective& objective, std::span<const float, Count> chances,
                     std::size_t choice, float advantage, float log_likelihood_then,
                     std::span<float, Count> gradient) noexcept {
    constexpr float tiny = 1e-20F;
    const float log_ratio = std::log(chances[choice] + tiny) - log_likelihood_then;
    const float pull = detail::pull(objective, advantage, log_ratio);
    float entropy = 0;
    for (const float p : chances) entropy -= p * std::log(p + tiny);
    for (std::size_t a = 0; a < Count; ++a) {
        const float chosen = a == choice ? 1.0F : 0.0F;
        gradient[a] = pull * (chosen - chances[a]) -
                      objective.entropy * chances[a] * (std::log(chances[a] + tiny) + entropy);
    }
}

/// log-likelihood of numbers drawn around `means`, less a constant.
template <std::size_t Count>
[[nodiscard]] float log_likelihood(std::span<const float, Count> means,
                                   const std::array<float, Count>& action,
                                   const std::array<float, Count>& log_deviation) noexcept {
    float sum = 0;
    for (std::size_t a = 0; a < Count; ++a) {
        const float away = (action[a] - means[a]) * std::exp(-log_deviation[a]);
        sum -= 0.5F * away * away + log_deviation[a];
    }
    return sum;
}

/// Of numbers, with respect to their means; and, added to `deviation_gradient`, to the logarithms
/// of their deviations.
template <std::size_t Count>
void number_gradient(const PolicyObjective& objective, std::span<const float, Count> means,
                     const std::array<float, Count>& action,
                     const std::array<float, Count>& log_deviation, float advantage,
                     float log_likelihood_then, std::span<float, Count> gradient,
                     std::array<float, Count>& deviation_gradient) noexcept {
    const float log_ratio = log_likelihood(means, action, log_deviation) - log_likelihood_then;
    const float pull = detail::pull(objective, advantage, log_ratio);
    for (std::size_t a = 0; a < Count; ++a) {
        const float scale = std::exp(-log_deviation[a]);
        const float away = (action[a] - means[a]) * scale;
        gradient[a] = pull * away * scale;
        deviation_gradient[a] += pull * (away * away - 1) + objective.entropy;
    }
}

}  // namespace tdca::baseline
