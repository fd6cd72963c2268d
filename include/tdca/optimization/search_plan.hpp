// SearchPlan and SearchBirth: what a search is told, and how its genome spends it.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/optimization/box.hpp"

namespace tdca::inline TDCA_ABI {

/// What a search may spend, what is known before it begins, and what to expect of the values.
struct SearchPlan {
    std::size_t evaluations = 1000;
    /// In the box: evaluated first, and where the first life begins; empty: anywhere.
    std::vector<double> start{};
    bool restarts = true;  ///< whether there may be more than one life
    /// Whether one point can have several values. Then there is one life, and the point that it
    /// ends with is its centre, which the last evaluations are spent on: not the luckiest one.
    bool is_noisy = false;
    /// Whether points are to be such as single precision has.
    bool is_single = false;
    /// The value at the start, where it is known already; it is not evaluated again.
    double start_value = std::numeric_limits<double>::quiet_NaN();

    /// @throws tdca::Error where there is nothing to spend, or the start is not in the box
    void check(const Box& box) const {
        require_some("SearchPlan", "evaluations granted", evaluations);
        if (!start.empty()) box.require_inside("SearchPlan, start", start);
        if (start.empty() && !std::isnan(start_value)) {
            throw Error("SearchPlan", "the value of a start that is not given");
        }
    }
};

/// What a search asks for next.
enum class SearchPhase {
    start,   ///< the start, by itself
    life,    ///< batches
    centre,  ///< where a noisy search ended, again and again
    over     ///< nothing, though the budget is not spent
};

/// How the lives of a search begin, by its dimension n and evaluations E. With
/// φ = (1, log₁₀ n − 1, log₁₀ min(E / n, 10⁴) − 2), and a share t of the lives over:
///   points of a batch = exp 3 (a · φ + a₃ t + a₄ [noisy]),   lives = exp 3 b · φ,
///   first spread = exp 2 (c₀ + c₁ φ₁).
/// The first life begins anywhere. A later one, after a share t of them, begins between the best
/// point so far and anywhere, a part logistic(3h) of the way home, with a
///   spread = exp 2 (d₀ + d₁ φ₁ + d₂ t):
/// what is known as iterated local search, or basin hopping; batches that grow from life to life
/// are known from Auger & Hansen, "A restart CMA evolution strategy with increasing population
/// size", CEC 2005. A life is over when it has shrunk to a spread of exp 3g, or found nothing
/// better for n exp 3 (p₀ + p₁ φ₁) evaluations. Numbers are rounded and kept sane.
struct SearchBirth {
    using Genome = Genes<float, Parameter<"log_points", Shape<5>>,
                         Parameter<"log_spread", Shape<2>>, Parameter<"log_lives", Shape<3>>,
                         Parameter<"log_respread", Shape<3>>, Parameter<"homing", Shape<1>>,
                         Parameter<"log_collapse", Shape<1>>, Parameter<"log_patience", Shape<2>>>;

    static constexpr std::size_t fewest_points = 4;        ///< of a batch
    static constexpr std::size_t most_points = 512;        ///< of a batch
    static constexpr std::size_t most_lives = 64;          ///< of a search
    static constexpr std::size_t fewest_evaluations = 50;  ///< of a life, if there are several

    std::size_t lives = 1;    ///< planned
    float log_points = 0;     ///< of a batch, its logarithm in the first life,
    float widening = 0;       ///< and what the share of the lives adds to that
    std::size_t points = 16;  ///< of a batch, in the first life
    std::size_t room = 16;    ///< most points of a batch
    float spread = 0.25F;     ///< of the first life, in half widths of the box
    float respread = 0;       ///< of later ones, likewise, its logarithm,
    float fade = 0;           ///< and what their share adds to that
    float homing = 0;         ///< how near to the best point later lives begin, 0 to 1
    float collapse = 0;       ///< spread that ends a life
    float patience = 0;       ///< evaluations without a better value that do

    /// log₁₀ of evaluations a dimension, less 2. Beyond 10,000 they count as so many: who grants
    /// more than anybody can use means to end at a target, or by patience.
    [[nodiscard]] static float log_budget_of(float evaluations_per_dimension) noexcept {
        return std::fmin(std::log10(evaluations_per_dimension) - 2, 2.0F);
    }

    /// 16 points a batch, two lives, a first cloud of a quarter of the half width.
    static void initialize(Genome& genome) noexcept {
        genome.get<"log_points">()[0] = std::log(16.0F) / 3;
        genome.get<"log_spread">()[0] = -0.7F;
        genome.get<"log_lives">()[0] = std::log(2.0F) / 3;
        genome.get<"log_respread">()[0] = -1.5F;
        genome.get<"homing">()[0] = 1.0F;
        genome.get<"log_collapse">()[0] = -8.0F;
        genome.get<"log_patience">()[0] = 2.0F;
    }

    [[nodiscard]] static SearchBirth decode(const Genome& genome, std::size_t dimension,
                                            const SearchPlan& plan) noexcept {
        const auto n = static_cast<float>(dimension);
        const float log_dimension = std::log10(n) - 1;
        const float log_budget = log_budget_of(static_cast<float>(plan.evaluations) / n);
        const auto powers = [&](const auto& genes) {
            return 3 * (genes[0] + genes[1] * log_dimension + genes[2] * log_budget);
        };
        const std::size_t most =
            std::clamp<std::size_t>(plan.evaluations / fewest_evaluations, 1, most_lives);
        SearchBirth birth;
        birth.lives = rounded(powers(genome.get<"log_lives">()), 1,
                              plan.restarts && !plan.is_noisy ? most : 1);
        birth.room =
            std::clamp<std::size_t>(plan.evaluations / birth.lives / 4, fewest_points, most_points);
        const auto points = genome.get<"log_points">();
        birth.log_points = powers(points) + (plan.is_noisy ? 3 * points[4] : 0.0F);
        birth.widening = 3 * points[3];
        birth.points = birth.points_of(0);
        const auto spread = genome.get<"log_spread">();
        birth.spread = std::exp(inside(2 * (spread[0] + spread[1] * log_dimension), -7, 1));
        const auto respread = genome.get<"log_respread">();
        birth.respread = 2 * (respread[0] + respread[1] * log_dimension);
        birth.fade = 2 * respread[2];
        birth.homing = 1 / (1 + std::exp(-3 * genome.get<"homing">()[0]));
        // Single precision ends in the seventh digit.
        birth.collapse = std::exp(
            inside(3 * genome.get<"log_collapse">()[0], plan.is_single ? -14.0F : -33.0F, -4));
        const auto patience = genome.get<"log_patience">();
        birth.patience =
            n * std::exp(inside(3 * (patience[0] + patience[1] * log_dimension), 1, 20));
        return birth;
    }

    /// Points of a batch in life number `life`, the first being 0.
    [[nodiscard]] std::size_t points_of(std::size_t life) const noexcept {
        return rounded(log_points + widening * share(life), fewest_points, room);
    }
    /// Most points of a batch in any life.
    [[nodiscard]] std::size_t most_points_of_all() const noexcept {
        return std::max(points_of(0), rounded(log_points + widening, fewest_points, room));
    }

    /// Of life number `life`, the first being 0.
    [[nodiscard]] float spread_of(std::size_t life) const noexcept {
        return life == 0 ? spread : std::exp(inside(respread + fade * share(life), -12, 1));
    }
    /// Part of the lives before life number `life`.
    [[nodiscard]] float share(std::size_t life) const noexcept {
        return std::fmin(static_cast<float>(life) / static_cast<float>(lives), 1.0F);
    }

private:
    static std::size_t rounded(float log_wished, std::size_t least, std::size_t most) noexcept {
        const float wished = std::exp(log_wished);
        return static_cast<std::size_t>(
            std::lround(inside(wished, static_cast<float>(least), static_cast<float>(most))));
    }
    // fmin and fmax drop a NaN.
    static float inside(float x, float least, float most) noexcept {
        return std::fmin(std::fmax(x, least), most);
    }
};

}  // namespace tdca
