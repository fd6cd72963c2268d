// MomentumPlasticity: each synapse follows a running mean of its credit × activity.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

#include "tdca/core/abi.hpp"
#include "tdca/core/course.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/math/simd.hpp"

namespace tdca::inline TDCA_ABI {

/// m ← β m + (1 − β) Δ,  w ← w + η m. One gene: logit β, 0.9 before evolution.
struct MomentumPlasticity {
    using Genome = Genes<float, Parameter<"logit_decay", Shape<1>>>;
    struct Constants {
        float decay;  ///< β
    };
    static constexpr std::size_t traces = 1;  ///< m

    static void initialize(Genome& genome) noexcept {
        genome.get<"logit_decay">()[0] = std::log(0.9F / 0.1F);
    }
    static Constants decode(const Genome& genome, const Course& /*course*/) noexcept {
        return {1.0F / (1.0F + std::exp(-genome.get<"logit_decay">()[0]))};
    }
    static float width_factor(std::size_t /*fan_in*/) noexcept { return 1.0F; }

    /// One update of any synapse.
    struct Change {
        float step;   ///< η
        float decay;  ///< β

        template <class T>
        void operator()(T delta, std::array<T, traces>& memory, T& weight) const noexcept {
            auto& [mean] = memory;
            mean = simd::fma(T(decay), mean - delta, delta);
            weight = simd::fma(T(step), mean, weight);
        }
    };
    static Change change(const Constants& constants, std::size_t /*age*/, float step) noexcept {
        return {step, constants.decay};
    }
};

}  // namespace tdca
