// MomentumPlasticity: each synapse follows a running mean of its credit × activity.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <span>

#include "tdca/core/parameters.hpp"
#include "tdca/core/simd.hpp"

namespace tdca {

/// m ← β m + (1 − β) Δ,  w ← w + η m. One gene: logit β, 0.9 before evolution.
struct MomentumPlasticity {
    using Genome = Genes<float, Parameter<"logit_decay", Shape<1>>>;
    struct Constants {
        float decay;  ///< β
    };
    template <std::size_t N>
    struct Traces {
        alignas(alignment) std::array<float, N> mean{};
    };

    static void initialize(Genome& genome) noexcept {
        genome.get<"logit_decay">()[0] = std::log(0.9F / 0.1F);
    }
    static Constants express(const Genome& genome) noexcept {
        return {1.0F / (1.0F + std::exp(-genome.get<"logit_decay">()[0]))};
    }
    static float width_factor(std::size_t /*fan_in*/) noexcept { return 1.0F; }

    template <std::size_t N>
    static void apply(const Constants& constants, std::size_t /*age*/, float step,
                      std::span<const float, N> delta, Traces<N>& traces,
                      std::span<float, N> params) noexcept {
        const float decay = constants.decay;
        const std::span<float, N> mean{traces.mean};
        simd::map(
            mean,
            [decay](Pack<float> m, Pack<float> d) {
                return simd::fma(Pack<float>(decay), m - d, d);
            },
            mean, delta);
        simd::axpy(step, std::span<const float, N>(mean), params);
    }
};

}  // namespace tdca
