// Black-box search judged by functions that are not ours: the suites of CEC 2013 and CEC 2014 and
// clusters of atoms, as pagmo has them, beside the minimisers of pagmo and NLopt, at equal numbers
// of evaluations.
//
//   search --dimensions 10 --per-dimension 100 --runs 51
//   search --suites lennard_jones --numbers 5 --dimensions 9 --per-dimension 1000
//
// No function here took part in any evolution, nor in choosing a genome. Peers run as they come,
// and tuned for each dimension and budget on runs of their own over the same functions.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "measure/peak.hpp"
#include "peers/minimizers.hpp"
#include "support/command_line.hpp"
#include "support/statistics.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/parallel.hpp"
#include "tdca/core/random.hpp"
#include "tdca/evolution/progress.hpp"
#include "tdca/io/genome_file.hpp"
#include "tdca/optimization/landscape.hpp"
#include "tdca/optimization/optimize.hpp"

namespace fs = std::filesystem;
using namespace tdca;
using namespace tdca::support;

namespace {

struct Options : ProgramOptions {
    fs::path genome = shipped_genome("optimizer.safetensors");
    std::vector<std::string> suites{"cec2013", "cec2014"};
    std::vector<std::string> methods;
    std::vector<std::size_t> numbers;
    std::vector<std::size_t> dimensions{10};
    std::size_t per_dimension = 100;
    std::size_t runs = 51;
    std::size_t tuning_runs = 5;
    std::string noise = "none";
    double no_error = 1e-8;  // as both suites ask
    bool tune = false;
};

struct BudgetSpent {};

/// One run of a method on one function: values are counted, and heard without noise.
class Run {
public:
    Run(const peers::SuiteFunction& function, std::size_t dimension, std::size_t evaluations,
        std::string noise, double no_error, Key key)
        : function_(&function),
          dimension_(dimension),
          evaluations_(evaluations),
          noise_(std::move(noise)),
          no_error_(no_error),
          reached_(evaluations + 1),
          key_(key) {}

    [[nodiscard]] std::size_t dimension() const { return dimension_; }
    [[nodiscard]] std::size_t evaluations() const { return evaluations_; }
    [[nodiscard]] std::size_t left() const { return evaluations_ - spent_; }
    [[nodiscard]] double low() const { return function_->low; }
    [[nodiscard]] double high() const { return function_->high; }
    [[nodiscard]] Key key() const { return key_; }
    [[nodiscard]] bool is_noisy() const { return noise_ != "none"; }
    [[nodiscard]] unsigned seed() const { return static_cast<unsigned>(key_.value() >> 33U) + 1; }

    /// What a method is told at `x`.
    double value(const double* x) {
        if (spent_ == evaluations_) throw BudgetSpent{};
        const double exact = function_->value(x);
        double told = exact;
        if (is_noisy()) {
            double luck = 0;
            (key_ / 7 / spent_).fill_normal(std::span<double>(&luck, 1));
            told += luck * (noise_ == "multiplicative" ? 0.1 * (exact - function_->minimum) : 1.0);
        }
        ++spent_;
        // Whoever does not say what it recommends recommends the best that it was told.
        if (told < lowest_) {
            lowest_ = told;
            if (!is_recommended_) error_ = exact - function_->minimum;
        }
        if (exact - function_->minimum <= no_error_) reached_ = std::min(reached_, spent_);
        return told;
    }
    /// The point that a method ends with, where it says.
    void recommend(std::span<const double> point) {
        is_recommended_ = true;
        error_ = function_->value(point.data()) - function_->minimum;
    }
    /// Of the point that it ended with.
    [[nodiscard]] double error() const { return std::fmax(error_, no_error_); }
    /// Evaluations until there was no error, one more than there are where there always was.
    [[nodiscard]] std::size_t reached() const { return reached_; }

    [[nodiscard]] peers::Minimization as_peer() {
        return {[this](const double* x) { return value(x); },
                {},
                dimension_,
                low(),
                high(),
                evaluations_,
                seed()};
    }

private:
    const peers::SuiteFunction* function_;
    std::size_t dimension_;
    std::size_t evaluations_;
    std::string noise_;
    double no_error_;
    std::size_t reached_;
    bool is_recommended_ = false;
    Key key_;
    std::size_t spent_ = 0;
    double lowest_ = std::numeric_limits<double>::infinity();
    double error_ = std::numeric_limits<double>::infinity();
};

struct Method {
    std::string name;
    std::function<void(Run&)> run;
};

Method by_search(const Search<>::Genome& genome) {
    return {"tdca", [genome](Run& run) {
                const Optimum found = optimize<Search<>>(
                    genome, [&](std::span<const double> x) { return run.value(x.data()); },
                    Box::cube(run.dimension(), run.low(), run.high()),
                    {.evaluations = run.evaluations(),
                     .is_noisy = run.is_noisy(),
                     .seed = run.key().value()});
                if (run.is_noisy()) run.recommend(found.point);
            }};
}

Method by_chance(bool is_latin) {
    return {is_latin ? "Latin hypercube" : "random", [is_latin](Run& run) {
                const std::size_t n = run.dimension();
                const std::size_t points = run.evaluations();
                std::vector<std::vector<std::size_t>> cells(is_latin ? n : 0);
                for (std::size_t i = 0; i < cells.size(); ++i) {
                    cells[i].resize(points);
                    std::iota(cells[i].begin(), cells[i].end(), std::size_t{0});
                    for (std::size_t p = points - 1; p > 0; --p) {
                        std::swap(cells[i][p], cells[i][(run.key() / 1 / i).below(p + 1, p)]);
                    }
                }
                std::vector<double> x(n);
                for (std::size_t p = 0; p < points; ++p) {
                    for (std::size_t i = 0; i < n; ++i) {
                        double at = (run.key() / 2 / p).uniform(i);
                        if (is_latin) {
                            at = (static_cast<double>(cells[i][p]) + at) /
                                 static_cast<double>(points);
                        }
                        x[i] = run.low() + at * (run.high() - run.low());
                    }
                    run.value(x.data());
                }
            }};
}

/// As long as there is something to spend, and a minimiser spends it.
template <class Minimize>
void again_and_again(Run& run, Minimize&& minimize) {
    for (std::size_t before = run.evaluations() + 1; before != run.left();) {
        before = run.left();
        static_cast<void>(minimize());
    }
}

Method by_population(const std::string& name, const peers::PopulationSetting& setting) {
    return {name, [setting](Run& run) {
                again_and_again(run, [&] { return peers::run_pagmo(run.as_peer(), setting); });
            }};
}
Method by_cmaes(const std::string& name, peers::Restarts restarts,
                const peers::PopulationSetting& setting) {
    return {name,
            [restarts, setting](Run& run) { peers::run_cmaes(run.as_peer(), restarts, setting); }};
}
Method by_nlopt(const std::string& name, peers::DerivativeFree method) {
    return {name, [method](Run& run) {
                again_and_again(run, [&] { return peers::run_nlopt(run.as_peer(), method); });
            }};
}

/// CMA-ES that evaluates each point several times, and recommends the one with the lowest mean.
Method by_means(std::size_t times) {
    return {"CMA-ES, " + to_text(times) + " times each", [times](Run& run) {
                peers::Minimization problem = run.as_peer();
                double lowest = std::numeric_limits<double>::infinity();
                problem.value = [&](const double* x) {
                    double mean = 0;
                    for (std::size_t k = 0; k < times; ++k) {
                        mean += run.value(x) / static_cast<double>(times);
                    }
                    if (mean < lowest) {
                        lowest = mean;
                        run.recommend({x, run.dimension()});
                    }
                    return mean;
                };
                problem.evaluations /= times;
                peers::run_cmaes(problem, peers::Restarts::none,
                                 {.algorithm = "cmaes", .population = 0, .spread = 0.5});
            }};
}

/// The peers as they come.
std::vector<Method> peers_as_they_come(bool is_noisy) {
    const peers::PopulationSetting usual{.algorithm = "cmaes", .population = 0, .spread = 0.5};
    std::vector<Method> methods{
        by_chance(false),
        by_chance(true),
        by_cmaes("CMA-ES", peers::Restarts::none, usual),
        by_cmaes("IPOP-CMA-ES", peers::Restarts::ipop, usual),
        by_cmaes("BIPOP-CMA-ES", peers::Restarts::bipop, usual),
        by_population("xNES", {.algorithm = "xnes", .population = 16}),
        by_population("self-adaptive DE", {.algorithm = "sade", .population = 20}),
        by_population("de1220", {.algorithm = "de1220", .population = 20}),
        by_nlopt("CRS2", peers::DerivativeFree::crs2),
        by_nlopt("ISRES", peers::DerivativeFree::isres)};
    if (is_noisy) {
        for (const std::size_t times : {3U, 10U}) methods.push_back(by_means(times));
    } else {
        methods.push_back(by_nlopt("MLSL", peers::DerivativeFree::mlsl));
        methods.push_back(by_nlopt("DIRECT-L", peers::DerivativeFree::direct_l));
        methods.push_back(by_nlopt("BOBYQA, restarted", peers::DerivativeFree::bobyqa));
        methods.push_back(by_nlopt("Nelder-Mead, restarted", peers::DerivativeFree::nelder_mead));
    }
    return methods;
}

/// A peer with the settings that it is tuned over.
struct Family {
    std::string name;
    std::vector<Method> settings;
};
std::vector<Family> families() {
    std::vector<Family> all{{"CMA-ES", {}}, {"IPOP-CMA-ES", {}}, {"BIPOP-CMA-ES", {}}};
    for (const std::size_t population : {0U, 8U, 16U, 32U, 64U}) {
        for (const double spread : {0.15, 0.3, 0.5}) {
            const std::string label =
                "population " + (population == 0 ? std::string("as usual") : to_text(population)) +
                ", spread " + to_text(spread);
            const peers::PopulationSetting setting{
                .algorithm = "cmaes", .population = population, .spread = spread};
            all[0].settings.push_back(by_cmaes(label, peers::Restarts::none, setting));
            if (population > 16) continue;
            all[1].settings.push_back(by_cmaes(label, peers::Restarts::ipop, setting));
            all[2].settings.push_back(by_cmaes(label, peers::Restarts::bipop, setting));
        }
    }
    for (const auto& [name, algorithm] :
         {std::pair{"self-adaptive DE", "sade"}, {"de1220", "de1220"}}) {
        Family family{name, {}};
        for (const std::size_t population : {8U, 16U, 32U, 64U}) {
            family.settings.push_back(
                by_population("population " + to_text(population),
                              {.algorithm = algorithm, .population = population}));
        }
        all.push_back(family);
    }
    return all;
}

struct Place {
    std::string suite;
    unsigned number;
};

/// Functions of pagmo's suites, and three smooth ones of our own, moved and turned, for precision.
std::optional<peers::SuiteFunction> function_at(const Place& place, std::size_t dimension) {
    if (place.suite != "smooth") return peers::suite_function(place.suite, place.number, dimension);
    constexpr std::array names{"sphere", "ellipsoid", "rosenbrock"};
    if (place.number > names.size()) return std::nullopt;
    const auto landscape = std::make_shared<Landscape>(find_test_function(names[place.number - 1]),
                                                       dimension, Disguise{}, Key(dimension));
    return peers::SuiteFunction{[landscape, dimension](const double* x) {
                                    return (*landscape)(std::span<const double>(x, dimension));
                                },
                                landscape->function().low, landscape->function().high,
                                landscape->minimum()};
}

/// What one dimension and one number of evaluations are about.
struct Cell {
    std::vector<Place> functions;
    std::size_t dimension;
    std::size_t evaluations;
    std::string noise;
    double no_error;
    Key key;
    int threads;

    /// What came of each function, run by run.
    struct Results {
        std::vector<std::vector<double>> errors;
        std::vector<std::vector<double>> reached;  ///< evaluations until there was no error
    };
    [[nodiscard]] Results results(const Method& method, std::size_t runs,
                                  std::uint64_t which) const {
        Results all;
        all.errors.assign(functions.size(), std::vector<double>(runs));
        all.reached = all.errors;
        parallel_for(functions.size() * runs, threads, [&](std::size_t k, std::size_t /*thread*/) {
            const std::size_t f = k / runs;
            // Suites keep scratch: one for each run.
            const auto function = function_at(functions[f], dimension);
            Run run(*function, dimension, evaluations, noise, no_error,
                    key / which / f / (k % runs));
            try {
                method.run(run);
            } catch (const BudgetSpent&) {
                // As it should be.
            }
            all.errors[f][k % runs] = run.error();
            all.reached[f][k % runs] = static_cast<double>(run.reached());
        });
        return all;
    }
};

/// Mean over functions of the rank of each method's median; equal ones share theirs.
std::vector<double> mean_ranks(const std::vector<std::vector<double>>& medians) {
    std::vector<double> ranks(medians.size());
    const std::size_t functions = medians.front().size();
    for (std::size_t m = 0; m < medians.size(); ++m) {
        for (std::size_t f = 0; f < functions; ++f) {
            double rank = 1;
            for (std::size_t other = 0; other < medians.size(); ++other) {
                if (other == m) continue;
                rank += medians[other][f] < medians[m][f]    ? 1.0
                        : medians[other][f] == medians[m][f] ? 0.5
                                                             : 0.0;
            }
            ranks[m] += rank / static_cast<double>(functions);
        }
    }
    return ranks;
}

std::vector<double> medians_of(const std::vector<std::vector<double>>& errors) {
    std::vector<double> out;
    for (const auto& one : errors) out.push_back(measure::median(one));
    return out;
}

/// The setting of a family with the best mean rank among its own, on runs of their own.
Method tuned(const Family& family, const Cell& cell, std::size_t runs) {
    std::vector<std::vector<double>> medians;
    for (const Method& setting : family.settings) {
        medians.push_back(medians_of(cell.results(setting, runs, 2).errors));
    }
    const std::vector<double> ranks = mean_ranks(medians);
    const auto best = std::ranges::min_element(ranks) - ranks.begin();
    Method method = family.settings[static_cast<std::size_t>(best)];
    method.name = family.name + ", tuned: " + method.name;
    return method;
}

std::vector<Place> functions_in(const Options& options, std::size_t dimension) {
    std::vector<Place> places;
    for (const std::string& suite : options.suites) {
        for (unsigned number = 1; number <= 30; ++number) {
            if (!options.numbers.empty() &&
                std::ranges::find(options.numbers, number) == options.numbers.end()) {
                continue;
            }
            if (function_at({suite, number}, dimension)) places.push_back({suite, number});
        }
    }
    return places;
}

void tell(const std::vector<Method>& methods, const std::vector<std::vector<double>>& medians,
          const std::vector<double>& ranks, Json& row) {
    const std::size_t functions = medians.front().size();
    std::size_t lowest = 0;
    std::printf("%-52s %9s %22s\n", "", "mean rank", "tdca lower/even/higher");
    for (std::size_t m = 0; m < methods.size(); ++m) {
        std::size_t lower = 0;
        std::size_t even = 0;
        for (std::size_t f = 0; f < functions; ++f) {
            lower += medians[0][f] < medians[m][f] ? 1 : 0;
            even += medians[0][f] == medians[m][f] ? 1 : 0;
        }
        std::printf("%-52s %9.2f %14zu/%zu/%zu\n", methods[m].name.c_str(), ranks[m], lower, even,
                    functions - lower - even);
        row["mean_ranks"][methods[m].name] = ranks[m];
    }
    for (std::size_t f = 0; f < functions; ++f) {
        bool is_lowest = true;
        for (std::size_t m = 1; m < methods.size(); ++m) {
            if (methods[m].name.find("tuned") != std::string::npos) continue;
            is_lowest = is_lowest && medians[0][f] <= medians[m][f];
        }
        lowest += is_lowest ? 1 : 0;
    }
    std::printf("tdca: lowest median of all as they come on %zu of %zu functions\n", lowest,
                functions);
    row["lowest_as_they_come"] = lowest;
    row["functions"] = functions;
}

int run(const Options& given) {
    Options options = given;
    if (options.quick) {
        options.dimensions.resize(1);
        if (options.numbers.empty()) options.numbers = {1, 11};
        options.per_dimension = std::min<std::size_t>(options.per_dimension, 20);
        options.runs = options.tuning_runs = 3;
    }
    if (!peers::has_pagmo() || !peers::has_nlopt()) {
        std::printf(
            "this build lacks pagmo, which has the suites, or NLopt (Debian: libpagmo-dev, "
            "libnlopt-cxx-dev)\n");
        return options.quick ? 0 : 1;
    }
    const auto genome = load_genome<Search<>::Genome>(options.genome).genome;
    Json report = run_facts("search", options);
    report["genome"] = options.genome.filename().string();
    report["runs"] = options.runs;
    report["per_dimension"] = options.per_dimension;
    report["noise"] = options.noise;
    for (const std::size_t n : options.dimensions) {
        Cell cell{functions_in(options, n),
                  n,
                  options.per_dimension * n,
                  options.noise,
                  options.no_error,
                  Key(options.seed) / n / options.per_dimension,
                  options.threads};
        if (cell.functions.empty()) {
            throw Error("search", "the suites have no such function in this dimension", "another",
                        to_text(n));
        }
        std::vector<Method> methods{by_search(genome)};
        for (const Method& method : peers_as_they_come(options.noise != "none")) {
            methods.push_back(method);
        }
        if (options.tune) {
            for (const Family& family : families()) {
                methods.push_back(tuned(family, cell, options.tuning_runs));
            }
        }
        if (!options.methods.empty()) {
            std::erase_if(methods, [&](const Method& method) {
                return std::ranges::find(options.methods, method.name) == options.methods.end();
            });
        }
        std::printf("%zu dimensions, %zu evaluations, %zu functions, %zu runs\n", n,
                    cell.evaluations, cell.functions.size(), options.runs);
        Json row{{"dimension", n}, {"evaluations", cell.evaluations}};
        std::vector<std::vector<double>> medians;
        ProgressBar progress("searching", methods.size());
        for (const Method& method : methods) {
            const auto [errors, reached] = cell.results(method, options.runs, 1);
            medians.push_back(medians_of(errors));
            row["reached"][method.name] = medians_of(reached);
            for (std::size_t f = 0; f < errors.size(); ++f) {
                row["errors"][method.name].push_back(
                    {quantile(errors[f], 0.25), medians.back()[f], quantile(errors[f], 0.75)});
            }
            progress.report(medians.size(), method.name);
        }
        for (const Place& place : cell.functions) {
            row["names"].push_back(place.suite + "_" + to_text(place.number));
        }
        tell(methods, medians, mean_ranks(medians), row);
        std::fflush(stdout);
        report["cells"].push_back(row);
    }
    if (!options.json.empty()) save_json(options.json, report);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CommandLine line("Search beside the minimisers of pagmo and NLopt on public suites", "search");
    options.add_to(line);
    line.file_to_read("--genome", options.genome, "of the search");
    line.choices("--suites", options.suites, "of functions",
                 {"cec2013", "cec2014", "lennard_jones", "smooth"});
    line.texts("--methods", options.methods, "of all only these, by their names");
    line.counts("--numbers", options.numbers, "of the suites only these functions; atoms",
                {.least = 1, .most = 30});
    line.counts("--dimensions", options.dimensions, "of the functions", Whole::dimensions());
    line.count("--per-dimension", options.per_dimension, "evaluations a dimension", {.least = 1});
    line.count("--runs", options.runs, "of each method on each function", {.least = 1});
    line.count("--tuning-runs", options.tuning_runs, "for each setting of a peer", {.least = 1});
    line.choice("--noise", options.noise, "on what methods are told",
                {"none", "multiplicative", "additive"});
    line.real("--no-error", options.no_error, "errors below this are none", {.least = 1e-300});
    line.flag("--tune", options.tune, "peers also with settings tuned for dimension and budget");
    return run_program(line, argc, argv, [&] { return run(options); });
}
