// Minimisers of other libraries, behind plain functions: their headers meet none of ours.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace tdca::peers {

/// What a minimiser is given. Values are noted by whoever made `value`, so nothing is returned.
struct Minimization {
    std::function<double(const double* point)> value;
    /// Also fills `slope`; empty for those that need none.
    std::function<double(const double* point, double* slope)> value_and_slope;
    std::size_t dimension = 0;
    double low = 0;
    double high = 0;
    std::size_t evaluations = 0;
    unsigned seed = 1;
};

/// A population algorithm of pagmo2 with some of its settings.
struct PopulationSetting {
    std::string algorithm;  ///< "cmaes", "xnes", "de", "sade" or "de1220"
    std::size_t population = 16;
    double spread = 0.5;     ///< σ₀ of cmaes and xnes, in widths of the box
    int variant = 2;         ///< of de and sade
    bool is_bounded = true;  ///< cmaes and xnes: kept in the box, or only begun in it
};

/// How a covariance matrix adaptation begins again once it has settled.
enum class Restarts {
    none,
    ipop,  ///< with a population twice as large (Auger & Hansen, CEC 2005)
    bipop  ///< so, and between with small ones on as many evaluations (Hansen, GECCO 2009)
};

/// A minimiser of NLopt that needs no gradient.
enum class DerivativeFree {
    crs2,         ///< controlled random search
    isres,        ///< evolution strategy with stochastic ranking
    mlsl,         ///< multi-level single linkage, around BOBYQA
    direct_l,     ///< divided rectangles
    bobyqa,       ///< quadratic models, from random starts
    nelder_mead,  ///< simplices, from random starts
};

/// A function of a public suite, as its authors wrote it.
struct SuiteFunction {
    std::function<double(const double* point)> value;
    double low = 0;
    double high = 0;
    double minimum = 0;
};

/// Function `number`, from 1, of "cec2013" (28) or "cec2014" (30) in `dimension` coordinates, or
/// the "lennard_jones" cluster of `number` atoms, whose dimension is 3 · atoms − 6. Nothing where
/// pagmo, or the suite in that dimension, has none. Not to be shared between threads.
[[nodiscard]] std::optional<SuiteFunction> suite_function(const std::string& suite, unsigned number,
                                                          std::size_t dimension);

[[nodiscard]] bool has_pagmo() noexcept;
[[nodiscard]] bool has_nlopt() noexcept;

/// Runs pagmo2; false where the build has none. What `value` throws comes through.
[[nodiscard]] bool run_pagmo(const Minimization& problem, const PopulationSetting& setting);

/// Runs pagmo2's CMA-ES with the population that its authors recommend, 4 + ⌊3 ln n⌋, or the one
/// of the setting, and restarts as long as `value` does not throw.
void run_cmaes(const Minimization& problem, Restarts restarts, const PopulationSetting& setting);

/// Runs a minimiser of NLopt; local ones from starts drawn anew as long as `value` does not throw.
/// False where the build has none.
[[nodiscard]] bool run_nlopt(const Minimization& problem, DerivativeFree method);

/// Runs NLopt's L-BFGS from `start`, until it converges or `evaluations` are used; false where the
/// build has none.
[[nodiscard]] bool run_lbfgs(const Minimization& problem, std::vector<double> start,
                             std::size_t evaluations);

}  // namespace tdca::peers
