// pagmo2's population algorithms. Compiled with none of our flags: Eigen, inside pagmo's objects,
// would align its memory in another way than the library does.
#include "peers/minimizers.hpp"

#ifdef TDCA_HAS_PAGMO

#include <pagmo/algorithm.hpp>
#include <pagmo/algorithms/cmaes.hpp>
#include <pagmo/algorithms/de.hpp>
#include <pagmo/algorithms/de1220.hpp>
#include <pagmo/algorithms/sade.hpp>
#include <pagmo/algorithms/xnes.hpp>
#include <pagmo/population.hpp>
#include <pagmo/problem.hpp>
#include <utility>

namespace tdca::peers {

namespace {

/// pagmo's own shape of a problem.
struct BoxProblem {
    const Minimization* given = nullptr;

    [[nodiscard]] pagmo::vector_double fitness(const pagmo::vector_double& x) const {
        return {given->value(x.data())};
    }
    [[nodiscard]] std::pair<pagmo::vector_double, pagmo::vector_double> get_bounds() const {
        if (given == nullptr) return {{0}, {1}};
        return {pagmo::vector_double(given->dimension, given->low),
                pagmo::vector_double(given->dimension, given->high)};
    }
    template <class Archive>
    void serialize(Archive& /*archive*/, unsigned /*version*/) {}
};

pagmo::algorithm make(const PopulationSetting& setting, unsigned generations, unsigned seed) {
    constexpr double never = 1e-14;
    if (setting.algorithm == "cmaes") {
        return pagmo::algorithm(pagmo::cmaes(generations, -1, -1, -1, -1, setting.spread, never,
                                             never, false, setting.is_bounded, seed));
    }
    if (setting.algorithm == "xnes") {
        return pagmo::algorithm(pagmo::xnes(generations, -1, -1, -1, setting.spread, never, never,
                                            false, setting.is_bounded, seed));
    }
    const auto variant = static_cast<unsigned>(setting.variant);
    if (setting.algorithm == "de") {
        return pagmo::algorithm(pagmo::de(generations, 0.8, 0.9, variant, never, never, seed));
    }
    if (setting.algorithm == "sade") {
        return pagmo::algorithm(pagmo::sade(generations, variant, 1, never, never, false, seed));
    }
    return pagmo::algorithm(pagmo::de1220(
        generations, pagmo::de1220_statics<void>::allowed_variants, 1, never, never, false, seed));
}

}  // namespace

bool has_pagmo() noexcept { return true; }

bool run_pagmo(const Minimization& problem, const PopulationSetting& setting) {
    const pagmo::problem box{BoxProblem{&problem}};
    pagmo::population population(box, setting.population, problem.seed);
    const auto generations = static_cast<unsigned>(problem.evaluations / setting.population) + 1;
    population = make(setting, generations, problem.seed).evolve(population);
    return true;
}

}  // namespace tdca::peers

#else

namespace tdca::peers {
bool has_pagmo() noexcept { return false; }
bool run_pagmo(const Minimization& /*problem*/, const PopulationSetting& /*setting*/) {
    return false;
}
}  // namespace tdca::peers

#endif
