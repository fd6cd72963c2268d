// What is going on while a network learns by credits: five pictures, layer by layer.
//
// Angle between credits and minus the gradient that backpropagation would have computed; alignment
// of feedback with the forward path; size of credits; dead units; accuracy of each layer's own
// guess.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "baseline/backprop.hpp"
#include "baseline/fixed_optimizers.hpp"
#include "baseline/schedules.hpp"
#include "support/command_line.hpp"
#include "support/datasets.hpp"
#include "support/designs.hpp"
#include "support/plot.hpp"
#include "support/statistics.hpp"
#include "tdca/analysis/measures.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/parallel.hpp"
#include "tdca/io/genome_file.hpp"

namespace fs = std::filesystem;
using namespace tdca;
using namespace tdca::support;

namespace {

struct Options : ProgramOptions {
    fs::path output = "measures_output";
    fs::path genome;
    std::size_t horizon = 1000;
    bool deep = false;
};

constexpr std::array<const char*, 5> quantities{"angle", "alignment", "credit", "dead", "guess"};
constexpr std::array<const char*, 5> labels{
    "angle to minus the gradient, degrees", "cosine of feedback and forward path",
    "root mean square of credits", "dead units in %", "own guesses that are right, in %"};
constexpr std::array<const char*, 5> ranges{"[0:100]", "[-1:1]", "[0:]", "[0:]", "[0:100]"};

/// Minus the gradient of the loss with respect to what each layer's neurons sum up, which is what a
/// credit stands for.
template <class Net>
class Gradient {
    using Backprop = baseline::BackpropLearner<Net, baseline::Adam, baseline::TextbookSchedule>;

public:
    const typename Net::template Activities<64>& of(
        const typename Net::Params& params, const typename Net::template Activities<64>& activities,
        std::span<const std::uint16_t, 64> told) {
        (void)Backprop::template backpropagate<64>(told, activities, params, *assignment_);
        return assignment_->credits;
    }

private:
    using Assignment = typename Backprop::template Assignment<64>;
    std::unique_ptr<Assignment> assignment_ = std::make_unique<Assignment>();
};

template <class Net>
int measure(const Options& options, const std::string& network) {
    using Student = ClassifierLearner<Net>;
    const Stopwatch clock;
    constexpr std::size_t depth = Net::depth;
    const std::size_t seeds = options.quick ? 2 : 4;
    const std::size_t horizon = options.quick ? 20 : options.horizon;
    const fs::path file =
        options.genome.empty() ? shipped_genome("fashion_mnist.safetensors") : options.genome;
    const auto genome = load_genome<typename Student::Genome>(file).genome;
    const auto data = load_dataset("fashion_mnist");
    std::vector<std::size_t> marks;
    for (std::size_t mark = 2; mark < horizon; mark = mark * 4 / 3 + 1) marks.push_back(mark);
    marks.push_back(horizon);

    // values[quantity][layer][mark][seed]
    std::vector<double> values(quantities.size() * depth * marks.size() * seeds);
    const auto at = [&](std::size_t quantity, std::size_t layer, std::size_t mark) {
        return values.data() + ((quantity * depth + layer) * marks.size() + mark) * seeds;
    };
    parallel_for(seeds, options.threads, [&](std::size_t seed, std::size_t) {
        const Key key = Key(options.seed) / seed;
        Lifetime<Student> life;
        life.begin(genome, key / 0, Course::over(horizon, 64, data.train().size()));
        Probe<Student> probe(data.validation(), key / 2);
        Gradient<Net> gradient;
        const MinibatchSampler<64> sampler(data.train(), key / 1);
        std::size_t mark = 0;
        train_with_marks(life, sampler, marks, [&](std::size_t) {
            const auto layers = probe.look(life);
            const auto apart = angles<Net, 64>(
                probe.credits(), gradient.of(life.params(), probe.activities(), probe.labels()));
            for (std::size_t l = 0; l < depth; ++l) {
                at(0, l, mark)[seed] = apart[l];
                at(1, l, mark)[seed] = layers[l].alignment;
                at(2, l, mark)[seed] = layers[l].credit;
                at(3, l, mark)[seed] = 100 * layers[l].dead;
                at(4, l, mark)[seed] = 100 * layers[l].guess_accuracy;
            }
            ++mark;
        });
    });

    fs::create_directories(options.output);
    Json report = run_facts("measures", options);
    report["network"] = network;
    report["genome"] = fs::absolute(file).string();
    report["horizon"] = horizon;
    report["seeds"] = seeds;
    report["samples"] = 64;
    for (std::size_t q = 0; q < quantities.size(); ++q) {
        std::vector<Curve> curves;
        const bool has_top = q != 1 && q != 4;
        std::printf("%-40s", labels[q]);
        for (std::size_t l = 0; l + (has_top ? 0 : 1) < depth; ++l) {
            Curve curve{
                l + 1 == depth ? "output layer" : "hidden layer " + to_text(l + 1), {}, {}, {}};
            for (std::size_t mark = 0; mark < marks.size(); ++mark) {
                const Summary summary = summarize(std::span<const double>(at(q, l, mark), seeds));
                curve.x.push_back(static_cast<double>(marks[mark]));
                curve.mean.push_back(summary.mean);
                curve.deviation.push_back(summary.deviation);
            }
            std::printf("  %8.3g", curve.mean.back());
            report[quantities[q]][curve.label] = {{"updates", curve.x},
                                                  {"mean", curve.mean},
                                                  {"standard_deviation", curve.deviation}};
            curves.push_back(std::move(curve));
        }
        std::printf("   after %zu updates, bottom to top\n", horizon);
        const fs::path picture =
            options.output / (std::string("measures_") + quantities[q] + ".png");
        if (!plot_curves(picture, network + " on Fashion-MNIST", "updates", labels[q], curves,
                         ranges[q])) {
            std::fprintf(stderr, "gnuplot is not installed: no pictures\n");
        }
    }
    report["seconds"] = clock.seconds();
    save_json(options.json.empty() ? options.output / "measures.json" : options.json, report);
    std::printf("pictures and figures  %s\n", fs::absolute(options.output).c_str());
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CommandLine line("Measures of what is going on while a network learns by credits", "measures");
    options.add_to(line);
    line.folder_to_write("--output", options.output, "folder for pictures");
    line.file_to_read("--genome", options.genome, "default: the specialist of Fashion-MNIST");
    line.count("--horizon", options.horizon, "updates", {.least = 1});
    line.flag("--deep", options.deep, "784-64-64-64-64-64-10 in place of 784-256-128-10");
    return run_program(line, argc, argv, [&] {
        return options.deep ? measure<DenseClassifier<784, 64, 64, 64, 64, 64>>(
                                  options, "784-64-64-64-64-64-10")
                            : measure<DenseClassifier<784, 256, 128>>(options, "784-256-128-10");
    });
}
