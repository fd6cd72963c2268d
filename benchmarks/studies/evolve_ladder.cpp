// Evolves a step of the ladder from exact gradients to credits on the lives of
// `evolve_genome --recipe images`, as many of them: what the specialist for Fashion-MNIST is to be
// compared with.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "baseline/ladder.hpp"
#include "support/command_line.hpp"
#include "support/datasets.hpp"
#include "support/recipes.hpp"
#include "support/staged_evolution.hpp"
#include "tdca/core/number.hpp"
#include "tdca/signal/classification.hpp"
#include "tdca/training/universal.hpp"

using namespace tdca;
using namespace tdca::support;

namespace {

struct Options : EvolutionOptions {
    std::string step = "error";
    std::size_t members = 32;

    Options() {
        output = "ladder.safetensors";
        generations = 140;
    }
};

constexpr std::array<CurriculumStage, 3> stages{{{0.25, 300}, {0.5, 1000}, {1.0, 1'000'000}}};

template <class Net>
using Ladder = baseline::LadderLearner<Net, ClassificationSignal<Net::output_shape::size>,
                                       baseline::Step::chosen>;

int run(Options& options) {
    using Recipes = Recipe<Ladder>;
    if (options.quick) {
        options.generations = std::min<std::size_t>(options.generations, 4);
        options.members = std::min<std::size_t>(options.members, 8);
    }
    baseline::chosen_step = baseline::step_of(options.step);
    EvolutionPlan plan;
    plan.program = "evolve_ladder";
    const std::string origin = begin_from<ClassifierGenome>(options, plan);
    const std::string members = to_text(options.members) + " members";
    plan.settings = "step " + options.step + ", " + members + ", generations " +
                    to_text(options.generations) + origin;
    const ExperimentData data = load_dataset("fashion_mnist");
    RecipeData lessons;
    lessons.images.push_back({data.pooled_train(), data.pooled_validation()});
    return evolve_in_stages(
        plan, options,
        curriculum(stages, options.members, options.quick ? 60 : stages.back().longest,
                   [&](std::size_t longest) { return Recipes::images(lessons, longest); }),
        {{"program", plan.program + " --step " + options.step},
         {"data", "fashion_mnist"},
         {"recipe", Recipes::images_description + origin},
         {"strategy", "SNES, " + members + ", sigma 0.1"}});
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CommandLine line("Evolves a step of the ladder on images", "evolve_ladder");
    options.add_to(line);
    line.choice("--step", options.step, "L1 to L4", {"exact", "error", "gates", "guesses"});
    line.count("--members", options.members, "of the population", Whole::population());
    return run_program(line, argc, argv, [&] { return run(options); });
}
