// AdamPlasticity: each synapse normalises its own changes.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

#include "tdca/core/abi.hpp"
#include "tdca/core/course.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/math/simd.hpp"

namespace tdca::inline TDCA_ABI {

/// Per-synapse Adam (Kingma & Ba, arXiv:1412.6980) on credit × activity in place of a gradient:
///   m ← β₁ m + (1 − β₁) Δ,   v ← β₂ v + (1 − β₂) Δ²,
///   w ← w + η / (1 − β₁ᵗ) (m / (√(v / (1 − β₂ᵗ)) + ε) − λ w).
///
/// Both traces live at the synapse. Genes: the logits of β₁ and β₂, 0.9 and 0.99 before evolution,
/// and the decay (Loshchilov & Hutter, arXiv:1711.05101) λ = exp 2 (a + b log₁₀(1 + passes)),
/// which can rise with the number of passes through the training samples. ε = 1e-8. The step per
/// synapse is divided by the fan-in, so that a neuron's input changes alike at any width.
struct AdamPlasticity {
    using Genome =
        Genes<float, Parameter<"logit_decays", Shape<2>>, Parameter<"log_forgetting", Shape<2>>>;
    struct Constants {
        float mean_decay;   ///< β₁
        float power_decay;  ///< β₂
        float forgetting;   ///< λ
    };
    static constexpr std::size_t traces = 2;  ///< m, v

    static void initialize(Genome& genome) noexcept {
        genome.get<"logit_decays">()[0] = std::log(0.9F / 0.1F);
        genome.get<"logit_decays">()[1] = std::log(0.99F / 0.01F);
        genome.get<"log_forgetting">()[0] = -2.5F;
        genome.get<"log_forgetting">()[1] = 0.7F;
    }
    static Constants decode(const Genome& genome, const Course& course) noexcept {
        const auto logistic = [](float x) { return 1.0F / (1.0F + std::exp(-x)); };
        const auto genes = genome.get<"logit_decays">();
        const auto forgetting = genome.get<"log_forgetting">();
        const float log_forgetting = forgetting[0] + forgetting[1] * course.log_passes();
        // Below 1 − 2⁻²⁰ in float, so that the bias corrections stay finite for any gene.
        return {std::fmin(logistic(genes[0]), 0.99999F), std::fmin(logistic(genes[1]), 0.99999F),
                std::exp(2.0F * std::fmin(log_forgetting, 2.0F))};
    }
    static float width_factor(std::size_t fan_in) noexcept {
        return 1.0F / static_cast<float>(fan_in);
    }

    /// One update of any synapse.
    struct Change {
        float step;           ///< η / (1 − β₁ᵗ)
        float root_scale;     ///< 1 / √(1 − β₂ᵗ)
        Constants constants;  ///< β₁, β₂, λ

        template <class T>
        void operator()(T delta, std::array<T, traces>& memory, T& weight) const noexcept {
            auto& [mean, power] = memory;
            mean = simd::fma(T(constants.mean_decay), mean - delta, delta);
            const T square = delta * delta;
            power = simd::fma(T(constants.power_decay), power - square, square);
            const T root = simd::fma(T(root_scale), simd::sqrt(power), T(1e-8F));
            const T drift = simd::fma(T(-constants.forgetting), weight, mean / root);
            weight = simd::fma(T(step), drift, weight);
        }
    };
    static Change change(const Constants& constants, std::size_t age, float step) noexcept {
        const auto t = static_cast<float>(age);
        return {step / (1.0F - std::pow(constants.mean_decay, t)),
                1.0F / std::sqrt(1.0F - std::pow(constants.power_decay, t)), constants};
    }
};

}  // namespace tdca
