// PlainPlasticity: each synapse follows its credit × activity.
#pragma once

#include <cstddef>
#include <span>

#include "tdca/core/parameters.hpp"
#include "tdca/core/simd.hpp"

namespace tdca {

/// w ← w + η Δ. No genes, no traces. The step η is the schedule's, whatever the fan-in: Δ of a
/// layer with unit credits does not shrink with its width.
struct PlainPlasticity {
    using Genome = Genes<float>;
    struct Constants {};
    template <std::size_t N>
    struct Traces {};

    static void initialize(Genome& /*genome*/) noexcept {}
    static Constants express(const Genome& /*genome*/) noexcept { return {}; }
    static float width_factor(std::size_t /*fan_in*/) noexcept { return 1.0F; }

    template <std::size_t N>
    static void apply(const Constants& /*constants*/, std::size_t /*age*/, float step,
                      std::span<const float, N> delta, Traces<N>& /*traces*/,
                      std::span<float, N> params) noexcept {
        simd::axpy(step, delta, params);
    }
};

}  // namespace tdca
