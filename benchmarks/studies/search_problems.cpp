// Search on problems as people have them: whole numbers, sizes of unknown magnitude, constants;
// beside random search and CMA-ES whose points are rounded, at equal numbers of evaluations.
//
//   search_problems --problems theophylline --per-dimension 20 100 --runs 51
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "measure/peak.hpp"
#include "peers/minimizers.hpp"
#include "support/command_line.hpp"
#include "support/search_problems.hpp"
#include "support/statistics.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/parallel.hpp"
#include "tdca/core/random.hpp"
#include "tdca/evolution/progress.hpp"
#include "tdca/io/genome_file.hpp"
#include "tdca/optimization/optimize.hpp"

namespace fs = std::filesystem;
using namespace tdca;
using namespace tdca::support;

namespace {

struct Options : ProgramOptions {
    fs::path genome = shipped_genome("optimizer.safetensors");
    std::vector<std::string> problems{search_problem_names.begin(), search_problem_names.end()};
    std::vector<std::size_t> per_dimension{20, 100};
    std::size_t runs = 51;
};

struct BudgetSpent {};

/// What a peer searches: a cube over the variables that are free, whose points become values of the
/// problem as ours do, whole ones by rounding.
class Cube {
public:
    Cube(const SearchProblem& problem, std::size_t evaluations)
        : problem_(&problem), evaluations_(evaluations), point_(problem.variables.size()) {
        for (std::size_t i = 0; i < point_.size(); ++i) {
            axes_.emplace_back(problem.variables[i]);
            if (!problem.variables[i].is_fixed()) free_.push_back(i);
            point_[i] = problem.variables[i].low;
        }
    }
    [[nodiscard]] std::size_t dimension() const { return free_.size(); }
    [[nodiscard]] std::size_t evaluations() const { return evaluations_; }
    [[nodiscard]] double lowest() const { return lowest_; }

    double value(const double* at) {
        if (spent_ == evaluations_) throw BudgetSpent{};
        ++spent_;
        for (std::size_t k = 0; k < free_.size(); ++k) {
            point_[free_[k]] = axes_[free_[k]].value(at[k]);
        }
        const double value = problem_->value(point_);
        lowest_ = std::min(lowest_, value);
        return value;
    }

private:
    const SearchProblem* problem_;
    std::size_t evaluations_;
    std::vector<Axis> axes_;
    std::vector<std::size_t> free_;
    std::vector<double> point_;
    std::size_t spent_ = 0;
    double lowest_ = std::numeric_limits<double>::infinity();
};

struct Method {
    std::string name;
    std::function<double(const SearchProblem&, std::size_t evaluations, Key)> lowest;
};

Method on_cube(const std::string& name, std::function<void(Cube&, Key)> search) {
    return {name, [search](const SearchProblem& problem, std::size_t evaluations, Key key) {
                Cube cube(problem, evaluations);
                try {
                    search(cube, key);
                } catch (const BudgetSpent&) {
                    // As it should be.
                }
                return cube.lowest();
            }};
}

Method by_cmaes(const std::string& name, peers::Restarts restarts) {
    return on_cube(name, [restarts](Cube& cube, Key key) {
        peers::run_cmaes({.value = [&](const double* at) { return cube.value(at); },
                          .value_and_slope = {},
                          .dimension = cube.dimension(),
                          .low = -1,
                          .high = 1,
                          .evaluations = cube.evaluations(),
                          .seed = static_cast<unsigned>(key.value() >> 33U) + 1},
                         restarts, {.algorithm = "cmaes", .population = 0, .spread = 0.5});
    });
}

std::vector<Method> methods_with(const Search<>::Genome& genome) {
    return {{"tdca",
             [genome](const SearchProblem& problem, std::size_t evaluations, Key key) {
                 return optimize<Search<>>(genome, problem.value, Box::of(problem.variables),
                                           {.evaluations = evaluations, .seed = key.value()})
                     .value;
             }},
            on_cube("random",
                    [](Cube& cube, Key key) {
                        std::vector<double> at(cube.dimension());
                        for (std::uint64_t k = 0;; ++k) {
                            (key / k).fill_uniform(std::span<double>(at), -1.0, 1.0);
                            cube.value(at.data());
                        }
                    }),
            by_cmaes("CMA-ES, rounded", peers::Restarts::none),
            by_cmaes("BIPOP-CMA-ES, rounded", peers::Restarts::bipop)};
}

Json cell(const std::string& name, std::size_t per_dimension, const std::vector<Method>& methods,
          const Options& options) {
    const Key key = Key(options.seed) / per_dimension;
    const auto dimension = static_cast<std::size_t>(
        std::ranges::count_if(search_problem(name, key).variables,
                              [](const Variable& variable) { return !variable.is_fixed(); }));
    const std::size_t evaluations = per_dimension * dimension;
    std::printf("%s: %zu variables to choose, %zu evaluations\n", name.c_str(), dimension,
                evaluations);
    Json row{{"problem", name}, {"dimension", dimension}, {"evaluations", evaluations}};
    ProgressBar progress("searching", methods.size());
    for (std::size_t m = 0; m < methods.size(); ++m) {
        std::vector<double> lowest(options.runs);
        parallel_for(options.runs, options.threads, [&](std::size_t run, std::size_t) {
            const SearchProblem problem = search_problem(name, key / run);
            lowest[run] = methods[m].lowest(problem, evaluations, key / run / 1);
        });
        const double median = measure::median(lowest);
        const double low = quantile(lowest, 0.25);
        const double high = quantile(lowest, 0.75);
        std::printf("    %-24s %12.6g [%.6g, %.6g]\n", methods[m].name.c_str(), median, low, high);
        row["lowest"][methods[m].name] = {low, median, high};
        progress.report(m + 1, methods[m].name);
    }
    std::fflush(stdout);
    return row;
}

int run(const Options& given) {
    Options options = given;
    if (options.quick) {
        options.per_dimension = {2};
        options.runs = 2;
    }
    if (!peers::has_pagmo()) {
        std::printf("this build lacks pagmo, which has CMA-ES (Debian: libpagmo-dev)\n");
        return options.quick ? 0 : 1;
    }
    const std::vector<Method> methods =
        methods_with(load_genome<Search<>::Genome>(options.genome).genome);
    Json report = run_facts("search_problems", options);
    report["genome"] = options.genome.filename().string();
    report["runs"] = options.runs;
    for (const std::string& name : options.problems) {
        for (const std::size_t per_dimension : options.per_dimension) {
            report["cells"].push_back(cell(name, per_dimension, methods, options));
        }
    }
    if (!options.json.empty()) save_json(options.json, report);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CommandLine line("Search on problems of whole numbers, magnitudes and constants",
                     "search_problems");
    options.add_to(line);
    line.file_to_read("--genome", options.genome, "of the search");
    line.choices("--problems", options.problems, "to be solved",
                 {search_problem_names.begin(), search_problem_names.end()});
    line.counts("--per-dimension", options.per_dimension, "evaluations a variable to choose",
                {.least = 1});
    line.count("--runs", options.runs, "of each method on each problem", {.least = 1});
    return run_program(line, argc, argv, [&] { return run(options); });
}
