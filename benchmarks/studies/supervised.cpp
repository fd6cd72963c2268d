// The specialist for Fashion-MNIST against backpropagation at its best: on Fashion-MNIST and MNIST,
// two networks, from 100 updates to ten epochs; then with wrong labels and with few samples.
//
//   supervised                     everything, for hours; --resume goes on from the cells that are
//   done supervised --points a --check  exit code 1 where the point does not hold
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "support/command_line.hpp"
#include "support/datasets.hpp"
#include "support/versus.hpp"
#include "tdca/core/error.hpp"
#include "tdca/data/transform.hpp"
#include "tdca/io/json.hpp"

namespace fs = std::filesystem;
using namespace tdca;
using namespace tdca::support;

namespace {

using Narrow = DenseClassifier<784, 64>;
using Deep = DenseClassifier<784, 256, 128>;

struct Options : ProgramOptions {
    std::string points = "af";
    std::vector<std::string> data{"fashion_mnist", "mnist"};
    fs::path output = "supervised_output";
    std::string genomes = "fashion_mnist";
    bool resume = false;
    bool check = false;

    [[nodiscard]] fs::path results() const {
        return json.empty() ? output / "supervised.json" : json;
    }
};

struct Contestants {
    std::vector<Named<ClassifierGenome>> tdca;
    std::vector<Named<BackpropGenome>> backprop;
};

Arena arena_of(const Options& options, const Subset& train, const Subset& validation,
               const Subset& test) {
    return {train,
            validation,
            options.quick ? test.first(1000) : test,
            Key(options.seed) / 1,
            options.threads,
            options.quick ? std::size_t{2} : std::size_t{10}};
}

/// Updates: 100, 300, one epoch, 1,000, ten epochs.
std::vector<std::size_t> horizons(const Options& options, std::size_t samples) {
    if (options.quick) return {30};
    return {100, 300, samples / 64, 1000, 10 * samples / 64};
}

/// Short lives are cheap, and differ more.
baseline::SweepPlan plan_of(const Options& options, std::size_t horizon) {
    if (options.quick) return baseline::SweepPlan::quick();
    return {.seeds = horizon < 500 ? 2U : 1U};
}

/// A cell's row, once it is done: lived now, or found in the report.
template <class Net>
Json row_of(const Options& options, const Cell& cell, const Contestants& contestants, Json& report,
            const char* point) {
    for (const Json& row : report[point]) {
        if (row.at("cell") == cell.name && row.at("updates") == cell.horizon) return row;
    }
    compete<Net>(cell, contestants.tdca, contestants.backprop, report[point]);
    save_json(options.results(), report);
    return report[point].back();
}

template <class Net>
void cells_of(const Options& options, const std::string& network, const std::string& set,
              const ExperimentData& data, const Contestants& contestants, std::vector<Json>& rows,
              Json& report) {
    for (const std::size_t horizon : horizons(options, data.train().size())) {
        const Cell cell{std::string(set).append(" ").append(network),
                        arena_of(options, data.train(), data.validation(), data.test()), horizon,
                        plan_of(options, horizon)};
        rows.push_back(row_of<Net>(options, cell, contestants, report, "a"));
    }
}

/// Point a: returns whether it holds on Fashion-MNIST.
bool against_backprop(const Options& options, const Contestants& contestants, Json& report) {
    bool holds = true;
    for (const std::string& set : options.data) {
        // The short form runs on data that every machine has.
        if (options.quick && set != "fashion_mnist") continue;
        const auto data = load_dataset(set);
        std::vector<Json> rows;
        cells_of<Narrow>(options, "784-64-10", set, data, contestants, rows, report);
        cells_of<Deep>(options, "784-256-128-10", set, data, contestants, rows, report);
        std::size_t ahead = 0;
        std::size_t far_behind = 0;
        std::size_t beyond = 0;
        std::size_t short_of = 0;
        for (const Json& row : rows) {
            const Summary d = summary_from(row.at("tdca_mean_minus_backprop"));
            ahead += d.mean > d.margin() ? 1 : 0;
            far_behind += d.mean < -0.5 ? 1 : 0;
            const Summary e = summary_from(row.at("tdca_mean_minus_evolved_backprop"));
            beyond += e.mean > e.margin() ? 1 : 0;
            short_of += e.mean < -0.2 ? 1 : 0;
        }
        const bool won = ahead >= 7 && far_behind == 0;
        const bool even = short_of == 0 && beyond >= 3;
        std::printf(
            "%s: ahead of tuned backprop (interval above zero) in %zu of %zu cells, over 0.5 "
            "points "
            "behind in %zu; ahead of evolved backprop in %zu, over 0.2 points behind in %zu\n\n",
            set.c_str(), ahead, rows.size(), far_behind, beyond, short_of);
        report["a_summary"][set] = {{"cells", rows.size()},
                                    {"ahead_of_tuned", ahead},
                                    {"half_a_point_behind_tuned", far_behind},
                                    {"ahead_of_evolved", beyond},
                                    {"behind_evolved_by_0.2", short_of}};
        if (set == "fashion_mnist") holds = won && even;
    }
    return holds;
}

/// Point f: wrong labels, and few samples.
void robustness(const Options& options, const Contestants& contestants, Json& report) {
    const auto data = load_dataset("fashion_mnist");
    const std::size_t horizon = options.quick ? 30 : 1000;
    const auto both = [&](const std::string& name, const Subset& train) {
        const Arena arena = arena_of(options, train, data.validation(), data.test());
        const auto plan = plan_of(options, horizon);
        row_of<Narrow>(options, {name + ", 784-64-10", arena, horizon, plan}, contestants, report,
                       "f");
        row_of<Deep>(options, {name + ", 784-256-128-10", arena, horizon, plan}, contestants,
                     report, "f");
    };
    for (const double share : {0.2, 0.4}) {
        const Dataset wrong =
            with_wrong_labels(data.train().dataset(), share, Key(options.seed) / 2);
        const auto rows = data.train().indices();
        both(share < 0.3 ? "20 % wrong labels" : "40 % wrong labels",
             Subset(wrong, {rows.begin(), rows.end()}));
    }
    both("5 % of the samples", data.train().first(data.train().size() / 20));
}

/// The report to begin with: that of the run that is resumed, if any.
Json facts_of(const Options& options) {
    Json report = run_facts("supervised", options);
    if (!options.resume || !fs::exists(options.results())) return report;
    const Json before = load_json(options.results());
    for (const char* what : {"program", "git_commit", "seed", "quick"}) {
        if (before.at(what) != report.at(what)) {
            throw Error(options.results().string(), std::string(what) + " differs from this run's",
                        report.at(what).dump(), before.at(what).dump());
        }
    }
    for (const char* point : {"a", "f"}) {
        if (before.contains(point)) report[point] = before.at(point);
    }
    return report;
}

int run(const Options& options) {
    fs::create_directories(options.output);
    const Stopwatch clock;
    Json report = facts_of(options);
    const std::size_t evolutions = options.quick ? 1 : 3;
    const Contestants contestants{load_genomes<ClassifierGenome>(options.genomes, evolutions),
                                  load_genomes<BackpropGenome>("evolved_backprop", evolutions)};
    std::printf("test accuracy in %%, %s; differences with 95 %% intervals\n",
                options.quick ? "2 lifetimes" : "10 lifetimes");
    bool holds = true;
    if (options.points.find('a') != std::string::npos) {
        holds = against_backprop(options, contestants, report);
    }
    if (options.points.find('f') != std::string::npos) robustness(options, contestants, report);
    report["seconds"] = clock.seconds();
    save_json(options.results(), report);
    if (options.points.find('a') != std::string::npos) {
        std::printf(
            "%s  a: on Fashion-MNIST, ahead of tuned backprop in at least 7 cells, nowhere 0.5 "
            "behind; ahead of evolved backprop in 3, nowhere 0.2 behind\n",
            holds ? "holds " : "FAILS ");
    }
    std::printf("results  %s\n", fs::absolute(options.results()).c_str());
    return options.check && !holds ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CommandLine line("Specialist genomes against backpropagation at its best", "supervised");
    options.add_to(line);
    line.letters("--points", options.points, "which to show", "af");
    line.choices("--data", options.data, "data sets of point a", {"fashion_mnist", "mnist"});
    line.shipped_genomes("--genomes", options.genomes, "shipped genomes: this name, _1 to _3");
    line.folder_to_write("--output", options.output, "folder for results");
    line.flag("--resume", options.resume, "keep the cells that the results file has");
    line.flag("--check", options.check, "exit code 1 where a point does not hold");
    return run_program(line, argc, argv, [&] { return run(options); });
}
