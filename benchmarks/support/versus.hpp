// Versus: genomes against backpropagation tuned on the very same cell, seed by seed.
#pragma once

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "baseline/sweep.hpp"
#include "support/comparison.hpp"
#include "support/designs.hpp"
#include "support/statistics.hpp"
#include "tdca/core/number.hpp"
#include "tdca/io/genome_file.hpp"
#include "tdca/io/json.hpp"

namespace tdca::support {

/// A genome under a name.
template <class Genome>
struct Named {
    std::string name;
    Genome genome;
};

/// Loads genomes `prefix_1.safetensors` … `prefix_count.safetensors`.
template <class Genome>
[[nodiscard]] std::vector<Named<Genome>> load_genomes(const std::string& prefix,
                                                      std::size_t count) {
    std::vector<Named<Genome>> genomes;
    for (std::size_t i = 1; i <= count; ++i) {
        const std::string name = prefix + "_" + to_text(i);
        genomes.push_back(
            {name, load_genome<Genome>(shipped_genome(name + ".safetensors")).genome});
    }
    return genomes;
}

/// Evolved backpropagation's genomes are of this type, whatever the network.
using BackpropGenome = EvolvedBackprop<DenseClassifier<784, 64>>::Genome;

/// One cell of a table: a network, its data and a horizon; and who is to be compared on it.
struct Cell {
    std::string name;
    Arena arena;
    std::size_t horizon;
    baseline::SweepPlan plan{};  ///< of backprop's sweep
    bool with_default_adam = false;
};

/// What a cell came to. Differences are taken lifetime by lifetime.
struct Verdict {
    Summary backprop;
    std::vector<Summary> tdca;              ///< one per genome
    std::vector<Summary> evolved_backprop;  ///< one per genome of the strongest baseline
    std::size_t broken = 0;  ///< TDCA's lifetimes 20 points or more below tuned backprop's mean
    // Mean over evolution seeds of TDCA, minus …
    Summary mean_difference;     ///< … tuned backprop
    Summary against_evolved;     ///< … the same mean of evolved backprop
    Summary default_difference;  ///< … backprop with Adam at 1e-3
};

namespace versus {

/// Lifetime by lifetime, the mean over contestants.
[[nodiscard]] inline std::vector<double> mean_over(const std::vector<std::vector<double>>& all) {
    std::vector<double> mean(all.front().size());
    for (const auto& one : all) {
        for (std::size_t i = 0; i < mean.size(); ++i) {
            mean[i] += one[i] / static_cast<double>(all.size());
        }
    }
    return mean;
}

}  // namespace versus

/// Tunes backpropagation on the cell's validation samples, then lets everyone live the same
/// lifetimes and be tested once. Prints one line and appends everything to `table`.
template <class Net, std::size_t Samples = 64>
Verdict compete(const Cell& cell, const std::vector<Named<ClassifierGenome>>& genomes,
                const std::vector<Named<BackpropGenome>>& evolved, Json& table) {
    const Arena& arena = cell.arena;
    const auto cells = baseline::tune<Net, Samples>(arena.train, arena.validation, cell.horizon,
                                                    arena.tuning_key(), cell.plan, arena.threads);
    const auto tuned = test_accuracies<Net, Samples>(arena, cells.front().setting, cell.horizon);
    Verdict outcome;
    outcome.backprop = summarize(tuned);
    Json row = {{"cell", cell.name},
                {"updates", cell.horizon},
                {"minibatch", Samples},
                {"backprop", to_json(outcome.backprop)},
                {"backprop_setting", describe(cells.front().setting)},
                {"settings_tried", cells.size()}};
    for (const baseline::Tuned& tried : cells) {
        if (tried.lifetimes < cells.front().lifetimes) break;
        row["backprop_finalists"].push_back(
            {describe(tried.setting), 100 * tried.accuracy, tried.lifetimes});
    }
    std::vector<std::vector<double>> ours;
    std::vector<std::vector<double>> theirs;
    for (const auto& [name, genome] : genomes) {
        ours.push_back(
            test_accuracies<ClassifierLearner<Net>, Samples>(arena, genome, cell.horizon));
        outcome.tdca.push_back(summarize(ours.back()));
        for (const double accuracy : ours.back()) {
            outcome.broken += accuracy > outcome.backprop.mean - 20 ? 0 : 1;
        }
        row["tdca"][name] = {{"accuracy", to_json(outcome.tdca.back())},
                             {"minus_backprop", to_json(paired(ours.back(), tuned))}};
    }
    for (const auto& [name, genome] : evolved) {
        theirs.push_back(
            test_accuracies<EvolvedBackprop<Net>, Samples>(arena, genome, cell.horizon));
        outcome.evolved_backprop.push_back(summarize(theirs.back()));
        row["evolved_backprop"][name] = {{"accuracy", to_json(outcome.evolved_backprop.back())},
                                         {"minus_backprop", to_json(paired(theirs.back(), tuned))}};
    }
    const std::vector<double> our_mean = versus::mean_over(ours);
    outcome.mean_difference = paired(our_mean, tuned);
    row["tdca_mean_minus_backprop"] = to_json(outcome.mean_difference);
    row["broken_lifetimes"] = outcome.broken;
    std::printf("%-34s %5zu  backprop %6.2f ± %.2f  TDCA", cell.name.c_str(), cell.horizon,
                outcome.backprop.mean, outcome.backprop.deviation);
    for (const Summary& s : outcome.tdca) std::printf(" %6.2f", s.mean);
    std::printf("  difference %+.2f ± %.2f", outcome.mean_difference.mean,
                outcome.mean_difference.margin());
    if (!theirs.empty()) {
        outcome.against_evolved = paired(our_mean, versus::mean_over(theirs));
        row["tdca_mean_minus_evolved_backprop"] = to_json(outcome.against_evolved);
        std::printf("  evolved backprop");
        for (const Summary& s : outcome.evolved_backprop) std::printf(" %6.2f", s.mean);
        std::printf("  difference %+.2f ± %.2f", outcome.against_evolved.mean,
                    outcome.against_evolved.margin());
    }
    if (cell.with_default_adam) {
        const auto plain = test_accuracies<Net, Samples>(
            arena, baseline::Setting{.optimizer = "adam", .rate = 1e-3F}, cell.horizon);
        outcome.default_difference = paired(our_mean, plain);
        row["adam_default"] = to_json(summarize(plain));
        row["tdca_mean_minus_adam_default"] = to_json(outcome.default_difference);
        std::printf("  minus Adam at 1e-3 %+.2f ± %.2f", outcome.default_difference.mean,
                    outcome.default_difference.margin());
    }
    std::printf("  (%s)\n", describe(cells.front().setting).c_str());
    std::fflush(stdout);
    table.push_back(row);
    return outcome;
}

}  // namespace tdca::support
