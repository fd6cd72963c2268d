// The textbook schedules of the baseline: how the rate changes over a lifetime.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>

#include "tdca/core/course.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/random.hpp"
#include "tdca/plasticity/schedule.hpp"

namespace tdca::baseline {

/// A course of the rate.
enum class RateCourse : std::size_t { constant, cosine, linear, warm_up, one_cycle };

inline constexpr std::array<const char*, 5> rate_course_names{"constant", "cosine", "linear",
                                                              "warm-up and cosine", "one cycle"};

/// What the rate is multiplied by in update `k` (from 0) of `n`; PyTorch's name in brackets.
/// Constant: 1. Cosine (CosineAnnealingLR): falls to 0 along half a cosine. Linear (LinearLR to 0):
/// 1 − k / n. Warm-up: up in equal steps over the first tenth, then cosine. One cycle (OneCycleLR
/// without its change of momentum; Smith & Topin, arXiv:1708.07120): from 1/25 up over three tenths
/// and down to 4e-6, both along half a cosine.
[[nodiscard]] inline float rate_factor(RateCourse course, float k, float n) noexcept {
    const auto half_cosine = [](float from, float to, float part) {
        return to + 0.5F * (from - to) * (1.0F + std::cos(std::numbers::pi_v<float> * part));
    };
    switch (course) {
        case RateCourse::constant:
            break;
        case RateCourse::cosine:
            return half_cosine(1, 0, k / n);
        case RateCourse::linear:
            return 1.0F - k / n;
        case RateCourse::warm_up: {
            const float warming = std::fmax(1.0F, std::floor(n / 10.0F));
            if (k < warming) return (k + 1.0F) / warming;
            return half_cosine(1, 0, (k - warming) / (n - warming));
        }
        case RateCourse::one_cycle: {
            const float top = std::fmax(0.3F * n - 1.0F, 1.0F);
            if (k <= top) return half_cosine(0.04F, 1, k / top);
            return half_cosine(1, 4e-6F, (k - top) / std::fmax(n - 1.0F - top, 1.0F));
        }
    }
    return 1.0F;
}

/// One rate for all layers, and a textbook course.
struct TextbookSchedule {
    using Genome = Genes<float, Parameter<"rate", Shape<1>>, Parameter<"course", Shape<1>>>;

    static void initialize(Genome& /*genome*/, Key /*key*/) noexcept {}

    static void choose(float rate, RateCourse course, Genome& genome) noexcept {
        genome.get<"rate">()[0] = rate;
        genome.get<"course">()[0] = static_cast<float>(course);
    }

    static float step(const Genome& genome, SynapseRole /*role*/, const Progress& progress,
                      float /*depth*/) noexcept {
        const auto course = static_cast<RateCourse>(genome.get<"course">()[0]);
        const float planned = std::round(300.0F * std::pow(10.0F, progress.log_horizon));
        return genome.get<"rate">()[0] *
               rate_factor(course, std::round(progress.fraction * planned), planned);
    }
};

}  // namespace tdca::baseline
