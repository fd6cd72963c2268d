// Evolves a genome by one of our recipes, in stages, with progress, checkpoints and resume.
//
//   evolve_genome --recipe images --data fashion_mnist     the specialist for Fashion-MNIST
//   evolve_genome --recipe universal                       one genome for all data sets
//   evolve_genome --recipe universal --held-out mnist digits
//   evolve_genome --recipe every                         labels, numbers, several labels; tables
//   evolve_genome --recipe images --learner backprop       the strongest baseline
//   evolve_genome --output FILE --header FILE              a genome as C++, for presets.hpp
#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "support/command_line.hpp"
#include "support/datasets.hpp"
#include "support/every_recipe.hpp"
#include "support/genome_header.hpp"
#include "support/recipes.hpp"
#include "support/staged_evolution.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/text.hpp"
#include "tdca/presets.hpp"

namespace fs = std::filesystem;
using namespace tdca;
using namespace tdca::support;

namespace {

struct Options : EvolutionOptions {
    std::string recipe = "universal";
    std::string learner = "tdca";
    std::vector<std::string> data;
    std::vector<std::string> held_out;
    std::size_t members = 32;
    fs::path header;

    Options() { generations = 160; }
};

/// All but the held-out data sets, kept alive as long as lifetimes refer to them.
class Library {
public:
    explicit Library(const std::vector<std::string>& names) {
        for (const std::string& name : names) add(name);
    }

    RecipeData lessons;

private:
    void add(const std::string& name) {
        // NOLINTNEXTLINE(modernize-make-unique): it can be neither copied nor moved into place
        sets_.push_back(std::unique_ptr<ExperimentData>(new ExperimentData(load_dataset(name))));
        const ExperimentData& set = *sets_.back();
        const Lessons whole{set.train(), set.validation()};
        if (set.has_pooled()) {
            lessons.images.push_back({set.pooled_train(), set.pooled_validation()});
        } else if (name == "digits") {
            lessons.digits.push_back(whole);
        } else if (name == "breast_cancer") {
            lessons.breast_cancer.push_back(whole);
        } else if (name == "wine") {
            lessons.wine.push_back(whole);
        } else {
            lessons.iris.push_back(whole);
        }
    }

    std::vector<std::unique_ptr<ExperimentData>> sets_;
};

constexpr std::array<CurriculumStage, 3> stages{{{0.25, 300}, {0.5, 1000}, {1.0, 1'000'000}}};

template <template <class, class> class LearnerFor>
int evolve(const Options& options, const std::vector<std::string>& names) {
    using Every = EveryRecipe<LearnerFor>;
    using Recipes = typename Every::Base;
    const bool universal = options.recipe == "universal";
    const bool every = options.recipe == "every";
    const Library library(names);
    const std::unique_ptr<EveryData> more =
        every ? std::make_unique<EveryData>(library.lessons) : nullptr;
    EvolutionPlan plan;
    plan.program = "evolve_genome";
    plan.settings = "recipe " + options.recipe + ", learner " + options.learner + ", data " +
                    joined(names, ", ") + ", members " + to_text(options.members) +
                    ", generations " + to_text(options.generations);
    std::string recipe = universal ? Recipes::universal_description : Recipes::images_description;
    if (every) recipe = Every::description;
    const std::string origin = begin_from<typename Recipes::Genome>(options, plan);
    plan.settings += origin;
    recipe += origin;
    const std::size_t limit = options.quick ? 60 : stages.back().longest;
    return evolve_in_stages(
        plan, options,
        curriculum(stages, options.members, limit,
                   [&](std::size_t longest) {
                       if (every) return Every::every(library.lessons, *more, longest);
                       return universal ? Recipes::universal(library.lessons, longest)
                                        : Recipes::images(library.lessons, longest);
                   }),
        {{"program", "evolve_genome --recipe " + options.recipe + " --learner " + options.learner},
         {"data", joined(names, ", ")},
         {"recipe", recipe},
         {"strategy", "SNES, " + to_text(options.members) + " members, sigma 0.1"}});
}

int run(Options& options) {
    if (!options.header.empty()) {
        const std::string name = options.output.stem().string();
        write_genome_header<ClassifierGenome>(
            options.output, options.header,
            {.whose = name == "universal" ? "`Classifier`" : "`SequenceClassifier`",
             .array = name + "_genes",
             .program = "evolve_genome"});
        return 0;
    }
    if (options.quick) {
        options.generations = std::min<std::size_t>(options.generations, 4);
        options.members = std::min<std::size_t>(options.members, 8);
    }
    std::vector<std::string> names = options.data;
    if (names.empty() && options.recipe == "images") names = {"fashion_mnist"};
    if (names.empty()) names.assign(dataset_names.begin(), dataset_names.end());
    // The short form runs on data that every machine has.
    if (options.quick && options.data.empty()) std::erase(names, "mnist");
    std::erase_if(names, [&](const std::string& name) {
        return std::ranges::find(options.held_out, name) != options.held_out.end();
    });
    if (names.empty()) throw Error("evolve_genome", "every data set is held out");
    return options.learner == "tdca" ? evolve<UniversalLearner>(options, names)
                                     : evolve<EvolvedBackpropFor>(options, names);
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CommandLine line("Evolves a genome by one of our recipes", "evolve_genome");
    options.add_to(line);
    const std::vector<std::string> known(dataset_names.begin(), dataset_names.end());
    line.choice("--recipe", options.recipe, "the distribution of lifetimes",
                {"images", "universal", "every"});
    line.choice("--learner", options.learner, "whose genome is evolved", {"tdca", "backprop"});
    line.choices("--data", options.data,
                 "data sets (default: fashion_mnist for images, all for universal)", known);
    line.choices("--held-out", options.held_out, "data sets to leave out", known);
    line.count("--members", options.members, "of the population", Whole::population());
    line.file_to_write("--header", options.header,
                       "evolve nothing: write the genome of --output as this C++ header");
    return run_program(line, argc, argv, [&] { return run(options); });
}
