// Evolves one genome for layers of every kind, with progress, checkpoints and resume: convolutions,
// recurrent units, attention, deep and dense networks.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "support/architecture_recipe.hpp"
#include "support/command_line.hpp"
#include "support/staged_evolution.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/text.hpp"

using namespace tdca;
using namespace tdca::support;

namespace {

struct Options : EvolutionOptions {
    std::vector<std::string> data{"fashion_mnist", "mnist"};
    std::size_t members = 32;

    Options() {
        output = "architectures.safetensors";
        generations = 60;
    }
};

constexpr std::array<CurriculumStage, 3> stages{{{0.25, 300}, {0.6, 1000}, {1.0, 1'000'000}}};

int run(Options& options) {
    if (options.quick) {
        options.generations = std::min<std::size_t>(options.generations, 3);
        options.members = std::min<std::size_t>(options.members, 4);
        options.data = {"fashion_mnist"};
    }
    const std::string names = joined(options.data, ", ");
    const std::string members = to_text(options.members) + " members";
    EvolutionPlan plan;
    plan.program = "evolve_architectures";
    const std::string origin = begin_from<ArchitectureRecipe::Genome>(options, plan);
    plan.settings =
        "data " + names + ", " + members + ", generations " + to_text(options.generations) + origin;
    const ArchitectureRecipe recipe(options.data);
    const std::size_t limit = options.quick ? 50 : stages.back().longest;
    return evolve_in_stages(
        plan, options,
        curriculum(stages, options.members, limit,
                   [&recipe](std::size_t longest) { return recipe.lives(longest); }),
        {{"program", plan.program},
         {"data", names},
         {"recipe", ArchitectureRecipe::description + origin},
         {"strategy", "SNES, " + members + ", sigma 0.1"}});
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CommandLine line("Evolves one genome for layers of every kind", "evolve_architectures");
    options.add_to(line);
    line.choices("--data", options.data, "images of 28 x 28", {"fashion_mnist", "mnist"});
    line.count("--members", options.members, "of the population", Whole::population());
    return run_program(line, argc, argv, [&] { return run(options); });
}
