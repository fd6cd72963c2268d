// Policies that learn by credits from reward, beside policies that learn by backpropagation and
// beside direct evolution: mean returns over lives from random weights.
//
//   reinforcement --points a   CartPole at 40, 100 and 400 episodes
//   reinforcement --points b   the other environments, 20,000 steps
//   reinforcement --points c   worlds outside the evolved range
//   reinforcement --points de  widths; controls
//   reinforcement --points g   exact gradients in the same life, evolved at the same cost
//   reinforcement --points h   LunarLander, 20,000 and 50,000 steps
//   reinforcement --tuned F    peers as an earlier report (--json) has tuned them
//   reinforcement --alone      the genomes without their peers, whose tuning takes most of the time
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "baseline/direct_evolution.hpp"
#include "baseline/policy_sweep.hpp"
#include "baseline/setting_json.hpp"
#include "measure/life_report.hpp"
#include "support/command_line.hpp"
#include "support/control_recipe.hpp"
#include "support/program.hpp"
#include "support/statistics.hpp"
#include "tdca/control/environments/rearranged.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/parallel.hpp"
#include "tdca/core/text.hpp"
#include "tdca/io/genome_file.hpp"

namespace fs = std::filesystem;
using namespace tdca;
using namespace tdca::support;
using baseline::DirectEvolutionSetting;
using baseline::PolicyGradientLife;
using baseline::PolicyGradientSetting;
using measure::Contestant;
using measure::LifeReport;
using measure::Lives;
using measure::score_of;

namespace {

struct Options : ProgramOptions {
    std::string points = "abcde";
    fs::path cart_pole = shipped_genome("cart_pole.safetensors");
    fs::path control = shipped_genome("control.safetensors");
    fs::path lander = shipped_genome("lunar_lander.safetensors");
    fs::path online = shipped_genome("cart_pole_online.safetensors");
    std::size_t seeds = 40;
    std::vector<std::size_t> episodes{40, 100, 400};
    fs::path output;
    fs::path tuned;
    bool check = false;
    bool alone = false;
};

class Study {
public:
    explicit Study(const Options& options)
        : options_(options),
          specialist_(load_genome<ControlGenome>(options.cart_pole).genome),
          universal_(load_genome<ControlGenome>(options.control).genome),
          online_(load_genome<ControlGenome>(options.online).genome),
          tuned_(options.tuned.empty() ? Json() : load_json(options.tuned)),
          report_(options.output) {}

    void run() {
        const auto wants = [&](char point) {
            return options_.points.find(point) != std::string::npos;
        };
        if (wants('a')) cart_pole();
        if (wants('b')) environments();
        if (wants('c')) unseen();
        if (wants('d')) widths();
        if (wants('e')) controls();
        if (wants('g')) gradients();
        if (wants('h')) lander();
        if (options_.json.empty()) return;
        Json report = run_facts("reinforcement", options_);
        report["seeds"] = options_.seeds;
        report["cells"] = report_.cells();
        report["holds"] = report_.all_hold();
        save_json(options_.json, report);
    }

    [[nodiscard]] bool all_hold() const { return report_.all_hold(); }

private:
    // Branches of the run's key: lives that are reported, and lives that baselines are tuned on.
    [[nodiscard]] Key reported() const { return Key(options_.seed) / 0; }
    [[nodiscard]] Key tuning() const { return Key(options_.seed) / 1; }

    template <class Live>
    [[nodiscard]] Lives each_seed(Live&& live) const {
        Lives lives(options_.seeds);
        parallel_for(lives.size(), options_.threads,
                     [&](std::size_t seed, std::size_t) { lives[seed] = live(reported() / seed); });
        return lives;
    }

    template <class Life, class Settings>
    [[nodiscard]] Contestant tdca(const std::string& name, const typename Life::Genome& genome,
                                  const Settings& world, const Budget& budget,
                                  bool is_plastic = true) const {
        return {name, each_seed([&](Key key) {
                    Life life;
                    life.set_plastic(is_plastic);
                    std::vector<Episode> episodes;
                    life.live(genome, world, key, budget, episodes);
                    return episodes;
                })};
    }

    /// The setting that an earlier report names for this cell; what `tune` finds where there is
    /// none.
    template <class Setting, class Tune>
    [[nodiscard]] Setting setting_of(const std::string& cell, const std::string& name,
                                     Tune&& tune) const {
        if (!options_.tuned.empty()) {
            for (const Json& known : tuned_.at("cells")) {
                if (known.at("cell") != cell) continue;
                for (const Json& row : known.at("contestants")) {
                    if (row.at("name") == name) {
                        return baseline::setting_from<Setting>(row.at("setting"));
                    }
                }
            }
            std::fprintf(stderr, "%s does not know %s in %s: tuned anew\n", options_.tuned.c_str(),
                         name.c_str(), cell.c_str());
        }
        return tune();
    }

    /// Each algorithm tuned for this very cell, then lived on the reported seeds; none where the
    /// genomes are alone.
    template <class Env>
    [[nodiscard]] std::vector<Contestant> backprop(const std::string& cell,
                                                   const typename Env::Settings& world,
                                                   const Budget& budget, bool is_long) const {
        if (options_.alone) return {};
        using Net = PolicyNetwork<Env>;
        std::vector<baseline::SweepRound> rounds{{400, 3}, {60, 8}, {8, 32}};
        if (is_long) rounds = {{160, 2}, {24, 4}, {6, 16}};
        if (options_.quick) rounds = {{4, 1}};
        std::vector<Contestant> all;
        for (const std::string algorithm : {"reinforce", "a2c", "ppo"}) {
            const auto best = setting_of<PolicyGradientSetting>(cell, algorithm, [&] {
                return baseline::tune_policy<Net, Env>(
                           algorithm, rounds, tuning(), budget,
                           [&](std::span<const Episode> life) { return score_of(life, budget); },
                           world, options_.threads)
                    .front()
                    .setting;
            });
            all.push_back({algorithm, each_seed([&](Key key) {
                               return PolicyGradientLife<Net, Env>().live(best, world, key, budget);
                           }),
                           baseline::describe(best)});
        }
        return all;
    }

    /// Direct evolution by each strategy that this build has, tuned in the same way.
    template <class Env>
    [[nodiscard]] std::vector<Contestant> direct(const std::string& cell,
                                                 const typename Env::Settings& world,
                                                 const Budget& budget) const {
        if (options_.alone) return {};
        using Net = PolicyNetwork<Env>;
        std::vector<Contestant> all;
        for (const std::string strategy : {"snes", "cmaes"}) {
            if (strategy == "cmaes" && !peers::has_pagmo()) {
                std::printf("cmaes is left out: this build has no pagmo2\n");
                continue;
            }
            const auto best = setting_of<DirectEvolutionSetting>(
                cell, strategy, [&] { return tune_directly<Env>(strategy, world, budget); });
            all.push_back({strategy, each_seed([&](Key key) {
                               return baseline::evolve_directly<Net, Env>(best, world, key, budget);
                           }),
                           baseline::describe(best)});
        }
        return all;
    }

    template <class Env>
    [[nodiscard]] DirectEvolutionSetting tune_directly(const std::string& strategy,
                                                       const typename Env::Settings& world,
                                                       const Budget& budget) const {
        DirectEvolutionSetting best{strategy};
        double most = -std::numeric_limits<double>::infinity();
        for (const std::size_t members : {4U, 6U, 8U, 16U, 32U}) {
            if (strategy == "cmaes" && members < 5) continue;  // pagmo2 wants five
            for (const float sigma : {0.01F, 0.03F, 0.1F, 0.3F, 1.0F, 3.0F, 10.0F}) {
                const DirectEvolutionSetting setting{strategy, members, sigma};
                std::vector<double> scores(options_.quick ? 1 : 8);
                parallel_for(scores.size(), options_.threads, [&](std::size_t i, std::size_t) {
                    scores[i] = score_of(baseline::evolve_directly<PolicyNetwork<Env>, Env>(
                                             setting, world, tuning() / i, budget),
                                         budget);
                });
                if (mean(scores) > most) {
                    most = mean(scores);
                    best = setting;
                }
            }
        }
        return best;
    }

    static void append(std::vector<Contestant>& all, const std::vector<Contestant>& more) {
        all.insert(all.end(), more.begin(), more.end());
    }

    static double mean(const std::vector<double>& values) { return summarize(values).mean; }

    /// The best of the contestants that learn by backpropagation.
    static const Contestant& best_of(const std::vector<Contestant>& all, const Budget& budget) {
        return *std::max_element(all.begin(), all.end(), [&](const auto& a, const auto& b) {
            return mean(a.scores(budget)) < mean(b.scores(budget));
        });
    }

    /// Whether it is ahead of the best of its peers, where it has any, beyond the 95 % margin.
    static bool is_ahead(const Contestant& one, const std::vector<Contestant>& peers,
                         const Budget& budget) {
        if (peers.empty()) return false;
        const Summary difference =
            paired(one.scores(budget), best_of(peers, budget).scores(budget));
        return difference.mean > difference.margin();
    }

    /// Puts the first of `all` against backpropagation, and where `is_direct` against direct
    /// evolution too; records the cell, and says whether it is ahead.
    template <class Env>
    [[nodiscard]] bool leads(const std::string& cell, const std::string& title,
                             const typename Env::Settings& world, const Budget& budget,
                             bool is_long, bool is_direct, std::vector<Contestant> all) {
        const std::vector<Contestant> peers = backprop<Env>(cell, world, budget, is_long);
        append(all, peers);
        if (is_direct) append(all, direct<Env>(cell, world, budget));
        report_.record(cell, title, budget, all);
        return is_ahead(all.front(), peers, budget);
    }

    /// Each genome is judged by itself, over all lengths of life; the point holds if one passes.
    void cart_pole() {
        using Env = CartPole<>;
        std::array<bool, 3> passes{true, true, true};
        for (const std::size_t episodes : options_.episodes) {
            const Budget budget{.episodes = options_.quick ? episodes / 10 : episodes};
            std::vector<Contestant> all{
                tdca<Episodic<Env>>("TDCA", specialist_, Env::Settings{}, budget),
                tdca<Episodic<Env>>("TDCA, universal", universal_, Env::Settings{}, budget),
                tdca<Online<Env>>("TDCA, online", online_, Env::Settings{}, budget)};
            const std::string cell = "cart_pole_" + to_text(episodes);
            const std::vector<Contestant> peers = backprop<Env>(cell, {}, budget, episodes >= 400);
            for (std::size_t g = 0; g < passes.size() && !peers.empty(); ++g) {
                const Contestant& peer = best_of(peers, budget);
                const double ratio = mean(all[g].scores(budget)) / mean(peer.scores(budget));
                const double late = mean(all[g].late());
                passes[g] = passes[g] && (episodes == 40 ? ratio >= 1.3 && late >= mean(peer.late())
                                                         : late >= 475);
                std::printf(
                    "%s, %zu episodes: %.2f times the mean return of %s, last fifth %.1f "
                    "against %.1f\n",
                    all[g].name.c_str(), budget.episodes, ratio, peer.name.c_str(), late,
                    mean(peer.late()));
            }
            append(all, peers);
            append(all, direct<Env>(cell, {}, budget));
            report_.record(cell, "CartPole, " + to_text(budget.episodes) + " episodes, 4-32-2",
                           budget, all);
        }
        if (options_.alone) return;
        constexpr std::array<const char*, 3> names{"cart_pole", "control", "cart_pole_online"};
        std::string passing;
        for (std::size_t g = 0; g < passes.size(); ++g) {
            if (passes[g]) append_part(passing, ", ", names[g]);
        }
        report_.verdict(
            !passing.empty(),
            "a: 1.3 times the best tuned backpropagation at 40 episodes, last fifth no worse, "
            "475 at 100 and 400; genomes that pass: " +
                (passing.empty() ? "none" : passing));
    }

    void environments() {
        std::size_t ahead = 0;
        for_each_environment([&]<class Env>() {
            if (Env::name == CartPole<>::name) return;
            Budget budget = standard_budget<Env>();
            if (options_.quick) budget.steps = 2500;
            const typename Env::Settings world;
            const std::string cell(Env::name);
            ahead +=
                leads<Env>(cell, cell + ", " + to_text(budget.steps) + " steps, 32 hidden neurons",
                           world, budget, true, true,
                           {tdca<Episodic<Env>>("TDCA, universal", universal_, world, budget)})
                    ? 1
                    : 0;
        });
        if (options_.alone) return;
        report_.verdict(ahead >= 3,
                        "b: ahead of the best tuned backpropagation, beyond the 95 % margin, in " +
                            to_text(ahead) + " of 4 environments (3 asked)");
    }

    /// The universal genome, which never saw it, and one evolved on it.
    void lander() {
#ifdef TDCA_HAS_BOX2D
        using Env = LunarLander;
        const auto pilot = load_genome<ControlGenome>(options_.lander).genome;
        std::size_t ahead = 0;
        for (const std::size_t steps : {std::size_t{20'000}, std::size_t{50'000}}) {
            const Budget budget{.steps = options_.quick ? std::size_t{2000} : steps};
            const Env::Settings world;
            ahead +=
                leads<Env>("lunar_lander_" + to_text(steps),
                           "LunarLander, " + to_text(budget.steps) + " steps, 32 hidden neurons",
                           world, budget, true, true,
                           {tdca<Episodic<Env>>("TDCA", pilot, world, budget),
                            tdca<Episodic<Env>>("TDCA, universal", universal_, world, budget)})
                    ? 1
                    : 0;
        }
        if (options_.alone) return;
        report_.verdict(
            ahead == 2,
            "h: LunarLander: ahead of the best tuned backpropagation, beyond the 95 % margin, at " +
                to_text(ahead) + " of 2 budgets");
#else
        std::printf("h is left out: this build has no Box2D\n");
#endif
    }

    void unseen() {
        using Env = Rearranged<CartPole<>>;
        using Settings = Env::Settings;
        const auto changed = [](auto change) {
            Settings world;
            change(world);
            return world;
        };
        const std::vector<std::pair<std::string, Settings>> worlds{
            {"length_x4", changed([](Settings& w) { w.inner.half_length *= 4; })},
            {"length_x0.3", changed([](Settings& w) { w.inner.half_length *= 0.3F; })},
            {"gravity_x2", changed([](Settings& w) { w.inner.gravity *= 2; })},
            {"mass_x6_force_x2", changed([](Settings& w) {
                 w.inner.cart_mass *= 6;
                 w.inner.pole_mass *= 6;
                 w.inner.force *= 2;
             })},
            {"flipped_actions", changed([](Settings& w) { w.flipped = true; })},
            {"permuted_and_rescaled", changed([](Settings& w) {
                 w.order = {2, 0, 3, 1};
                 w.scale = {10, 0.1F, 3, -0.5F};
             })}};
        std::size_t ahead = 0;
        const Budget budget{.episodes = options_.quick ? std::size_t{4} : std::size_t{40}};
        for (const auto& [name, world] : worlds) {
            ahead +=
                leads<Env>("unseen_" + name, "CartPole, " + name + ", 40 episodes", world, budget,
                           false, false, {tdca<Episodic<Env>>("TDCA", specialist_, world, budget)})
                    ? 1
                    : 0;
        }
        if (options_.alone) return;
        report_.verdict(ahead >= 4,
                        "c: ahead of backpropagation tuned for each, beyond the 95 % margin, in " +
                            to_text(ahead) + " of 6 unseen settings (4 asked)");
    }

    void widths() {
        using Env = CartPole<>;
        const Budget budget{.episodes = options_.quick ? std::size_t{4} : std::size_t{40}};
        const std::vector<Contestant> all{
            tdca<Episodic<Env, 8>>("4-8-2", specialist_, Env::Settings{}, budget),
            tdca<Episodic<Env, 16>>("4-16-2", specialist_, Env::Settings{}, budget),
            tdca<Episodic<Env, 32>>("4-32-2", specialist_, Env::Settings{}, budget),
            tdca<Episodic<Env, 64>>("4-64-2", specialist_, Env::Settings{}, budget),
            tdca<Episodic<Env, 128>>("4-128-2", specialist_, Env::Settings{}, budget)};
        report_.record("widths", "CartPole, 40 episodes, the genome evolved on 4-32-2", budget,
                       all);
        double lowest = std::numeric_limits<double>::infinity();
        for (const Contestant& one : all) lowest = std::min(lowest, mean(one.scores(budget)));
        const double share = lowest / mean(all[2].scores(budget));
        char text[120];
        std::snprintf(text, sizeof text,
                      "d: widths 8 to 128: at worst %.2f of the mean return of 4-32-2", share);
        report_.verdict(share >= 0.9, text);
    }

    /// CartPole whose reward is noise. Its returns are told by the lengths of episodes.
    struct NoisyCartPole : CartPole<> {
        struct State : CartPole<>::State {
            Key luck{0};
            std::size_t steps = 0;
        };
        static void reset(const Settings& settings, Key key, State& state) {
            CartPole<>::reset(settings, key / 0, state);
            state.luck = key / 1;
            state.steps = 0;
        }
        static void observe(const Settings& settings, const State& state,
                            std::span<float, 4> out) noexcept {
            CartPole<>::observe(settings, state, out);
        }
        static StepResult<float> step(const Settings& settings, std::size_t action,
                                      State& state) noexcept {
            StepResult<float> outcome = CartPole<>::step(settings, action, state);
            outcome.reward = static_cast<float>(2 * state.luck.uniform(state.steps++) - 1);
            return outcome;
        }
    };

    void controls() {
        using Env = CartPole<>;
        const Budget budget{.episodes = options_.quick ? std::size_t{4} : std::size_t{40}};
        Contestant noisy =
            tdca<Episodic<NoisyCartPole>>("reward is noise", specialist_, Env::Settings{}, budget);
        for (auto& life : noisy.lives) {
            for (Episode& episode : life) episode.total = static_cast<float>(episode.steps);
        }
        const std::vector<Contestant> all{
            tdca<Episodic<Env>>("as it is", specialist_, Env::Settings{}, budget),
            tdca<Episodic<Env>>("no plasticity", specialist_, Env::Settings{}, budget, false),
            noisy};
        report_.record("controls", "CartPole, 40 episodes, what learning needs", budget, all);
        const double frozen = mean(all[1].late());
        const double blind = mean(all[2].late());
        char text[160];
        std::snprintf(text, sizeof text,
                      "e: last fifth %.1f; without plasticity %.1f, with noise for reward %.1f",
                      mean(all[0].late()), frozen, blind);
        report_.verdict(options_.quick || std::max(frozen, blind) < 0.2 * mean(all[0].late()),
                        text);
    }

    /// Credits beside exact gradients in the same life: same memory, clock and plasticity, evolved
    /// at the same cost, three evolutions of each. It informs, and passes no verdict.
    void gradients() {
        using Env = CartPole<>;
        std::vector<ControlGenome> by_credits;
        std::vector<GradientControlGenome> by_gradients;
        for (const std::string seed : {"_1.safetensors", "_2.safetensors", "_3.safetensors"}) {
            by_credits.push_back(
                load_genome<ControlGenome>(shipped_genome("cart_pole_online" + seed)).genome);
            by_gradients.push_back(load_genome<GradientControlGenome>(
                                       shipped_genome("cart_pole_online_backprop" + seed))
                                       .genome);
        }
        for (const std::size_t episodes : options_.episodes) {
            const Budget budget{.episodes = options_.quick ? episodes / 10 : episodes};
            std::vector<Contestant> all;
            std::array<std::vector<double>, 2> means;  // of each evolution: credits, gradients
            for (std::size_t e = 0; e < by_credits.size(); ++e) {
                const std::string number = to_text(e + 1);
                all.push_back(
                    tdca<Online<Env>>("credits " + number, by_credits[e], Env::Settings{}, budget));
                means[0].push_back(mean(all.back().scores(budget)));
                all.push_back(tdca<OnlineGradient<Env>>("exact gradients " + number,
                                                        by_gradients[e], Env::Settings{}, budget));
                means[1].push_back(mean(all.back().scores(budget)));
            }
            report_.record("gradients_" + to_text(episodes),
                           "CartPole, " + to_text(budget.episodes) +
                               " episodes, learning at every step: three evolutions of each",
                           budget, all);
            const Summary credits = summarize(means[0]);
            const Summary exact = summarize(means[1]);
            std::printf("over evolutions: credits %.1f ± %.1f, exact gradients %.1f ± %.1f\n",
                        credits.mean, credits.margin(), exact.mean, exact.margin());
        }
    }

    const Options& options_;
    ControlGenome specialist_;
    ControlGenome universal_;
    ControlGenome online_;
    Json tuned_;
    LifeReport report_;
};

int run(Options& options) {
    if (options.quick) options.seeds = 2;
    Study study(options);
    study.run();
    return options.check && !study.all_hold() ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CommandLine line("Learning from reward: credits, backpropagation, direct evolution",
                     "reinforcement");
    options.add_to(line);
    line.letters("--points", options.points, "as above", "abcdegh");
    line.file_to_read("--cart-pole", options.cart_pole, "genome evolved on CartPole");
    line.file_to_read("--control", options.control, "genome evolved on all environments");
    line.file_to_read("--lander", options.lander, "genome evolved on LunarLander");
    line.file_to_read("--online", options.online, "genome of lives that learn at every step");
    line.count("--seeds", options.seeds, "lives of each contestant", {.least = 2, .most = 10'000});
    line.counts("--episodes", options.episodes, "lengths of lives of point a",
                {.least = 10, .most = 100'000});
    line.folder_to_write("--output", options.output, "folder for pictures");
    line.file_to_read("--tuned", options.tuned,
                      "take the peers' settings from this earlier report, and tune what it lacks");
    line.flag("--alone", options.alone, "the genomes without their peers");
    line.flag("--check", options.check, "exit with 1 where a point fails");
    return run_program(line, argc, argv, [&] { return run(options); });
}
