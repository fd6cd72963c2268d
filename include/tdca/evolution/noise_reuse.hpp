// NoiseReuse: an evolution strategy that learns from windows of lives.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/random.hpp"
#include "tdca/evolution/noise.hpp"
#include "tdca/evolution/shaping.hpp"

namespace tdca::inline TDCA_ABI {

/// Settings of @ref NoiseReuse.
struct NoiseReuseOptions {
    std::size_t members = 32;  ///< λ, even: antithetic pairs
    float sigma = 0.05F;       ///< standard deviation of the noise, for every gene
    double rate = 0.01;        ///< Adam's step size
    /// Windows that a pair keeps its noise for. 0: its whole life (noise-reuse ES, ES-Single); 1:
    /// new noise in every window (persistent ES).
    std::size_t reuse = 0;
    double mean_decay = 0.9;    ///< Adam's β₁
    double power_decay = 0.99;  ///< Adam's β₂
    /// Fitness differences within a pair count as at most so large. 0: as they are, which alone is
    /// unbiased; then one life that breaks may throw the mean far.
    double limit = 0;
};

/// Evolution in windows of lives: every generation is one window long, and the mean moves after it
/// (generalised persistent ES: Vicol, Metz & Sohl-Dickstein, ICML 2021; noise-reuse ES: Li et al.,
/// arXiv:2304.12180; ES-Single: Vicol, ICML 2023).
///
///   x_m = μ + σ z_m,   g = Σ ζ_m f_m / (λ σ),   μ ← μ + Adam(g),
/// where f_m is the fitness of the window, and ζ_m the sum of all noise that shaped the member so
/// far, each draw once: z_m itself where noise is kept for life. Averaged over ages, g is an
/// unbiased estimate of how the mean fitness of a life's windows changes with the genome, smoothed
/// by the noise, were it the same all life long. Pairs are out of step with each other, so that
/// each generation sees all ages; first lives are cut short for that. A pair of which a fitness is
/// not finite counts for nothing.
///
/// Noise is regenerated; the means of the windows before are kept, so that a stopped run can live
/// its members' lives again up to where they were.
///
/// @tparam Windows in a life
template <std::size_t Windows>
class NoiseReuse {
    static_assert(Windows > 0, "a life needs at least one window");

public:
    using Options = NoiseReuseOptions;
    static constexpr std::size_t windows = Windows;
    static constexpr const char* name = "noise_reuse";

    struct State {
        std::vector<float> mean;           ///< μ, of the population
        std::vector<float> first_moment;   ///< Adam's, of the estimate
        std::vector<float> second_moment;  ///< Adam's, likewise
        /// The mean of 1, 2, … generations ago.
        std::array<std::vector<float>, Windows - 1> past;
        std::size_t generation = 0;  ///< windows told

        /// Visits what a checkpoint must hold: `visit(name, vector)`.
        template <class Visitor>
        void for_each(Visitor&& visit) {
            each(*this, visit);
        }
        template <class Visitor>
        void for_each(Visitor&& visit) const {
            each(*this, visit);
        }

    private:
        template <class Self, class Visitor>
        static void each(Self& self, Visitor& visit) {
            visit("mean", self.mean);
            visit("first_moment", self.first_moment);
            visit("second_moment", self.second_moment);
            for (std::size_t ago = 1; ago < Windows; ++ago) {
                visit(("mean_" + to_text(ago) + "_ago").c_str(), self.past[ago - 1]);
            }
        }
    };

    /// @throws tdca::Error where a setting makes no sense
    explicit NoiseReuse(const Options& options = {}) : options_(options) {
        require_pairs(name, options.members);
        require_positive(name, "sigma", options.sigma);
        require_not_negative(name, "rate", options.rate);
        require_not_negative(name, "limit", options.limit);
        for (const double decay : {options.mean_decay, options.power_decay}) {
            if (decay >= 0 && decay < 1) continue;
            throw Error(name, "a decay of Adam's is none", "at least 0 and below 1",
                        to_text(decay));
        }
    }

    /// @throws tdca::Error where no run could have come to this state
    static void check(const State& state) {
        for (const float power : state.second_moment) {
            require_not_negative(name, "second_moment", power);
        }
    }

    [[nodiscard]] std::size_t members() const noexcept { return options_.members; }
    [[nodiscard]] const Options& options() const noexcept { return options_; }

    [[nodiscard]] State init(std::span<const float> mean) const {
        State state;
        state.mean.assign(mean.begin(), mean.end());
        state.first_moment.resize(mean.size());
        state.second_moment.resize(mean.size());
        state.past.fill(state.mean);
        return state;
    }

    /// Windows lived of the present life, before generation `generation`.
    [[nodiscard]] std::size_t age(std::size_t generation, std::size_t member) const noexcept {
        return std::min(generation, (generation + head_start(member)) % Windows);
    }

    void ask(const State& state, Key key, std::size_t member, std::span<float> out) const noexcept {
        shift(state.mean, key, state.generation, member, out);
    }

    /// What `ask` answered `ago` generations ago, fewer than a life has.
    void recall(const State& state, Key key, std::size_t member, std::size_t ago,
                std::span<float> out) const noexcept {
        shift(ago == 0 ? state.mean : state.past[ago - 1], key, state.generation - ago, member,
              out);
    }

    /// g, of the generation that `state` is at.
    ///
    /// @throws tdca::Error where there is not one fitness per member
    [[nodiscard]] std::vector<double> estimate(const State& state, Key key,
                                               std::span<const double> fitness) const {
        require_one_each(name, members(), fitness.size());
        std::vector<double> slope(state.mean.size());
        std::vector<float> noise(slope.size());
        const double scale =
            1 / (static_cast<double>(fitness.size()) * static_cast<double>(options_.sigma));
        for (std::size_t member = 0; member < fitness.size(); member += 2) {
            double difference = fitness[member] - fitness[member + 1];
            if (!std::isfinite(difference)) continue;
            if (options_.limit > 0) {
                difference = std::clamp(difference, -options_.limit, options_.limit);
            }
            // Each draw of the life so far, once.
            const std::size_t lived = age(state.generation, member);
            const std::size_t step = options_.reuse == 0 ? Windows : options_.reuse;
            for (std::size_t drawn = 0; drawn <= lived; drawn += step) {
                draw(key, state.generation - lived + drawn, member, noise);
                for (std::size_t i = 0; i < slope.size(); ++i) {
                    slope[i] += scale * difference * static_cast<double>(noise[i]);
                }
            }
        }
        return slope;
    }

    /// @throws tdca::Error where there is not one fitness per member
    void tell(State& state, Key key, std::span<const double> fitness) const {
        const std::vector<double> slope = estimate(state, key, fitness);
        if constexpr (Windows > 1) {
            std::rotate(state.past.begin(), state.past.end() - 1, state.past.end());
            state.past.front() = state.mean;
        }
        ++state.generation;
        const auto t = static_cast<double>(state.generation);
        const auto [b1, b2] = std::pair(options_.mean_decay, options_.power_decay);
        for (std::size_t i = 0; i < slope.size(); ++i) {
            const double m = b1 * static_cast<double>(state.first_moment[i]) + (1 - b1) * slope[i];
            const double v =
                b2 * static_cast<double>(state.second_moment[i]) + (1 - b2) * slope[i] * slope[i];
            const double step =
                m / (1 - std::pow(b1, t)) / (std::sqrt(v / (1 - std::pow(b2, t))) + 1e-8);
            step_to(static_cast<float>(m), state.first_moment[i]);
            step_to(static_cast<float>(v), state.second_moment[i]);
            step_to(state.mean[i] + static_cast<float>(options_.rate * step), state.mean[i]);
        }
    }

private:
    /// How many windows ago a pair's first life would have begun: pairs share out a life's length.
    [[nodiscard]] std::size_t head_start(std::size_t member) const noexcept {
        return member / 2 * Windows / std::max<std::size_t>(options_.members / 2, 1);
    }

    /// The noise that was drawn in this generation.
    static void draw(Key key, std::size_t generation, std::size_t member,
                     std::span<float> out) noexcept {
        fill_antithetic(key, generation, member, out);
    }

    void shift(const std::vector<float>& mean, Key key, std::size_t generation, std::size_t member,
               std::span<float> out) const noexcept {
        const std::size_t lived = age(generation, member);
        const std::size_t kept = options_.reuse == 0 ? lived : lived % options_.reuse;
        draw(key, generation - kept, member, out);
        for (std::size_t i = 0; i < out.size(); ++i) out[i] = mean[i] + options_.sigma * out[i];
    }

    Options options_;
};

}  // namespace tdca
