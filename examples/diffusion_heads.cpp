// Credit diffusion against per-neuron heads on 784-256-10: genes, cost of evolution, accuracy.
//
// Three designs, alike in all but the way by which credit comes down, each evolved from three
// seeds:
//   plastic    32 sources, feedback born random and plastic    (the main design)
//   diffused   32 sources, feedback evolved
//   heads      every neuron its own evolved head, no diffusion
//
//   diffusion_heads            compares the shipped genomes
//   diffusion_heads --evolve   evolves them again from their seeds
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "support/command_line.hpp"
#include "support/comparison.hpp"
#include "support/designs.hpp"
#include "support/fashion_mnist_data.hpp"
#include "tdca/evolution/snes.hpp"
#include "tdca/io/genome_file.hpp"
#include "tdca/meta/evolution.hpp"
#include "tdca/meta/progress.hpp"
#include "tdca/task/classification.hpp"
#include "tdca_build_info.hpp"

namespace fs = std::filesystem;
using namespace tdca;
using namespace tdca::support;

namespace {

constexpr std::size_t width = 256;
const std::vector<std::size_t> evolved_horizons{100, 300};
const std::vector<std::size_t> judged_horizons{100, 300, 1000};
constexpr std::size_t judge_every = 5;

struct Options : ProgramOptions {
    fs::path data = default_fashion_mnist_directory();
    fs::path output = "diffusion_heads_output";
    std::size_t generations = 100;
    std::size_t evolution_seeds = 3;
    bool evolve = false;
    bool check = false;
};

/// One evolution of one design: what it cost, how it went, how its networks do.
struct Run {
    std::vector<double> fitness;  ///< on held-out lifetimes, every `judge_every` generations
    double seconds_per_generation = 0;
    std::map<std::size_t, std::vector<double>> accuracy;  ///< test, in percent, by horizon

    /// Generations to a held-out fitness, 0 where it was never reached.
    [[nodiscard]] std::size_t generations_to(double goal) const {
        for (std::size_t i = 0; i < fitness.size(); ++i) {
            if (fitness[i] >= goal) return (i + 1) * judge_every;
        }
        return 0;
    }
};

struct Design {
    std::string name;
    std::size_t genes = 0;
    std::vector<Run> runs;

    /// Mean over all networks of all runs.
    [[nodiscard]] Summary accuracy(std::size_t horizon) const {
        std::vector<double> means;
        for (const Run& run : runs) means.push_back(summarize(run.accuracy.at(horizon)).mean);
        return summarize(means);
    }
};

template <class TopDown, std::size_t Inputs>
using Student = Learner<Classifier<Inputs, width>, TopDown, AdamPlasticity, StepSchedule<>>;

std::string join(const std::vector<double>& values) {
    std::ostringstream text;
    text.precision(9);
    for (const double value : values) text << value << ' ';
    return text.str();
}

std::vector<double> split_numbers(const std::string& text) {
    std::istringstream in(text);
    std::vector<double> values;
    for (double value = 0; in >> value;) values.push_back(value);
    return values;
}

/// Evolves one design from one seed and saves the genome with its history.
template <class TopDown>
void evolve(const Options& options, const FashionMnist& data, const std::string& name,
            std::uint64_t seed, const fs::path& file) {
    using Lives = ClassificationTask<Student<TopDown, 196>>;
    using Outer = Evolution<Snes, Lives>;
    Outer run(Snes({.members = options.quick ? std::size_t{4} : std::size_t{32}}),
              Lives(data.pooled_train(), data.pooled_validation(),
                    options.quick ? std::vector<std::size_t>{10} : evolved_horizons),
              Key(seed), options.threads);
    Run history;
    double seconds = 0;
    ProgressBar progress(name + ", seed " + std::to_string(seed), options.generations);
    run.run(options.generations, [&](const GenerationReport& report, const Outer& now) {
        seconds += report.seconds;
        const std::size_t done = now.state().generation;
        if (done % judge_every == 0) {
            history.fitness.push_back(now.judge(now.genome(), Key(seed) / 99, 4));
            progress.report(done, "held-out fitness " + std::to_string(history.fitness.back()));
        }
        return true;
    });
    typename Student<TopDown, 784>::Genome genome;
    genome.read(run.genome());
    save_genome(file, genome,
                {{"program", "diffusion_heads --evolve"},
                 {"evolved_on",
                  "Fashion-MNIST training images pooled to 14x14, 196-256-10, 100 and "
                  "300 updates, minibatches of 64"},
                 {"strategy", "SNES, 32 members, sigma 0.1"},
                 {"seed", std::to_string(seed)},
                 {"generations", std::to_string(options.generations)},
                 {"seconds_per_generation",
                  std::to_string(seconds / static_cast<double>(options.generations))},
                 {"held_out_fitness_every_5_generations", join(history.fitness)},
                 {"threads", std::to_string(options.threads)},
                 {"cpu", cpu_name()},
                 {"commit", std::string(build_info::commit)}});
}

template <class TopDown>
Design study(const Options& options, const FashionMnist& data, const Arena& arena,
             const std::string& name) {
    Design design{name, Student<TopDown, 784>::Genome::count, {}};
    for (std::uint64_t seed = 1; seed <= options.evolution_seeds; ++seed) {
        const std::string file_name = "heads_" + name + "_" + std::to_string(seed) + ".safetensors";
        fs::path file = shipped_genome(file_name);
        if (options.evolve) {
            file = options.output / file_name;
            evolve<TopDown>(options, data, name, seed, file);
        }
        auto loaded = load_genome<typename Student<TopDown, 784>::Genome>(file);
        Run run;
        run.fitness = split_numbers(loaded.facts["held_out_fitness_every_5_generations"]);
        run.seconds_per_generation = std::stod(loaded.facts["seconds_per_generation"]);
        for (const std::size_t horizon : judged_horizons) {
            run.accuracy[horizon] = test_accuracies<Student<TopDown, 784>>(
                arena, loaded.genome, options.quick ? horizon / 50 : horizon);
        }
        design.runs.push_back(std::move(run));
    }
    return design;
}

int run(Options& options) {
    if (options.quick) {
        options.evolve = true;
        options.generations = judge_every;
        options.evolution_seeds = 1;
    }
    fs::create_directories(options.output);
    const FashionMnist data(options.data);
    const Arena arena{data.train(),
                      data.validation(),
                      options.quick ? data.test().first(1000) : data.test(),
                      Key(options.seed) / 1,
                      options.threads,
                      options.quick ? std::size_t{2} : std::size_t{10}};
    const std::vector<Design> designs{study<Diffused>(options, data, arena, "plastic"),
                                      study<DiffusedHeads>(options, data, arena, "diffused"),
                                      study<NeuronHeads<width>>(options, data, arena, "heads")};

    // The fitness that every run of every design reached at its best.
    double goal = 0;
    for (const Design& design : designs) {
        for (const Run& one : design.runs) {
            goal = std::min(goal, *std::max_element(one.fitness.begin(), one.fitness.end()));
        }
    }
    Json report = run_facts("diffusion_heads", options);
    report["goal_fitness"] = goal;
    std::printf(
        "784-256-10 on Fashion-MNIST; mean ± deviation over %zu evolutions of the mean over "
        "%zu networks\n%-9s %6s  %-22s %-22s %s\n",
        options.evolution_seeds, arena.seeds, "design", "genes", "generations to fitness",
        "seconds to fitness", "test accuracy in % at 100, 300, 1000 updates");
    for (const Design& design : designs) {
        std::vector<double> generations;
        std::vector<double> seconds;
        for (const Run& one : design.runs) {
            generations.push_back(static_cast<double>(one.generations_to(goal)));
            seconds.push_back(generations.back() * one.seconds_per_generation);
        }
        const Summary g = summarize(generations);
        const Summary s = summarize(seconds);
        std::printf("%-9s %6zu  %8.0f ± %-11.0f %8.0f ± %-11.0f", design.name.c_str(), design.genes,
                    g.mean, g.deviation, s.mean, s.deviation);
        Json& entry = report["designs"][design.name];
        entry = {{"genes", design.genes},
                 {"generations_to_goal", to_json(g)},
                 {"seconds_to_goal", to_json(s)}};
        for (const std::size_t horizon : judged_horizons) {
            const Summary accuracy = design.accuracy(horizon);
            std::printf("  %.2f ± %.2f", accuracy.mean, accuracy.deviation);
            entry["test_accuracy"][std::to_string(horizon)] = to_json(accuracy);
        }
        for (const Run& one : design.runs) entry["held_out_fitness"].push_back(one.fitness);
        std::printf("\n");
    }
    const Design& diffused = designs.front();
    const Design& heads = designs.back();
    const double fewer = static_cast<double>(heads.genes) / static_cast<double>(diffused.genes);
    double worst = 100;
    for (const std::size_t horizon : judged_horizons) {
        worst = std::min(worst, diffused.accuracy(horizon).mean - heads.accuracy(horizon).mean);
    }
    const bool holds = fewer >= 5 && worst >= -0.3;
    save_json(options.json.empty() ? options.output / "results.json" : options.json, report);
    std::printf(
        "%s  c: diffusion has %.1f times fewer genes than per-neuron heads; accuracy minus "
        "theirs is %+.2f points at its worst horizon\n",
        holds ? "holds " : "FAILS ", fewer, worst);
    return options.check && !holds ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app("Compares credit diffusion with per-neuron heads", "diffusion_heads");
    options.add_to(app);
    app.add_option("--data", options.data, "folder of the IDX files")->capture_default_str();
    app.add_option("--output", options.output, "folder for results")->capture_default_str();
    app.add_option("--generations", options.generations, "of each evolution")
        ->capture_default_str();
    app.add_flag("--evolve", options.evolve, "evolve all designs again");
    app.add_flag("--check", options.check, "exit code 1 where the point does not hold");
    return run_program(app, argc, argv, [&] { return run(options); });
}
