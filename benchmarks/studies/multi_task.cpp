// One genome for six data sets, against a specialist evolved for each.
#include <array>
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
    fs::path output = "multi_task_output";
    bool check = false;
};

class MultiTask {
public:
    explicit MultiTask(const Options& options)
        : options_(options),
          evolutions_(options.quick ? 1 : 3),
          universal_(load_genomes<ClassifierGenome>("universal", evolutions_)),
          report_(run_facts("multi_task", options)) {}

    int run() {
        const Stopwatch clock;
        std::printf(
            "test accuracy in %%, means over %zu evolutions; universal minus specialist with "
            "95 %% interval\n",
            evolutions_);
        task<DenseClassifier<784, 64>, 64>("fashion_mnist", "784-64-10", "fashion_mnist");
        if (!options_.quick) {  // the short form runs on data that every machine has
            task<DenseClassifier<784, 64>, 64>("mnist", "784-64-10", "specialist_mnist");
        }
        task<DenseClassifier<64, 32>, 32>("digits", "64-32-10", "specialist_digits");
        task<Mlp<30, 2, Relu, 16>, 16>("breast_cancer", "30-16-2", "specialist_breast_cancer");
        task<Mlp<13, 3, Relu, 16>, 16>("wine", "13-16-3", "specialist_wine");
        task<Mlp<4, 3, Relu, 16>, 16>("iris", "4-16-3", "specialist_iris");
        const bool holds = worst_ >= -0.3;
        std::printf("%s  d: at worst the universal genome is %.2f points behind the specialist\n",
                    holds ? "holds " : "FAILS ", -worst_);
        report_["worst_difference"] = worst_;
        report_["seconds"] = clock.seconds();
        fs::create_directories(options_.output);
        save_json(options_.json.empty() ? options_.output / "multi_task.json" : options_.json,
                  report_);
        return options_.check && !holds ? 1 : 0;
    }

private:
    template <class Net, std::size_t Samples>
    void task(const std::string& set, const std::string& network, const std::string& specialist) {
        const auto data = load_dataset(set);
        const auto specialists = load_genomes<ClassifierGenome>(specialist, evolutions_);
        const bool small = data.train().size() < 10'000;
        const std::size_t seeds = small ? 60 : 10;
        const Arena arena{data.train(),           data.validation(), data.test(),
                          Key(options_.seed) / 1, options_.threads,  options_.quick ? 2 : seeds};
        for (const std::size_t horizon : std::array<std::size_t, 3>{100, 300, 1000}) {
            if (options_.quick && horizon > 100) continue;
            const auto mean = [&](const std::vector<Named<ClassifierGenome>>& genomes) {
                std::vector<std::vector<double>> all;
                all.reserve(genomes.size());
                for (const auto& genome : genomes) {
                    all.push_back(test_accuracies<ClassifierLearner<Net>, Samples>(
                        arena, genome.genome, horizon));
                }
                return versus::mean_over(all);
            };
            const auto one = mean(universal_);
            const auto own = mean(specialists);
            const Summary difference = paired(one, own);
            std::printf("%-14s %-10s %5zu  universal %6.2f  specialist %6.2f  %+.2f ± %.2f\n",
                        set.c_str(), network.c_str(), horizon, summarize(one).mean,
                        summarize(own).mean, difference.mean, difference.margin());
            std::fflush(stdout);
            worst_ = std::min(worst_, difference.mean);
            report_["cells"].push_back({{"data", set},
                                        {"network", network},
                                        {"minibatch", Samples},
                                        {"updates", horizon},
                                        {"universal", to_json(summarize(one))},
                                        {"specialist", to_json(summarize(own))},
                                        {"difference", to_json(difference)}});
        }
    }

    const Options& options_;
    std::size_t evolutions_;
    std::vector<Named<ClassifierGenome>> universal_;
    Json report_;
    double worst_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CommandLine line("One genome for six data sets", "multi_task");
    options.add_to(line);
    line.folder_to_write("--output", options.output, "folder for results");
    line.flag("--check", options.check, "exit code 1 where the point does not hold");
    return run_program(line, argc, argv, [&] { return MultiTask(options).run(); });
}
