// Learning in whole numbers of 8 bits beside the same by backpropagation, and beside learning in
// floating-point numbers. With --evolve, the genomes for both.
#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "baseline/integer_backprop.hpp"
#include "support/command_line.hpp"
#include "support/comparison.hpp"
#include "support/datasets.hpp"
#include "support/designs.hpp"
#include "support/staged_evolution.hpp"
#include "support/versus.hpp"
#include "tdca/evolution/task_mixture.hpp"
#include "tdca/evolution/training_task.hpp"
#include "tdca/integer/life.hpp"

using namespace tdca;
using namespace tdca::support;

namespace {

template <std::size_t Batch, std::size_t... Sizes>
using Credits = IntegerLife<IntegerLearner<Sizes...>, Batch>;
template <std::size_t Batch, std::size_t... Sizes>
using Exact = IntegerLife<baseline::IntegerBackprop<Sizes...>, Batch>;

struct Options : EvolutionOptions {
    std::size_t seeds = 8;
    std::size_t genomes = 3;
    std::string evolve;
    std::string data;  ///< empty: both
    bool check = false;
};

/// On Fashion-MNIST of 14 × 14: the digits are never part of it.
template <template <std::size_t, std::size_t...> class Life>
int evolve(const Options& options) {
    using Small = Life<16, 196, 32, 10>;
    using Large = Life<64, 196, 32, 10>;
    using Lives = TaskMixture<TrainingTask<Small, 16>, TrainingTask<Large, 64>>;
    const ExperimentData data = load_dataset("fashion_mnist");
    EvolutionPlan plan{
        "integers",
        "196-32-10 in bytes on 14x14 Fashion-MNIST, 100 to 1,000 updates, 500 samples or more, "
        "on minibatches of 16 and of 64; " +
            options.evolve};
    LifetimeRange range;
    range.data = {{data.pooled_train(), data.pooled_validation()}};
    range.shortest = options.quick ? 5 : 100;
    range.longest = options.quick ? 10 : 1000;
    range.fewest_samples = 500;
    const std::vector<EvolutionStage<Lives>> stages{
        {1.0, options.quick ? std::size_t{4} : 16,
         [&] { return Lives(TrainingTask<Small, 16>(range), TrainingTask<Large, 64>(range)); }}};
    return evolve_in_stages(plan, options, stages, {{"task", plan.settings}});
}

class Study {
public:
    explicit Study(const Options& options)
        : options_(options), report_(run_facts("integers", options)) {}

    int run() {
        const Stopwatch clock;
        if (options_.data != "fashion_mnist") {
            const ExperimentData digits = load_dataset("digits");
            const Arena arena = arena_of(digits, options_.seeds);
            for (const std::size_t updates : lengths({100, 300, 1000})) {
                table<16, 64, 32>("digits", "64-32-10", arena, updates);
            }
        }
        if (options_.data != "digits") {
            const ExperimentData images = load_dataset("fashion_mnist");
            const Arena arena = arena_of(images, std::min<std::size_t>(options_.seeds, 4));
            const std::size_t epochs = 5 * arena.train.size() / 64;
            for (const std::size_t updates : lengths({1000, epochs})) {
                table<64, 784, 64>("fashion_mnist", "784-64-10", arena, updates);
            }
        }
        report_["seconds"] = clock.seconds();
        if (!options_.json.empty()) save_json(options_.json, report_);
        std::printf(
            "%s  %s: integers at most %.2f points below floats; %.2f or more above integer "
            "backpropagation\n",
            holds() ? "holds " : "FAILS ", options_.data == "digits" ? "a" : "b", behind(), ahead_);
        return options_.check && !holds() ? 1 : 0;
    }

private:
    [[nodiscard]] bool holds() const {
        return behind_digits_ <= 0.5 && behind_images_ <= 1 && ahead_ >= 0;
    }
    [[nodiscard]] double behind() const { return std::max(behind_digits_, behind_images_); }
    [[nodiscard]] Arena arena_of(const ExperimentData& data, std::size_t seeds) const {
        return {data.train(),           data.validation(), data.test(),
                Key(options_.seed) / 1, options_.threads,  options_.quick ? std::size_t{2} : seeds};
    }
    [[nodiscard]] std::vector<std::size_t> lengths(const std::vector<std::size_t>& all) const {
        return options_.quick ? std::vector<std::size_t>{10} : all;
    }

    template <class L, std::size_t Batch>
    double row(const std::string& key, const std::string& name, const Arena& arena,
               const std::vector<Named<typename L::Genome>>& genomes, std::size_t updates) {
        std::vector<double> all;
        for (const auto& [label, genome] : genomes) {
            const auto accuracy = test_accuracies<L, Batch>(arena, genome, updates);
            all.insert(all.end(), accuracy.begin(), accuracy.end());
        }
        const Summary summary = summarize(all);
        std::printf("  %-34s %6.2f ± %.2f  (%zu lives, worst %.2f)\n", name.c_str(), summary.mean,
                    summary.deviation, all.size(), *std::min_element(all.begin(), all.end()));
        std::fflush(stdout);
        report_["accuracy"][key][name] = to_json(summary);
        return summary.mean;
    }

    template <std::size_t Batch, std::size_t Inputs, std::size_t Hidden>
    void table(const std::string& data, const std::string& network, const Arena& arena,
               std::size_t updates) {
        const std::string key = data + " " + to_text(updates);
        std::printf("test accuracy in %% on %s, %s, %zu updates on minibatches of %zu\n",
                    data.c_str(), network.c_str(), updates, Batch);
        using Float = ClassifierLearner<DenseClassifier<Inputs, Hidden>>;
        const bool is_digits = data == "digits";
        const double real = row<Float, Batch>(
            key, "credits, floats", arena,
            load_genomes<ClassifierGenome>(
                is_digits ? "universal_without_mnist_digits" : "universal", options_.genomes),
            updates);
        using C = Credits<Batch, Inputs, Hidden, 10>;
        using E = Exact<Batch, Inputs, Hidden, 10>;
        const double ours =
            row<C, Batch>(key, "credits, integers", arena,
                          load_genomes<typename C::Genome>("integers", options_.genomes), updates);
        const double theirs = row<E, Batch>(
            key, "straight-through, integers", arena,
            load_genomes<typename E::Genome>("integers_backprop", options_.genomes), updates);
        double& behind = is_digits ? behind_digits_ : behind_images_;
        behind = std::max(behind, real - ours);
        ahead_ = std::min(ahead_, ours - theirs);
    }

    const Options& options_;
    Json report_;
    double behind_digits_ = -100;
    double behind_images_ = -100;
    double ahead_ = 100;
};

int run(const Options& options) {
    if (options.evolve == "credits") return evolve<Credits>(options);
    if (options.evolve == "backprop") return evolve<Exact>(options);
    return Study(options).run();
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CommandLine line("Learning in whole numbers of 8 bits", "integers");
    options.add_to(line);
    line.count("--seeds", options.seeds, "lives for each genome and figure", Whole::lives());
    line.count("--genomes", options.genomes, "of each kind", {.least = 1, .most = 3});
    line.choice("--evolve", options.evolve, "evolve a genome, and write it to --output",
                {"credits", "backprop"});
    line.choice("--data", options.data, "one of both", {"digits", "fashion_mnist"});
    line.flag("--check", options.check, "exit code 1 where the points do not hold");
    return run_program(line, argc, argv, [&] { return run(options); });
}
