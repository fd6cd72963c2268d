// A network learns to balance a pole before one's eyes, from random weights, by credits that come
// of reward alone.
//
//   cart_pole               a line an episode
//   cart_pole --render      the pole itself, on the terminal
//   cart_pole --length 4    another pole; --gravity, --cart-mass, --pole-mass, --force likewise
#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "support/command_line.hpp"
#include "support/pole_picture.hpp"
#include "support/program.hpp"
#include "tdca/control/environments/cart_pole.hpp"
#include "tdca/control/episode.hpp"
#include "tdca/control/policy.hpp"
#include "tdca/core/number.hpp"
#include "tdca/io/genome_file.hpp"

namespace fs = std::filesystem;
using namespace tdca;
using namespace tdca::support;

namespace {

struct Options : ProgramOptions {
    fs::path genome = shipped_genome("cart_pole.safetensors");
    std::size_t episodes = 40;
    std::string training = "replay";
    bool render = false;
    double speed = 4;
    fs::path picture;
    float length = 1, gravity = 1, cart_mass = 1, pole_mass = 1, force = 1;
};

template <class Life>
int learn(const Options& options) {
    const auto genome = load_genome<typename Life::Genome>(options.genome).genome;
    CartPole<>::Settings world;
    world.half_length *= options.length;
    world.gravity *= options.gravity;
    world.cart_mass *= options.cart_mass;
    world.pole_mass *= options.pole_mass;
    world.force *= options.force;
    const Budget budget{.episodes = options.quick ? std::min<std::size_t>(options.episodes, 10)
                                                  : options.episodes};
    const std::vector<std::size_t> pictured{1, 3, 6, 12, budget.episodes};

    Life life;
    life.begin(genome, Key(options.seed));
    std::vector<Episode> episodes;
    std::vector<DrawnEpisode> drawn;
    while (true) {
        const std::size_t number = episodes.size() + 1;
        DrawnEpisode states{number, {}};
        const bool lived = life.act_once(world, budget, [&](const CartPole<>::State& state) {
            states.states.push_back(state);
            // Every second step; and of a long episode only the beginning.
            const std::size_t step = states.states.size();
            if (options.render && step % 2 == 0 && step <= 200) {
                show_pole(state, "episode " + to_text(number) + ", step " + to_text(step), 0.04,
                          options.speed);
            }
        });
        if (!lived) break;
        episodes.push_back(life.last());
        if (std::ranges::find(pictured, number) != pictured.end()) drawn.push_back(states);
        std::printf("episode %3zu  %3u steps  %s\n", number, life.last().steps,
                    std::string(life.last().steps / 10, '=').c_str());
    }
    const double late = mean_return(last_fifth(episodes));
    std::printf("mean return %.1f over %zu episodes, %.1f over the last fifth; %zu steps in all\n",
                mean_return(episodes), episodes.size(), late, life.state().steps);
    if (!options.picture.empty()) {
        if (draw_episodes(options.picture, "A pole, while a network learns to balance it", drawn)) {
            std::printf("picture %s\n", options.picture.c_str());
        } else {
            std::fprintf(stderr, "no picture: gnuplot is not installed\n");
        }
    }
    save_report("cart_pole", options,
                {{"mean_return", mean_return(episodes)},
                 {"mean_return_of_last_fifth", late},
                 {"episodes", static_cast<double>(episodes.size())},
                 {"steps", static_cast<double>(life.state().steps)}});
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CommandLine line("A network learns to balance a pole by credits from reward", "cart_pole");
    options.add_to(line);
    line.file_to_read("--genome", options.genome, "of a policy's life");
    line.count("--episodes", options.episodes, "that the network is granted", {.least = 1});
    line.choice("--training", options.training, "when it learns", {"replay", "trace"});
    line.flag("--render", options.render, "show the pole on the terminal");
    constexpr Real factor{.least = 1e-3, .most = 1e3};
    line.real("--speed", options.speed, "of the rendering, relative to real time", factor);
    line.file_to_write("--picture", options.picture, "some episodes side by side, as PNG");
    line.real("--length", options.length, "of the pole, relative to the published one", factor);
    line.real("--gravity", options.gravity, "likewise", factor);
    line.real("--cart-mass", options.cart_mass, "likewise", factor);
    line.real("--pole-mass", options.pole_mass, "likewise", factor);
    line.real("--force", options.force, "likewise", factor);
    return run_program(line, argc, argv, [&] {
        return options.training == "trace" ? learn<TraceAgent<CartPole<>>>(options)
                                           : learn<ReplayAgent<CartPole<>>>(options);
    });
}
