// OpenAiEs: isotropic evolution strategy with Adam.
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

/// Settings of @ref OpenAiEs.
struct OpenAiEsOptions {
    std::size_t members = 32;  ///< even: antithetic pairs
    float sigma = 0.05F;       ///< standard deviation of the noise, for every gene
    double rate = 0.005;       ///< Adam's step size
    double decay = 0;          ///< the mean shrinks by rate × decay a generation
};

/// Evolution strategy with one σ, centred ranks and Adam (Salimans et al., arXiv:1703.03864).
///
///   x_m = μ + σ z_m,   g = Σ u_m z_m / (λ σ),   μ ← μ + Adam(g) − rate · decay · μ.
/// g estimates how fitness changes with the genome; nothing is differentiated.
class OpenAiEs {
public:
    using Options = OpenAiEsOptions;

    struct State {
        std::vector<float> mean;           ///< of the population
        std::vector<float> first_moment;   ///< Adam's, of the estimated slope
        std::vector<float> second_moment;  ///< Adam's, likewise
        std::size_t generation = 0;        ///< generations told

        /// Visits what a checkpoint must hold: `visit(name, vector)`.
        template <class Visitor>
        void for_each(Visitor&& visit) {
            visit("mean", mean);
            visit("first_moment", first_moment);
            visit("second_moment", second_moment);
        }
        template <class Visitor>
        void for_each(Visitor&& visit) const {
            visit("mean", mean);
            visit("first_moment", first_moment);
            visit("second_moment", second_moment);
        }
    };

    static constexpr const char* name = "openai_es";

    /// @throws tdca::Error where a setting makes no sense
    explicit OpenAiEs(const Options& options = {}) : options_(options) {
        require_pairs(name, options.members);
        require_positive(name, "sigma", options.sigma);
        require_not_negative(name, "rate", options.rate);
        require_not_negative(name, "decay", options.decay);
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
        return {{mean.begin(), mean.end()},
                std::vector<float>(mean.size()),
                std::vector<float>(mean.size()),
                0};
    }

    void ask(const State& state, Key key, std::size_t member, std::span<float> out) const noexcept {
        fill_antithetic(key, state.generation, member, out);
        for (std::size_t i = 0; i < out.size(); ++i) {
            out[i] = state.mean[i] + options_.sigma * out[i];
        }
    }

    /// @throws tdca::Error where there is not one fitness per member
    void tell(State& state, Key key, std::span<const double> fitness) const {
        require_one_each(name, members(), fitness.size());
        const std::size_t genes = state.mean.size();
        const std::vector<double> utility = centred_ranks(fitness);
        std::vector<double> slope(genes);
        std::vector<float> noise(genes);
        for (std::size_t member = 0; member < fitness.size(); ++member) {
            fill_antithetic(key, state.generation, member, noise);
            for (std::size_t i = 0; i < genes; ++i) {
                slope[i] += utility[member] * static_cast<double>(noise[i]);
            }
        }
        ++state.generation;
        const auto t = static_cast<double>(state.generation);
        const double scale =
            1 / (static_cast<double>(fitness.size()) * static_cast<double>(options_.sigma));
        const double mean_correction = 1 / (1 - std::pow(0.9, t));
        const double power_correction = 1 / (1 - std::pow(0.999, t));
        for (std::size_t i = 0; i < genes; ++i) {
            const double g = slope[i] * scale;
            const double m = 0.9 * static_cast<double>(state.first_moment[i]) + 0.1 * g;
            const double v = 0.999 * static_cast<double>(state.second_moment[i]) + 0.001 * g * g;
            const double step = m * mean_correction / (std::sqrt(v * power_correction) + 1e-8);
            step_to(static_cast<float>(m), state.first_moment[i]);
            step_to(static_cast<float>(v), state.second_moment[i]);
            const auto mean = static_cast<double>(state.mean[i]);
            step_to(static_cast<float>(mean + options_.rate * (step - options_.decay * mean)),
                    state.mean[i]);
        }
    }

private:
    Options options_;
};

}  // namespace tdca
