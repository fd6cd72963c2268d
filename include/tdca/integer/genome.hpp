// IntegerGenome: the genes of learning in whole numbers, and the one place where they are read.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "tdca/core/abi.hpp"
#include "tdca/core/course.hpp"
#include "tdca/core/genome.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/random.hpp"
#include "tdca/integer/learner.hpp"

namespace tdca::inline TDCA_ABI {

/// Genes of an `IntegerLearner` of any size. A step's logarithm is linear in log₁₀(K / 300),
/// log₁₀(1 + passes), log₁₀(batch / 64), depth and 1, and its course over a life is (1 − τ)^p.
using IntegerGenes =
    Genes<float, Parameter<"log_step", Shape<3, 5>>, Parameter<"log_power", Shape<3>>,
          Parameter<"log_decay", Shape<3>>, Parameter<"log_gain", Shape<3>>,
          Parameter<"trust", Shape<2>>, Parameter<"lesson", Shape<2>>,
          Parameter<"centring", Shape<2>>, Parameter<"log_birth", Shape<2>>>;

/// Decodes genes for lives in whole numbers; all that follows is whole.
struct IntegerGenome {
    using Genome = tdca::Genome<Part<"integers", IntegerGenes>>;

    /// Before evolution: a change of about one unit at first, half of each error.
    static void initialize(Genome& whole_genome) noexcept {
        auto& genome = whole_genome.get<"integers">();
        auto step = genome.get<"log_step">();
        const std::array<float, 3> first{-0.3F, -0.3F, 0.5F};
        for (std::size_t role = 0; role < 3; ++role) {
            step[role * 5 + 4] = first[role];
            genome.get<"log_decay">()[role] = -3.0F;
        }
        genome.get<"trust">()[0] = 0;
        genome.get<"centring">()[0] = genome.get<"centring">()[1] = 0;
    }

    /// The plan of a life of `course` on minibatches of `batch`; of more than 2³² − 1 updates,
    /// which is what a plan can count, that of so many.
    template <class Learner>
    [[nodiscard]] static typename Learner::Plan decode(const Genome& whole_genome,
                                                       const Course& course, std::size_t batch) {
        const auto& genome = whole_genome.get<"integers">();
        typename Learner::Plan plan{};
        plan.updates = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(
            course.updates, 1, std::numeric_limits<std::uint32_t>::max()));
        const Progress progress = Progress::at(0, course, 1, batch);
        const auto steps = genome.get<"log_step">();
        for (std::size_t role = 0; role < 3; ++role) {
            const float* const g = &steps[role * 5];
            const float log_step = g[0] * progress.log_horizon + g[1] * progress.log_passes +
                                   g[2] * progress.log_batch + g[4];
            const float power = std::exp(genome.get<"log_power">()[role]);
            constexpr std::size_t marks = Learner::Plan::marks;
            for (std::size_t mark = 0; mark <= marks; ++mark) {
                const float left = 1.0F - static_cast<float>(mark) / static_cast<float>(marks);
                // A usual change, 256, is exp(log step) units of a weight.
                plan.steps[role][mark] = static_cast<std::uint16_t>(
                    whole(4096.0F * std::exp(log_step) * std::pow(left, power), 0, 65535));
            }
            plan.decay[role] = whole(256 * std::exp(2 * genome.get<"log_decay">()[role]), 0, 4096);
        }
        const auto gain = genome.get<"log_gain">();
        const auto births = genome.get<"log_birth">();
        const float hidden_birth = 9.0F * std::exp(births[0]);
        plan.births = {whole(16 * hidden_birth, 1, 1 << 12), 32 * 16};
        // Born, the output layer's sums are a fraction of a nat.
        plan.output_birth = whole(128 * std::exp(births[1]), 0, 1024);
        const auto trust = genome.get<"trust">();
        const auto lesson = genome.get<"lesson">();
        for (std::size_t i = 0; i < Learner::depth; ++i) {
            const auto fan_in = static_cast<float>(Learner::sizes[i]);
            const auto width = static_cast<float>(Learner::sizes[i + 1]);
            const float depth = static_cast<float>(i + 1) / static_cast<float>(Learner::depth);
            const bool is_output = i + 1 == Learner::depth;
            // Activities of a few units at birth, so that there is room above; 2⁻⁴ nats at the top.
            plan.up[i] = multiplier(
                is_output ? 16.0F * std::exp(gain[1]) / (20.0F * 8.0F * std::sqrt(fan_in))
                          : std::exp(gain[0]) * 0.57F / (20.0F * std::sqrt(fan_in)));
            plan.guess[i] =
                multiplier(16.0F * std::exp(gain[2]) / (20.0F * 8.0F * std::sqrt(width)));
            const float by_depth = std::exp(steps[(is_output ? 1U : 0U) * 5 + 3] * depth);
            plan.pace[i] =
                static_cast<std::uint16_t>(whole(256 * by_depth * 8 / std::sqrt(fan_in), 1, 4096));
            plan.trust[i] = whole(256 * logistic(trust[0] + trust[1] * depth), 0, 256);
            plan.lesson[i] = whole(256 * logistic(lesson[0] + lesson[1] * depth), 0, 256);
        }
        for (std::size_t k = 0; k < 2; ++k) {
            plan.centring[k] = whole(251 * logistic(genome.get<"centring">()[k]), 0, 256);
        }
        return plan;
    }

private:
    static float logistic(float x) noexcept { return 1.0F / (1.0F + std::exp(-x)); }
    /// The nearest whole number in a range; its low end for what is no number.
    static std::int32_t whole(float x, std::int32_t least, std::int32_t most) noexcept {
        if (!(x > static_cast<float>(least))) return least;
        if (x >= static_cast<float>(most)) return most;
        return static_cast<std::int32_t>(std::lround(x));
    }
    /// Sums of up to 2²⁴ are shifted so that products with the factor stay below 2³¹.
    static Multiplier multiplier(float gain) noexcept {
        Multiplier result;
        float factor = gain * 16;
        result.first = 4;
        std::uint8_t then = 0;
        while (factor < 128 && then < 24) {
            factor *= 2;
            ++then;
        }
        result.then = then;
        result.factor = static_cast<std::int16_t>(whole(factor, 0, 255));
        return result;
    }
};

}  // namespace tdca
