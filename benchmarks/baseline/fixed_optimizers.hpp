// Two optimisers without settings, for programs that need no other; without exceptions.
#pragma once

#include <cmath>
#include <cstddef>

#include "tdca/core/course.hpp"
#include "tdca/plasticity/adam.hpp"
#include "tdca/plasticity/plain.hpp"

namespace tdca::baseline {

/// w ← w − η g.
struct Sgd : PlainPlasticity {};

/// PyTorch's Adam: β₁ = 0.9, β₂ = 0.999, ε = 1e-8, one rate for all layers.
struct Adam : AdamPlasticity {
    static void initialize(Genome& genome) noexcept {
        AdamPlasticity::initialize(genome);
        genome.get<"logit_decays">()[1] = std::log(0.999F / 0.001F);
    }
    static Constants decode(const Genome& genome, const Course& course) noexcept {
        Constants constants = AdamPlasticity::decode(genome, course);
        constants.forgetting = 0;
        return constants;
    }
    static float width_factor(std::size_t /*fan_in*/) noexcept { return 1.0F; }
};

}  // namespace tdca::baseline
