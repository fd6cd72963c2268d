// The textbook optimisers and schedules of the baseline, in the library's PlasticityRule shape.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <span>
#include <string>

#include "tdca/core/parameters.hpp"
#include "tdca/core/progress.hpp"
#include "tdca/core/random.hpp"
#include "tdca/plasticity/adam.hpp"
#include "tdca/plasticity/momentum.hpp"
#include "tdca/plasticity/plain.hpp"
#include "tdca/plasticity/schedule.hpp"

namespace tdca::baseline {

/// w ← w − η g.
struct Sgd : PlainPlasticity {
    static constexpr const char* name = "sgd";
};

/// v ← 0.9 v + g,  w ← w − η v: PyTorch's momentum. It equals the library's running mean with
/// step η / (1 − 0.9).
struct Momentum : MomentumPlasticity {
    static constexpr const char* name = "momentum";
    static float width_factor(std::size_t /*fan_in*/) noexcept { return 10.0F; }
};

/// PyTorch's Adam: β₁ = 0.9, β₂ = 0.999, ε = 1e-8, one rate for all layers.
struct Adam : AdamPlasticity {
    static constexpr const char* name = "adam";
    static void initialize(Genome& genome) noexcept {
        AdamPlasticity::initialize(genome);
        genome.get<"logit_decays">()[1] = std::log(0.999F / 0.001F);
    }
    static Constants express(const Genome& genome, const Course& course) noexcept {
        Constants constants = AdamPlasticity::express(genome, course);
        constants.forgetting = 0;
        return constants;
    }
    static float width_factor(std::size_t /*fan_in*/) noexcept { return 1.0F; }
};

/// η constant, or η (1 + cos π τ) / 2.
struct TextbookSchedule {
    using Genome = Genes<float, Parameter<"rate", Shape<1>>, Parameter<"cosine", Shape<1>>>;

    static void initialize(Genome& /*genome*/, Key /*key*/) noexcept {}

    static float step(const Genome& genome, SynapseRole /*role*/, const Progress& progress,
                      float /*depth*/) noexcept {
        const float rate = genome.get<"rate">()[0];
        if (genome.get<"cosine">()[0] == 0.0F) return rate;
        return rate * 0.5F * (1.0F + std::cos(std::numbers::pi_v<float> * progress.fraction));
    }
};

}  // namespace tdca::baseline
