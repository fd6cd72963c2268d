// Evolves the genome of a policy's life, for one environment or for all, with progress, checkpoints
// and resume.
#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>
#include <type_traits>
#include <vector>

#include "support/command_line.hpp"
#include "support/control_recipe.hpp"
#include "support/staged_evolution.hpp"
#include "tdca/concepts/environment.hpp"
#include "tdca/control/environments/cart_pole.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/evolution/task_distribution.hpp"
#include "tdca/io/genome_file.hpp"

namespace fs = std::filesystem;
using namespace tdca;
using namespace tdca::support;

namespace {

struct Options : EvolutionOptions {
    std::string environment = "all";
    std::string training = "replay";
    std::string learner = "tdca";
    std::size_t members = 64;

    Options() {
        output = "policy.safetensors";
        generations = 200;
    }
};

std::vector<std::string> environment_names() {
    std::vector<std::string> names{"all", "memory", "everything"};
    for_each_single_environment([&]<class Env>() { names.emplace_back(Env::name); });
    return names;
}

// Kinds of lives. clang 14 crashes where these are template template settings.
template <bool IsOnline, bool IsGradient>
struct Kind {
    template <class Env>
    using Learner = std::conditional_t<IsGradient, GradientPolicyLearner<Env>, PolicyLearner<Env>>;
    template <class Env>
    using Life = std::conditional_t<IsOnline, OnlineLife<Learner<Env>, Env>,
                                    EpisodicLife<Learner<Env>, Env>>;
};

template <class KindOf>
using Lives = TaskDistribution<typename KindOf::template Life<CartPole<>>>;

/// A stratum for each environment, so that none dominates.
template <class KindOf>
Lives<KindOf> lives_of(const Options& options, std::size_t lifetimes, std::size_t most_episodes) {
    Lives<KindOf> lives;
    const auto add = [&]<class Env>() {
        if (options.environment != "all" && options.environment != "everything" &&
            options.environment != Env::name) {
            return;
        }
        lives.stratum(std::string(Env::name), lifetimes);
        lives.add(control_task<typename KindOf::template Life<Env>>(lifetimes, most_episodes,
                                                                    options.quick));
    };
    const bool has_memory = options.environment == "memory" || options.environment == "everything";
    if (options.environment == "all") {
        for_each_environment(add);
    } else {
        for_each_single_environment(add);
    }
    if (!has_memory) return lives;
    if constexpr (std::is_same_v<KindOf, Kind<false, false>>) {
        lives.stratum("t_maze", lifetimes);
        lives.add(maze_task(lifetimes, options.quick));
        lives.stratum("masked_cart_pole", lifetimes);
        lives.add(masked_task(lifetimes, options.quick));
    } else {
        throw Error("evolve_policy", "memory is evolved with replay and credits alone");
    }
    return lives;
}

/// Evolves the genome of one kind of life.
template <class KindOf>
int evolve(const Options& options) {
    using Genome = typename KindOf::template Life<CartPole<>>::Genome;
    const auto lives = [&options](std::size_t lifetimes, std::size_t most_episodes) {
        return [&options, lifetimes, most_episodes] {
            return lives_of<KindOf>(options, lifetimes, most_episodes);
        };
    };
    // One environment: short lives first, which cost a quarter. All, or a slow one: long ones from
    // the start, but few.
    std::vector<EvolutionStage<Lives<KindOf>>> stages{{0.6, options.members, lives(4, 80)},
                                                      {1.0, options.members, lives(4, 400)}};
    if (options.environment == "everything") {
        stages = {{1.0, options.members, lives(1, 400)}};
    } else if (options.environment == "all" || options.environment == "lunar_lander") {
        stages = {{0.8, options.members, lives(1, 400)}, {1.0, options.members, lives(2, 400)}};
    }

    if (options.environment == "memory") {
        stages = {{0.7, options.members, lives(1, 0)}, {1.0, options.members, lives(2, 0)}};
    }

    EvolutionPlan plan;
    plan.program = "evolve_policy";
    std::string recipe = "environment " + options.environment + ", " + options.training +
                         " training, " + (options.learner == "tdca" ? "" : "exact gradients, ") +
                         "32 hidden neurons, worlds of SettingRange, " +
                         (options.environment == "all" || options.environment == "everything"
                              ? ""
                              : "20 to 80 episodes, then ") +
                         "20 to 400 episodes, or 10,000 to 40,000 steps";
    if (options.environment == "everything") {
        recipe += "; LunarLander, and the worlds of memory with 16 gated units";
    }
    if (options.environment == "memory") {
        recipe =
            "policies of 16 gated units: T-mazes of 3 to 12 steps in lives of 3,000 to 12,000 "
            "steps, CartPole without velocities in 20 to 80 episodes, worlds of SettingRange";
    }
    recipe += begin_from<Genome>(options, plan);
    plan.settings = recipe + "; generations " + to_text(options.generations);
    return evolve_in_stages(
        plan, options, stages,
        {{"program", "evolve_policy --environment " + options.environment + " --training " +
                         options.training + " --learner " + options.learner},
         {"recipe", recipe},
         {"strategy", "SNES, " + to_text(options.members) + " members, sigma 0.1"}});
}

int run(Options& options) {
    if (options.quick) {
        options.generations = std::min<std::size_t>(options.generations, 3);
        options.members = std::min<std::size_t>(options.members, 8);
    }
    const bool is_online = options.training == "trace";
    if (options.learner == "backprop") {
        return is_online ? evolve<Kind<true, true>>(options) : evolve<Kind<false, true>>(options);
    }
    return is_online ? evolve<Kind<true, false>>(options) : evolve<Kind<false, false>>(options);
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CommandLine line("Evolves the genome of a policy's life", "evolve_policy");
    options.add_to(line);
    line.choice("--environment", options.environment, "what lives are lived in",
                environment_names());
    line.choice("--training", options.training,
                "when a life learns: between episodes, or at every step", {"replay", "trace"});
    line.choice("--learner", options.learner,
                "what assigns credits: a TDCA-network, or exact gradients in the same life",
                {"tdca", "backprop"});
    line.count("--members", options.members, "of the population", Whole::population());
    return run_program(line, argc, argv, [&] { return run(options); });
}
