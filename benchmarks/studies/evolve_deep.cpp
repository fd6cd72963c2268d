// Evolves a genome on deep plain networks: for credits, or for a step of the ladder from exact
// gradients to them, on the same lives at the same cost.
//
//   evolve_deep --from examples/genomes/universal_1.safetensors --output deep_1.safetensors
//   evolve_deep --learner exact --from examples/genomes/universal_1.safetensors
//               --plasticity examples/genomes/evolved_backprop_1.safetensors
#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "support/chosen_births.hpp"
#include "support/command_line.hpp"
#include "support/datasets.hpp"
#include "support/deep_recipe.hpp"
#include "support/designs.hpp"
#include "support/staged_evolution.hpp"
#include "tdca/core/number.hpp"
#include "tdca/io/evolution_run.hpp"
#include "tdca/io/genome_file.hpp"
#include "tdca/training/deep.hpp"
#include "tdca/training/universal.hpp"

namespace fs = std::filesystem;
using namespace tdca;
using namespace tdca::support;

namespace {

struct Options : EvolutionOptions {
    std::string learner = "credits";
    std::string births = "mirrored";
    fs::path plasticity;
    std::size_t members = 32;

    Options() {
        output = "deep.safetensors";
        generations = 60;
    }
};

constexpr std::array<CurriculumStage, 2> stages{{{0.5, 300}, {1.0, 1000}}};

using BackpropGenome = EvolvedBackprop<DenseClassifier<784, 64>>::Genome;

/// The genes that --from and --plasticity name.
DeepGenome start_of(const Options& options) {
    ClassifierGenome start = load_genome<ClassifierGenome>(options.from).genome;
    if (!options.plasticity.empty()) {
        const auto other = load_genome<BackpropGenome>(options.plasticity).genome;
        start.get<"schedule">() = other.get<"schedule">();
        start.get<"plasticity">() = other.get<"plasticity">();
        start.get<"centring">() = other.get<"centring">();
        start.get<"birth">().get<"log_hidden_gain">()[0] =
            other.get<"birth">().get<"log_hidden_gain">()[0];
    }
    if (options.learner != "credits") {
        // Both gains 1: what was evolved for credits is no start for exact transport.
        auto& unit = start.get<"top_down">().get<"unit">();
        std::ranges::fill(unit.get<"linear">(), 0.0F);
        std::ranges::fill(unit.get<"readout">(), 0.0F);
    }
    return deepened(start);
}

template <template <class> class LearnerOf>
int evolve(const Options& options) {
    using Recipe = DeepRecipe<LearnerOf>;
    EvolutionPlan plan;
    plan.program = "evolve_deep";
    std::string origin;
    if (!options.from.empty()) {
        plan.first = first_state(start_of(options));
        origin = "; from " + options.from.filename().string();
    }
    if (!options.plasticity.empty()) {
        origin += ", its plasticity that of " + options.plasticity.filename().string();
    }
    const std::string members = to_text(options.members) + " members";
    plan.settings = "learner " + options.learner + ", births " + options.births + ", " + members +
                    ", generations " + to_text(options.generations) + origin;
    const ExperimentData data = load_dataset("fashion_mnist");
    const std::vector<Lessons> images{{data.pooled_train(), data.pooled_validation()}};
    return evolve_in_stages(
        plan, options,
        curriculum(stages, options.members, options.quick ? 20 : stages.back().longest,
                   [&](std::size_t longest) { return Recipe::lives(images, longest); }),
        {{"program",
          plan.program + " --learner " + options.learner + " --births " + options.births},
         {"data", "fashion_mnist"},
         {"recipe", Recipe::description + std::string(", born ") + options.births + origin},
         {"strategy", "SNES, " + members + ", sigma 0.1"}});
}

int run(Options& options) {
    chosen_births = births_of(options.births);
    if (options.quick) {
        options.generations = std::min<std::size_t>(options.generations, 2);
        options.members = std::min<std::size_t>(options.members, 4);
    }
    if (options.learner != "credits") {
        baseline::chosen_step = baseline::step_of(options.learner);
        return evolve<DeepLadder>(options);
    }
    return evolve<DeepClassifierLearner>(options);
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CommandLine line("Evolves a genome on deep plain networks", "evolve_deep");
    options.add_to(line);
    line.choice("--learner", options.learner, "credits, or a step of the ladder, L1 to L4",
                {"credits", "exact", "error", "gates", "guesses"});
    line.choice("--births", options.births, "of hidden layers",
                {births_names.begin(), births_names.end()});
    line.file_to_read(
        "--plasticity", options.plasticity,
        "a genome of evolved backprop: schedule, plasticity and centring to begin with");
    line.count("--members", options.members, "of the population", Whole::population());
    return run_program(line, argc, argv, [&] { return run(options); });
}
