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

[[nodiscard]] bool has_pagmo() noexcept;

/// Runs pagmo2; false where the build has none. What `value` throws comes through.
[[nodiscard]] bool run_pagmo(const Minimization& problem, const PopulationSetting& setting);

/// Runs NLopt's L-BFGS from `start`, until it converges or `evaluations` are used; false where the
/// build has none.
[[nodiscard]] bool run_lbfgs(const Minimization& problem, std::vector<double> start,
                             std::size_t evaluations);

}  // namespace tdca::peers
