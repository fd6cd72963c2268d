// The two loops on real data. The outer loop evolves a TDCA-network on lives of small networks that
// see Fashion-MNIST at 14 × 14 pixels; the inner loop then trains larger networks with it, on the
// images as they are, which it never saw. A minute; genome, results and picture go to --output.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "support/command_line.hpp"
#include "support/fashion_mnist.hpp"
#include "support/plot.hpp"
#include "support/program.hpp"
#include "tdca/core/parallel.hpp"
#include "tdca/evolution/stages.hpp"
#include "tdca/evolution/training_task.hpp"
#include "tdca/io/evolution_run.hpp"
#include "tdca/io/genome_file.hpp"
#include "tdca/presets.hpp"

using namespace tdca;
using namespace tdca::support;

namespace {

using Small = Network<Input<196>, Dense<32, Relu>, Dense<10, Softmax, ScaledNormal>>;
using Large = Network<Input<784>, Dense<64, Relu>, Dense<10, Softmax, ScaledNormal>>;
using Lives = TrainingTask<ClassifierLearner<Small>>;

constexpr std::size_t seeds = 4;

struct Options : ProgramOptions {
    std::filesystem::path output = "fashion_mnist_output";
    std::size_t generations = 100;
    bool resume = false;
};

/// Validation accuracy in % along lives of the large network that learn by `genome`.
Curve learning_curve(const std::string& label, const ClassifierGenome& genome,
                     const FashionMnist& data, const Options& options) {
    const std::size_t horizon = options.quick ? 30 : 1000;
    std::vector<std::size_t> marks;
    for (std::size_t mark = 3; mark < horizon; mark = mark * 3 / 2) marks.push_back(mark);
    marks.push_back(horizon);
    const Subset judged = data.validation().first(options.quick ? 500 : 5000);
    std::vector<double> accuracy(marks.size() * seeds);
    parallel_for(seeds, options.threads, [&](std::size_t seed, std::size_t /*thread*/) {
        const Key key = Key(options.seed) / 1 / seed;
        Lifetime<ClassifierLearner<Large>> life;
        life.begin(genome, key / 0, Course::over(horizon, 64, data.train().size()));
        const MinibatchSampler<64> sampler(data.train(), key / 1);
        std::size_t age = 0;
        for (std::size_t i = 0; i < marks.size(); age = marks[i++]) {
            life.train(sampler, marks[i] - age);
            accuracy[i * seeds + seed] = 100 * life.evaluate(judged).accuracy;
        }
    });
    Curve curve{label, {}, {}, {}};
    for (std::size_t i = 0; i < marks.size(); ++i) {
        curve.add(static_cast<double>(marks[i]),
                  std::span<const double>(accuracy).subspan(i * seeds, seeds));
    }
    std::printf("%-18s %.2f ± %.2f %% after %zu updates\n", label.c_str(), curve.mean.back(),
                curve.deviation.back(), horizon);
    return curve;
}

int run(const Options& options) {
    std::filesystem::create_directories(options.output);
    const FashionMnist pooled(2);
    const std::vector<std::size_t> horizons =
        options.quick ? std::vector<std::size_t>{10, 30} : std::vector<std::size_t>{100, 300, 1000};
    const std::vector<EvolutionStage<Lives>> all_along{
        {1.0, 16, [&] { return Lives(pooled.train(), pooled.validation(), horizons); }}};
    const auto file = options.output / "tdca.safetensors";
    const EvolutionResult evolution = evolve_to_file({.output = file,
                                                      .generations = options.generations,
                                                      .seed = options.seed,
                                                      .threads = options.threads,
                                                      .resume = options.resume},
                                                     all_along);
    if (evolution.stopped) return evolution.exit_code;
    std::printf("evolved %zu genes in %zu generations, %.0f seconds: %s\n", ClassifierGenome::count,
                evolution.generations, evolution.seconds, file.c_str());

    // The inner loop.
    const FashionMnist data;
    ClassifierGenome before;
    ClassifierLearner<Large>::initialize(before, Key(options.seed));
    const std::vector<Curve> curves{
        learning_curve("evolved here", load_genome<ClassifierGenome>(file).genome, data, options),
        learning_curve("universal genome", universal_genome(), data, options),
        learning_curve("before evolution", before, data, options)};
    (void)plot_curves(options.output / "learning_curves.png", "784-64-10 learns Fashion-MNIST",
                      "updates of 64 images", "validation accuracy (%)", curves, "[30:90]");
    Json report = run_facts("fashion_mnist", options);
    report["evolution_seconds"] = evolution.seconds;
    for (const Curve& curve : curves) report["accuracy"][curve.label] = curve.mean;
    save_json(options.output / "results.json", report);
    if (!options.json.empty()) save_json(options.json, report);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CommandLine line("Evolves a TDCA-network and trains networks with it", "fashion_mnist");
    options.add_to(line);
    line.folder_to_write("--output", options.output, "folder for genome, results and picture");
    line.count("--generations", options.generations, "of the outer loop");
    line.flag("--resume", options.resume, "go on from the checkpoint in the output folder");
    return run_program(line, argc, argv, [&] {
        if (options.quick) options.generations = std::min<std::size_t>(options.generations, 3);
        return run(options);
    });
}
