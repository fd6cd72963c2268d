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
#include <pagmo/problems/cec2013.hpp>
#include <pagmo/problems/cec2014.hpp>
#include <pagmo/problems/lennard_jones.hpp>

#include <algorithm>
#include <cmath>
#include <memory>
#include <random>
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

void run_cmaes(const Minimization& problem, Restarts restarts, const PopulationSetting& setting) {
    std::size_t used = 0;
    Minimization counted = problem;
    counted.value = [&](const double* x) {
        ++used;
        return problem.value(x);
    };
    const pagmo::problem box{BoxProblem{&counted}};
    const auto n = static_cast<double>(problem.dimension);
    const std::size_t usual =
        setting.population > 0 ? setting.population : 4 + static_cast<std::size_t>(3 * std::log(n));
    std::mt19937_64 chance(problem.seed);
    std::uniform_real_distribution<double> uniform(0, 1);
    std::size_t large = usual;
    std::size_t used_by_large = 0;
    std::size_t used_by_small = 0;
    for (unsigned run = 0;; ++run) {
        PopulationSetting now = setting;
        now.algorithm = "cmaes";
        bool is_small = false;
        if (run > 0 && restarts == Restarts::bipop && used_by_small < used_by_large) {
            is_small = true;
            const double share = std::pow(uniform(chance), 2);
            now.population = std::max<std::size_t>(
                usual, static_cast<std::size_t>(
                           static_cast<double>(usual) *
                           std::pow(0.5 * static_cast<double>(large) / static_cast<double>(usual),
                                    share)));
            now.spread = setting.spread * std::pow(10.0, -2 * uniform(chance));
        } else {
            if (run > 0) large *= 2;
            now.population = large;
        }
        // pagmo begins at the best of a population; usual is one random point.
        const std::size_t before = used;
        const auto seed = static_cast<unsigned>(chance());
        pagmo::population population(box, std::max<std::size_t>(now.population, 5), seed);
        const std::size_t most =
            is_small && used_by_large > used_by_small
                ? std::max<std::size_t>((used_by_large - used_by_small) / now.population, 10)
                : problem.evaluations / now.population + 1;
        population = make(now, static_cast<unsigned>(std::min<std::size_t>(most, 1'000'000)), seed)
                         .evolve(population);
        (is_small ? used_by_small : used_by_large) += used - before;
        if (restarts == Restarts::none) return;
    }
}

std::optional<SuiteFunction> suite_function(const std::string& suite, unsigned number,
                                            std::size_t dimension) {
    const auto n = static_cast<unsigned>(dimension);
    const auto of = [dimension](auto problem, double minimum) {
        const auto shared = std::make_shared<decltype(problem)>(std::move(problem));
        const auto bounds = shared->get_bounds();
        auto point = std::make_shared<pagmo::vector_double>(dimension);
        return SuiteFunction{[shared, point](const double* x) {
                                 std::copy_n(x, point->size(), point->begin());
                                 return shared->fitness(*point)[0];
                             },
                             bounds.first[0], bounds.second[0], minimum};
    };
    try {
        if (suite == "cec2013") {
            const int hundreds = static_cast<int>(number) - 15 + (number > 14 ? 1 : 0);
            return of(pagmo::cec2013(number, n), 100.0 * hundreds);
        }
        if (suite == "cec2014") return of(pagmo::cec2014(number, n), 100.0 * number);
        if (suite == "lennard_jones") {
            // Wales & Doye, J. Phys. Chem. A 101, 1997.
            const double minima[]{-3,         -6,         -9.103852,  -12.712062,
                                  -16.505384, -19.821489, -24.113360, -28.422532};
            if (number < 3 || number > 10 || dimension != 3 * number - 6) return std::nullopt;
            return of(pagmo::lennard_jones(number), minima[number - 3]);
        }
    } catch (const std::exception&) {
        // The suite does not have it in this dimension.
    }
    return std::nullopt;
}

}  // namespace tdca::peers

#else

namespace tdca::peers {
bool has_pagmo() noexcept { return false; }
void run_cmaes(const Minimization& /*problem*/, Restarts /*restarts*/,
               const PopulationSetting& /*setting*/) {}
std::optional<SuiteFunction> suite_function(const std::string& /*suite*/, unsigned /*number*/,
                                            std::size_t /*dimension*/) {
    return std::nullopt;
}
bool run_pagmo(const Minimization& /*problem*/, const PopulationSetting& /*setting*/) {
    return false;
}
}  // namespace tdca::peers

#endif
