// StepSchedule: the evolved course of step sizes over a lifetime.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <span>

#include "tdca/concepts/schedule.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/course.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/random.hpp"

namespace tdca::inline TDCA_ABI {

/// Step sizes as a function of the lifetime's progress.
///
/// With features φ = (τ, ln(1 − τ), log₁₀(K / 300), running error ρ − 1, depth d, log₁₀(1 +
/// passes), log₁₀(batch / 64), 1), for each role:
///   ln η = g · (a · φ + Σ_h v_h tanh(w_h · φ)),   g = 2.
/// Before evolution the coefficient of ln(1 − τ) makes η fall linearly to zero and the constant is
/// `initial_log_steps`. ln η is clamped to [−20, 6].
///
/// @tparam Hidden tanh neurons; 0 leaves the linear terms
template <std::size_t Hidden = 6>
struct StepSchedule {
    static constexpr std::size_t roles = 3;  ///< hidden, output, feedback
    static constexpr std::size_t features = 8;
    /// Genes are in units in which evolution's first steps are neither timid nor wild.
    static constexpr float gene_scale = 2.0F;
    /// ln η at birth for hidden, output and feedback synapses.
    static constexpr std::array<float, roles> initial_log_steps{0.0F, 0.0F, -1.0F};

    using Genome = Genes<float, Parameter<"linear", Shape<roles, features>>,
                         Parameter<"hidden", Shape<Hidden, features>>,
                         Parameter<"readout", Shape<roles, Hidden>>>;

    static void initialize(Genome& genome, Key key) noexcept {
        const auto linear = genome.template get<"linear">();
        for (std::size_t role = 0; role < roles; ++role) {
            linear[role * features + 1] = 1.0F / gene_scale;
            linear[role * features + features - 1] = initial_log_steps[role] / gene_scale;
        }
        const auto hidden = genome.template get<"hidden">();
        key.fill_normal(std::span<float>(hidden));
        for (float& weight : hidden) weight /= std::sqrt(static_cast<float>(features));
    }

    /// Makes all steps `factor` times as large.
    static void scale(Genome& genome, float factor) noexcept {
        for (std::size_t role = 0; role < roles; ++role) {
            genome.template get<"linear">()[role * features + features - 1] +=
                std::log(factor) / gene_scale;
        }
    }

    /// The step size for a layer at relative depth `depth` in (0, 1].
    [[nodiscard]] static float step(const Genome& genome, SynapseRole role,
                                    const Progress& progress, float depth) noexcept {
        const std::array<float, features> phi{progress.fraction,
                                              progress.log_left,
                                              progress.log_horizon,
                                              progress.error - 1.0F,
                                              depth,
                                              progress.log_passes,
                                              progress.log_batch,
                                              1.0F};
        const auto dot = [&phi](const float* row) {
            float sum = 0;
            for (std::size_t f = 0; f < features; ++f) sum += row[f] * phi[f];
            return sum;
        };
        const auto index = static_cast<std::size_t>(role);
        float log_step = dot(genome.template get<"linear">().data() + index * features);
        for (std::size_t h = 0; h < Hidden; ++h) {
            log_step += genome.template get<"readout">()[index * Hidden + h] *
                        std::tanh(dot(genome.template get<"hidden">().data() + h * features));
        }
        // fmin and fmax drop a NaN: a broken gene gives a tiny step, not a broken network.
        return std::exp(std::fmin(std::fmax(gene_scale * log_step, -20.0F), 6.0F));
    }
};

}  // namespace tdca
