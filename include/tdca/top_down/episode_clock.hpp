// EpisodeClock: how a TDCA-network governs acting and learning from one episode to the next.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <span>

#include "tdca/core/parameters.hpp"
#include "tdca/core/random.hpp"

namespace tdca {

/// What the top level knows between episodes, every number of order 1 and free of the unit of
/// reward.
struct EpisodeMood {
    float fraction = 0;      ///< τ, share of the budget that is spent
    float log_left = 0;      ///< ln(1 − τ) / 3
    float log_budget = 0;    ///< log₁₀ of the episodes that the budget looks like, less 2
    float log_episodes = 0;  ///< log₁₀(1 + episodes so far) − 1
    float surprise = 0;      ///< (last return − mean of the last few) / spread of all
    float level = 0;         ///< (mean of the last few − best) / spread of all
    float last = 0;          ///< (last return − best) / spread of all
    float length = 0;        ///< 2 × steps of the last episode / limit − 1
    float cut = 0;           ///< whether it was cut off there
    float certainty = 0;     ///< 1 − entropy of its choices relative to that of indifference
    float understood = 0;    ///< share of the variance of returns that was expected
    float continuous = 0;    ///< whether actions are numbers
    float log_limit = 0;     ///< log₁₀(steps of the longest episode / 500)
    float one = 1;

    static constexpr std::size_t size = 14;
    [[nodiscard]] std::array<float, size> features() const noexcept {
        std::array<float, size> all{fraction,   log_left,   log_budget, log_episodes, surprise,
                                    level,      last,       length,     cut,          certainty,
                                    understood, continuous, log_limit,  one};
        for (float& feature : all) {
            feature = std::isfinite(feature) ? std::fmin(std::fmax(feature, -4.0F), 4.0F) : 0.0F;
        }
        return all;
    }
};

/// What the TDCA-network asks for until the next episode.
struct EpisodeCommand {
    float pace = 1;         ///< factor on all step sizes
    float sharpness = 1;    ///< inverse temperature of choices
    float noise = 0;        ///< deviation of the noise on logits, or on actions
    float persistence = 0;  ///< correlation of the noise from step to step
    float passes = 1;       ///< how often each new step is learned from
    float recall = 0;       ///< share of old steps among those that are learned from
    float horizon = 0.9F;   ///< λ of advantages
    float caution = 1;      ///< weight of disappointments, relative to that of good surprises
    float reach = 0.2F;     ///< how far likelihoods of actions may move
    float homing = 0;       ///< share of the way back to where synapses were in the best episode
};

/// A recurrent network that ticks once an episode, with a memory m that lives as long as the policy
/// does:   m ← tanh(U φ + R m),   commands = base + A φ + B m, each through exp or a logistic
/// function where it must be positive or a share.
///
/// @tparam Memory neurons
template <std::size_t Memory = 8>
struct EpisodeClock {
    static constexpr std::size_t commands = 10;
    static constexpr std::size_t mood = EpisodeMood::size;

    using Genome = Genes<float, Parameter<"linear", Shape<commands, mood>>,
                         Parameter<"input", Shape<Memory, mood>>,
                         Parameter<"recurrent", Shape<Memory, Memory>>,
                         Parameter<"readout", Shape<commands, Memory>>>;

    /// What the clock remembers.
    using State = std::array<float, Memory>;

    static void initialize(Genome& genome, Key key) noexcept {
        const auto input = genome.template get<"input">();
        key.fill_normal(std::span<float>(input));
        for (float& weight : input) weight /= std::sqrt(static_cast<float>(mood));
        // Half of the memory forgets at once, half over a few episodes.
        for (std::size_t m = 1; m < Memory; m += 2) {
            genome.template get<"recurrent">()[m * Memory + m] = 0.7F;
        }
    }

    /// One tick.
    static EpisodeCommand command(const Genome& genome, const EpisodeMood& now,
                                  State& memory) noexcept {
        const auto phi = now.features();
        State next;
        for (std::size_t m = 0; m < Memory; ++m) {
            next[m] =
                std::tanh(dot(genome.template get<"input">().data() + m * mood, phi) +
                          dot(genome.template get<"recurrent">().data() + m * Memory, memory));
        }
        memory = next;
        std::array<float, commands> out;
        for (std::size_t c = 0; c < commands; ++c) {
            out[c] = 2 * (dot(genome.template get<"linear">().data() + c * mood, phi) +
                          dot(genome.template get<"readout">().data() + c * Memory, memory));
        }
        return {positive(out[0]),
                positive(out[1]),
                0.5F * positive(out[2]),
                share(out[3]),
                4 * positive(0.5F * out[4]),
                share(out[5]),
                share(2 + out[6]),
                positive(out[7]),
                0.3F * positive(out[8]),
                share(out[9] - 4)};
    }

private:
    template <std::size_t N>
    static float dot(const float* row, const std::array<float, N>& with) noexcept {
        float sum = 0;
        for (std::size_t i = 0; i < N; ++i) sum += row[i] * with[i];
        return sum;
    }
    // fmin and fmax drop a NaN.
    static float positive(float x) noexcept {
        return std::exp(std::fmin(std::fmax(x, -8.0F), 3.0F));
    }
    static float share(float x) noexcept {
        return 1 / (1 + std::exp(-std::fmin(std::fmax(x, -20.0F), 20.0F)));
    }
};

}  // namespace tdca
