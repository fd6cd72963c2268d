// Genomes on data sets that their evolution never saw, against backpropagation tuned on those.
//
// Two universal genomes, each evolved from three seeds: one without MNIST and digits, one without
// Fashion-MNIST.
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "support/command_line.hpp"
#include "support/datasets.hpp"
#include "support/versus.hpp"

namespace fs = std::filesystem;
using namespace tdca;
using namespace tdca::support;

namespace {

struct Options : ProgramOptions {
    fs::path output = "cross_dataset_output";
    bool check = false;
};

class CrossDataset {
public:
    explicit CrossDataset(const Options& options)
        : options_(options), report_(run_facts("cross_dataset", options)) {}

    int run() {
        const Stopwatch clock;
        const std::size_t evolutions = options_.quick ? 1 : 3;
        std::printf("test accuracy in %% on data sets held out from evolution\n");
        {
            const auto genomes =
                load_genomes<ClassifierGenome>("universal_without_mnist_digits", evolutions);
            if (!options_.quick) {  // the short form runs on data that every machine has
                const auto mnist = load_dataset("mnist");
                cells<DenseClassifier<784, 64>>("mnist 784-64-10", mnist, {100, 300, 1000},
                                                genomes);
                cells<DenseClassifier<784, 256, 128>>("mnist 784-256-128-10", mnist, {300, 1000},
                                                      genomes);
            }
            const auto digits = load_dataset("digits");
            cells<DenseClassifier<64, 32>, 32>("digits 64-32-10", digits, {100, 300, 1000},
                                               genomes);
            cells<DenseClassifier<64, 64, 32>, 32>("digits 64-64-32-10", digits, {300, 1000},
                                                   genomes);
        }
        {
            const auto genomes =
                load_genomes<ClassifierGenome>("universal_without_fashion_mnist", evolutions);
            const auto fashion = load_dataset("fashion_mnist");
            cells<DenseClassifier<784, 64>>("fashion_mnist 784-64-10", fashion, {100, 300, 1000},
                                            genomes);
            cells<DenseClassifier<784, 256, 128>>("fashion_mnist 784-256-128-10", fashion,
                                                  {300, 1000}, genomes);
        }
        const bool holds = within_ == count_ && 2 * ahead_of_default_ > count_;
        std::printf(
            "%s  b: within 0.5 points of backprop tuned on the held-out data set in %zu of "
            "%zu cells (ahead, interval above zero, in %zu); ahead of Adam at 1e-3 in %zu\n",
            holds ? "holds " : "FAILS ", within_, count_, ahead_, ahead_of_default_);
        report_["summary"] = {{"cells", count_},
                              {"within_half_a_point", within_},
                              {"ahead", ahead_},
                              {"ahead_of_default_adam", ahead_of_default_}};
        report_["seconds"] = clock.seconds();
        fs::create_directories(options_.output);
        save_json(options_.json.empty() ? options_.output / "cross_dataset.json" : options_.json,
                  report_);
        return options_.check && !holds ? 1 : 0;
    }

private:
    template <class Net, std::size_t Samples = 64>
    void cells(const std::string& name, const ExperimentData& data,
               const std::vector<std::size_t>& horizons,
               const std::vector<Named<ClassifierGenome>>& genomes) {
        const bool small = data.train().size() < 10'000;
        for (const std::size_t horizon : horizons) {
            if (options_.quick && horizon != horizons.front()) continue;
            const std::size_t seeds = small ? 30 : 10;
            const Arena arena{data.train(),     data.validation(),
                              data.test(),      Key(options_.seed) / 1,
                              options_.threads, options_.quick ? 2 : seeds};
            const Cell cell{name, arena, options_.quick ? 30 : horizon,
                            options_.quick ? baseline::SweepPlan::quick()
                                           : baseline::SweepPlan{.seeds = small ? 4U : 1U},
                            true};
            const Verdict outcome = compete<Net, Samples>(cell, genomes, {}, report_["cells"]);
            const Summary& d = outcome.mean_difference;
            ++count_;
            within_ += d.mean > -0.5 ? 1 : 0;
            ahead_ += d.mean > d.margin() ? 1 : 0;
            ahead_of_default_ += outcome.default_difference.mean > 0 ? 1 : 0;
        }
    }

    const Options& options_;
    Json report_;
    std::size_t count_ = 0;
    std::size_t within_ = 0;
    std::size_t ahead_ = 0;
    std::size_t ahead_of_default_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CommandLine line("Universal genomes on data sets that their evolution never saw",
                     "cross_dataset");
    options.add_to(line);
    line.folder_to_write("--output", options.output, "folder for results");
    line.flag("--check", options.check, "exit code 1 where the point does not hold");
    return run_program(line, argc, argv, [&] { return CrossDataset(options).run(); });
}
