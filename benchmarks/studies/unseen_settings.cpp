// Poles that no genome was evolved on: longer, shorter, heavier, on other planets, and seen and
// driven through another body. One genome, unchanged, learns each from random weights.
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "support/command_line.hpp"
#include "support/control_recipe.hpp"
#include "support/program.hpp"
#include "support/statistics.hpp"
#include "tdca/control/environments/rearranged.hpp"
#include "tdca/core/parallel.hpp"
#include "tdca/io/genome_file.hpp"

namespace fs = std::filesystem;
using namespace tdca;
using namespace tdca::support;

namespace {

struct Options : ProgramOptions {
    fs::path genome = shipped_genome("cart_pole.safetensors");
    std::size_t episodes = 40;
    std::size_t lives = 20;
};

using Env = Rearranged<CartPole<>>;

int run(const Options& options) {
    const auto genome = load_genome<ControlGenome>(options.genome).genome;
    std::vector<std::pair<std::string, Env::Settings>> worlds(7);
    worlds[0].first = "as published";
    worlds[1].first = "pole 4 times as long";
    worlds[1].second.inner.half_length *= 4;
    worlds[2].first = "pole 0.3 times as long";
    worlds[2].second.inner.half_length *= 0.3F;
    worlds[3].first = "gravity of Jupiter (2.5 g)";
    worlds[3].second.inner.gravity *= 2.5F;
    worlds[4].first = "gravity of the Moon (0.17 g)";
    worlds[4].second.inner.gravity *= 0.17F;
    worlds[5].first = "left is right";
    worlds[5].second.flipped = true;
    worlds[6].first = "other order, other units";
    worlds[6].second.order = {2, 0, 3, 1};
    worlds[6].second.scale = {10, 0.1F, 3, -0.5F};

    const std::size_t lives = options.quick ? 2 : options.lives;
    const Budget budget{.episodes = options.quick ? std::size_t{5} : options.episodes};
    Json rows = Json::array();
    std::printf("mean return of %zu lives of %zu episodes (500 is the most), with 95 %% margins\n",
                lives, budget.episodes);
    for (const auto& world : worlds) {
        std::vector<double> whole(lives);
        std::vector<double> late(lives);
        parallel_for(lives, options.threads, [&](std::size_t i, std::size_t) {
            Episodic<Env> life;
            std::vector<Episode> episodes;
            life.live(genome, world.second, Key(options.seed) / i, budget, episodes);
            whole[i] = mean_return(episodes);
            late[i] = mean_return(last_fifth(episodes));
        });
        const Summary all = summarize(whole);
        const Summary end = summarize(late);
        std::printf("    %-30s %6.1f ± %-5.1f  last fifth %6.1f ± %.1f\n", world.first.c_str(),
                    all.mean, all.margin(), end.mean, end.margin());
        rows.push_back(
            {{"world", world.first}, {"mean_return", to_json(all)}, {"last_fifth", to_json(end)}});
    }
    if (options.json.empty()) return 0;
    Json report = run_facts("unseen_settings", options);
    report["worlds"] = rows;
    save_json(options.json, report);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CommandLine line("One genome on poles that it has never seen", "unseen_settings");
    options.add_to(line);
    line.file_to_read("--genome", options.genome, "of a policy's life");
    line.count("--episodes", options.episodes, "of a life", {.least = 5, .most = 100'000});
    line.count("--lives", options.lives, "on each pole", {.least = 2, .most = 100'000});
    return run_program(line, argc, argv, [&] { return run(options); });
}
