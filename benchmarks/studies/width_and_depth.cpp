// One universal genome on widths from 16 to 1,024 and depths from one to five hidden layers of
// Fashion-MNIST, against backpropagation tuned on each.
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
    fs::path output = "width_and_depth_output";
    bool check = false;
};

class WidthAndDepth {
public:
    explicit WidthAndDepth(const Options& options)
        : options_(options),
          data_(load_dataset("fashion_mnist")),
          genomes_(load_genomes<ClassifierGenome>("universal", options.quick ? 1 : 3)),
          report_(run_facts("width_and_depth", options)) {}

    int run() {
        const Stopwatch clock;
        std::printf("test accuracy in %% on Fashion-MNIST, minibatches of 64\n");
        cell<DenseClassifier<784, 16>>("784-16-10", 1000);
        cell<DenseClassifier<784, 64>>("784-64-10", 1000);
        cell<DenseClassifier<784, 256>>("784-256-10", 1000);
        cell<DenseClassifier<784, 1024>>("784-1024-10", 300);
        cell<DenseClassifier<784, 16, 16>>("784-16^2-10", 1000);
        cell<DenseClassifier<784, 64, 64>>("784-64^2-10", 1000);
        cell<DenseClassifier<784, 64, 64, 64>>("784-64^3-10", 1000);
        cell<DenseClassifier<784, 256, 256, 256>>("784-256^3-10", 300);
        cell<DenseClassifier<784, 64, 64, 64, 64>>("784-64^4-10", 1000);
        cell<DenseClassifier<784, 16, 16, 16, 16, 16>>("784-16^5-10", 1000);
        cell<DenseClassifier<784, 64, 64, 64, 64, 64>>("784-64^5-10", 1000);
        cell<DenseClassifier<784, 128, 128, 128, 128, 128>>("784-128^5-10", 300);
        const bool holds = broken_ == 0;
        std::printf(
            "%s  c: %zu of %zu lifetimes broke; ahead of tuned backprop (interval above "
            "zero) on %zu of %zu networks, behind (interval below zero) on %zu\n",
            holds ? "holds " : "FAILS ", broken_, lifetimes_, ahead_, cells_, behind_);
        report_["summary"] = {{"lifetimes", lifetimes_},
                              {"broken", broken_},
                              {"cells", cells_},
                              {"ahead", ahead_},
                              {"behind", behind_}};
        report_["seconds"] = clock.seconds();
        fs::create_directories(options_.output);
        save_json(options_.json.empty() ? options_.output / "width_and_depth.json" : options_.json,
                  report_);
        return options_.check && !holds ? 1 : 0;
    }

private:
    template <class Net>
    void cell(const std::string& name, std::size_t horizon) {
        if (options_.quick && Net::parameter_count > 100'000) return;
        const Arena arena{data_.train(),    data_.validation(),
                          data_.test(),     Key(options_.seed) / 1,
                          options_.threads, options_.quick ? std::size_t{2} : std::size_t{10}};
        const Verdict outcome =
            options_.quick ? compete<Net>({name, arena, 30, baseline::SweepPlan::quick()}, genomes_,
                                          {}, report_["cells"])
                           : compete<Net>({name, arena, horizon}, genomes_, {}, report_["cells"]);
        const Summary& d = outcome.mean_difference;
        ++cells_;
        lifetimes_ += arena.seeds * genomes_.size();
        broken_ += outcome.broken;
        ahead_ += d.mean > d.margin() ? 1 : 0;
        behind_ += d.mean < -d.margin() ? 1 : 0;
    }

    const Options& options_;
    ExperimentData data_;
    std::vector<Named<ClassifierGenome>> genomes_;
    Json report_;
    std::size_t cells_ = 0;
    std::size_t lifetimes_ = 0;
    std::size_t broken_ = 0;
    std::size_t ahead_ = 0;
    std::size_t behind_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CommandLine line("One genome on many widths and depths", "width_and_depth");
    options.add_to(line);
    line.folder_to_write("--output", options.output, "folder for results");
    line.flag("--check", options.check, "exit code 1 where the point does not hold");
    return run_program(line, argc, argv, [&] { return WidthAndDepth(options).run(); });
}
