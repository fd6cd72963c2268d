// SearchPlan and SearchBirth: what a search is told, and how its genome spends it.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "tdca/core/error.hpp"
#include "tdca/core/parameters.hpp"

namespace tdca {

/// What a search may spend, and where it begins.
struct SearchPlan {
    std::size_t evaluations = 1000;
    std::vector<float> start{};  ///< in the box, of the first life; empty: anywhere
    bool restarts = true;        ///< whether there may be more than one life

    /// @throws tdca::Error where there is nothing to spend, or the start is no point of the space
    void check(std::size_t dimension) const {
        if (evaluations == 0) throw Error("SearchPlan", "no evaluation is granted");
        if (!start.empty() && start.size() != dimension) {
            throw Error("SearchPlan", "the start has another dimension than the box", dimension,
                        start.size());
        }
        for (const float x : start) {
            if (!std::isfinite(x)) throw Error("SearchPlan", "the start is not finite");
        }
    }
};

/// How the lives of a search begin, by its dimension n and evaluations E. With
/// φ = (1, log₁₀ n − 1, log₁₀(E / n) − 2), three genes each:
///   points of a batch = exp 3 a · φ,   lives = exp 3 b · φ,   spread at birth = exp 2 (c₀ + c₁
///   φ₁),
/// and a life that has shrunk to a spread of exp 3d is over. Numbers are rounded and kept sane.
struct SearchBirth {
    using Genome =
        Genes<float, Parameter<"log_points", Shape<3>>, Parameter<"log_spread", Shape<2>>,
              Parameter<"log_lives", Shape<3>>, Parameter<"log_collapse", Shape<1>>>;

    static constexpr std::size_t fewest_points = 4;
    static constexpr std::size_t most_points = 256;
    static constexpr std::size_t most_lives = 16;
    static constexpr std::size_t fewest_evaluations = 100;  ///< of a life, if there are several

    std::size_t lives = 1;
    std::size_t points = 16;
    float spread = 0.25F;  ///< in half widths of the box
    float collapse = 0;    ///< likewise

    /// 16 points a batch, one life, a cloud of a quarter of the half width.
    static void initialize(Genome& genome) noexcept {
        genome.get<"log_points">()[0] = std::log(16.0F) / 3;
        genome.get<"log_spread">()[0] = -0.7F;
        genome.get<"log_collapse">()[0] = -4.0F;
    }

    [[nodiscard]] static SearchBirth express(const Genome& genome, std::size_t dimension,
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
        birth.collapse = std::exp(inside(3 * genome.get<"log_collapse">()[0], -14, -4));
        return birth;
    }

private:
    // fmin and fmax drop a NaN.
    static float inside(float x, float least, float most) noexcept {
        return std::fmin(std::fmax(x, least), most);
    }
};

}  // namespace tdca
