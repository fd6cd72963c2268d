// Acting with memory, with pictures, and with parts of the life taken away.
//
//   acting --points a   `control` alone: CartPole at 40, 100, 400 and 1,000 episodes
//   acting --points b   genomes in every world, held-out ones included, without peers
//   acting --points e   memory: T-mazes of 20 steps; with --pictures also Breakout beside PPO
//   acting --points f   steps a second, learning included: dense, convolutional, recurrent
//   acting --points g   lesions: what becomes of a genome's lives without a part
//   acting --points h   transplants: parts of `lunar_lander` in `control`
//   acting --mixture F --points b --genomes control F
//                       the same by shares, in every world
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "baseline/policy_gradient.hpp"
#include "measure/peak.hpp"
#include "support/command_line.hpp"
#include "support/control_recipe.hpp"
#include "support/program.hpp"
#include "support/statistics.hpp"
#include "tdca/control/environments/asterix.hpp"
#include "tdca/control/environments/breakout.hpp"
#ifdef TDCA_HAS_BOX2D
#include "tdca/control/environments/lunar_lander_continuous.hpp"
#endif
#include "tdca/core/number.hpp"
#include "tdca/core/parallel.hpp"
#include "tdca/io/genome_file.hpp"

namespace fs = std::filesystem;
using namespace tdca;
using namespace tdca::support;

namespace {

struct Options : ProgramOptions {
    std::string points = "aefg";
    fs::path control = shipped_genome("control.safetensors");
    fs::path cart_pole = shipped_genome("cart_pole.safetensors");
    fs::path memory = shipped_genome("memory.safetensors");
    std::vector<std::string> genomes{"control", "cart_pole", "lunar_lander", "memory"};
    std::size_t seeds = 40;
    std::size_t maze = 20;
    std::size_t maze_steps = 60'000;
    std::size_t picture_steps = 500'000;
    std::size_t picture_seeds = 4;
    bool pictures = false;
    fs::path mixture;
    double mix_learner = 0.3, mix_critic = 0, mix_clock = 0.1;
};

/// A controller whose commands lose a part.
enum class Lesion { none, clock, noise, recall, homing, passes };
template <Lesion Part>
struct Lesioned : EpisodeController<> {
    static EpisodeCommand command(const Genome& genome, const EpisodeMood& now,
                                  State& memory) noexcept {
        // A clock that stands still knows of nothing but the kind of world.
        EpisodeMood known = now;
        if constexpr (Part == Lesion::clock) {
            known = {};
            known.log_left = 0;
            known.log_budget = now.log_budget;
            known.continuous = now.continuous;
            known.log_limit = now.log_limit;
            memory = {};
        }
        EpisodeCommand asked = EpisodeController<>::command(genome, known, memory);
        if constexpr (Part == Lesion::noise) asked.noise = 0;
        if constexpr (Part == Lesion::recall) asked.recall = 0;
        if constexpr (Part == Lesion::homing) asked.homing = 0;
        if constexpr (Part == Lesion::passes) asked.passes = std::min(asked.passes, 1.0F);
        return asked;
    }
};
template <class Env, Lesion Part>
using LesionedAgent = Agent<PolicyLearner<Env>, Env,
                            ReplayTraining<AgentState<PolicyLearner<Env>, Env>>, Lesioned<Part>>;

class Study {
public:
    explicit Study(const Options& options) : options_(options) {}

    bool run() {
        const auto wants = [&](char point) {
            return options_.points.find(point) != std::string::npos;
        };
        if (!options_.mixture.empty()) mix();
        if (wants('a')) lengths();
        if (wants('b')) worlds();
        if (wants('e')) memory();
        if (wants('e') && options_.pictures) pictures();
        if (wants('f')) speed();
        if (wants('g')) lesions();
        if (wants('h')) {
            transplants<CartPole<>>("cart_pole, 100 episodes", {.episodes = 100});
            transplants<Pendulum<>>("pendulum, 20000 steps", {.steps = 20'000});
#ifdef TDCA_HAS_BOX2D
            transplants<LunarLander>("lunar_lander, 20000 steps", {.steps = 20'000});
#endif
        }
        if (!options_.json.empty()) {
            Json report = run_facts("acting", options_);
            report["seeds"] = options_.seeds;
            report["rows"] = rows_;
            report["holds"] = holds_;
            save_json(options_.json, report);
        }
        return holds_;
    }

private:
    using Figure = std::function<double(std::span<const Episode>)>;

    void verdict(bool holds, const std::string& text) {
        std::printf("%s %s\n", holds ? "holds  " : "FAILS  ", text.c_str());
        holds_ = holds_ && holds;
    }
    void note(const std::string& cell, const std::string& name, const std::string& figure,
              const Summary& summary) {
        std::printf("    %-26s %-24s %-14s %9.3f ± %.3f\n", cell.c_str(), name.c_str(),
                    figure.c_str(), summary.mean, summary.margin());
        std::fflush(stdout);
        rows_.push_back(
            {{"cell", cell}, {"name", name}, {"figure", figure}, {"value", to_json(summary)}});
    }

    /// A life for each seed.
    template <class Life>
    [[nodiscard]] std::vector<std::vector<Episode>> lives(const ControlGenome& genome,
                                                          const typename Life::Settings& world,
                                                          const Budget& budget,
                                                          std::size_t seeds) const {
        std::vector<std::vector<Episode>> all(seeds);
        parallel_for(seeds, options_.threads, [&](std::size_t seed, std::size_t) {
            Life life;
            life.live(genome, world, Key(options_.seed) / 0 / seed, budget, all[seed]);
        });
        return all;
    }
    [[nodiscard]] static std::vector<double> each(const std::vector<std::vector<Episode>>& lives,
                                                  const Figure& figure) {
        std::vector<double> all;
        all.reserve(lives.size());
        for (const auto& life : lives) all.push_back(life.empty() ? 0.0 : figure(life));
        return all;
    }
    static double late(std::span<const Episode> life) { return mean_return(last_fifth(life)); }

    /// Issue's point a, the part without peers: those stand in `reinforcement --points a`.
    void lengths() {
        const auto genome = load_genome<ControlGenome>(options_.control).genome;
        for (const std::size_t episodes : {40U, 100U, 400U, 1'000U}) {
            const Budget budget{.episodes = options_.quick ? 10 : episodes};
            const auto all = lives<Episodic<CartPole<>>>(genome, {}, budget, options_.seeds);
            const std::string cell = "cart_pole, " + to_text(episodes) + " episodes";
            note(cell, "control", "mean return", summarize(each(all, &mean_return)));
            const Summary end = summarize(each(all, &late));
            note(cell, "control", "last fifth", end);
            if (episodes >= 100) {
                verdict(end.mean >= 490, "a: last fifth " + to_text(std::round(end.mean)) + " at " +
                                             to_text(episodes) + " episodes (490 asked)");
            }
        }
    }

    template <class Life>
    void world(const std::string& name, const Budget& budget) {
        const Budget granted = options_.quick ? Budget{.steps = 1'000} : budget;
        for (const std::string& genome : options_.genomes) {
            const bool is_file = genome.ends_with(".safetensors");
            const fs::path file =
                is_file ? fs::path(genome) : shipped_genome(genome + ".safetensors");
            const auto all =
                lives<Life>(load_genome<ControlGenome>(file).genome, {}, granted, options_.seeds);
            const std::string short_name = file.stem().string();
            note(name, short_name, granted.counts_episodes() ? "mean return" : "area",
                 summarize(each(all, [&](auto life) { return score(life, granted); })));
            note(name, short_name, "last fifth", summarize(each(all, &late)));
        }
    }

    /// Issue's points b, c and d, the part without peers.
    void worlds() {
        world<Episodic<CartPole<>>>("cart_pole", {.episodes = 40});
        world<Episodic<CartPole<>>>("cart_pole, long", {.episodes = 400});
        world<Episodic<Acrobot<>>>("acrobot", {.steps = 20'000});
        world<Episodic<MountainCar<>>>("mountain_car", {.steps = 20'000});
        world<Episodic<MountainCarContinuous<>>>("mountain_car_continuous", {.steps = 20'000});
        world<Episodic<Pendulum<>>>("pendulum", {.steps = 20'000});
#ifdef TDCA_HAS_BOX2D
        world<Episodic<LunarLander>>("lunar_lander", {.steps = 20'000});
        world<Episodic<LunarLanderContinuous>>("lunar_lander_continuous", {.steps = 20'000});
#endif
        world<RecurrentAgent<MaskedCartPole>>("masked_cart_pole", {.episodes = 100});
        world<RecurrentAgent<TMaze<>>>("t_maze of 10", {.steps = 20'000});
        world<ConvAgent<Asterix<>>>("asterix", {.steps = 20'000});
        world<ConvAgent<Breakout<>>>("breakout", {.steps = 20'000});
    }

    /// Share of choices at the junction that were right, in the last fifth of episodes.
    static double right(std::span<const Episode> life) {
        const auto last = last_fifth(life);
        const auto right = std::ranges::count_if(
            last, [](const Episode& episode) { return episode.total > TMaze<>::prize / 2; });
        return static_cast<double>(right) / static_cast<double>(last.size());
    }

    void memory() {
        const auto genome = load_genome<ControlGenome>(options_.memory).genome;
        const TMaze<>::Settings world{static_cast<std::uint32_t>(options_.maze)};
        const Budget budget{.steps = options_.quick ? 2'000 : options_.maze_steps};
        const std::string cell = "t_maze of " + to_text(options_.maze);
        const auto solved = [&](const std::string& name, const std::vector<double>& shares) {
            note(cell, name, "share right", summarize(shares));
            const auto count = std::ranges::count_if(shares, [](double s) { return s >= 0.95; });
            const double share = static_cast<double>(count) / static_cast<double>(shares.size());
            std::printf("    %-26s %-24s solved %zu of %zu lives\n", cell.c_str(), name.c_str(),
                        static_cast<std::size_t>(count), shares.size());
            rows_.push_back(
                {{"cell", cell}, {"name", name}, {"figure", "solved"}, {"value", share}});
            return share;
        };
        const double recurrent = solved(
            "recurrent",
            each(lives<RecurrentAgent<TMaze<>>>(genome, world, budget, options_.seeds), &right));
        const auto dense =
            each(lives<Episodic<TMaze<>>>(genome, world, budget, options_.seeds), &right);
        const double none = solved("dense", dense);
        verdict(recurrent >= 0.9 && none == 0 && summarize(dense).mean <= 0.55,
                "e: T-maze of " + to_text(options_.maze) + " solved in " +
                    to_text(std::round(100 * recurrent)) + " % of lives with memory (90 asked), " +
                    to_text(std::round(100 * none)) + " % without");
    }

    void pictures() {
        using Env = Breakout<>;
        using Net = ConvPolicyNetwork<Env>;
        const Budget budget{.steps = options_.quick ? 5'000 : options_.picture_steps};
        const std::string cell = "breakout, " + to_text(budget.steps) + " steps";
        const std::size_t seeds = options_.picture_seeds;
        for (const auto& [name, path] : {std::pair{"control", options_.control},
                                         {"cart_pole", options_.cart_pole},
                                         {"memory", options_.memory}}) {
            const auto one = load_genome<ControlGenome>(path).genome;
            const auto all = lives<ConvAgent<Env>>(one, {}, budget, seeds);
            note(cell, name, "mean return", summarize(each(all, &mean_return)));
            note(cell, name, "last fifth", summarize(each(all, &late)));
        }
        // PPO as others set it, and with a slower rate.
        for (const float rate : {1e-3F, 3e-4F}) {
            baseline::PolicyGradientSetting setting;
            setting.rate = rate;
            setting.entropy = 0.01F;
            setting.sight = baseline::Sight::raw;
            std::vector<std::vector<Episode>> all(seeds);
            parallel_for(seeds, options_.threads, [&](std::size_t seed, std::size_t) {
                const auto life = std::make_unique<baseline::PolicyGradientLife<Net, Env>>();
                all[seed] = life->live(setting, {}, Key(options_.seed) / 0 / seed, budget);
            });
            const std::string name = "PPO, rate " + to_text(rate);
            note(cell, name, "mean return", summarize(each(all, &mean_return)));
            note(cell, name, "last fifth", summarize(each(all, &late)));
        }
    }

    /// Steps a second of one life.
    template <class Life>
    [[nodiscard]] double pace(const ControlGenome& genome, std::size_t steps, std::uint64_t turn,
                              Life& life) const {
        std::vector<Episode> episodes;
        const Stopwatch clock;
        life.live(genome, {}, Key(turn), {.steps = steps}, episodes);
        return static_cast<double>(life.state().steps) / clock.seconds();
    }

    void speed() {
        const auto genome = load_genome<ControlGenome>(options_.cart_pole).genome;
        Episodic<CartPole<>> dense;
        RecurrentAgent<CartPole<>> recurrent;
        ConvAgent<Breakout<>> conv;
        std::array<std::vector<double>, 3> all;
        const std::size_t steps = options_.quick ? 500 : 20'000;
        for (std::uint64_t turn = 0; turn < (options_.quick ? 1U : 9U); ++turn) {
            all[0].push_back(pace(genome, steps, turn, dense));
            all[1].push_back(pace(genome, steps, turn, recurrent));
            all[2].push_back(pace(genome, steps / 4, turn, conv));
        }
        const std::array<std::string, 3> names{"dense 4-32-2", "recurrent, Gru<16>",
                                               "convolutional, Breakout"};
        for (std::size_t i = 0; i < all.size(); ++i) {
            note("steps a second, learning", names[i], "median",
                 {measure::median(all[i]), 0, all[i].size()});
        }
    }

    template <class Env, Lesion Part>
    void lesion(const std::string& name, const ControlGenome& genome, const std::string& cell,
                const Budget& budget) {
        const auto all = lives<LesionedAgent<Env, Part>>(genome, {}, budget, options_.seeds);
        note(cell, name, budget.counts_episodes() ? "mean return" : "area",
             summarize(each(all, [&](auto life) { return score(life, budget); })));
        note(cell, name, "last fifth", summarize(each(all, &late)));
    }
    template <class Env>
    void lesions_in(const std::string& cell, const ControlGenome& genome, Budget budget) {
        if (options_.quick) budget = {.steps = 1'000};
        lesion<Env, Lesion::none>("whole", genome, cell, budget);
        lesion<Env, Lesion::clock>("clock stands still", genome, cell, budget);
        lesion<Env, Lesion::noise>("no noise", genome, cell, budget);
        lesion<Env, Lesion::recall>("no recall", genome, cell, budget);
        lesion<Env, Lesion::homing>("no homing", genome, cell, budget);
        lesion<Env, Lesion::passes>("one pass at most", genome, cell, budget);
    }
    void lesions() {
        const auto genome = load_genome<ControlGenome>(options_.control).genome;
        lesions_in<CartPole<>>("cart_pole, 400 episodes", genome, {.episodes = 400});
        lesions_in<Pendulum<>>("pendulum, 20000 steps", genome, {.steps = 20'000});
#ifdef TDCA_HAS_BOX2D
        lesions_in<LunarLander>("lunar_lander, 20000 steps", genome, {.steps = 20'000});
#endif
    }

    /// Writes `control` with shares of the way to `lunar_lander`, part by part: for point b.
    void mix() const {
        const auto control = load_genome<ControlGenome>(options_.control).genome;
        const auto lander =
            load_genome<ControlGenome>(shipped_genome("lunar_lander.safetensors")).genome;
        using Genes = std::array<float, ControlGenome::count>;
        const auto flat = [](const ControlGenome& genome) {
            Genes genes;
            genome.write(genes);
            return genes;
        };
        const Genes from = flat(control);
        Genes mixed = from;
        const auto move = [&](const ControlGenome& towards, double share) {
            const Genes to = flat(towards);
            for (std::size_t i = 0; i < to.size(); ++i) {
                mixed[i] += static_cast<float>(share) * (to[i] - from[i]);
            }
        };
        ControlGenome part = control;
        part.get<"learner">() = lander.get<"learner">();
        move(part, options_.mix_learner);
        part = control;
        part.get<"values">() = lander.get<"values">();
        move(part, options_.mix_critic);
        part = control;
        part.get<"clock">() = lander.get<"clock">();
        move(part, options_.mix_clock);
        part.read(mixed);
        save_genome(options_.mixture, part, {{"program", "acting --mixture"}});
    }

    /// Genes of one part come from another genome: which part is it that the one has learned?
    template <class Env>
    void transplants(const std::string& cell, Budget budget) {
        if (options_.quick) budget = {.steps = 1'000};
        const auto control = load_genome<ControlGenome>(options_.control).genome;
        const auto lander =
            load_genome<ControlGenome>(shipped_genome("lunar_lander.safetensors")).genome;
        const auto live = [&](const std::string& name, const ControlGenome& genome) {
            const auto all = lives<Episodic<Env>>(genome, {}, budget, options_.seeds);
            note(cell, name, budget.counts_episodes() ? "mean return" : "area",
                 summarize(each(all, [&](auto life) { return score(life, budget); })));
            note(cell, name, "last fifth", summarize(each(all, &late)));
        };
        live("control", control);
        auto mixed = control;
        mixed.get<"learner">() = lander.get<"learner">();
        live("learner of lunar_lander", mixed);
        mixed = control;
        mixed.get<"values">() = lander.get<"values">();
        live("critic of lunar_lander", mixed);
        mixed = control;
        mixed.get<"clock">() = lander.get<"clock">();
        live("clock of lunar_lander", mixed);
        mixed.get<"learner">() = lander.get<"learner">();
        live("both of lunar_lander", mixed);
        live("lunar_lander", lander);
    }

    const Options& options_;
    Json rows_ = Json::array();
    bool holds_ = true;
};

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CommandLine line("Acting with memory, with pictures, and without parts", "acting");
    options.add_to(line);
    line.letters("--points", options.points, "which points", "abefgh");
    line.file_to_read("--control", options.control, "genome for all worlds");
    line.file_to_read("--cart-pole", options.cart_pole, "genome of CartPole");
    line.file_to_read("--memory", options.memory, "genome that has lived with memory");
    line.texts("--genomes", options.genomes, "shipped ones, or files, for point b");
    line.count("--seeds", options.seeds, "lives of each kind", {.least = 1});
    line.count("--maze", options.maze, "steps of its corridor", {.least = 1, .most = 400});
    line.count("--maze-steps", options.maze_steps, "that a life in the maze is granted",
               {.least = 100});
    line.count("--picture-steps", options.picture_steps, "of Breakout", {.least = 1'000});
    line.count("--picture-seeds", options.picture_seeds, "lives in Breakout", {.least = 1});
    line.file_to_write("--mixture", options.mixture, "control on its way to lunar_lander");
    constexpr Real share{.least = 0, .most = 1};
    line.real("--mix-learner", options.mix_learner, "share of the way of that part", share);
    line.real("--mix-critic", options.mix_critic, "likewise", share);
    line.real("--mix-clock", options.mix_clock, "likewise", share);
    line.flag("--pictures", options.pictures, "Breakout too, which takes minutes");
    return run_program(line, argc, argv, [&] {
        if (options.quick) options.seeds = std::min<std::size_t>(options.seeds, 2);
        return Study(options).run() || options.quick ? 0 : 1;
    });
}
