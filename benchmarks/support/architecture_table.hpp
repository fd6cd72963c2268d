// A table of architectures that the universal genome trains: what its examples share.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "support/architecture_task.hpp"
#include "support/command_line.hpp"
#include "support/comparison.hpp"
#include "support/designs.hpp"
#include "support/statistics.hpp"
#include "support/versus.hpp"
#include "tdca/io/json.hpp"

namespace tdca::support {

/// Feedback that is drawn at random and stays as it is: what the TDCA-network has to add to.
template <class Net>
using FixedFeedbackLearner =
    Learner<Net, TopDownNetwork<ClassificationSignal<Net::output_shape::size>, Hidden<8>,
                                GaussianDiffusion<32>, FixedFeedback>>;

/// All of a genome that has a place where feedback is fixed.
template <class Net>
[[nodiscard]] typename FixedFeedbackLearner<Net>::Genome with_fixed_feedback(
    const ClassifierGenome& genome) {
    typename FixedFeedbackLearner<Net>::Genome fixed;
    fixed.template get<"schedule">() = genome.get<"schedule">();
    fixed.template get<"plasticity">() = genome.get<"plasticity">();
    fixed.template get<"centring">() = genome.get<"centring">();
    fixed.template get<"birth">() = genome.get<"birth">();
    auto& top_down = fixed.template get<"top_down">();
    top_down.template get<"unit">() = genome.get<"top_down">().get<"unit">();
    top_down.template get<"diffusion">() = genome.get<"top_down">().get<"diffusion">();
    top_down.template get<"wiring">() = genome.get<"top_down">().get<"wiring">();
    return fixed;
}

/// Hidden layers stay as they were born, and the output layer alone learns.
template <class Net>
struct FrozenHiddenLearner : ClassifierLearner<Net> {
    using Base = ClassifierLearner<Net>;

    template <std::size_t Samples>
    static void update(const typename Base::Genome& genome, const Course& course,
                       std::span<const float, Samples * Net::input_shape::size> in,
                       std::span<const typename Base::Target, Samples> targets,
                       typename Base::State& state,
                       typename Base::template Workspace<Samples>& workspace) noexcept {
        update_network<Base, Samples, OutputLayerAlone>(
            genome, course, in, [targets](auto /*outputs*/) noexcept { return targets; }, state,
            workspace);
    }
};

/// Test accuracies under each of some genomes: those of all lives, and a cell of a report that has
/// their summary, each genome's own, the network's parameters and the seconds that it took.
struct GenomesResult {
    std::vector<double> accuracies;
    Json cell;
};
template <class LearnerType>
[[nodiscard]] GenomesResult under_each_genome(
    const Arena& arena, const std::vector<Named<typename LearnerType::Genome>>& genomes,
    std::size_t updates) {
    std::vector<double> all;
    Json each = Json::object();
    const Stopwatch clock;
    for (const auto& [genome, genes] : genomes) {
        const auto accuracies = test_accuracies<LearnerType>(arena, genes, updates);
        each[genome] = accuracies;
        all.insert(all.end(), accuracies.begin(), accuracies.end());
    }
    Json cell = to_json(summarize(all));
    cell["genomes"] = each;
    cell["parameters"] = LearnerType::network::parameter_count;
    cell["seconds"] = clock.seconds();
    return {std::move(all), std::move(cell)};
}

/// How many lives, how long, and under what genomes.
struct LivesOptions : ProgramOptions {
    std::size_t updates = 1000;
    std::size_t seeds = 8;
    std::string genome = "universal";

    void add_to(CommandLine& line) {
        ProgramOptions::add_to(line);
        line.count("--updates", updates, "of each life, on minibatches of 64", {.least = 1});
        line.count("--seeds", seeds, "lives for each genome", Whole::lives());
        line.shipped_genomes(
            "--genome", genome,
            "shipped genomes NAME_1, NAME_2 and NAME_3: architectures are those that were evolved "
            "on layers of all kinds");
    }
};

/// Options of programs that fill a table.
struct ArchitectureOptions : LivesOptions {
    std::string only;    ///< empty: every row
    std::string images;  ///< a data set of 28 × 28 images, to choose; empty: no choice
    std::filesystem::path save_data;  ///< empty: nowhere

    void add_to(CommandLine& line) {
        LivesOptions::add_to(line);
        if (!images.empty()) {
            line.choice("--images", images, "what the networks see", {"fashion_mnist", "mnist"});
        }
        line.text("--only", only, "rows that have this in their name or in what taught them");
        line.file_to_write("--save-data", save_data,
                           "write what the networks see as a safetensors file, and learn nothing");
    }
};

/// Test accuracies on one task of networks trained by the genomes of three evolutions.
class ArchitectureTable {
public:
    ArchitectureTable(const std::string& program, const ArchitectureOptions& options,
                      ArchitectureTask task)
        : options_(options),
          updates_(options.quick ? 20 : options.updates),
          task_(std::move(task)),
          genomes_(load_genomes<ClassifierGenome>(options.genome, options.quick ? 1 : 3)),
          arena_{task_.train,           task_.validation, task_.test,
                 Key(options.seed) / 1, options.threads,  options.quick ? 2 : options.seeds},
          report_(run_facts(program, options)) {
        report_["task"] = task_.name;
        report_["genome"] = options.genome;
        report_["updates"] = updates_;
        std::printf("test accuracy in %% on %s after %zu updates on minibatches of 64\n",
                    task_.name.c_str(), updates_);
    }

    /// A network under each of the genomes.
    template <class Net>
    void network(const std::string& name) {
        row<ClassifierLearner<Net>>(name);
    }

    /// A learner that takes the same genomes, under each of them.
    template <class LearnerType>
    void row(const std::string& name) {
        add_genomes<LearnerType>(name, "TDCA");
    }

    /// A network under each of the genomes, where hidden layers learn nothing.
    template <class Net>
    void frozen_hidden(const std::string& name) {
        add_genomes<FrozenHiddenLearner<Net>>(name, "hidden layers frozen");
    }

    /// The same network under feedback that stays as it is drawn, with the rest of the first genome
    /// or of one that was never evolved, and with its step sizes tuned for that by factors of 3:
    /// whichever does best on the validation samples.
    template <class Net>
    void fixed_feedback(const std::string& name) {
        if (!is_wanted(name, "fixed random feedback")) return;
        using L = FixedFeedbackLearner<Net>;
        const Stopwatch clock;
        double best = -1;
        typename L::Genome chosen;
        const char* rest = "";
        for (const bool is_evolved : {true, false}) {
            typename L::Genome start;
            if (is_evolved) {
                start = with_fixed_feedback<Net>(genomes_.front().genome);
            } else {
                L::initialize(start, Key(0));
            }
            const auto [genome, accuracy] = with_tuned_steps<L>(start);
            if (accuracy > best) {
                best = accuracy;
                chosen = genome;
                rest = is_evolved ? "evolved" : "not evolved";
            }
        }
        const auto accuracies = test_accuracies<L>(arena_, chosen, updates_);
        Json cell = to_json(summarize(accuracies));
        cell["parameters"] = Net::parameter_count;
        cell["seconds"] = clock.seconds();
        cell["rest_of_genome"] = rest;
        add(name, "fixed random feedback", accuracies, std::move(cell));
    }

    /// One of the lives that `row` lives, the first genome's of seed 0: `look(life, age)` at each
    /// of `marks`, which rise.
    template <class LearnerType, class Look>
    void follow(std::span<const std::size_t> marks, Look&& look) {
        Lifetime<LearnerType> life;
        const Key key = arena_.lifetime_key(0);
        life.begin(genomes_.front().genome, key / 0,
                   Course::over(updates_, 64, arena_.train.size()));
        const MinibatchSampler<64> sampler(arena_.train, key / 1);
        train_with_marks(life, sampler, marks, [&](std::size_t age) { look(life, age); });
    }

    [[nodiscard]] bool is_quick() const { return options_.quick; }
    [[nodiscard]] std::size_t updates() const { return updates_; }
    [[nodiscard]] const Arena& arena() const { return arena_; }
    [[nodiscard]] Json& report() { return report_; }

    void save() const {
        if (!options_.json.empty()) save_json(options_.json, report_);
    }

private:
    [[nodiscard]] bool is_wanted(const std::string& name, const std::string& by) const {
        return (name + ", " + by).find(options_.only) != std::string::npos;
    }

    template <class LearnerType>
    [[nodiscard]] double validation_accuracy(const typename LearnerType::Genome& genome) const {
        Arena arena = arena_;
        arena.test = arena_.validation;
        arena.key = arena_.tuning_key();
        arena.seeds = 2;
        return summarize(test_accuracies<LearnerType>(arena, genome, updates_)).mean;
    }

    /// The genome with steps 3ⁿ times as large, for the n that does best, and how well it does.
    template <class LearnerType>
    [[nodiscard]] std::pair<typename LearnerType::Genome, double> with_tuned_steps(
        const typename LearnerType::Genome& start) const {
        const auto scaled = [&start](int power) {
            auto genome = start;
            StepSchedule<>::scale(genome.template get<"schedule">(),
                                  std::pow(3.0F, static_cast<float>(power)));
            return genome;
        };
        std::map<int, double> tried;
        int best = 0;
        // The best has a worse one on either side in the end.
        for (int next = 0; std::abs(next) <= 6 && !tried.contains(next);) {
            tried[next] = validation_accuracy<LearnerType>(scaled(next));
            if (tried[next] > tried[best]) best = next;
            next = tried.contains(best - 1) ? best + 1 : best - 1;
        }
        return {scaled(best), tried[best]};
    }

    template <class LearnerType>
    void add_genomes(const std::string& name, const std::string& by) {
        if (!is_wanted(name, by)) return;
        auto [accuracies, cell] = under_each_genome<LearnerType>(arena_, genomes_, updates_);
        add(name, by, accuracies, std::move(cell));
    }

    void add(const std::string& name, const std::string& by, const std::vector<double>& accuracies,
             Json cell) {
        const Summary summary = summarize(accuracies);
        std::printf("%-28s %-22s %6.2f ± %.2f  (n %zu, %zu parameters)\n", name.c_str(), by.c_str(),
                    summary.mean, summary.margin(), summary.n,
                    cell["parameters"].get<std::size_t>());
        std::fflush(stdout);
        cell["accuracies"] = accuracies;
        report_["cells"][name][by] = std::move(cell);
    }

    const ArchitectureOptions& options_;
    std::size_t updates_;
    ArchitectureTask task_;
    std::vector<Named<ClassifierGenome>> genomes_;
    Arena arena_;
    Json report_;
};

/// Runs a program whose table on the task `make_task(options)` is filled by `fill(table)`.
template <class MakeTask, class Fill>
int run_architectures(const std::string& name, const std::string& description,
                      ArchitectureOptions options, int argc, char** argv, MakeTask&& make_task,
                      Fill&& fill) {
    CommandLine line(description, name);
    options.add_to(line);
    return run_program(line, argc, argv, [&] {
        ArchitectureTask task = make_task(std::as_const(options));
        if (!options.save_data.empty()) {
            save_task(options.save_data, task);
            return 0;
        }
        ArchitectureTable table(name, options, std::move(task));
        fill(table);
        if (!table.report().contains("cells")) {
            throw Error("--only", "is in no row, nor in what taught one", "part of a row",
                        "'" + options.only + "'");
        }
        table.save();
        return 0;
    });
}

/// The same on images: Fashion-MNIST, or MNIST where asked for.
template <class Fill>
int run_architectures(const std::string& name, const std::string& description, int argc,
                      char** argv, Fill&& fill) {
    ArchitectureOptions options;
    options.images = "fashion_mnist";
    return run_architectures(
        name, description, options, argc, argv,
        [](const ArchitectureOptions& chosen) {
            return known_task(chosen.images == "mnist" ? "MNIST" : "Fashion-MNIST", chosen.images);
        },
        std::forward<Fill>(fill));
}

}  // namespace tdca::support
