// EpisodeController: how a TDCA-network governs acting and learning from one episode to the next.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

#include "tdca/core/abi.hpp"
#include "tdca/core/random.hpp"
#include "tdca/top_down/recurrent_clock.hpp"

namespace tdca::inline TDCA_ABI {

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
    float certainty = 0;     ///< how sure its choices were: 0 where all actions were as likely
    float understood = 0;    ///< share of the variance of returns that was expected
    float continuous = 0;    ///< whether actions are numbers
    float log_limit = 0;     ///< log₁₀(steps of the longest episode / 500)
    float one = 1;           ///< constant

    static constexpr std::size_t size = 14;  ///< how many numbers
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

/// A @ref RecurrentClock that ticks once an episode; its memory lives as long as the policy does.
/// Each command is base + output, through exp or a logistic function where it must be positive or a
/// share.
///
/// @tparam Memory neurons
template <std::size_t Memory = 8>
struct EpisodeController {
    static constexpr std::size_t commands = 10;  ///< how many numbers it answers with

    using Recurrent = RecurrentClock<commands, EpisodeMood::size, Memory>;  ///< what remembers
    using Genome = typename Recurrent::Genome;
    /// What the controller remembers.
    using State = typename Recurrent::State;

    static void initialize(Genome& genome, Key key) noexcept { Recurrent::initialize(genome, key); }

    /// One tick.
    static EpisodeCommand command(const Genome& genome, const EpisodeMood& now,
                                  State& memory) noexcept {
        auto out = Recurrent::tick(genome, now.features(), memory);
        for (float& x : out) x *= 2;
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
    static float positive(float x) noexcept { return Recurrent::positive(x, -8.0F, 3.0F); }
    // fmin and fmax drop a NaN.
    static float share(float x) noexcept {
        return 1 / (1 + std::exp(-std::fmin(std::fmax(x, -20.0F), 20.0F)));
    }
};

}  // namespace tdca
