// Tables that no evolution has seen: one genome, with nothing tuned, beside backpropagation tuned
// for each. Numbers, classes and several labels.
//
//   targets --updates 1000 --genomes universal      shipped genomes, universal_1 to universal_3
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "support/command_line.hpp"
#include "support/statistics.hpp"
#include "support/suite_match.hpp"
#include "support/table_suite.hpp"
#include "support/versus.hpp"
#include "tdca/core/error.hpp"
#include "tdca/presets.hpp"

using namespace tdca;
using namespace tdca::support;

namespace {

struct Options : ProgramOptions {
    std::size_t updates = 1000;
    std::size_t seeds = 8;
    std::string genomes = "universal";
    std::string backprop_genomes = "evolved_backprop";
    std::vector<std::string> tables;
    bool seen_half = false;
};

template <std::size_t Inputs, std::size_t Outputs>
MatchResult numbers(const TableData& data, const MatchPlan& plan, const MatchGenomes& genomes) {
    return Match<NumbersMlp<Inputs, Outputs, Relu, 64, 32>, RegressionSignal<Outputs>>(data, plan)
        .play(genomes);
}
template <std::size_t Inputs, std::size_t Classes>
MatchResult classes(const TableData& data, const MatchPlan& plan, const MatchGenomes& genomes) {
    return Match<Mlp<Inputs, Classes, Relu, 64, 32>, ClassificationSignal<Classes>>(data, plan)
        .play(genomes);
}

/// On a network with room for the table: 64 or 256 inputs, two hidden layers of 64 and 32.
MatchResult play(const TableTask& task, const MatchPlan& plan, const MatchGenomes& genomes) {
    const TableData data(task);
    const bool wide = data.width() == TableData::wide;
    if (task.kind == TargetKind::labels) {
        return Match<LabelsMlp<64, 8, Relu, 64, 32>, MultiLabelSignal<8>>(data, plan).play(genomes);
    }
    if (task.kind == TargetKind::numbers) {
        return wide ? numbers<256, 3>(data, plan, genomes) : numbers<64, 1>(data, plan, genomes);
    }
    if (wide) {
        return data.outputs() == 2 ? classes<256, 2>(data, plan, genomes)
                                   : classes<256, 26>(data, plan, genomes);
    }
    return data.outputs() == 2 ? classes<64, 2>(data, plan, genomes)
                               : classes<64, 26>(data, plan, genomes);
}

/// Mean of the middle half.
double middle_mean(std::vector<double> values) {
    if (values.empty()) return std::nan("");
    std::ranges::sort(values);
    const std::size_t cut = values.size() / 4;
    double sum = 0;
    for (std::size_t i = cut; i < values.size() - cut; ++i) sum += values[i];
    return sum / static_cast<double>(values.size() - 2 * cut);
}

std::string text(const Summary& summary) {
    if (summary.n == 0) return "";
    std::array<char, 48> line{};
    (void)std::snprintf(line.data(), line.size(), "%.4g ± %.2g", summary.mean, summary.margin());
    return line.data();
}

/// Three evolutions of one recipe.
template <class Genome>
std::vector<Genome> load(const std::string& family) {
    std::vector<Genome> genomes;
    for (const auto& [name, genome] : load_genomes<Genome>(family, 3)) genomes.push_back(genome);
    return genomes;
}

int run(const Options& options) {
    MatchPlan plan;
    plan.updates = options.quick ? 100 : options.updates;
    plan.seeds = options.quick ? 2 : options.seeds;
    plan.threads = options.threads;
    if (options.quick) plan.sweep = baseline::SweepPlan::quick();
    MatchGenomes genomes;
    genomes.tdca = load<ClassifierGenome>(options.genomes);
    genomes.backprop =
        load<typename decltype(genomes.backprop)::value_type>(options.backprop_genomes);

    std::vector<MatchResult> results;
    std::vector<double> speed_ups;
    std::vector<double> losses;
    std::vector<double> plain;
    Json report = run_facts("targets", options);
    std::printf("%-20s %18s %18s %18s %18s  %8s %8s  tuned\n", "table", "tdca", "tuned backprop",
                "adam 0.001", "evolved backprop", "loss", "speed-up");
    std::vector<TableTask> tasks(table_suite.begin(), table_suite.end());
    if (options.quick && options.tables.empty()) tasks = {quick_table};
    for (const TableTask& task : tasks) {
        const bool named = std::ranges::find(options.tables, task.name) != options.tables.end();
        const Half half = options.seen_half ? Half::evolution : Half::held_out;
        const bool all = options.tables.empty();
        if (all ? !options.quick && task.half != half : !named) continue;
        const MatchResult result = play(task, plan, genomes);
        std::printf("%-20s %18s %18s %18s %18s  %8.3f %8.2f  %s%s\n", result.task.c_str(),
                    text(result.tdca).c_str(), text(result.tuned).c_str(),
                    text(result.untuned).c_str(), text(result.evolved).c_str(),
                    result.relative_loss(), result.speed_up, result.setting.c_str(),
                    result.broken > 0 ? "  BROKEN LIVES" : "");
        std::fflush(stdout);
        speed_ups.push_back(result.speed_up);
        losses.push_back(result.relative_loss());
        plain.push_back(result.tdca.mean / result.untuned.mean);
        report["tables"][result.task] = {{"updates", result.updates},
                                         {"tdca", to_json(result.tdca)},
                                         {"tuned_backprop", to_json(result.tuned)},
                                         {"adam_0.001", to_json(result.untuned)},
                                         {"evolved_backprop", to_json(result.evolved)},
                                         {"setting", result.setting},
                                         {"settings_tried", result.settings},
                                         {"relative_loss", result.relative_loss()},
                                         {"speed_up", result.speed_up},
                                         {"broken", result.broken}};
        results.push_back(result);
    }
    require_some("targets", "tables of these names", results.size());
    std::size_t broken = 0;
    for (const MatchResult& result : results) broken += result.broken;
    report["speed_up_interquartile_mean"] = middle_mean(speed_ups);
    report["relative_loss_interquartile_mean"] = middle_mean(losses);
    report["relative_loss_to_adam_0.001_interquartile_mean"] = middle_mean(plain);
    report["worst_speed_up"] = *std::ranges::min_element(speed_ups);
    report["worst_relative_loss"] = *std::ranges::max_element(losses);
    report["broken_lives"] = broken;
    std::printf(
        "%zu tables: speed-up %.2f (interquartile mean; worst %.2f), loss %.3f of tuned "
        "backpropagation's (worst %.3f), %.3f of Adam's at 0.001; %zu broken lives\n",
        results.size(), middle_mean(speed_ups), *std::ranges::min_element(speed_ups),
        middle_mean(losses), *std::ranges::max_element(losses), middle_mean(plain), broken);
    if (!options.json.empty()) save_json(options.json, report);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CommandLine line("One genome on tables that it never saw, beside tuned backpropagation",
                     "targets");
    options.add_to(line);
    line.count("--updates", options.updates, "of a life", Whole{1});
    line.count("--seeds", options.seeds, "lives of a figure", Whole::lives());
    line.shipped_genomes("--genomes", options.genomes, "shipped genomes: this name, _1 to _3");
    line.shipped_genomes("--backprop-genomes", options.backprop_genomes,
                         "of exact gradients with evolved plasticity");
    std::vector<std::string> names;
    for (const TableTask& task : table_suite) names.emplace_back(task.name);
    line.choices("--tables", options.tables, "these alone; default: the half that is held out",
                 names);
    line.flag("--seen-half", options.seen_half, "the half that evolution has seen");
    return run_program(line, argc, argv, [&] { return run(options); });
}
