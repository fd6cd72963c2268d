// Twenty layers that learn as activity passes, beside full credits, backpropagation, and
// backpropagation with checkpoints: bytes, accuracy and speed. With --evolve, the genome for it.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "baseline/checkpointed_backprop.hpp"
#include "baseline/setting.hpp"
#include "support/architectures.hpp"
#include "support/command_line.hpp"
#include "support/comparison.hpp"
#include "support/datasets.hpp"
#include "support/designs.hpp"
#include "support/staged_evolution.hpp"
#include "support/versus.hpp"
#include "tdca/evolution/training_task.hpp"
#include "tdca/training/passing_learner.hpp"

using namespace tdca;
using namespace tdca::support;

namespace {

constexpr std::size_t batch = 64;
using Layer = Dense<64, Relu>;
using Net = Deep<20, Layer>;
using Full = ClassifierLearner<Net>;
using Passing = PassingLearner<Net, ClassifierTopDown<10>>;
using Mixed = PassingLearner<Net, ClassifierTopDown<10>, 10>;
using Backprop = baseline::BackpropLearner<Net, baseline::AdamFamily, baseline::TextbookSchedule>;
using Plain = baseline::CheckpointedBackprop<Backprop, 1>;
using Checkpointed = baseline::CheckpointedBackprop<Backprop, 5>;
using Sparse = baseline::CheckpointedBackprop<Backprop, 4>;

// What evolution lives on: fewer and narrower layers, pooled images.
using Young = Deep<16, Dense<32, Relu>, 196, 32>;

struct Options : EvolutionOptions {
    std::size_t updates = 1000;
    std::size_t seeds = 8;
    std::string evolve;
    std::size_t genomes = 3;
    bool check = false;
};

template <class LearnerType>
int evolve(const Options& options) {
    using Lives = TrainingTask<LearnerType>;
    const ExperimentData data = load_dataset("fashion_mnist");
    EvolutionPlan plan{"passing", "16 layers of 32 on 14x14 Fashion-MNIST, 300 updates; " +
                                      options.evolve + "; from the universal genome"};
    plan.first = first_state(universal_genome());
    const std::vector<std::size_t> horizons{options.quick ? std::size_t{5} : std::size_t{300}};
    const std::vector<EvolutionStage<Lives>> stages{
        {1.0, options.quick ? std::size_t{4} : 16,
         [&] { return Lives(data.pooled_train(), data.pooled_validation(), horizons); }}};
    return evolve_in_stages(plan, options, stages, {{"task", plan.settings}});
}

class Study {
public:
    explicit Study(const Options& options)
        : options_(options),
          data_(load_dataset("fashion_mnist")),
          arena_{data_.train(),   data_.validation(),
                 data_.test(),    Key(options.seed) / 1,
                 options.threads, options.quick ? std::size_t{1} : options.seeds},
          updates_(options.quick ? 20 : options.updates),
          report_(run_facts("passing", options)) {}

    int run() {
        const Stopwatch clock;
        bytes();
        accuracies();
        speeds();
        report_["seconds"] = clock.seconds();
        if (!options_.json.empty()) save_json(options_.json, report_);
        const bool holds = fits_ && close_;
        std::printf(
            "%s  c: %.1f kB of activities, credits and scratch beside %.1f and, with checkpoints, "
            "%.1f; %.2f points below full credits\n",
            holds ? "holds " : "FAILS ", kilobytes<Passing>(), kilobytes<Plain>(),
            std::min(kilobytes<Checkpointed>(), kilobytes<Sparse>()), behind_);
        return options_.check && !holds ? 1 : 0;
    }

private:
    template <class L>
    static double kilobytes() {
        return static_cast<double>(sizeof(typename L::template Workspace<batch>)) / 1000;
    }
    template <class L>
    void room(const char* name) {
        std::printf("  %-44s %9.1f kB\n", name, kilobytes<L>());
        report_["kilobytes"][name] = kilobytes<L>();
    }
    void bytes() {
        std::printf("activities, credits and scratch, 20 layers of 64, minibatches of 64\n");
        room<Passing>("as activity passes");
        room<Mixed>("mixed, ten layers and ten");
        room<Full>("full credits");
        room<Plain>("backpropagation");
        room<Checkpointed>("backpropagation, checkpoints every 5 layers");
        room<Sparse>("backpropagation, checkpoints every 4 layers");
        fits_ = 5 * kilobytes<Passing>() <= kilobytes<Plain>() &&
                kilobytes<Passing>() < kilobytes<Checkpointed>() &&
                kilobytes<Passing>() < kilobytes<Sparse>();
    }

    template <class L>
    double row(const std::string& name, const std::vector<Named<typename L::Genome>>& genomes) {
        std::vector<double> all;
        for (const auto& [label, genome] : genomes) {
            const auto accuracy = test_accuracies<L, batch>(arena_, genome, updates_);
            all.insert(all.end(), accuracy.begin(), accuracy.end());
        }
        const Summary summary = summarize(all);
        std::printf("  %-44s %6.2f ± %.2f  (%zu lives, worst %.2f)\n", name.c_str(), summary.mean,
                    summary.deviation, all.size(), *std::min_element(all.begin(), all.end()));
        std::fflush(stdout);
        report_["accuracy"][name] = to_json(summary);
        return summary.mean;
    }

    void accuracies() {
        std::printf("test accuracy in %% after %zu updates on Fashion-MNIST, %zu lives\n", updates_,
                    arena_.seeds);
        const std::vector<Named<ClassifierGenome>> universal{{"universal", universal_genome()}};
        const auto evolved = load_genomes<ClassifierGenome>("passing", options_.genomes);
        const double full =
            std::max(row<Full>("full credits, shipped genome", universal),
                     row<Full>("full credits, evolved as long",
                               load_genomes<ClassifierGenome>("passing_full", options_.genomes)));
        row<Passing>("as activity passes, shipped genome", universal);
        row<Mixed>("mixed, shipped genome", universal);
        behind_ = full - row<Passing>("as activity passes, evolved for it", evolved);
        close_ = behind_ <= 1.5;
        row<Mixed>("mixed, the same genomes", evolved);
        const baseline::Setting setting = tuned();
        row<Backprop>("backpropagation, " + describe(setting),
                      {{"backprop", baseline::settings_of<Backprop>(setting)}});
    }

    /// NAdam or Adam, falling to zero: the rate, by validation.
    [[nodiscard]] baseline::Setting tuned() const {
        Arena judge = arena_;
        judge.test = arena_.validation;
        judge.key = arena_.tuning_key();
        judge.seeds = options_.quick ? 1 : 2;
        baseline::Setting best;
        double highest = 0;
        for (const char* optimizer : {"adam", "nadam"}) {
            for (const float rate : {0.0005F, 0.001F, 0.002F, 0.004F}) {
                const baseline::Setting setting{optimizer, rate, baseline::RateCourse::linear};
                const double mean =
                    summarize(test_accuracies<Backprop, batch>(
                                  judge, baseline::settings_of<Backprop>(setting), updates_))
                        .mean;
                if (mean > highest) {
                    highest = mean;
                    best = setting;
                }
            }
        }
        return best;
    }

    /// Updates a second: the median of interleaved runs.
    void speeds() {
        constexpr std::size_t rounds = 9;
        std::vector<std::vector<double>> seconds(5);
        const auto universal = universal_genome();
        const baseline::Setting setting{"adam", 0.001F, baseline::RateCourse::linear};
        const auto textbook = baseline::settings_of<Backprop>(setting);
        for (std::size_t round = 0; round < rounds; ++round) {
            seconds[0].push_back(time_of<Passing>(universal));
            seconds[1].push_back(time_of<Mixed>(universal));
            seconds[2].push_back(time_of<Full>(universal));
            seconds[3].push_back(time_of<Plain>(textbook));
            seconds[4].push_back(time_of<Checkpointed>(textbook));
        }
        const char* const names[] = {"as activity passes", "mixed, ten layers and ten",
                                     "full credits", "backpropagation",
                                     "backpropagation, checkpoints every 5 layers"};
        std::printf("updates a second, medians of %zu interleaved runs, one thread\n", rounds);
        for (std::size_t i = 0; i < seconds.size(); ++i) {
            std::nth_element(seconds[i].begin(), seconds[i].begin() + rounds / 2, seconds[i].end());
            const double rate = 1 / seconds[i][rounds / 2];
            std::printf("  %-44s %9.0f\n", names[i], rate);
            report_["updates_per_second"][names[i]] = rate;
        }
    }
    template <class L>
    [[nodiscard]] double time_of(const typename L::Genome& genome) const {
        const std::size_t count = options_.quick ? 5 : 60;
        Lifetime<L, batch> life;
        life.begin(genome, Key(1), Course::over(count, batch, arena_.train.size()));
        const Stopwatch clock;
        life.train(MinibatchSampler<batch>(arena_.train, Key(2)), count);
        return clock.seconds() / static_cast<double>(count);
    }

    const Options& options_;
    ExperimentData data_;
    Arena arena_;
    std::size_t updates_;
    Json report_;
    bool fits_ = false;
    bool close_ = false;
    double behind_ = 100;
};

int run(const Options& options) {
    using Top = ClassifierTopDown<10>;
    if (options.evolve == "passing") return evolve<PassingLearner<Young, Top>>(options);
    if (options.evolve == "full") return evolve<ClassifierLearner<Young>>(options);
    return Study(options).run();
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CommandLine line("Learning as activity passes, in deep networks", "passing");
    options.add_to(line);
    line.count("--updates", options.updates, "of each life", {.least = 1});
    line.count("--seeds", options.seeds, "lives for each figure", Whole::lives());
    line.choice("--evolve", options.evolve, "evolve a genome for it, and write it to --output",
                {"passing", "full"});
    line.count("--genomes", options.genomes, "of each kind", {.least = 1, .most = 3});
    line.flag("--check", options.check, "exit code 1 where the point does not hold");
    return run_program(line, argc, argv, [&] { return run(options); });
}
