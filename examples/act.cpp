// An agent learns in a world that you choose, is kept in a file, and acts from it later.
//
//   act --environment t_maze --save memory.safetensors         learns, keeps what it has learned
//   act --environment t_maze --load memory.safetensors         goes on learning from there
//   act --environment t_maze --load memory.safetensors --play  acts without learning; --render
//   shows it act --environment breakout --steps 100000 --strip game.png act --world "python3
//   examples/worlds/balloon.py"           a world that another program is
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "support/command_line.hpp"
#include "support/program.hpp"
#include "support/strip_picture.hpp"
#include "tdca/control/environments/process_environment.hpp"
#include "tdca/io/genome_file.hpp"
#include "tdca/io/network_file.hpp"
#include "tdca/tdca.hpp"

namespace fs = std::filesystem;
using namespace tdca;
using namespace tdca::support;

namespace {

struct Options : ProgramOptions {
    std::string environment = "cart_pole", world;
    fs::path genome = shipped_genome("cart_pole.safetensors"), load, save, strip;
    std::size_t steps = 20'000, evaluate = 20;
    bool play = false, render = false;
};
using World = ProcessEnvironment<2, DiscreteActions<2>, 200>;

template <class Life>
int act(const Options& options, const typename Life::Settings& world) {
    using Env = typename Life::environment;
    using Net = typename Life::Net;
    if (options.play && options.load.empty()) throw Error("--play", "--load names no policy");
    auto policy = std::make_unique<TrainedPolicy<Env, Net>>();
    if (!options.load.empty()) policy->read(load_network<Net>(options.load, policy->params));
    if (!options.play) {
        const auto genome = load_genome<typename Life::Genome>(options.genome).genome;
        Life life;
        life.begin(genome, Key(options.seed));
        if (!options.load.empty()) life.begin(genome, Key(options.seed), *policy);
        std::vector<Episode> episodes;
        const Budget budget{.steps = options.quick ? 2'000 : options.steps};
        life.go_on(world, budget, episodes, [&](const Life& self) {
            if (episodes.size() > 20 && episodes.size() % 50 != 0) return;
            std::printf("episode %5zu  %4u steps  return %.1f\n", episodes.size(),
                        self.last().steps, static_cast<double>(self.last().total));
        });
        policy = life.policy();
        if (!options.save.empty()) save_network<Net>(options.save, policy->params, policy->facts());
    }
    const auto judged = evaluate_policy(*policy, world, Key(options.seed) / 1, options.evaluate);
    std::printf("without exploration: %.1f ± %.1f over %zu episodes\n", judged.mean, judged.margin,
                options.evaluate);
    if constexpr (Drawable<Env>) {
        show_episode(*policy, Key(options.seed) / 2, options.render, options.strip);
    }
    save_report("act", options, {{"mean_return", judged.mean}, {"margin", judged.margin}});
    return 0;
}

/// Agents with the policies that their worlds ask for.
template <class... Lives>
struct Choice {
    static std::vector<std::string> names() { return {std::string(Lives::environment::name)...}; }
    static int run(const Options& options) {
        int code = 0;
        ((Lives::environment::name == options.environment
              ? static_cast<void>(code = act<Lives>(options, {}))
              : void()),
         ...);
        return code;
    }
};
using All = Choice<ReplayAgent<CartPole<>>, ReplayAgent<Acrobot<>>, ReplayAgent<MountainCar<>>,
                   ReplayAgent<MountainCarContinuous<>>, ReplayAgent<Pendulum<>>,
                   RecurrentAgent<Masked<CartPole<>, 0, 2>>, RecurrentAgent<TMaze<>>,
                   ConvAgent<Breakout<>>, ConvAgent<Asterix<>>>;

int run(const Options& options) {
    if (options.world.empty()) return All::run(options);
    return act<ReplayAgent<World>>(options,
                                   {.world = std::make_shared<World::Connection>(options.world)});
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CommandLine line("An agent learns in a world that you choose", "act");
    options.add_to(line);
    line.choice("--environment", options.environment, "what it acts in", All::names());
    line.text("--world", options.world, "a command: a world of 2 observations and 2 choices");
    line.file_to_read("--genome", options.genome, "of the agent's life");
    line.file_to_read("--load", options.load, "a policy, to go on from");
    line.file_to_write("--save", options.save, "where to keep the policy");
    line.count("--steps", options.steps, "that it learns for", {.least = 1});
    line.count("--evaluate", options.evaluate, "episodes without learning", {.least = 1});
    line.flag("--play", options.play, "do not learn");
    line.flag("--render", options.render, "show an episode on the terminal");
    line.file_to_write("--strip", options.strip, "moments of an episode, as PNG");
    return run_program(line, argc, argv, [&] { return run(options); });
}
