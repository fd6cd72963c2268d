// CrFmNes: a natural evolution strategy that knows the direction in which genes belong together.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/random.hpp"
#include "tdca/evolution/detail/rank_one_covariance.hpp"
#include "tdca/evolution/noise.hpp"
#include "tdca/evolution/shaping.hpp"

namespace tdca::inline TDCA_ABI {

/// Settings of @ref CrFmNes.
struct CrFmNesOptions {
    std::size_t members = 32;    ///< λ, even: antithetic pairs
    float initial_sigma = 0.1F;  ///< σ of every gene before generation 0
};

/// Cost-reduction fast moving natural evolution strategy (Nomura & Ono, arXiv:2201.11422): a mean,
/// a σ, and a covariance of the form D (I + v vᵀ) D,
///   x_m = μ + σ D ⊙ (z_m + (√(1 + ‖v‖²) − 1) v̄ v̄ᵀ z_m),   v̄ = v / ‖v‖,
/// which natural gradients and the path of the mean change (rank-one, as in CMA-ES). While the mean
/// moves in one direction, samples far out weigh more. Time and memory are linear in the genes: it
/// learns the one valley that a separable strategy cannot, and not a second.
///
/// Noise is antithetic. Sums run over members in order: same bits always. Rates are the paper's.
class CrFmNes {
public:
    using Options = CrFmNesOptions;

    struct State {
        std::vector<float> mean;       ///< μ, of the population
        std::vector<float> spread;     ///< σ D
        std::vector<float> direction;  ///< v
        std::vector<float>
            path_sigma;              ///< p_σ: where the mean has been going, in units of the noise
        std::vector<float> path;     ///< p_c, in units of σ
        std::size_t generation = 0;  ///< generations told

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
            visit("spread", self.spread);
            visit("direction", self.direction);
            visit("path_sigma", self.path_sigma);
            visit("path", self.path);
        }
    };

    static constexpr const char* name = "cr_fm_nes";

    /// @throws tdca::Error where a setting makes no sense
    explicit CrFmNes(const Options& options = {}) : options_(options) {
        require_pairs(name, options.members);
        require_positive(name, "initial_sigma", options.initial_sigma);
    }

    /// @throws tdca::Error where no run could have come to this state
    static void check(const State& state) {
        for (const float spread : state.spread) require_positive(name, "spread", spread);
    }

    [[nodiscard]] std::size_t members() const noexcept { return options_.members; }
    [[nodiscard]] const Options& options() const noexcept { return options_; }

    /// v begins in a random direction, the same for every run, with a length of about 1.
    [[nodiscard]] State init(std::span<const float> mean) const {
        const std::size_t genes = mean.size();
        State state{{mean.begin(), mean.end()}, std::vector<float>(genes),
                    std::vector<float>(genes),  std::vector<float>(genes),
                    std::vector<float>(genes),  0};
        Key(0).fill_normal(std::span<float>(state.direction));
        double power = 0;
        for (float& v : state.direction) {
            v /= std::sqrt(static_cast<float>(genes));
            power += static_cast<double>(v) * static_cast<double>(v);
        }
        // σ D of a covariance whose determinant is σ²ⁿ.
        const double root = std::exp(-std::log1p(power) / (2 * static_cast<double>(genes)));
        std::ranges::fill(state.spread, options_.initial_sigma * static_cast<float>(root));
        return state;
    }

    void ask(const State& state, Key key, std::size_t member, std::span<float> out) const noexcept {
        fill_antithetic(key, state.generation, member, out);
        const Direction direction(state.direction);
        double along = 0;
        for (std::size_t i = 0; i < out.size(); ++i)
            along += direction(i) * static_cast<double>(out[i]);
        for (std::size_t i = 0; i < out.size(); ++i) {
            const double y = static_cast<double>(out[i]) + direction.stretch * along * direction(i);
            out[i] = static_cast<float>(static_cast<double>(state.mean[i]) +
                                        static_cast<double>(state.spread[i]) * y);
        }
    }

    /// @throws tdca::Error where there is not one fitness per member
    void tell(State& state, Key key, std::span<const double> fitness) const {
        require_one_each(name, members(), fitness.size());
        const std::size_t genes = state.mean.size();
        const auto n = static_cast<double>(genes);
        const auto lambda = static_cast<double>(fitness.size());
        const auto finite = static_cast<double>(
            std::ranges::count_if(fitness, [](double f) { return std::isfinite(f); }));
        const std::vector<double> by_rank = nes_utilities(fitness);
        double selected = 0;  // Σ (w + 1 / λ)², the inverse of μ_eff
        for (const double rank : ideal_utilities(fitness.size())) selected += rank * rank;
        const double mu_eff = 1 / selected;

        // Noise of all members, in rows, and the row that the path stands for.
        std::vector<double> z(fitness.size() * genes);
        std::vector<double> length(fitness.size());
        std::vector<float> noise(genes);
        for (std::size_t m = 0; m < fitness.size(); ++m) {
            fill_antithetic(key, state.generation, m, noise);
            double power = 0;
            for (std::size_t i = 0; i < genes; ++i) {
                z[m * genes + i] = static_cast<double>(noise[i]);
                power += static_cast<double>(noise[i]) * static_cast<double>(noise[i]);
            }
            length[m] = std::sqrt(power);
        }

        const double c_sigma = (mu_eff + 2) / (n + mu_eff + 5);
        double path_power = 0;
        for (std::size_t i = 0; i < genes; ++i) {
            double drift = 0;
            for (std::size_t m = 0; m < fitness.size(); ++m) drift += by_rank[m] * z[m * genes + i];
            const double next = (1 - c_sigma) * static_cast<double>(state.path_sigma[i]) +
                                std::sqrt(c_sigma * (2 - c_sigma) * mu_eff) * drift;
            step_to(static_cast<float>(next), state.path_sigma[i]);
            path_power += next * next;
        }
        const double expected = std::sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));
        const bool moves = std::sqrt(path_power) >= expected;
        const bool stagnates = std::sqrt(path_power) >= 0.1 * expected;
        const double sigma_rate = moves ? 1
                                  : stagnates
                                      ? std::tanh((0.024 * finite + 0.7 * n + 20) / (n + 12))
                                      : 2 * std::tanh((0.025 * finite + 0.75 * n + 10) / (n + 4));
        std::vector<double> weight = by_rank;
        if (moves) {
            const double reach =
                distance_slope(n) * std::sqrt(std::min(1.0, lambda / n) * finite / lambda);
            double total = 0;
            for (std::size_t m = 0; m < weight.size(); ++m) {
                weight[m] = (by_rank[m] + 1 / lambda) * std::exp(reach * length[m]);
                total += weight[m];
            }
            for (double& w : weight) w = w / total - 1 / lambda;
        }
        change(state, z, weight, {finite, mu_eff, sigma_rate});
        ++state.generation;
    }

private:
    using Direction = detail::Direction;

    struct Rates {
        double finite;
        double mu_eff;
        double sigma;
    };

    /// Utilities of so many members without ties, plus 1 / λ.
    static std::vector<double> ideal_utilities(std::size_t members) {
        std::vector<double> ranked(members);
        for (std::size_t m = 0; m < members; ++m) ranked[m] = -static_cast<double>(m);
        std::vector<double> utility = nes_utilities(ranked);
        for (double& u : utility) u += 1 / static_cast<double>(members);
        return utility;
    }

    /// The h with (1 + h²) exp(h² / 2) = 0.24 (10 + n).
    static double distance_slope(double n) noexcept {
        double h = 1;
        for (int round = 0; round < 200; ++round) {
            const double power = std::exp(h * h / 2) / 0.24;
            h -= 0.5 * ((1 + h * h) * power - 10 - n) / (power * h * (3 + h * h));
        }
        return h;
    }

    /// Steps of mean, path, v, D and σ.
    static void change(State& state, const std::vector<double>& z,
                       const std::vector<double>& weight, const Rates& rates) {
        const std::size_t genes = state.mean.size();
        const std::size_t members = weight.size();
        const auto n = static_cast<double>(genes);
        const Direction v(state.direction);
        double log_sigma = std::log1p(v.power) / 2;
        for (const float s : state.spread) log_sigma += std::log(static_cast<double>(s));
        const double sigma = std::exp(log_sigma / n);

        const double c = (4 + rates.mu_eff / n) / (n + 4 + 2 * rates.mu_eff / n);
        std::vector<double> y(members * genes);
        for (std::size_t m = 0; m < members; ++m) {
            double along = 0;
            for (std::size_t i = 0; i < genes; ++i) along += v(i) * z[m * genes + i];
            for (std::size_t i = 0; i < genes; ++i) {
                y[m * genes + i] = z[m * genes + i] + v.stretch * along * v(i);
            }
        }
        std::vector<double> pulled(genes);  // p_c / D
        double growth = 0;
        for (std::size_t i = 0; i < genes; ++i) {
            double step = 0;
            for (std::size_t m = 0; m < members; ++m) {
                step += weight[m] * y[m * genes + i];
                growth += weight[m] * (z[m * genes + i] * z[m * genes + i] - 1);
            }
            const auto spread = static_cast<double>(state.spread[i]);
            const double next = (1 - c) * static_cast<double>(state.path[i]) +
                                std::sqrt(c * (2 - c) * rates.mu_eff) * step * spread / sigma;
            pulled[i] = next * sigma / spread;
            step_to(static_cast<float>(next), state.path[i]);
            step_to(static_cast<float>(static_cast<double>(state.mean[i]) + spread * step),
                    state.mean[i]);
        }

        // Natural gradients s of ln D and t of v, each sample's weighted (section 3 of the paper).
        const double cma = 2 / ((n + 1.3) * (n + 1.3) + rates.mu_eff);
        const double c_one =
            std::max(0.0, cma * (n - 5) / 6 * rates.finite / static_cast<double>(members));
        const double c_all =
            std::tanh((std::min(0.02 * rates.finite, 3 * std::log(n)) + 5) / (0.23 * n + 25));
        std::vector<double> change_of_v(genes);
        std::vector<double> change_of_d(genes);
        for (std::size_t m = 0; m < members; ++m) {
            detail::add_gradients(v, {y.data() + m * genes, genes}, c_all * weight[m], change_of_v,
                                  change_of_d);
        }
        detail::add_gradients(v, pulled, c_one, change_of_v, change_of_d);
        // No step more than halves or doubles anything: near v̄ᵢ² = ½ the estimate has a pole.
        double longest = 0;
        double push = 0;
        for (std::size_t i = 0; i < genes; ++i) {
            longest = std::max(longest, std::abs(change_of_d[i]));
            push += change_of_v[i] * change_of_v[i];
        }
        const double share_of_d = 0.5 / std::max(longest, 0.5);
        const double half = std::max(v.length, 1.0) / 2;
        const double share_of_v = half / std::max(std::sqrt(push), half);
        double log_root = 0;
        double power = 0;
        std::vector<double> spread(genes);
        for (std::size_t i = 0; i < genes; ++i) {
            step_to(static_cast<float>(static_cast<double>(state.direction[i]) +
                                       share_of_v * change_of_v[i]),
                    state.direction[i]);
            power +=
                static_cast<double>(state.direction[i]) * static_cast<double>(state.direction[i]);
            spread[i] =
                static_cast<double>(state.spread[i]) / sigma * (1 + share_of_d * change_of_d[i]);
            log_root += std::log(spread[i]);
        }
        const double scale =
            sigma * std::exp(rates.sigma / 2 * growth / n - (log_root + std::log1p(power) / 2) / n);
        for (std::size_t i = 0; i < genes; ++i) {
            const auto next = static_cast<float>(spread[i] * scale);
            if (next > 0) step_to(next, state.spread[i]);
        }
    }

    Options options_;
};

}  // namespace tdca
