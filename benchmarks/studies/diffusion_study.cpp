// Credit diffusion studied: what it saves and what it costs, by sources, layout and layer width.
//
// Designs are alike in all but the way by which credit comes down. In the first family feedback is
// evolved and fixed within a lifetime, as in the paper: a head for every neuron, or few sources and
// a kernel. In the second it is born random and learns (our main design), so that no gene is saved,
// only synapses.
//
// Every design is evolved on 196-W-10 (Fashion-MNIST pooled to 14 x 14, 100 updates, minibatches of
// 64) from several seeds, judged on held-out lifetimes every five generations, and tested on
// 784-W-10.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "support/command_line.hpp"
#include "support/comparison.hpp"
#include "support/datasets.hpp"
#include "support/designs.hpp"
#include "support/plot.hpp"
#include "tdca/core/number.hpp"
#include "tdca/evolution/evolution.hpp"
#include "tdca/evolution/progress.hpp"
#include "tdca/evolution/snes.hpp"
#include "tdca/evolution/training_task.hpp"

namespace fs = std::filesystem;
using namespace tdca;
using namespace tdca::support;

namespace {

constexpr std::size_t judge_every = 5;

struct Options : ProgramOptions {
    fs::path output = "diffusion_study_output";
    std::size_t generations = 60;
    std::size_t evolutions = 3;
    bool check = false;
};

/// One evolution: how it went, what it cost, how its networks do.
struct Run {
    std::vector<double> fitness;  ///< on held-out lifetimes, every `judge_every` generations
    double seconds_per_generation = 0;
    double accuracy_100 = 0;  ///< test accuracy in percent, mean of ten networks
    double accuracy_300 = 0;
    double kernel_width = 0;  ///< evolved σ, in source spacings; 0 without a kernel

    /// Generations to a held-out fitness; as many as were evolved where it was never reached.
    [[nodiscard]] double generations_to(double goal) const {
        for (std::size_t i = 0; i < fitness.size(); ++i) {
            if (fitness[i] >= goal) return static_cast<double>((i + 1) * judge_every);
        }
        return std::numeric_limits<double>::quiet_NaN();
    }
};

struct Design {
    std::string name;
    std::size_t width = 0;
    std::size_t genes = 0;
    std::size_t feedback_synapses = 0;
    std::vector<Run> runs;

    template <class Value>
    [[nodiscard]] Summary over_runs(Value&& value) const {
        std::vector<double> values;
        for (const Run& run : runs) values.push_back(value(run));
        return summarize(values);
    }
};

template <class Kernel, class FeedbackWeights>
using Credits = TopDownNetwork<ClassificationSignal<10>, Hidden<8>, Kernel, FeedbackWeights>;

class Study {
public:
    explicit Study(const Options& options)
        : options_(options),
          data_(load_dataset("fashion_mnist")),
          report_(run_facts("diffusion_study", options)) {}

    int run() {
        const Stopwatch clock;
        fs::create_directories(options_.output);
        std::printf(
            "mean ± deviation over %zu evolutions of %zu generations; test accuracy in %%\n",
            options_.evolutions, options_.generations);
        bool few_genes = true;
        bool as_accurate = true;
        const auto compare_at = [&]<std::size_t Width>() {
            std::vector<Design> designs;
            designs.push_back(
                evolve<Width, NoDiffusion<Width>, EvolvedFeedback>("evolved head per neuron"));
            designs.push_back(
                evolve<Width, GaussianDiffusion<16>, EvolvedFeedback>("evolved, 16 sources"));
            designs.push_back(
                evolve<Width, GaussianDiffusion<32>, EvolvedFeedback>("evolved, 32 sources"));
            designs.push_back(evolve<Width, GaussianDiffusion<32>, PredictiveFeedback<>>(
                "learned, 32 sources at birth"));
            const auto accuracy = [](const Run& run) { return run.accuracy_100; };
            const Summary heads = designs[0].over_runs(accuracy);
            const Summary learned = designs[3].over_runs(accuracy);
            if constexpr (Width == 256) {
                few_genes = designs[0].genes >= 10 * designs[3].genes;
                as_accurate = learned.mean > heads.mean - 0.3;
            }
            tabulate(designs, "width " + to_text(Width));
        };
        compare_at.operator()<64>();
        compare_at.operator()<256>();
        compare_at.operator()<1024>();

        std::vector<Design> kernels;
        kernels.push_back(evolve<256, GaussianDiffusion<8>, EvolvedFeedback>("evolved, 8 sources"));
        kernels.push_back(
            evolve<256, GaussianDiffusion<64>, EvolvedFeedback>("evolved, 64 sources"));
        kernels.push_back(
            evolve<256, PlanarDiffusion<6>, EvolvedFeedback>("evolved, 6 x 6 sources on a plane"));
        kernels.push_back(
            evolve<256, TruncatedDiffusion<32>, EvolvedFeedback>("evolved, 32 sources, truncated"));
        tabulate(kernels, "kernels, width 256");

        std::vector<Design> learned;
        using PerSource = PredictiveFeedback<FeedbackSynapses::per_source>;
        learned.push_back(
            evolve<256, NoDiffusion<>, PredictiveFeedback<>>("learned, no diffusion"));
        learned.push_back(
            evolve<256, GaussianDiffusion<8>, PredictiveFeedback<>>("learned, 8 sources at birth"));
        learned.push_back(
            evolve<256, PlanarDiffusion<6>, PredictiveFeedback<>>("learned, 6 x 6 at birth"));
        learned.push_back(
            evolve<256, GaussianDiffusion<32>, PerSource>("learned, 32 sources always"));
        learned.push_back(
            evolve<256, GaussianDiffusion<64>, PerSource>("learned, 64 sources always"));
        learned.push_back(
            evolve<256, TruncatedDiffusion<64>, PerSource>("learned, 64 always, truncated"));
        tabulate(learned, "learned feedback, width 256");

        const bool holds = few_genes && as_accurate;
        std::printf(
            "%s  at width 256 the diffused design has a tenth of the heads' genes or fewer "
            "(%s), within 0.3 points of their accuracy (%s)\n",
            holds ? "holds " : "FAILS ", few_genes ? "yes" : "no", as_accurate ? "yes" : "no");
        report_["seconds"] = clock.seconds();
        save();
        return options_.check && !holds ? 1 : 0;
    }

private:
    template <std::size_t Width, class Kernel, class FeedbackWeights>
    Design evolve(const std::string& name) {
        using TopDown = Credits<Kernel, FeedbackWeights>;
        using Small = Learner<DenseClassifier<196, Width>, TopDown>;
        using Large = Learner<DenseClassifier<784, Width>, TopDown>;
        using Lives = TrainingTask<Small>;
        using Outer = Evolution<Snes, Lives>;
        constexpr auto synapses = Pathway<10, Kernel, FeedbackWeights, Width>::synapses;
        Design design{name, Width, Large::Genome::count, 10 * synapses, {}};
        for (std::uint64_t seed = 1; seed <= options_.evolutions; ++seed) {
            Outer outer(Snes({.members = options_.quick ? std::size_t{4} : std::size_t{32}}),
                        Lives(data_.pooled_train(), data_.pooled_validation(),
                              {options_.quick ? std::size_t{10} : std::size_t{100}}),
                        Key(options_.seed) / seed, options_.threads);
            Run run;
            double seconds = 0;
            outer.run(options_.generations, [&](const GenerationReport& report, const Outer& now) {
                seconds += report.seconds;
                if (now.state().generation % judge_every == 0) {
                    run.fitness.push_back(now.judge(now.genome(), Key(options_.seed) / 99, 6));
                }
                return true;
            });
            run.seconds_per_generation = seconds / static_cast<double>(options_.generations);
            const auto genome = outer.genome();
            if constexpr (!Kernel::is_identity) {
                const auto& kernel = genome.template get<"top_down">().template get<"diffusion">();
                run.kernel_width = std::exp(double{kernel.template get<"log_width">()[0]});
            }
            const Arena arena{data_.train(),    data_.validation(),
                              data_.test(),     Key(options_.seed) / 1,
                              options_.threads, options_.quick ? std::size_t{2} : std::size_t{10}};
            const auto accuracy = [&](std::size_t horizon) {
                return summarize(
                           test_accuracies<Large>(arena, genome, options_.quick ? 10 : horizon))
                    .mean;
            };
            run.accuracy_100 = accuracy(100);
            run.accuracy_300 = accuracy(300);
            design.runs.push_back(std::move(run));
        }
        return design;
    }

    /// Prints a family of designs, with what each needs to reach a fitness that all of them reach.
    void tabulate(const std::vector<Design>& designs, const std::string& title) {
        double goal = std::numeric_limits<double>::infinity();
        for (const Design& design : designs) {
            for (const Run& run : design.runs) {
                goal = std::min(goal, *std::ranges::max_element(run.fitness));
            }
        }
        std::printf("\n%s; all reach a held-out fitness of %.4f\n", title.c_str(), goal);
        std::printf("  %-32s %6s %8s %12s %10s %7s %14s %14s\n", "design", "genes", "synapses",
                    "generations", "seconds", "kernel", "100 updates", "300 updates");
        for (const Design& design : designs) {
            const auto of = [&](auto value) { return design.over_runs(value); };
            const Summary generations =
                of([&](const Run& run) { return run.generations_to(goal); });
            const Summary seconds = of([&](const Run& run) {
                return run.generations_to(goal) * run.seconds_per_generation;
            });
            const Summary kernel = of([](const Run& run) { return run.kernel_width; });
            const Summary at_100 = of([](const Run& run) { return run.accuracy_100; });
            const Summary at_300 = of([](const Run& run) { return run.accuracy_300; });
            std::printf(
                "  %-32s %6zu %8zu %5.0f ± %-4.0f %4.1f ± %-4.1f %6.2f %6.2f ± %.2f %6.2f ± %.2f\n",
                design.name.c_str(), design.genes, design.feedback_synapses, generations.mean,
                generations.deviation, seconds.mean, seconds.deviation, kernel.mean, at_100.mean,
                at_100.deviation, at_300.mean, at_300.deviation);
            Json row = {{"design", design.name},
                        {"width", design.width},
                        {"genes", design.genes},
                        {"feedback_synapses", design.feedback_synapses},
                        {"goal", goal},
                        {"generations_to_goal", to_json(generations)},
                        {"seconds_to_goal", to_json(seconds)},
                        {"kernel_width_in_spacings", to_json(kernel)},
                        {"accuracy_100", to_json(at_100)},
                        {"accuracy_300", to_json(at_300)}};
            for (const Run& run : design.runs) {
                row["held_out_fitness_every_5_generations"].push_back(run.fitness);
            }
            report_[title].push_back(row);
        }
        std::fflush(stdout);
        save();  // a family takes minutes: none is lost
    }

    void save() const {
        save_json(options_.json.empty() ? options_.output / "diffusion_study.json" : options_.json,
                  report_);
    }

    const Options& options_;
    ExperimentData data_;
    Json report_;
};

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CommandLine line("What credit diffusion saves and costs", "diffusion_study");
    options.add_to(line);
    line.folder_to_write("--output", options.output, "folder for results");
    line.count("--generations", options.generations, "of each evolution",
               {.least = judge_every, .multiple_of = judge_every});
    line.count("--evolutions", options.evolutions, "seeds of each design", {.least = 1});
    line.flag("--check", options.check, "exit code 1 where the point does not hold");
    return run_program(line, argc, argv, [&] {
        if (options.quick) {
            options.generations = 5;
            options.evolutions = 1;
        }
        return Study(options).run();
    });
}
