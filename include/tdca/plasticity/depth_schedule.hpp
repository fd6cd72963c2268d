// DepthSchedule: a schedule whose steps also follow from how many layers a network has.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

#include "tdca/concepts/schedule.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/course.hpp"
#include "tdca/core/genome.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/random.hpp"
#include "tdca/plasticity/schedule.hpp"

namespace tdca::inline TDCA_ABI {

/// The steps of another schedule, made smaller in networks of more than ten layers:
///   η = η_course · (10 / layers)^(2 x),   one gene x for each role.
///
/// What each layer changes in a plain deep network, all layers above it pass on: steps that suit
/// ten layers are too large for eighty. Before evolution x is 1 for hidden synapses, 0 for the
/// others; up to ten layers, and wherever x is 0, steps are the other schedule's, bit for bit.
template <class Course = StepSchedule<>>
struct DepthSchedule {
    static constexpr std::size_t roles = 3;  ///< hidden, output, feedback

    using Genome = tdca::Genome<Part<"course", typename Course::Genome>,
                                Part<"depth", Genes<float, Parameter<"exponent", Shape<roles>>>>>;

    static void initialize(Genome& genome, Key key) noexcept {
        Course::initialize(genome.template get<"course">(), key);
        genome.template get<"depth">().template get<"exponent">()[0] = 1.0F;
    }

    /// Makes all steps `factor` times as large.
    static void scale(Genome& genome, float factor) noexcept {
        Course::scale(genome.template get<"course">(), factor);
    }

    /// The step size for a layer at relative depth `depth` in (0, 1].
    [[nodiscard]] static float step(const Genome& genome, SynapseRole role,
                                    const Progress& progress, float depth) noexcept {
        const float step = Course::step(genome.template get<"course">(), role, progress, depth);
        const float power = genome.template get<"depth">()
                                .template get<"exponent">()[static_cast<std::size_t>(role)];
        const float log_factor = -2.0F * power * progress.log_depth;
        return step * std::exp(std::fmin(std::fmax(log_factor, -20.0F), 6.0F));
    }
};

}  // namespace tdca
