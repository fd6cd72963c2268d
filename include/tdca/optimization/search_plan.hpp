// SearchPlan and SearchBirth: what a search is told, and how its genome spends it.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/optimization/box.hpp"

namespace tdca::inline TDCA_ABI {

/// What a search may spend, and where it begins.
struct SearchPlan {
    std::size_t evaluations = 1000;
    /// In the box: evaluated first, and where the first life begins; empty: anywhere.
    std::vector<float> start{};
    bool restarts = true;  ///< whether there may be more than one life

    /// @throws tdca::Error where there is nothing to spend, or the start is not in the box
    void check(const Box& box) const {
        require_some("SearchPlan", "evaluations granted", evaluations);
        if (!start.empty()) box.require_inside("SearchPlan, start", start);
    }
};

/// How the lives of a search begin, by its dimension n and evaluations E. With
/// φ = (1, log₁₀ n − 1, log₁₀(E / n) − 2), three genes each:
///   points of a batch = exp 3 a · φ,   lives = exp 3 b · φ,   first spread = exp 2 (c₀ + c₁ φ₁).
/// The first life begins anywhere. A later one, after a share t of them, begins between the best
/// point so far and anywhere, a part logistic(3h) of the way home, with a
///   spread = exp 2 (d₀ + d₁ φ₁ + d₂ t):
/// what is known as iterated local search, or basin hopping. A life that has shrunk to a spread of
/// exp 3g is over. Numbers are rounded and kept sane.
struct SearchBirth {
    using Genome =
        Genes<float, Parameter<"log_points", Shape<3>>, Parameter<"log_spread", Shape<2>>,
              Parameter<"log_lives", Shape<3>>, Parameter<"log_respread", Shape<3>>,
              Parameter<"homing", Shape<1>>, Parameter<"log_collapse", Shape<1>>>;

    static constexpr std::size_t fewest_points = 4;        ///< of a batch
    static constexpr std::size_t most_points = 256;        ///< of a batch
    static constexpr std::size_t most_lives = 64;          ///< of a search
    static constexpr std::size_t fewest_evaluations = 50;  ///< of a life, if there are several

    std::size_t lives = 1;    ///< planned
    std::size_t points = 16;  ///< of a batch
    float spread = 0.25F;     ///< of the first life, in half widths of the box
    float respread = 0;       ///< of later ones, likewise, its logarithm,
    float fade = 0;           ///< and what their share adds to that
    float homing = 0;         ///< how near to the best point later lives begin, 0 to 1
    float collapse = 0;       ///< spread that ends a life

    /// 16 points a batch, two lives, a first cloud of a quarter of the half width.
    static void initialize(Genome& genome) noexcept {
        genome.get<"log_points">()[0] = std::log(16.0F) / 3;
        genome.get<"log_spread">()[0] = -0.7F;
        genome.get<"log_lives">()[0] = std::log(2.0F) / 3;
        genome.get<"log_respread">()[0] = -1.5F;
        genome.get<"homing">()[0] = 1.0F;
        genome.get<"log_collapse">()[0] = -4.0F;
    }

    [[nodiscard]] static SearchBirth decode(const Genome& genome, std::size_t dimension,
                                            const SearchPlan& plan) noexcept {
        const auto n = static_cast<float>(dimension);
        const float log_dimension = std::log10(n) - 1;
        const float log_budget = std::log10(static_cast<float>(plan.evaluations) / n) - 2;
        const auto number = [&](const auto& genes, std::size_t least, std::size_t most) {
            const float wished =
                std::exp(3 * (genes[0] + genes[1] * log_dimension + genes[2] * log_budget));
            return static_cast<std::size_t>(
                std::lround(inside(wished, static_cast<float>(least), static_cast<float>(most))));
        };
        const std::size_t room =
            std::clamp<std::size_t>(plan.evaluations / fewest_evaluations, 1, most_lives);
        SearchBirth birth;
        birth.lives = number(genome.get<"log_lives">(), 1, plan.restarts ? room : 1);
        birth.points = number(genome.get<"log_points">(), fewest_points,
                              std::clamp<std::size_t>(plan.evaluations / birth.lives / 4,
                                                      fewest_points, most_points));
        const auto spread = genome.get<"log_spread">();
        birth.spread = std::exp(inside(2 * (spread[0] + spread[1] * log_dimension), -7, 1));
        const auto respread = genome.get<"log_respread">();
        birth.respread = 2 * (respread[0] + respread[1] * log_dimension);
        birth.fade = 2 * respread[2];
        birth.homing = 1 / (1 + std::exp(-3 * genome.get<"homing">()[0]));
        birth.collapse = std::exp(inside(3 * genome.get<"log_collapse">()[0], -14, -4));
        return birth;
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
    // fmin and fmax drop a NaN.
    static float inside(float x, float least, float most) noexcept {
        return std::fmin(std::fmax(x, least), most);
    }
};

}  // namespace tdca
