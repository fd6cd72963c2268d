// Steps a second in CartPole: acting alone, many carts at a time; and lives that learn.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "measure/peak.hpp"
#include "support/command_line.hpp"
#include "support/control_recipe.hpp"
#include "support/program.hpp"
#include "tdca/control/environments/environment_batch.hpp"
#include "tdca/io/genome_file.hpp"

namespace fs = std::filesystem;
using namespace tdca;
using namespace tdca::support;

namespace {

struct Options : ProgramOptions {
    fs::path genome = shipped_genome("cart_pole.safetensors");
    fs::path online = shipped_genome("cart_pole_online.safetensors");
};

constexpr std::size_t carts = 64;
using Env = CartPole<>;
using Net = PolicyNetwork<Env>;

/// Steps a second of `carts` carts that a 4-32-2 network drives, each choice drawn by chance.
double acting(std::size_t rounds, std::uint64_t seed) {
    struct Body {
        EnvironmentBatch<Env, carts> worlds;
        Net::Params params;
        Net::Activities<carts> activities;
        Net::Eligibilities<carts> eligibilities;
    };
    const auto body = std::make_unique<Body>();
    Net::initialize(body->params, Key(seed) / 0);
    body->worlds.reset({}, Key(seed) / 1);
    std::array<std::size_t, carts> actions;
    std::array<float, carts> dice;
    const Stopwatch clock;
    for (std::size_t round = 0; round < rounds; ++round) {
        Net::forward<carts>(body->params, body->worlds.observations(), body->activities,
                            body->eligibilities);
        const auto chances = body->activities.get<1>();
        (Key(seed) / 2 / round).fill_uniform(std::span<float>(dice), 0.0F, 1.0F);
        for (std::size_t i = 0; i < carts; ++i) actions[i] = dice[i] < chances[2 * i] ? 0 : 1;
        body->worlds.step(actions);
    }
    return static_cast<double>(rounds * carts) / clock.seconds();
}

/// Steps a second of whole lives of 40 episodes.
template <class Life>
double learning(const ControlGenome& genome, std::size_t lives, std::uint64_t seed) {
    Life life;
    std::size_t steps = 0;
    std::vector<Episode> episodes;
    const Stopwatch clock;
    for (std::size_t i = 0; i < lives; ++i) {
        episodes.clear();
        life.live(genome, {}, Key(seed) / i, {.episodes = 40}, episodes);
        steps += life.state().steps;
    }
    return static_cast<double>(steps) / clock.seconds();
}

int run(const Options& options) {
    const auto genome = load_genome<ControlGenome>(options.genome).genome;
    const auto online = load_genome<ControlGenome>(options.online).genome;
    const std::size_t rounds = options.quick ? 200 : 20'000;
    const std::size_t lives = options.quick ? 1 : 10;
    std::vector<double> act;
    std::vector<double> episodic;
    std::vector<double> traces;
    // Interleaved, so that a busy moment of the machine meets all alike.
    for (std::uint64_t turn = 0; turn < (options.quick ? 1U : 9U); ++turn) {
        act.push_back(acting(rounds, turn));
        episodic.push_back(learning<Episodic<Env>>(genome, lives, turn));
        traces.push_back(learning<Online<Env>>(online, lives, turn));
    }
    const double acts = measure::median(act);
    const double learns = measure::median(episodic);
    const double learns_online = measure::median(traces);
    std::printf("acting alone, %zu carts at a time  %.2f million steps/s\n", carts, acts / 1e6);
    std::printf("learning between episodes          %.2f million steps/s\n", learns / 1e6);
    std::printf("learning at every step             %.2f million steps/s\n", learns_online / 1e6);
    save_report("acting_speed", options,
                {{"acting_steps_per_second", acts},
                 {"episodic_steps_per_second", learns},
                 {"online_steps_per_second", learns_online}});
    const bool holds = options.quick || acts >= 3e6;
    std::printf("%s f: acting alone %.1f million CartPole steps a second on one core (3 asked)\n",
                holds ? "holds  " : "FAILS  ", acts / 1e6);
    return holds ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CommandLine line("Steps a second of acting and of learning", "acting_speed");
    options.add_to(line);
    line.file_to_read("--genome", options.genome, "evolved on CartPole");
    line.file_to_read("--online", options.online, "of lives that learn at every step");
    return run_program(line, argc, argv, [&] { return run(options); });
}
