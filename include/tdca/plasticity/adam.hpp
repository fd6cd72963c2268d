// AdamPlasticity: each synapse normalises its own changes.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <span>

#include "tdca/core/parameters.hpp"
#include "tdca/core/simd.hpp"

namespace tdca {

/// Per-synapse Adam (Kingma & Ba, arXiv:1412.6980) on credit × activity in place of a gradient:
///   m ← β₁ m + (1 − β₁) Δ,   v ← β₂ v + (1 − β₂) Δ²,
///   w ← w + η (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε).
///
/// Both traces live at the synapse. Genes: the logits of β₁ and β₂, 0.9 and 0.99 before evolution;
/// ε = 1e-8. The step per synapse is divided by the fan-in, so that a neuron's input changes
/// alike at any width.
struct AdamPlasticity {
    using Genome = Genes<float, Parameter<"logit_decays", Shape<2>>>;
    struct Constants {
        float mean_decay;   ///< β₁
        float power_decay;  ///< β₂
    };
    template <std::size_t N>
    struct Traces {
        alignas(alignment) std::array<float, N> mean{};
        alignas(alignment) std::array<float, N> power{};
    };

    static void initialize(Genome& genome) noexcept {
        genome.get<"logit_decays">()[0] = std::log(0.9F / 0.1F);
        genome.get<"logit_decays">()[1] = std::log(0.99F / 0.01F);
    }
    static Constants express(const Genome& genome) noexcept {
        const auto logistic = [](float x) { return 1.0F / (1.0F + std::exp(-x)); };
        const auto genes = genome.get<"logit_decays">();
        // Below 1 − 2⁻²⁰ in float, so that the bias corrections stay finite for any gene.
        return {std::fmin(logistic(genes[0]), 0.99999F), std::fmin(logistic(genes[1]), 0.99999F)};
    }
    static float width_factor(std::size_t fan_in) noexcept {
        return 1.0F / static_cast<float>(fan_in);
    }

    template <std::size_t N>
    static void apply(const Constants& constants, std::size_t age, float step,
                      std::span<const float, N> delta, Traces<N>& traces,
                      std::span<float, N> params) noexcept {
        const auto t = static_cast<float>(age);
        const float scaled_step = step / (1.0F - std::pow(constants.mean_decay, t));
        const float root_scale = 1.0F / std::sqrt(1.0F - std::pow(constants.power_decay, t));
        const Pack<float> beta1(constants.mean_decay);
        const Pack<float> beta2(constants.power_decay);
        const Pack<float> eta(scaled_step);
        const Pack<float> scale(root_scale);
        const Pack<float> epsilon(1e-8F);
        const auto change = [&](Pack<float> d, Pack<float>& m, Pack<float>& v, Pack<float>& w) {
            m = simd::fma(beta1, m - d, d);
            const Pack<float> square = d * d;
            v = simd::fma(beta2, v - square, square);
            w = simd::fma(eta, m / simd::fma(scale, simd::sqrt(v), epsilon), w);
        };
        constexpr std::size_t whole = N - N % lanes<float>;
        for (std::size_t i = 0; i < whole; i += lanes<float>) {
            auto m = simd::load(traces.mean.data() + i);
            auto v = simd::load(traces.power.data() + i);
            auto w = simd::load(params.data() + i);
            change(simd::load(delta.data() + i), m, v, w);
            simd::store(traces.mean.data() + i, m);
            simd::store(traces.power.data() + i, v);
            simd::store(params.data() + i, w);
        }
        if constexpr (constexpr std::size_t rest = N - whole; rest != 0) {
            auto m = simd::load_partial(traces.mean.data() + whole, rest);
            auto v = simd::load_partial(traces.power.data() + whole, rest);
            auto w = simd::load_partial(params.data() + whole, rest);
            change(simd::load_partial(delta.data() + whole, rest), m, v, w);
            simd::store_partial(traces.mean.data() + whole, m, rest);
            simd::store_partial(traces.power.data() + whole, v, rest);
            simd::store_partial(params.data() + whole, w, rest);
        }
    }
};

}  // namespace tdca
