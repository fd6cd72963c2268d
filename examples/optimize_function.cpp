// The minimum of a function that one can only evaluate, with the genome that comes with the
// library.
//
//   optimize_function                                   one's own objective, then a test function
//   optimize_function --function ackley --dimension 20 --evaluations 2000
#include <cmath>
#include <cstdio>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "support/command_line.hpp"
#include "support/test_function_names.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/random.hpp"
#include "tdca/optimization/landscape.hpp"
#include "tdca/optimization/optimize.hpp"

using namespace tdca;
using namespace tdca::support;

namespace {

struct Options : ProgramOptions {
    std::string function = "rastrigin";
    std::size_t dimension = 10;
    std::size_t evaluations = 800;
};

void report(const char* what, const Optimum& found) {
    std::printf("%s\n    lowest value %.6g at (", what, found.value);
    const std::size_t shown = std::min<std::size_t>(found.point.size(), 4);
    for (std::size_t i = 0; i < shown; ++i) {
        std::printf("%s%.4g", i == 0 ? "" : ", ", found.point[i]);
    }
    std::printf("%s)\n    %s\n", found.point.size() > shown ? ", …" : "", found.message.c_str());
}

/// Anything callable will do: here, a spring chain hung between two points, of which some links are
/// broken and return no number at all.
double sagging_chain(std::span<const double> heights) {
    double energy = 0;
    double last = 0;
    for (const double height : heights) {
        if (height < -0.9) return std::numeric_limits<double>::quiet_NaN();
        energy += height + 5 * (height - last) * (height - last);
        last = height;
    }
    return energy + 5 * last * last;
}

int run(const Options& options) {
    const Optimum chain =
        optimize(sagging_chain, Box::cube(8, -1, 1),
                 {.evaluations = options.quick ? std::size_t{200} : std::size_t{2000},
                  .patience = 500,
                  .seed = options.seed});
    report("A chain under its own weight, with a forbidden zone", chain);

    // A test function that nobody has seen: moved and turned by the seed.
    const TestFunction& function = find_test_function(options.function);
    const std::size_t dimension = function.dimension != 0 ? function.dimension : options.dimension;
    const std::size_t evaluations = options.quick ? 200 : options.evaluations;
    const Landscape landscape(function, dimension, {}, Key(options.seed));
    const Optimum found =
        optimize(landscape, Box::cube(dimension, function.low, function.high),
                 {.evaluations = evaluations,
                  .seed = options.seed,
                  .threads = options.threads,
                  .watch = [&, shown = std::size_t{0}](const OptimizeReport& now) mutable {
                      const std::size_t fifth = now.evaluations * 5 / evaluations;
                      if (fifth != shown) {
                          std::printf("    %5zu evaluations  %.6g above the minimum\n",
                                      now.evaluations, now.value - landscape.minimum());
                      }
                      shown = fifth;
                      return true;
                  }});
    report((options.function + " in " + to_text(dimension) + " dimensions").c_str(), found);

    // What luck alone finds with as many evaluations.
    std::vector<double> point(dimension);
    double lucky = std::numeric_limits<double>::infinity();
    for (std::size_t k = 0; k < evaluations; ++k) {
        (Key(options.seed) / 9 / k)
            .fill_uniform(std::span<double>(point), function.low, function.high);
        lucky = std::fmin(lucky, landscape(point));
    }
    const double error = found.value - landscape.minimum();
    std::printf("    above the minimum: %.6g; the best of as many random points: %.6g\n", error,
                lucky - landscape.minimum());
    save_report("optimize_function", options,
                {{"error", error},
                 {"error_of_random_points", lucky - landscape.minimum()},
                 {"evaluations", static_cast<double>(found.evaluations)},
                 {"chain_value", chain.value},
                 {"chain_invalid", static_cast<double>(chain.invalid)}});
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CommandLine line("Minimises functions with the genome that comes with the library",
                     "optimize_function");
    options.add_to(line);
    line.choice("--function", options.function, "a test function", test_function_names());
    line.count("--dimension", options.dimension, "of it, where it has no only one",
               Whole::dimensions());
    line.count("--evaluations", options.evaluations, "granted", {.least = 1});
    return run_program(line, argc, argv, [&] { return run(options); });
}
