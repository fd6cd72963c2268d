// What a generation on many machines is made of, measured apart: lives, noise, ranking,
// checkpoints. scripts/scaling_model.py puts them together for any number of ranks.
#include <ctime>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "measure/contest.hpp"
#include "measure/noise.hpp"
#include "support/command_line.hpp"
#include "support/designs.hpp"
#include "support/optimizer_recipe.hpp"
#include "support/recipes.hpp"
#include "tdca/core/number.hpp"
#include "tdca/evolution/shaping.hpp"
#include "tdca/evolution/snes.hpp"
#include "tdca/io/last_checkpoints.hpp"
#include "tdca/optimization/function_optimization.hpp"

using namespace tdca;
using namespace tdca::support;

namespace {

/// Processor time of this thread: what other programs do meanwhile counts little.
double thread_seconds() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

template <class Work>
double seconds_of(const Work& work) {
    const double start = thread_seconds();
    work();
    return thread_seconds() - start;
}

template <class Work>
double median_seconds(std::size_t rounds, const Work& work) {
    std::vector<double> seconds(rounds);
    for (double& value : seconds) value = seconds_of(work);
    return measure::Spread::of(seconds).median;
}

/// Lives, `draws` of each of the task's lifetimes; and what a life costs among others side by
/// side, relative to one alone.
template <class Lives>
Json lives_of(const Lives& lives, Key key, std::size_t draws) {
    auto workspace = lives.workspace();
    const std::size_t most = side_by_side(lives);
    std::vector<typename Lives::Genome> genomes(most);
    for (auto& genome : genomes) Lives::initialize(genome, key);
    std::vector<double> fitness(most);
    const auto live = [&](const LifetimeId& id, std::size_t members) {
        return seconds_of([&] {
            live_together(lives, id, std::span(genomes).first(members),
                          std::span(fitness).first(members), workspace);
        });
    };
    Json microseconds = Json::array();
    std::vector<double> total(most + 1);
    for (std::size_t index = 0; index < lives.lifetimes(); ++index) {
        Json row = Json::array();
        for (std::size_t draw = 0; draw < draws; ++draw) {
            const LifetimeId id{key / draw / index, index};
            if (draw == 0) live(id, 1);  // makes the workspace
            const double alone = live(id, 1);
            row.push_back(std::round(1e7 * alone) / 10);
            if (draw >= 8) continue;
            total[1] += alone;
            for (std::size_t members = 2; members <= most; members *= 2) {
                total[members] += live(id, members) / static_cast<double>(members);
            }
        }
        microseconds.push_back(row);
    }
    Json together = Json::object();
    for (std::size_t members = 1; members <= most; members *= 2) {
        together[to_text(members)] = total[members] / total[1];
    }
    return {{"genes", Lives::Genome::count},
            {"microseconds", microseconds},
            {"cost_side_by_side", together}};
}

/// Nanoseconds for each member and gene.
Json noise_of(std::size_t genes, std::size_t rounds) {
    const Snes strategy({.members = 64});
    auto state = strategy.init(std::vector<float>(genes));
    std::vector<float> genome(genes);
    const std::vector<double> fitness(strategy.members());
    const double each = 1e9 / static_cast<double>(strategy.members() * genes);
    const double ask = median_seconds(rounds, [&] {
        for (std::size_t m = 0; m < strategy.members(); ++m) {
            strategy.ask(state, Key(1), m, genome);
        }
    });
    const double tell = median_seconds(rounds, [&] { strategy.tell(state, Key(1), fitness); });
    std::printf("%9zu genes: ask %.2f ns, tell %.2f ns a member and gene\n", genes, ask * each,
                tell * each);
    return {{"genes", genes}, {"ask", ask * each}, {"tell", tell * each}};
}

/// Nanoseconds for each fitness that is ranked.
Json ranking_of(std::size_t members, std::size_t rounds) {
    std::vector<double> fitness(members);
    Key(2).fill_normal(std::span<double>(fitness));
    const double seconds =
        median_seconds(rounds, [&] { static_cast<void>(centred_ranks(fitness)); });
    std::printf("%9zu members: ranking %.0f ns a fitness\n", members,
                1e9 * seconds / static_cast<double>(members));
    return {{"members", members}, {"ranking", 1e9 * seconds / static_cast<double>(members)}};
}

/// Seconds of wall time, the disk's included.
Json checkpoint_of(std::size_t genes, std::size_t rounds) {
    const auto file = std::filesystem::absolute("distributed.checkpoint");
    const LastCheckpoints<Snes> checkpoints(file, 2, Key(1), "none");
    const auto state = Snes().init(std::vector<float>(genes));
    std::vector<double> seconds(rounds);
    for (double& value : seconds) {
        const Stopwatch clock;
        checkpoints.save(state);
        value = clock.seconds();
    }
    std::filesystem::remove(file);
    std::filesystem::remove(file.string() + ".1");
    const auto spread = measure::Spread::of(seconds);
    std::printf("%9zu genes: a checkpoint takes %.2f ms (%.2f to %.2f)\n", genes,
                1e3 * spread.median, 1e3 * spread.lower, 1e3 * spread.upper);
    return {{"genes", genes}, {"seconds", to_json(spread)}};
}

int run(const ProgramOptions& options) {
    Json report = run_facts("distributed", options);
    const Key key(options.seed);
    const std::size_t rounds = options.quick ? 1 : 11;
    for (const std::size_t genes : {100U, 1'000U, 10'000U, 100'000U, 1'000'000U}) {
        if (options.quick && genes > 10'000) continue;
        report["noise"].push_back(noise_of(genes, rounds));
        report["checkpoint"].push_back(checkpoint_of(genes, rounds));
    }
    for (const std::size_t members : {100U, 10'000U, 1'000'000U}) {
        if (options.quick && members > 10'000) continue;
        report["ranking"].push_back(ranking_of(members, rounds));
    }

    const Dataset images = measure::noise(20'000, 196);
    RecipeData data;
    data.images.push_back({all(images).first(18'000), all(images).rest(18'000)});
    const std::size_t draws = options.quick ? 1 : 64;
    report["lives"]["images"] = lives_of(
        Recipe<ClassifierLearner>::images(data, options.quick ? 60 : 1'000'000), key, draws);
    report["lives"]["search"] =
        lives_of(FunctionOptimization<>(optimizer_range(optimizer_stages[0])), key, draws);
    for (const auto& [name, lives] : report["lives"].items()) {
        double total = 0;
        double longest = 0;
        std::size_t count = 0;
        for (const auto& row : lives["microseconds"]) {
            for (const double microseconds : row) {
                total += microseconds;
                longest = std::max(longest, microseconds);
                ++count;
            }
        }
        std::printf("%9s: %zu lives, %.2f ms on average, %.2f at most; side by side %s\n",
                    name.c_str(), count, 1e-3 * total / static_cast<double>(count), 1e-3 * longest,
                    lives["cost_side_by_side"].dump().c_str());
    }
    if (!options.json.empty()) save_json(options.json, report);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    return run_program("distributed", "Measures the parts of a generation on many machines", argc,
                       argv, run);
}
