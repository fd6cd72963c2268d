// Function optimisation beside its peers: multi-start and generator descent by exact gradients,
// L-BFGS, CMA-ES, xNES and differential evolution, at equal numbers of evaluations.
//
// An evaluation with its gradient counts as one: gradients are free here. Every peer is tuned per
// function, dimension and budget on tasks of its own, then judged on tasks that none has seen.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "baseline/gradient_search.hpp"
#include "peers/minimizers.hpp"
#include "support/command_line.hpp"
#include "support/convergence_picture.hpp"
#include "support/optimizer_recipe.hpp"
#include "support/test_function_names.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/parallel.hpp"
#include "tdca/evolution/progress.hpp"
#include "tdca/io/genome_file.hpp"
#include "tdca/optimization/function_optimization.hpp"
#include "tdca/optimization/landscape.hpp"
#include "tdca/optimization/search.hpp"

namespace fs = std::filesystem;
using namespace tdca;
using namespace tdca::support;

namespace {

struct Options : ProgramOptions {
    fs::path genome = shipped_genome("optimizer.safetensors");
    fs::path output = ".";
    std::vector<std::string> functions{"rastrigin",       "ackley",     "griewank",    "levy",
                                       "styblinski_tang", "schwefel",   "michalewicz", "salomon",
                                       "schaffer_f7",     "weierstrass"};
    std::vector<std::size_t> dimensions{10};
    std::vector<std::size_t> evaluations{800};
    std::size_t tasks = 100;
    std::size_t tuning = 20;
    std::string setting = "unseen";
    double success = 1e-3;
    bool own_only = false;
};

/// One landscape with a budget; notes the lowest value so far after every evaluation.
class Arena {
public:
    Arena(const Landscape& landscape, std::size_t evaluations, Key key)
        : landscape_(&landscape), gradient_(landscape), key_(key) {
        course_.reserve(evaluations);
        evaluations_ = evaluations;
    }

    [[nodiscard]] const Landscape& landscape() const { return *landscape_; }
    [[nodiscard]] double low() const { return landscape_->function().low; }
    [[nodiscard]] double high() const { return landscape_->function().high; }
    [[nodiscard]] std::size_t evaluations() const { return evaluations_; }
    [[nodiscard]] std::size_t left() const { return evaluations_ - course_.size(); }
    [[nodiscard]] Key key() const { return key_; }

    void note(double value) {
        if (course_.size() == evaluations_) return;
        const double error = landscape_error(value, *landscape_);
        course_.push_back(course_.empty() ? error : std::fmin(course_.back(), error));
    }
    double value(const double* x) {
        const double v = (*landscape_)(std::span(x, landscape_->dimension()));
        note(v);
        return v;
    }
    double value_and_slope(const double* x, double* slope) {
        const double v = gradient_(x, slope);
        note(v);
        return v;
    }

    [[nodiscard]] peers::Minimization as_peer() {
        return {[this](const double* x) { return value(x); },
                [this](const double* x, double* slope) { return value_and_slope(x, slope); },
                landscape_->dimension(),
                low(),
                high(),
                evaluations_,
                static_cast<unsigned>(key_.value() >> 33U) + 1};
    }
    /// Start k of a descent is drawn from `starts() / k`.
    [[nodiscard]] Key starts() const { return key_ / 4; }

    /// Lowest error after each evaluation.
    [[nodiscard]] const std::vector<double>& course() const { return course_; }

private:
    const Landscape* landscape_;
    baseline::Gradient gradient_;
    Key key_;
    std::size_t evaluations_ = 0;
    std::vector<double> course_;
};

struct Setting {
    std::string name;
    std::function<bool(Arena&)> run;  ///< false: this build does not have it
};

/// A method and the settings that it is tuned over; `lines` are settings along one rate each, which
/// are extended where the best lies at an end.
struct Method {
    std::string name;
    bool by_gradient = false;
    std::vector<Setting> settings;
    std::vector<std::function<Setting(double rate)>> lines;
};

/// A search, or a generator with a hidden layer (which has one dimension), under its genome.
template <class Task>
Setting with_genome(const std::string& name, const typename Task::Genome& genome) {
    return {name, [genome](Arena& arena) {
                if constexpr (requires { Task::Workspace::dimension; }) {
                    if (arena.landscape().dimension() != Task::Workspace::dimension) return false;
                }
                typename Task::Workspace workspace;
                Task::seek(genome, arena.landscape(), arena.evaluations(), arena.key(), workspace,
                           [&arena](double value) { arena.note(value); });
                return true;
            }};
}

template <class Run>
std::function<Setting(double)> line(baseline::Descent how, Run run) {
    return [how, run](double rate) mutable {
        how.rate = rate;
        return Setting{how.name(), [how, run](Arena& arena) {
                           run(how, arena);
                           return true;
                       }};
    };
}

std::vector<Method> make_methods(const Search<>::Genome& genome, bool own_only) {
    using Rule = baseline::Descent::Rule;
    Search<>::Genome fresh;
    Search<>::initialize(fresh, Key(1));
    std::vector<Method> methods{
        {"tdca", false, {with_genome<FunctionOptimization<>>("shipped genome", genome)}, {}},
        {"tdca, not evolved",
         false,
         {with_genome<FunctionOptimization<>>("initial genome", fresh)},
         {}}};
    if (own_only) return methods;
    methods.push_back({"tdca, hidden layer",
                       false,
                       {with_genome<DeepGeneratorTask<DeepLearner>>(
                           "10-32-10 generator", load_genome<DeepLearner::Genome>(
                                                     shipped_genome("deep_generator.safetensors"))
                                                     .genome)},
                       {}});

    Method descent{"descent, many starts", true, {}, {}};
    Method alone{"descent, one start", true, {}, {}};
    Method through{"descent through the generator", true, {}, {}};
    for (const Rule rule : {Rule::sgd, Rule::momentum, Rule::adam}) {
        for (const bool cosine : {false, true}) {
            const auto from_starts = [](const auto& how, Arena& arena) {
                baseline::descend_from_many(
                    how, arena.landscape().dimension(), arena.low(), arena.high(),
                    arena.evaluations(), arena.starts(),
                    [&](const double* x, double* g) { arena.value_and_slope(x, g); });
            };
            descent.lines.push_back(line({rule, 0, cosine, 16, 0}, from_starts));
            alone.lines.push_back(line({rule, 0, cosine, 1, 0}, from_starts));
            if (rule == Rule::momentum) continue;
            for (const double spread : {0.1, 0.3}) {
                through.lines.push_back(
                    line({rule, 0, cosine, 16, spread}, [](const auto& how, Arena& arena) {
                        baseline::descend_generator(
                            how, arena.landscape().dimension(), arena.low(), arena.high(),
                            arena.evaluations(), arena.starts(),
                            [&](const double* x, double* g) { arena.value_and_slope(x, g); });
                    }));
            }
        }
    }
    methods.push_back(alone);
    methods.push_back(descent);
    methods.push_back(through);
    methods.push_back({"L-BFGS, restarted",
                       true,
                       {{"NLopt LD_LBFGS",
                         [](Arena& arena) {
                             std::vector<double> start(arena.landscape().dimension());
                             for (std::uint64_t k = 0; arena.left() > 0; ++k) {
                                 (arena.starts() / k)
                                     .fill_uniform(std::span<double>(start), arena.low(),
                                                   arena.high());
                                 const std::size_t before = arena.left();
                                 if (!peers::run_lbfgs(arena.as_peer(), start, arena.left()))
                                     return false;
                                 if (arena.left() == before) break;
                             }
                             return true;
                         }}},
                       {}});

    const auto population = [&](const std::string& name, const std::string& algorithm,
                                const std::vector<double>& spreads,
                                const std::vector<int>& variants) {
        Method method{name, false, {}, {}};
        for (const std::size_t size : {8U, 16U, 32U}) {
            for (const double spread : spreads) {
                for (const int variant : variants) {
                    const peers::PopulationSetting setting{algorithm, size, spread, variant};
                    std::string label = "population " + to_text(size);
                    if (spreads.size() > 1) label += ", spread " + to_text(spread);
                    if (variants.size() > 1) label += ", variant " + to_text(variant);
                    method.settings.push_back({label, [setting](Arena& arena) {
                                                   return peers::run_pagmo(arena.as_peer(),
                                                                           setting);
                                               }});
                }
            }
        }
        methods.push_back(method);
    };
    population("CMA-ES", "cmaes", {0.15, 0.3, 0.5}, {0});
    population("xNES", "xnes", {0.15, 0.3, 0.5}, {0});
    population("differential evolution", "de", {0}, {2, 7});
    population("self-adaptive DE", "sade", {0}, {2, 7});
    population("de1220", "de1220", {0}, {0});
    return methods;
}

struct Cell {
    const TestFunction* function;
    std::size_t dimension;
    std::size_t evaluations;
};

/// Courses of one setting over tasks; empty where this build does not have the method.
std::vector<std::vector<double>> run_tasks(const Setting& setting, const Cell& cell,
                                           const Disguise& disguise, Key key, std::size_t tasks,
                                           int threads) {
    std::vector<std::vector<double>> courses(tasks);
    std::vector<char> present(tasks);
    parallel_for(tasks, threads, [&](std::size_t k, std::size_t /*thread*/) {
        const Landscape landscape(*cell.function, cell.dimension, disguise, key / k / 1);
        Arena arena(landscape, cell.evaluations, key / k / 2);
        present[k] = setting.run(arena) ? 1 : 0;
        courses[k] = arena.course();
    });
    if (std::ranges::count(present, 1) == 0) courses.clear();
    return courses;
}

double quantile(std::vector<double> values, double where) {
    std::ranges::sort(values);
    const double at = where * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    const std::size_t above = std::min(below + 1, values.size() - 1);
    const double part = at - static_cast<double>(below);
    return values[below] + part * (values[above] - values[below]);
}

std::vector<double> final_errors(const std::vector<std::vector<double>>& courses) {
    std::vector<double> errors;
    errors.reserve(courses.size());
    for (const auto& course : courses) {
        errors.push_back(course.empty() ? std::numeric_limits<double>::infinity() : course.back());
    }
    return errors;
}

/// The setting with the lowest median, then the lowest mean logarithm.
struct Tuned {
    Setting setting;
    std::pair<double, double> score{std::numeric_limits<double>::infinity(), 0};
};

class Tuner {
public:
    Tuner(const Cell& cell, const Disguise& disguise, Key key, std::size_t tasks, int threads)
        : cell_(cell), disguise_(disguise), key_(key), tasks_(tasks), threads_(threads) {}

    [[nodiscard]] Tuned tune(const Method& method) const {
        Tuned best;
        if (method.settings.size() == 1 && method.lines.empty()) {
            best.setting = method.settings.front();
            return best;
        }
        for (const Setting& setting : method.settings) try_out(setting, best);
        for (const auto& along : method.lines) {
            std::map<double, double> medians;  // by half decades
            const auto measure = [&](int half_decades) {
                Tuned one;
                try_out(along(std::pow(10.0, 0.5 * half_decades)), one);
                medians[half_decades] = one.score.first;
                if (one.score < best.score) best = one;
            };
            for (int h = -6; h <= -1; ++h) measure(h);
            const auto lowest = [&] {
                return std::ranges::min_element(medians, {},
                                                [](const auto& entry) { return entry.second; })
                    ->first;
            };
            while (lowest() == medians.begin()->first && medians.begin()->first > -12) {
                measure(static_cast<int>(medians.begin()->first) - 1);
            }
            while (lowest() == medians.rbegin()->first && medians.rbegin()->first < 4) {
                measure(static_cast<int>(medians.rbegin()->first) + 1);
            }
        }
        return best;
    }

private:
    void try_out(const Setting& setting, Tuned& best) const {
        const auto courses = run_tasks(setting, cell_, disguise_, key_, tasks_, threads_);
        if (courses.empty()) return;
        const std::vector<double> errors = final_errors(courses);
        double logs = 0;
        for (const double error : errors) logs += std::log10(error);
        const std::pair score{quantile(errors, 0.5), logs};
        if (score < best.score) best = {setting, score};
    }

    Cell cell_;
    Disguise disguise_;
    Key key_;
    std::size_t tasks_;
    int threads_;
};

/// The methods that a picture shows: more would hide each other.
constexpr std::array pictured{"tdca", "CMA-ES", "L-BFGS, restarted", "descent, many starts"};

/// Best error after 2 %, 4 %, … of the budget: quartiles over tasks.
Json course_quartiles(const std::vector<std::vector<double>>& courses, std::size_t evaluations) {
    Json out = Json::array();
    for (std::size_t percent = 2; percent <= 100; percent += 2) {
        const std::size_t at = std::max<std::size_t>(evaluations * percent / 100, 1);
        std::vector<double> errors;
        for (const auto& course : courses) {
            if (!course.empty()) errors.push_back(course[std::min(at, course.size()) - 1]);
        }
        out.push_back({at, quantile(errors, 0.25), quantile(errors, 0.5), quantile(errors, 0.75)});
    }
    return out;
}

ConvergencePanel panel_of(const Json& cell) {
    ConvergencePanel panel{cell["function"], {}};
    for (const char* name : pictured) {
        if (!cell["methods"].contains(name)) continue;
        ConvergenceBand band{name, {}, {}, {}, {}};
        for (const Json& row : cell["methods"][name]["course"]) {
            band.evaluations.push_back(row[0]);
            band.lower.push_back(row[1]);
            band.median.push_back(row[2]);
            band.upper.push_back(row[3]);
        }
        panel.bands.push_back(band);
    }
    return panel;
}

int run(const Options& given) {
    Options options = given;
    if (options.quick) {
        options.functions = {"rastrigin", "griewank"};
        options.dimensions = {3};
        options.evaluations = {100};
        options.tasks = 6;
        options.tuning = 2;
    }
    for (const std::string& name : options.functions) {
        const TestFunction& function = find_test_function(name);
        for (const std::size_t n : options.dimensions) function.require_dimension(n);
    }
    Disguise disguise;
    if (options.setting == "known") disguise = {.shift = false, .rotate = false, .condition = 1};
    const auto genome = load_genome<Search<>::Genome>(options.genome).genome;
    const std::vector<Method> methods = make_methods(genome, options.own_only);
    const Key key(options.seed);
    fs::create_directories(options.output);

    Json report = run_facts("optimization", options);
    report["setting"] = options.setting;
    report["tasks"] = options.tasks;
    report["tuning_tasks"] = options.tuning;
    report["success_below"] = options.success;
    report["genome"] = options.genome.filename().string();
    report["cells"] = Json::array();
    ProgressBar progress("optimising", options.functions.size() * options.dimensions.size() *
                                           options.evaluations.size());
    std::size_t done = 0;
    for (const std::size_t evaluations : options.evaluations) {
        for (const std::size_t dimension : options.dimensions) {
            std::printf(
                "\n%zu dimensions, %zu evaluations, %s landscapes: median error [quartiles]"
                " success %%\n",
                dimension, evaluations, options.setting.c_str());
            std::vector<ConvergencePanel> panels;
            std::size_t ahead_of_gradients = 0;
            std::size_t ahead_of_cma = 0;
            for (const std::string& name : options.functions) {
                const TestFunction& function = find_test_function(name);
                const Cell cell{&function, dimension, evaluations};
                const Key cell_key = key / dimension / evaluations;
                const std::size_t tuning = evaluations > 2000
                                               ? std::max<std::size_t>(options.tuning * 2 / 5, 2)
                                               : options.tuning;
                const Tuner tuner(cell, disguise, cell_key / 0, tuning, options.threads);
                Json entry{
                    {"function", name}, {"dimension", dimension}, {"evaluations", evaluations}};
                std::printf("%s\n", name.c_str());
                double best_gradient = std::numeric_limits<double>::infinity();
                double cma = std::numeric_limits<double>::infinity();
                double own = 0;
                for (const Method& method : methods) {
                    const Tuned tuned = tuner.tune(method);
                    if (!tuned.setting.run) continue;
                    const auto courses = run_tasks(tuned.setting, cell, disguise, cell_key / 1,
                                                   options.tasks, options.threads);
                    if (courses.empty()) continue;
                    const std::vector<double> errors = final_errors(courses);
                    const double median = quantile(errors, 0.5);
                    const auto successes = static_cast<double>(std::ranges::count_if(
                        errors, [&](double error) { return error <= options.success; }));
                    const double rate = successes / static_cast<double>(errors.size());
                    entry["methods"][method.name] = {
                        {"setting", tuned.setting.name},
                        {"by_gradient", method.by_gradient},
                        {"median", median},
                        {"quartiles", {quantile(errors, 0.25), quantile(errors, 0.75)}},
                        {"success", rate},
                        {"n", errors.size()}};
                    if (std::ranges::find(pictured, method.name) != pictured.end()) {
                        entry["methods"][method.name]["course"] =
                            course_quartiles(courses, evaluations);
                    }
                    std::printf("    %-32s %9.3g [%8.2g, %8.2g] %5.0f  %s\n", method.name.c_str(),
                                median, quantile(errors, 0.25), quantile(errors, 0.75), 100 * rate,
                                tuned.setting.name.c_str());
                    if (method.name == "tdca") own = median;
                    if (method.by_gradient) best_gradient = std::fmin(best_gradient, median);
                    if (method.name == "CMA-ES") cma = median;
                }
                panels.push_back(panel_of(entry));
                ahead_of_gradients += own < best_gradient ? 1 : 0;
                ahead_of_cma += own < cma ? 1 : 0;
                report["cells"].push_back(entry);
                progress.report(++done, name);
                std::fflush(stdout);
            }
            const fs::path picture =
                options.output / ("convergence_" + options.setting + "_" + to_text(dimension) +
                                  "_" + to_text(evaluations) + ".png");
            if (!options.own_only && !draw_convergence(picture, panels, 2)) {
                std::fprintf(stderr, "gnuplot is not installed: no picture\n");
            }
            std::printf(
                "tdca has the lower median on %zu of %zu functions beside the best gradient "
                "method, on %zu beside CMA-ES\n",
                ahead_of_gradients, options.functions.size(), ahead_of_cma);
        }
    }
    report["seconds"] = progress.seconds();
    if (!options.json.empty()) save_json(options.json, report);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CommandLine line("Optimises test functions by credits and by peers", "optimization");
    options.add_to(line);
    line.file_to_read("--genome", options.genome, "genome of the search");
    line.choices("--functions", options.functions, "names of test functions",
                 test_function_names());
    line.counts("--dimensions", options.dimensions, "of the landscapes", Whole::dimensions());
    line.counts("--evaluations", options.evaluations, "budgets",
                {.least = 1, .most = 10'000'000});  // each keeps its course
    line.count("--tasks", options.tasks, "landscapes that methods are judged on", Whole::lives());
    line.count("--tuning", options.tuning, "landscapes that peers are tuned on", Whole::lives());
    line.choice("--setting", options.setting, "unseen: shifted and turned; known: as defined",
                {"unseen", "known"});
    line.real("--success", options.success, "error that counts as success");
    line.folder_to_write("--output", options.output, "folder for pictures");
    line.flag("--own-only", options.own_only, "tdca alone, without its peers");
    return run_program(line, argc, argv, [&] { return run(options); });
}
