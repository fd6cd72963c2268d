// Outer loops side by side, by the updates of bottom-up networks that they need until a genome is
// as good on lives that none of them lives: whole lives, or windows of them; separable, or with a
// direction of correlation.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "support/command_line.hpp"
#include "support/datasets.hpp"
#include "support/designs.hpp"
#include "support/statistics.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/parallel.hpp"
#include "tdca/evolution/cr_fm_nes.hpp"
#include "tdca/evolution/evolution.hpp"
#include "tdca/evolution/noise_reuse.hpp"
#include "tdca/evolution/snes.hpp"
#include "tdca/evolution/training_task.hpp"
#include "tdca/evolution/window_evolution.hpp"
#include "tdca/optimization/function_optimization.hpp"
#include "tdca/optimization/test_function.hpp"

using namespace tdca;
using namespace tdca::support;

namespace {

struct Options : ProgramOptions {
    std::string part = "windows";
    std::size_t horizon = 3000;
    std::size_t lives = 40;
    std::size_t members = 16;
    std::size_t seeds = 3;
    double sigma = 0.1;
    double rate = 0.03;
    double limit = 0;
    std::string only;
};

constexpr std::size_t windows = 10;

/// Held-out fitness after so many generations' worth of whole lives.
struct Point {
    double lives;  ///< of each member
    double fitness;
};

/// One evolution, judged on the way.
class Track {
public:
    template <class TaskType>
    void judge(double lives, const TaskType& task, const typename TaskType::Genome& genome,
               int threads) {
        constexpr std::size_t repeats = 6;
        std::vector<double> values(repeats * task.lifetimes());
        parallel_for(values.size(), threads, [&](std::size_t i, std::size_t) {
            auto workspace = task.workspace();
            const std::size_t index = i % task.lifetimes();
            values[i] = task.lifetime({Key(987'654'321) / i, index}, genome, workspace);
        });
        // A life that breaks is as bad as ten nats.
        double total = 0;
        for (const double value : values) total += std::isfinite(value) ? value : -10;
        points.push_back({lives, total / static_cast<double>(values.size())});
    }

    /// Lives of each member until a fitness, none where it is never reached.
    [[nodiscard]] std::optional<double> until(double fitness) const {
        for (const Point& point : points) {
            if (point.fitness >= fitness) return point.lives;
        }
        return std::nullopt;
    }

    std::vector<Point> points;
};

template <class Strategy, class TaskType>
Track whole_lives(const Strategy& strategy, const TaskType& task, const TaskType& held_out,
                  std::size_t generations, std::uint64_t seed, int threads) {
    Track track;
    Evolution<Strategy, TaskType> evolution(strategy, task, Key(seed), threads);
    track.judge(0, held_out, evolution.genome(), threads);
    evolution.run(generations, [&](const auto&, const auto& now) {
        const std::size_t done = now.state().generation;
        if (done % 2 == 0) {
            track.judge(static_cast<double>(done), held_out, now.genome(), threads);
        }
        return true;
    });
    return track;
}

template <class TaskType>
Track in_windows(const NoiseReuse<windows>& strategy, const TaskType& task,
                 const TaskType& held_out, std::size_t lives, std::uint64_t seed, int threads) {
    Track track;
    WindowEvolution<NoiseReuse<windows>, TaskType> evolution(strategy, task, Key(seed), threads);
    track.judge(0, held_out, evolution.genome(), threads);
    evolution.run(lives * windows, [&](const auto&, const auto& now) {
        const std::size_t done = now.state().generation;
        if (done % windows == 0) {
            track.judge(static_cast<double>(done) / windows, held_out, now.genome(), threads);
        }
        return true;
    });
    return track;
}

class OuterLoops {
public:
    explicit OuterLoops(const Options& options)
        : options_(options), report_(run_facts("outer_loops", options)) {}

    int run() {
        if (options_.part == "windows") {
            windows_against_whole_lives();
        } else {
            correlations();
        }
        if (!options_.json.empty()) save_json(options_.json, report_);
        return 0;
    }

private:
    using Student = ClassifierLearner<Mlp<64, 10, Relu, 32>>;
    using Digits = TrainingTask<Student, 16>;

    [[nodiscard]] static Digits digits(const ExperimentData& data, const Subset& judges,
                                       std::size_t horizon) {
        LifetimeRange range;
        range.data.push_back({data.train(), judges});
        range.shortest = range.longest = horizon;
        return Digits(range);
    }

    [[nodiscard]] bool is_wanted(const std::string& name) const {
        return name.find(options_.only) != std::string::npos;
    }

    void windows_against_whole_lives() {
        const ExperimentData data = load_dataset("digits");
        const Digits task = digits(data, data.validation(), options_.horizon);
        const Digits held_out = digits(data, data.test(), options_.horizon);
        const std::size_t members = options_.members;
        report_["horizon"] = options_.horizon;
        report_["members"] = members;
        for (std::uint64_t seed = 1; seed <= options_.seeds; ++seed) {
            if (is_wanted("snes")) {
                add("snes", seed,
                    whole_lives(Snes({.members = members}), task, held_out, options_.lives, seed,
                                options_.threads));
            }
            if (is_wanted("cr_fm_nes")) {
                add("cr_fm_nes", seed,
                    whole_lives(CrFmNes({.members = members}), task, held_out, options_.lives, seed,
                                options_.threads));
            }
            for (const std::size_t reuse : {std::size_t{0}, std::size_t{1}}) {
                const std::string name =
                    reuse == 0 ? "windows, noise for life" : "windows, new noise";
                if (!is_wanted(name)) continue;
                const NoiseReuse<windows> strategy({.members = members,
                                                    .sigma = static_cast<float>(options_.sigma),
                                                    .rate = options_.rate,
                                                    .reuse = reuse,
                                                    .limit = options_.limit});
                add(name, seed,
                    in_windows(strategy, task, held_out, options_.lives, seed, options_.threads));
            }
        }
        compare("snes");
    }

    void correlations() {
        const ExperimentData numbers = load_dataset("digits");
        const ExperimentData tables = load_dataset("breast_cancer");
        using Rows = TrainingTask<ClassifierLearner<Mlp<30, 2, Tanh, 16, 16>>, 16>;
        LifetimeRange range;
        range.data.push_back({tables.train(), tables.validation()});
        range.shortest = 50;
        range.longest = 500;
        range.lifetimes = 2;
        LifetimeRange test = range;
        test.data.front().validation = tables.test();
        LandscapeRange landscapes;
        landscapes.functions = {&find_test_function("rastrigin"), &find_test_function("ackley")};
        landscapes.lifetimes = 2;
        landscapes.fewest_dimensions = landscapes.most_dimensions = 5;
        landscapes.fewest_evaluations = landscapes.most_evaluations = 300;
        const FunctionOptimization<> search(landscapes);
        for (std::uint64_t seed = 1; seed <= options_.seeds; ++seed) {
            both("digits", digits(numbers, numbers.validation(), 300),
                 digits(numbers, numbers.test(), 300), seed);
            both("table", Rows(range), Rows(test), seed);
            both("search", search, search, seed);
        }
        for (const char* recipe : {"digits", "table", "search"}) {
            compare(std::string(recipe) + ", snes");
        }
    }

    template <class TaskType>
    void both(const std::string& recipe, const TaskType& task, const TaskType& held_out,
              std::uint64_t seed) {
        if (!is_wanted(recipe)) return;
        const std::size_t members = options_.members;
        add(recipe + ", snes", seed,
            whole_lives(Snes({.members = members}), task, held_out, options_.lives, seed,
                        options_.threads));
        add(recipe + ", cr_fm_nes", seed,
            whole_lives(CrFmNes({.members = members}), task, held_out, options_.lives, seed,
                        options_.threads));
    }

    void add(const std::string& name, std::uint64_t seed, Track track) {
        std::printf("%-28s seed %zu ", name.c_str(), static_cast<std::size_t>(seed));
        Json points;
        const std::size_t every = std::max<std::size_t>(track.points.size() / 8, 1);
        for (std::size_t i = 0; i < track.points.size(); ++i) {
            const auto [lives, fitness] = track.points[i];
            if (i % every == 0 || i + 1 == track.points.size()) {
                std::printf(" %g:%.3f", lives, fitness);
            }
            points.push_back({lives, fitness});
        }
        std::printf("\n");
        std::fflush(stdout);
        report_["tracks"][name].push_back(points);
        tracks_.emplace_back(name, std::move(track));
    }

    /// Lives a member until the fitness that `reference` ends at, in the mean of its seeds.
    void compare(const std::string& reference) {
        double goal = 0;
        double count = 0;
        for (const auto& [name, track] : tracks_) {
            if (name != reference) continue;
            goal += track.points.back().fitness;
            ++count;
        }
        if (count == 0) return;
        goal /= count;
        std::printf("until %.3f, where %s ends:", goal, reference.c_str());
        const std::string recipe = reference.substr(0, reference.find(',') + 1);
        std::vector<std::string> names;
        for (const auto& [name, track] : tracks_) {
            const bool belongs =
                reference.find(',') == std::string::npos || name.starts_with(recipe);
            if (belongs && std::ranges::find(names, name) == names.end()) names.push_back(name);
        }
        for (const std::string& name : names) {
            std::printf("  %s", name.c_str());
            for (const auto& [other, track] : tracks_) {
                if (other != name) continue;
                const auto lives = track.until(goal);
                std::printf(lives ? " %g" : " never", lives.value_or(0));
                report_["until"][reference][name].push_back(lives ? Json(*lives) : Json());
            }
        }
        std::printf(" lives of each member\n");
        report_["goal"][reference] = goal;
    }

    const Options& options_;
    Json report_;
    std::vector<std::pair<std::string, Track>> tracks_;
};

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CommandLine line("Outer loops by what they cost", "outer_loops");
    options.add_to(line);
    line.choice("--part", options.part, "windows against whole lives, or correlations against none",
                {"windows", "correlations"});
    line.count("--horizon", options.horizon, "updates in a life, of the part windows",
               {.least = windows});
    line.count("--lives", options.lives, "of each member, in all", {.least = 1});
    line.count("--members", options.members, "of the population", Whole::population());
    line.count("--seeds", options.seeds, "evolutions of each kind", {.least = 1});
    line.real("--sigma", options.sigma, "of the noise of windows", {.least = 1e-6});
    line.real("--rate", options.rate, "of Adam, in windows");
    line.real("--limit", options.limit, "of fitness differences in windows; 0: none");
    line.text("--only", options.only, "outer loops or recipes that have this in their name");
    return run_program(line, argc, argv, [&] {
        if (options.quick) {
            options.horizon = std::min<std::size_t>(options.horizon, 40);
            options.lives = options.seeds = 2;
            options.members = 4;
        }
        return OuterLoops(options).run();
    });
}
