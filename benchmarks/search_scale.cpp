// How function optimisation scales with the dimension: memory, time of its own per evaluation
// beside pagmo's CMA-ES, and how far from the minimum a fixed and a growing budget leave it.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "measure/peak.hpp"
#include "peers/minimizers.hpp"
#include "support/command_line.hpp"
#include "tdca/core/parallel.hpp"
#include "tdca/optimization/landscape.hpp"
#include "tdca/optimization/optimize.hpp"
#include "tdca/optimization/search.hpp"

using namespace tdca;
using namespace tdca::support;

namespace {

constexpr std::array functions{"sphere", "rastrigin", "ackley"};

struct Options : ProgramOptions {
    bool cost_alone = false;
};

/// Seconds that a search spends on one evaluation by itself, with an objective that costs nothing.
double own_seconds(const Search<>::Genome& genome, std::size_t dimension, std::size_t evaluations) {
    Search<> search;
    search.begin(genome, Box::cube(dimension, -1, 1), {.evaluations = evaluations}, Key(1));
    std::vector<double> values(search.batch());
    const double seconds = measure::seconds_of([&] {
        while (!search.done()) {
            const auto points = search.ask();
            values.resize(search.asked());
            for (std::size_t p = 0; p < values.size(); ++p) values[p] = points[p * dimension];
            search.tell(values);
        }
    });
    return seconds / static_cast<double>(evaluations);
}

/// The same of pagmo's CMA-ES with the population that its authors recommend, its sampling of the
/// first one included.
double cmaes_seconds(std::size_t dimension, std::size_t evaluations) {
    struct Spent {};
    std::size_t spent = 0;
    const auto value = [&](const double* x) {
        if (spent == evaluations) throw Spent{};
        ++spent;
        return x[0];
    };
    const double seconds = measure::seconds_of([&] {
        try {
            peers::run_cmaes({.value = value,
                              .value_and_slope = {},
                              .dimension = dimension,
                              .low = -1,
                              .high = 1,
                              .evaluations = evaluations},
                             peers::Restarts::none,
                             {.algorithm = "cmaes", .population = 0, .spread = 0.5});
        } catch (const Spent&) {
            // As it should be.
        }
    });
    // It may be content before all are spent.
    return seconds / static_cast<double>(spent);
}

/// Medians of rounds in which both take turns; 0 for CMA-ES where there is no pagmo.
std::pair<double, double> costs(const Search<>::Genome& genome, std::size_t dimension,
                                bool is_quick) {
    const std::size_t evaluations = is_quick ? 200 : 20'000'000 / (dimension + 1000);
    // Three of its generations, and more where they are cheap: its cost grows with the cube.
    const auto least = static_cast<std::size_t>(12 + 9 * std::log(static_cast<double>(dimension)));
    const std::size_t fewer =
        is_quick ? 50 : std::max(least, 2'000'000'000 / (dimension * dimension * dimension + 1000));
    std::vector<double> ours;
    std::vector<double> theirs;
    for (int round = 0; round < (is_quick ? 1 : 5); ++round) {
        ours.push_back(own_seconds(genome, dimension, evaluations));
        theirs.push_back(peers::has_pagmo() ? cmaes_seconds(dimension, fewer) : 0);
    }
    return {measure::median(ours), measure::median(theirs)};
}

/// Median over tasks of error / median error of uniform points.
double share_left(const Search<>::Genome& genome, const char* name, std::size_t dimension,
                  std::size_t evaluations, std::size_t tasks, const ProgramOptions& options) {
    std::vector<double> shares(tasks);
    parallel_for(tasks, options.threads, [&](std::size_t task, std::size_t /*thread*/) {
        const Key key = Key(options.seed) / dimension / task;
        // Not turned: the matrix of a turn would cost more than the search.
        const Landscape landscape(find_test_function(name), dimension,
                                  {.shift = true, .rotate = false, .condition = 1}, key / 0);
        const double low = landscape.function().low;
        const double high = landscape.function().high;
        const Box box = Box::cube(dimension, low, high);
        const Optimum found = optimize<Search<>>(
            genome, landscape, box, {.evaluations = evaluations, .seed = (key / 1).value()});
        std::vector<double> random(51);
        std::vector<double> point(dimension);
        for (std::size_t k = 0; k < random.size(); ++k) {
            (key / 2 / k).fill_uniform(std::span<double>(point), low, high);
            random[k] = landscape(point) - landscape.minimum();
        }
        shares[task] = (found.value - landscape.minimum()) / measure::median(random);
    });
    return measure::median(shares);
}

int run(const Options& options) {
    const Search<>::Genome genome = shipped_optimizer();
    const std::vector<std::size_t> dimensions =
        options.quick ? std::vector<std::size_t>{2, 40}
                      : std::vector<std::size_t>{2, 10, 40, 100, 300, 1000};
    const std::size_t tasks = options.quick ? 2 : 21;
    Json report = run_facts("search_scale", options);
    if (!options.cost_alone) {
        std::printf(
            "error left, as a share of that of random points, medians of %zu shifted landscapes\n",
            tasks);
    }
    std::printf("%10s %12s %12s %12s", "dimension", "kB", "ns/point", "CMA-ES");
    for (const char* name : functions) {
        if (!options.cost_alone) std::printf("  %12s at 5,000 / 100 n", name);
    }
    std::printf("\n");
    bool linear = true;
    double last_per_dimension = 0;
    for (const std::size_t n : dimensions) {
        Search<> search;
        search.begin(genome, Box::cube(n, -1, 1), {.evaluations = 5000}, Key(1));
        const auto bytes = static_cast<double>(search.generator().memory() * sizeof(float));
        const auto [seconds, theirs] = costs(genome, n, options.quick);
        std::printf("%10zu %12.1f %12.0f %12.0f", n, bytes / 1024, 1e9 * seconds, 1e9 * theirs);
        Json row{{"dimension", n},
                 {"points", search.batch()},
                 {"generator_bytes", bytes},
                 {"own_seconds_per_evaluation", seconds},
                 {"cmaes_seconds_per_evaluation", theirs}};
        for (const char* name : functions) {
            if (options.cost_alone) break;
            const double fixed =
                share_left(genome, name, n, options.quick ? 100 : 5000, tasks, options);
            const double growing =
                share_left(genome, name, n, options.quick ? 100 : 100 * n, tasks, options);
            std::printf("  %16.3g / %9.3g     ", fixed, growing);
            row[name] = {{"share_left_at_5000", fixed}, {"share_left_at_100_n", growing}};
        }
        std::printf("\n");
        std::fflush(stdout);
        if (n >= 100) {
            const double per_dimension = bytes / static_cast<double>(n * (70 + search.batch()));
            linear = linear && (last_per_dimension == 0 ||
                                std::fabs(per_dimension / last_per_dimension - 1) < 0.25);
            last_per_dimension = per_dimension;
        }
        report["rows"].push_back(row);
    }
    std::printf(
        "%s 1,000 dimensions run; memory over n (70 + points) is the same within 25 %% from "
        "100 dimensions on\n",
        linear ? "holds  " : "FAILS  ");
    if (!options.json.empty()) save_json(options.json, report);
    return linear ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CommandLine line("Function optimisation and the dimension", "search_scale");
    options.add_to(line);
    line.flag("--cost-alone", options.cost_alone, "time and memory, and nothing searched");
    return run_program(line, argc, argv, [&] { return run(options); });
}
