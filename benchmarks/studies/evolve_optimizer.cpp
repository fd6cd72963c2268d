// Evolves the genome of a search, with progress, checkpoints and resume.
//
// Without options: one genome for every function, dimension and budget. With --known NAME: for that
// landscape as it is defined, in two dimensions. With --deep: for a generator with a hidden layer.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <type_traits>
#include <vector>

#include "support/command_line.hpp"
#include "support/genome_header.hpp"
#include "support/optimizer_recipe.hpp"
#include "support/staged_evolution.hpp"
#include "support/test_function_names.hpp"
#include "tdca/core/number.hpp"
#include "tdca/optimization/function_optimization.hpp"

namespace fs = std::filesystem;
using namespace tdca;
using namespace tdca::support;

namespace {

using Shallow = FunctionOptimization<>;
using Deep = DeepGeneratorTask<DeepLearner>;

struct Options : EvolutionOptions {
    std::string known;
    bool deep = false;
    std::size_t dimension = 2;
    std::size_t evaluations = 800;
    fs::path header;

    Options() {
        output = "optimizer.safetensors";
        generations = optimizer_generations;
    }
};

std::vector<OptimizerStage> stages_of(const Options& options) {
    std::vector<OptimizerStage> stages(optimizer_stages.begin(), optimizer_stages.end());
    if (!options.known.empty())
        stages = {{1.0, 64, 24, 0, static_cast<double>(options.evaluations), 0}};
    if (options.deep) stages = {{1.0, 64, 28, 10, 800, 0}};
    if (options.quick) {
        for (OptimizerStage& stage : stages) stage = quick_form(stage);
    }
    return stages;
}

LandscapeRange range_of(const Options& options, const OptimizerStage& stage) {
    if (options.deep) return deep_range(stage);
    if (options.known.empty()) return optimizer_range(stage);
    return known_landscape(find_test_function(options.known), options.dimension,
                           stage.most_evaluations, stage.lifetimes);
}

std::string about(const Options& options) {
    if (options.deep) {
        return "10-32-10 generator; one function of 15, 10 dimensions, 800 evaluations, shifted; "
               "75 % turned, 30 % flattened";
    }
    if (options.known.empty()) return optimizer_description;
    return options.known + " as defined, " + to_text(options.dimension) + " dimensions, " +
           to_text(options.evaluations) + " evaluations, starts anywhere";
}

/// A general genome lives once. On a landscape of few dimensions that it may get to know, let it
/// begin with eight lives, the later ones near the best point so far.
void give_lives(Shallow::Genome& genome) {
    auto& birth = genome.get<"birth">();
    SearchBirth::initialize(birth);
    birth.get<"log_lives">()[0] = std::log(8.0F) / 3;
}

/// The genome as C++, for tdca/optimization/optimize.hpp to need no file.
int write_header(const Options& options) {
    write_genome_header<Shallow::Genome>(
        options.output, options.header,
        {.whose = "`optimize`", .array = "optimizer_genes", .program = "evolve_optimizer"});
    return 0;
}

template <class Lives>
int evolve(const Options& options) {
    using Genome = typename Lives::Genome;
    EvolutionPlan plan;
    plan.program = "evolve_optimizer";
    std::string recipe = about(options);
    recipe += begin_from<Genome>(options, plan, [&](Genome& start) {
        if constexpr (std::is_same_v<Lives, Shallow>) {
            if (!options.known.empty()) give_lives(start);
        }
    });
    plan.settings = recipe + "; generations " + to_text(options.generations);
    std::vector<EvolutionStage<Lives>> stages;
    for (const OptimizerStage& stage : stages_of(options)) {
        stages.push_back({stage.until, stage.members,
                          [&options, stage] { return Lives(range_of(options, stage)); }});
    }
    std::string program = plan.program;
    if (!options.known.empty()) program += " --known " + options.known;
    if (options.deep) program += " --deep";
    return evolve_in_stages(
        plan, options, stages,
        {{"program", program}, {"recipe", recipe}, {"strategy", "SNES, sigma 0.1"}});
}

int run(Options& options) {
    if (!options.header.empty()) return write_header(options);
    if (options.quick) options.generations = std::min<std::size_t>(options.generations, 5);
    return options.deep ? evolve<Deep>(options) : evolve<Shallow>(options);
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CommandLine line("Evolves the genome of a search", "evolve_optimizer");
    options.add_to(line);
    line.choice("--known", options.known,
                "a test function: evolve for this landscape as it is defined",
                test_function_names());
    line.flag("--deep", options.deep, "evolve for a generator with a hidden layer");
    line.count("--dimension", options.dimension, "of the known landscape", Whole::dimensions());
    line.count("--evaluations", options.evaluations, "budget on the known landscape",
               {.least = 1, .most = 1'000'000'000});
    line.file_to_write("--header", options.header,
                       "evolve nothing: write the genome of --output as this C++ header");
    return run_program(line, argc, argv, [&] { return run(options); });
}
