// Snes: separable natural evolution strategy.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/random.hpp"
#include "tdca/evolution/noise.hpp"
#include "tdca/evolution/shaping.hpp"

namespace tdca::inline TDCA_ABI {

/// Settings of @ref Snes; 0 means the default rule of the paper.
struct SnesOptions {
    std::size_t members = 32;    ///< λ, even: antithetic pairs
    float initial_sigma = 0.1F;  ///< σ of every gene before generation 0
    double mean_rate = 1.0;      ///< η_μ
    double sigma_rate = 0;       ///< η_σ; 0: (3 + ln n) / (5 √n)
};

/// Separable natural evolution strategy: a mean and a σ per gene (Schaul, Glasmachers &
/// Schmidhuber, "High dimensions and heavy tails for natural evolution strategies", GECCO 2011).
///
///   x_m = μ + σ ⊙ z_m,   μ ← μ + η_μ σ ⊙ Σ u_m z_m,   σ ← σ ⊙ exp(½ η_σ Σ u_m (z_m² − 1)),
/// with rank utilities u. Noise is antithetic. Sums run over members in order: same bits always.
class Snes {
public:
    using Options = SnesOptions;

    struct State {
        std::vector<float> mean;     ///< μ, of the population
        std::vector<float> sigma;    ///< σ of each gene
        std::size_t generation = 0;  ///< generations told

        /// Visits what a checkpoint must hold: `visit(name, vector)`.
        template <class Visitor>
        void for_each(Visitor&& visit) {
            visit("mean", mean);
            visit("sigma", sigma);
        }
        template <class Visitor>
        void for_each(Visitor&& visit) const {
            visit("mean", mean);
            visit("sigma", sigma);
        }
    };

    static constexpr const char* name = "snes";

    /// @throws tdca::Error where a setting makes no sense
    explicit Snes(const Options& options = {}) : options_(options) {
        require_pairs(name, options.members);
        require_positive(name, "initial_sigma", options.initial_sigma);
        require_not_negative(name, "mean_rate", options.mean_rate);
        require_not_negative(name, "sigma_rate", options.sigma_rate);
    }

    /// @throws tdca::Error where no run could have come to this state
    static void check(const State& state) {
        for (const float sigma : state.sigma) require_positive(name, "sigma", sigma);
    }

    [[nodiscard]] std::size_t members() const noexcept { return options_.members; }
    [[nodiscard]] const Options& options() const noexcept { return options_; }

    [[nodiscard]] State init(std::span<const float> mean) const {
        return {
            {mean.begin(), mean.end()}, std::vector<float>(mean.size(), options_.initial_sigma), 0};
    }

    void ask(const State& state, Key key, std::size_t member, std::span<float> out) const noexcept {
        fill_antithetic(key, state.generation, member, out);
        for (std::size_t i = 0; i < out.size(); ++i) {
            out[i] = state.mean[i] + state.sigma[i] * out[i];
        }
    }

    /// @throws tdca::Error where there is not one fitness per member
    void tell(State& state, Key key, std::span<const double> fitness) const {
        require_one_each(name, members(), fitness.size());
        const std::size_t genes = state.mean.size();
        const std::vector<double> utility = nes_utilities(fitness);
        std::vector<double> slope(genes);
        std::vector<double> curvature(genes);
        std::vector<float> noise(genes);
        for (std::size_t member = 0; member < fitness.size(); ++member) {
            fill_antithetic(key, state.generation, member, noise);
            for (std::size_t i = 0; i < genes; ++i) {
                const auto z = static_cast<double>(noise[i]);
                slope[i] += utility[member] * z;
                curvature[i] += utility[member] * (z * z - 1);
            }
        }
        const auto n = static_cast<double>(genes);
        const double sigma_rate =
            options_.sigma_rate > 0 ? options_.sigma_rate : (3 + std::log(n)) / (5 * std::sqrt(n));
        for (std::size_t i = 0; i < genes; ++i) {
            const double step = options_.mean_rate * static_cast<double>(state.sigma[i]) * slope[i];
            const double growth = std::exp(0.5 * sigma_rate * curvature[i]);
            step_to(state.mean[i] + static_cast<float>(step), state.mean[i]);
            step_to(state.sigma[i] * static_cast<float>(growth), state.sigma[i]);
        }
        ++state.generation;
    }

private:
    Options options_;
};

}  // namespace tdca
