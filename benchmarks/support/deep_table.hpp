// Plain networks of tens of layers: credits beside every step of the ladder, on the same lives.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "baseline/ladder.hpp"
#include "baseline/setting.hpp"
#include "support/chosen_births.hpp"
#include "support/command_line.hpp"
#include "support/comparison.hpp"
#include "support/datasets.hpp"
#include "support/deep_recipe.hpp"
#include "support/statistics.hpp"
#include "tdca/core/number.hpp"
#include "tdca/io/genome_file.hpp"
#include "tdca/io/json.hpp"
#include "tdca/training/deep.hpp"

namespace tdca::support {

struct DeepOptions : ProgramOptions {
    std::size_t updates = 1000;
    std::size_t seeds = 8;
    std::size_t evolutions = 2;
    bool validate = false;
    std::string births = "mirrored";
    std::string only;

    void add_to(CommandLine& line) {
        ProgramOptions::add_to(line);
        line.count("--updates", updates, "of each life, on minibatches of 64", {.least = 1});
        line.count("--seeds", seeds, "lives for each genome", Whole::lives());
        line.count("--evolutions", evolutions, "genomes NAME_1, NAME_2, …", {.least = 1});
        line.flag("--validate", validate, "judge on validation samples, and not on the test split");
        line.choice("--births", births, "of hidden layers, and whose genomes are taken",
                    {births_names.begin(), births_names.end()});
        line.text("--only", only, "learners that have this in their name");
    }
};

/// Test accuracies on Fashion-MNIST of `PlainDeep<Layers>`.
class DeepTable {
public:
    DeepTable(const std::string& program, const DeepOptions& options)
        : options_(options),
          data_(load_dataset("fashion_mnist")),
          arena_{data_.train(),
                 data_.validation(),
                 options.validate ? data_.validation() : data_.test(),
                 Key(options.seed) / 1,
                 options.threads,
                 options.quick ? 1 : options.seeds},
          updates_(options.quick ? 20 : options.updates),
          report_(run_facts(program, options)) {
        chosen_births = births_of(options.births);
        report_["updates"] = updates_;
        report_["births"] = options.births;
        report_["judged_on"] = options.validate ? "validation" : "test";
        std::printf("accuracy in %% on Fashion-MNIST after %zu updates on minibatches of 64\n",
                    updates_);
    }

    /// Every learner on networks of so many layers.
    template <std::size_t Layers>
    void depth() {
        using Net = PlainDeep<Layers>;
        using baseline::Step;
        evolved<Layers, DeepClassifierLearner<Net>>("credits", "deep");
        const auto step = [this](Step chosen, const char* name, const char* family) {
            baseline::chosen_step = chosen;
            evolved<Layers, DeepLadder<Net>>(name, family);
        };
        step(Step::exact, "L1 exact", "deep_exact");
        step(Step::error, "L2 error", "deep_error");
        step(Step::gates, "L3 gates", "deep_gates");
        step(Step::guesses, "L4 guesses", "deep_guesses");
        tuned<Layers, Net>();
    }

    void save() const {
        if (!options_.json.empty()) save_json(options_.json, report_);
    }
    [[nodiscard]] const Json& report() const { return report_; }

private:
    [[nodiscard]] bool is_wanted(const std::string& name) const {
        return name.find(options_.only) != std::string::npos;
    }

    template <std::size_t Layers, class LearnerType>
    void evolved(const std::string& name, const std::string& family) {
        if (!is_wanted(name)) return;
        const std::string prefix =
            options_.births == "mirrored" ? family : family + "_" + options_.births;
        std::vector<double> all;
        Json cell;
        for (std::size_t i = 1; i <= (options_.quick ? 1 : options_.evolutions); ++i) {
            const auto file = shipped_genome(prefix + "_" + to_text(i) + ".safetensors");
            if (!std::filesystem::exists(file)) continue;
            const auto accuracies = test_accuracies<LearnerType>(
                arena_, load_genome<DeepGenome>(file).genome, updates_);
            cell["genomes"][prefix + "_" + to_text(i)] = accuracies;
            all.insert(all.end(), accuracies.begin(), accuracies.end());
        }
        add<Layers>(name, all, std::move(cell));
    }

    /// NAdam falling linearly to zero, its rate tuned on two lives' validation, a factor 2 apart.
    template <std::size_t Layers, class Net>
    void tuned() {
        if (!is_wanted("L0 tuned")) return;
        using LearnerType = baseline::TextbookLearner<Net, baseline::AdamFamily>;
        Arena judge = arena_;
        judge.test = arena_.validation;
        judge.key = arena_.tuning_key();
        judge.seeds = options_.quick ? 1 : 2;
        const auto setting_at = [](int power) {
            return baseline::Setting{.optimizer = "nadam",
                                     .rate = 0.001F * std::pow(2.0F, static_cast<float>(power)),
                                     .course = baseline::RateCourse::linear};
        };
        std::map<int, double> tried;
        int best = 0;
        for (int next = 0; std::abs(next) <= 8 && !tried.contains(next);) {
            tried[next] = summarize(test_accuracies<LearnerType>(
                                        judge, baseline::settings_of<LearnerType>(setting_at(next)),
                                        updates_))
                              .mean;
            if (tried[next] > tried[best]) best = next;
            next = tried.contains(best - 1) ? best + 1 : best - 1;
        }
        Json cell;
        cell["setting"] = describe(setting_at(best));
        add<Layers>("L0 tuned",
                    test_accuracies<LearnerType>(
                        arena_, baseline::settings_of<LearnerType>(setting_at(best)), updates_),
                    std::move(cell));
    }

    template <std::size_t Layers>
    void add(const std::string& name, const std::vector<double>& accuracies, Json cell) {
        if (accuracies.empty()) return;
        const Summary summary = summarize(accuracies);
        const double worst = *std::ranges::min_element(accuracies);
        std::printf("%2zu layers  %-12s %6.2f ± %.2f  worst %6.2f  (n %zu)\n", Layers, name.c_str(),
                    summary.mean, summary.margin(), worst, summary.n);
        std::fflush(stdout);
        cell.update(to_json(summary));
        cell["worst"] = worst;
        cell["accuracies"] = accuracies;
        report_["cells"][to_text(Layers)][name] = std::move(cell);
        save();
    }

    const DeepOptions& options_;
    ExperimentData data_;
    Arena arena_;
    std::size_t updates_;
    Json report_;
};

}  // namespace tdca::support
