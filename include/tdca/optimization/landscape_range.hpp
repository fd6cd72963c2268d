// LandscapeRange: which landscapes, dimensions and budgets the lifetimes of an evolution are about.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "tdca/concepts/task.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/random.hpp"
#include "tdca/optimization/landscape.hpp"
#include "tdca/optimization/test_function.hpp"

namespace tdca::inline TDCA_ABI {

/// A landscape and how often it may be evaluated.
struct DrawnLandscape {
    Landscape landscape;      ///< to be searched
    std::size_t evaluations;  ///< granted
    double noise = 0;         ///< deviation of a factor on what a search is told, 0: none
};

/// The lifetimes that a genome is evolved on.
struct LandscapeRange {
    std::vector<const TestFunction*> functions;  ///< lifetime i is about functions[i mod size]
    std::size_t lifetimes = 24;                  ///< in one generation
    double fewest_dimensions = 2;                ///< log-uniform between these, of those that the
                                                 ///< function has
    double most_dimensions = 40;                 ///< see `fewest_dimensions`
    double fewest_evaluations = 200;             ///< log-uniform between these
    double most_evaluations = 2000;              ///< see `fewest_evaluations`
    double fewest_per_dimension = 0;             ///< evaluations a dimension, log-uniform, within
                                                 ///< the two before; 0: those alone
    double most_per_dimension = 0;               ///< see `fewest_per_dimension`
    double noisy = 0;                            ///< share of lifetimes with noise on what is told,
    double most_noise = 0.3;                     ///< a factor 1 + N(0, up to this), from a tenth
    bool shift = true;                           ///< whether the optimum is moved
    double rotated = 0.75;                       ///< share of lifetimes whose landscape is turned
    double stretched = 0.3;                      ///< share whose landscape is also flattened,
    double most_condition = 100;                 ///< by a condition up to this, log-uniform

    /// @throws tdca::Error where there is nothing to draw from, or a range does not ascend
    void check() const {
        require_some("LandscapeRange", "functions", functions.size());
        require_some("LandscapeRange", "lifetimes", lifetimes);
        check_ascent("dimensions", fewest_dimensions, most_dimensions);
        check_ascent("evaluations", fewest_evaluations, most_evaluations);
        if (most_per_dimension != 0) {
            check_ascent("evaluations a dimension", fewest_per_dimension, most_per_dimension);
        }
        for (const TestFunction* function : functions) {
            const auto least = static_cast<double>(function->least_dimension);
            if (function->dimension == 0 && most_dimensions < least) {
                throw Error("LandscapeRange, dimensions",
                            std::string(function->name) + " needs more than the most",
                            "at least " + to_text(least), to_text(most_dimensions));
            }
        }
        require_within("LandscapeRange", "share of turned landscapes", 0.0, 1.0, rotated);
        require_within("LandscapeRange", "share of flattened landscapes", 0.0, 1.0, stretched);
        require_within("LandscapeRange", "most_condition", 1.0, 1e300, most_condition);
        require_within("LandscapeRange", "share of noisy lifetimes", 0.0, 1.0, noisy);
        require_within("LandscapeRange", "most_noise", 0.0, 1e300, most_noise);
    }

    /// What lifetime `id` is about: the same for every genome.
    [[nodiscard]] DrawnLandscape draw(const LifetimeId& id) const {
        const Key chance = id.key / 0;
        const TestFunction& function = *functions[id.index % functions.size()];
        const std::size_t dimension =
            function.dimension != 0
                ? function.dimension
                : log_uniform(
                      std::max(fewest_dimensions, static_cast<double>(function.least_dimension)),
                      most_dimensions, chance.uniform(0));
        Disguise disguise;
        disguise.shift = shift;
        disguise.rotate = chance.uniform(2) < rotated;
        if (chance.uniform(3) < stretched) {
            disguise.condition = std::pow(most_condition, chance.uniform(4));
        }
        const double noise =
            chance.uniform(5) < noisy ? most_noise * std::pow(10.0, -chance.uniform(6)) : 0.0;
        return {Landscape(function, dimension, disguise, id.key / 1),
                evaluations(dimension, chance.uniform(1)), noise};
    }

private:
    static void check_ascent(const std::string& what, double fewest, double most) {
        if (!(fewest >= 1 && most >= fewest && most <= static_cast<double>(most_countable))) {
            throw Error("LandscapeRange, " + what,
                        "the range must ascend from 1 or more, and be countable",
                        "1 <= fewest <= most", to_text(fewest) + ", " + to_text(most));
        }
    }
    [[nodiscard]] std::size_t evaluations(std::size_t dimension, double where) const noexcept {
        double fewest = fewest_evaluations;
        double most = most_evaluations;
        if (most_per_dimension != 0) {
            const auto n = static_cast<double>(dimension);
            fewest = std::clamp(fewest_per_dimension * n, fewest_evaluations, most_evaluations);
            most = std::clamp(most_per_dimension * n, fewest, most_evaluations);
        }
        return log_uniform(fewest, most, where);
    }
    static std::size_t log_uniform(double fewest, double most, double where) noexcept {
        return static_cast<std::size_t>(std::llround(fewest * std::pow(most / fewest, where)));
    }
};

/// How far a value is above the minimum of a landscape, 10⁻¹² where it is less: many minima are not
/// known better than that.
[[nodiscard]] inline double landscape_error(double found, const Landscape& landscape) noexcept {
    return std::max(found - landscape.minimum(), 1e-12);
}

/// −log₁₀ of the @ref landscape_error "error": higher is better.
[[nodiscard]] inline double landscape_fitness(double found, const Landscape& landscape) noexcept {
    return -std::log10(landscape_error(found, landscape));
}

/// Hears each value that a search is told, and makes nothing of it.
struct Unheard {
    /// Hears a value and forgets it.
    void operator()(double /*value*/) const noexcept {}
};

}  // namespace tdca
