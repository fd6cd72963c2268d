// Evolves the genome of a policy's life, for one environment or for all, with progress, checkpoints
// and resume.
#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "support/command_line.hpp"
#include "support/control_recipe.hpp"
#include "support/staged_evolution.hpp"
#include "tdca/core/error.hpp"
#include "tdca/io/genome_file.hpp"

namespace fs = std::filesystem;
using namespace tdca;
using namespace tdca::support;

namespace {

struct Options : ProgramOptions {
    std::string environment = "all";
    std::string study = "episodic";
    fs::path output = "policy.safetensors";
    fs::path from;
    std::size_t generations = 200;
    std::size_t members = 64;
    bool resume = false;
};

std::vector<std::string> environment_names() {
    std::vector<std::string> names{"all"};
    for_each_environment([&]<class Env>() { names.emplace_back(Env::name); });
    return names;
}

/// A stratum for each environment, so that none dominates.
ControlLives lives_of(const Options& options, std::size_t lifetimes, std::size_t most_episodes) {
    ControlLives lives;
    for_each_environment([&]<class Env>() {
        if (options.environment != "all" && options.environment != Env::name) return;
        lives.stratum(std::string(Env::name), lifetimes);
        if (options.study == "online") {
            lives.add(control_task<Online, Env>(lifetimes, most_episodes, options.quick));
        } else {
            lives.add(control_task<Episodic, Env>(lifetimes, most_episodes, options.quick));
        }
    });
    return lives;
}

int run(Options& options) {
    if (options.quick) {
        options.generations = std::min<std::size_t>(options.generations, 3);
        options.members = std::min<std::size_t>(options.members, 8);
    }
    EvolutionPlan plan;
    plan.program = "evolve_policy";
    plan.output = options.output;
    plan.generations = options.generations;
    plan.resume = options.resume;
    std::string recipe = "environment " + options.environment + ", " + options.study +
                         " study, 32 hidden neurons, worlds of SettingRange, 20 to 80 episodes, "
                         "then 20 to 400, or 10,000 to 40,000 steps";
    if (!options.from.empty()) {
        plan.first = first_state(load_genome<ControlGenome>(options.from).genome);
        recipe += "; from " + options.from.filename().string();
    }
    plan.settings = recipe + "; generations " + std::to_string(options.generations);
    // One environment: short lives first, which cost a quarter. All: long ones from the start.
    std::vector<EvolutionStage<ControlLives>> stages{
        {0.6, options.members, [&options] { return lives_of(options, 4, 80); }},
        {1.0, options.members, [&options] { return lives_of(options, 4, 400); }}};
    if (options.environment == "all") {
        stages = {{0.8, options.members, [&options] { return lives_of(options, 1, 400); }},
                  {1.0, options.members, [&options] { return lives_of(options, 2, 400); }}};
    }
    evolve_in_stages<ControlGenome, ControlLives>(
        plan, options, stages,
        {{"program",
          "evolve_policy --environment " + options.environment + " --study " + options.study},
         {"recipe", recipe},
         {"strategy", "SNES, " + std::to_string(options.members) + " members, sigma 0.1"}});
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app("Evolves the genome of a policy's life", "evolve_policy");
    options.add_to(app);
    app.add_option("--environment", options.environment, "what lives are lived in")
        ->check(CLI::IsMember(environment_names()))
        ->capture_default_str();
    app.add_option("--study", options.study,
                   "when a life learns: between episodes, or at every step")
        ->check(CLI::IsMember({"episodic", "online"}))
        ->capture_default_str();
    app.add_option("--output", options.output, "file of the genome; its checkpoint lies beside it")
        ->capture_default_str();
    app.add_option("--from", options.from, "start from this genome, not from the initial one")
        ->check(CLI::ExistingFile);
    app.add_option("--generations", options.generations, "of the outer loop")
        ->capture_default_str();
    app.add_option("--members", options.members, "of the population, even")->capture_default_str();
    app.add_flag("--resume", options.resume, "continue from the checkpoint");
    return run_program(app, argc, argv, [&] { return run(options); });
}
