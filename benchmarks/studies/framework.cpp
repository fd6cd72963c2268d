// The main job: evolve a TDCA-network on Fashion-MNIST, train fresh networks with it, and see how
// it stands up to backpropagation at its best.
//
//   framework                      evolve, compare, plot
//   framework --genome FILE        compare with a genome that was evolved before
//   framework --points ad --check  only some points; exit code 1 where one does not hold
#include <algorithm>
#include <concepts>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "support/command_line.hpp"
#include "support/comparison.hpp"
#include "support/datasets.hpp"
#include "support/designs.hpp"
#include "support/frozen.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/text.hpp"
#include "tdca/data/idx.hpp"
#include "tdca/evolution/stages.hpp"
#include "tdca/evolution/task_mixture.hpp"
#include "tdca/evolution/training_task.hpp"
#include "tdca/io/evolution_run.hpp"
#include "tdca/io/genome_file.hpp"
#include "tdca_build_info.hpp"

namespace fs = std::filesystem;
using namespace tdca;
using namespace tdca::support;

namespace {

using Small = DenseClassifier<784, 32>;
using Wide = DenseClassifier<784, 256>;
using Deep = DenseClassifier<784, 64, 64>;
using Genome = ClassifierGenome;

/// One genome is evolved for all of these lifetimes: 196-32-10 and 196-32-32-10 on pooled images.
const std::vector<std::size_t> shallow_horizons{100, 316, 1000};
const std::vector<std::size_t> deep_horizons{300};
/// Networks are compared at these.
const std::vector<std::size_t> horizons{100, 300, 1000};

struct Options : ProgramOptions {
    fs::path data = default_fashion_mnist_directory();
    fs::path output = "framework_output";
    fs::path genome;
    fs::path backprop_genome;
    std::string evolve = "tdca";
    std::string points = "abde";
    std::size_t generations = 180;
    std::size_t members = 32;
    bool resume = false;
    bool check = false;
    bool only_evolve = false;
};

/// Test accuracies in percent, by horizon and seed.
using Accuracies = std::vector<std::vector<double>>;

/// A claim about the figures, and whether it holds.
struct Point {
    std::string letter;
    std::string sentence;
    bool holds;
};

std::string text(const char* format, auto... values) {
    char buffer[512];
    std::snprintf(buffer, sizeof buffer, format, values...);
    return buffer;
}

/// Evolves the genome of `LearnerOf<…>`, with progress and checkpoints, and saves it.
template <template <class> class LearnerOf>
typename LearnerOf<Small>::Genome evolve(const Options& options, const ExperimentData& data,
                                         const std::string& name, Json& report) {
    using Shallow = TrainingTask<LearnerOf<DenseClassifier<196, 32>>>;
    using TwoHidden = TrainingTask<LearnerOf<DenseClassifier<196, 32, 32>>>;
    using Lives = TaskMixture<TwoHidden, Shallow>;
    using LearnerGenome = typename LearnerOf<Small>::Genome;

    const fs::path file = options.output / (name + ".safetensors");
    const std::vector<EvolutionStage<Lives>> all_along{
        {1.0, options.members, [&] {
             return Lives(
                 TwoHidden(data.pooled_train(), data.pooled_validation(),
                           options.quick ? std::vector<std::size_t>{30} : deep_horizons),
                 Shallow(data.pooled_train(), data.pooled_validation(),
                         options.quick ? std::vector<std::size_t>{20, 60} : shallow_horizons));
         }}};
    const EvolutionResult result =
        evolve_to_file({.output = file,
                        .generations = options.generations,
                        .seed = options.seed,
                        .threads = options.threads,
                        .settings = text("members %zu", options.members),
                        .resume = options.resume},
                       all_along,
                       {{"program", "framework --only-evolve --evolve " + name},
                        {"evolved_on",
                         "Fashion-MNIST training images 0-49999 by split, pooled to 14x14; "
                         "196-32-10 at 100, 316, 1000 updates and 196-32-32-10 at 300, "
                         "minibatches of 64"},
                        {"strategy", text("SNES, %zu members, sigma 0.1", options.members)},
                        {"cpu", cpu_name()},
                        {"commit", std::string(build_info::commit)}});
    if (result.stopped) std::exit(result.exit_code);
    report["evolution_" + name] = {{"genes", Lives::Genome::count},
                                   {"generations", result.generations},
                                   {"members", options.members},
                                   {"lifetimes", result.lifetimes},
                                   {"broken_lifetimes", result.broken},
                                   {"seconds", result.seconds},
                                   {"core_hours", result.seconds * options.threads / 3600},
                                   {"fitness_per_generation", result.fitness},
                                   {"genome_file", fs::absolute(file).string()}};
    return load_genome<LearnerGenome>(file).genome;
}

/// The genome before evolution, its step sizes scaled by `factor`.
Genome unevolved(Key key, double factor) {
    Genome genome;
    ClassifierLearner<Small>::initialize(genome, key);
    auto linear = genome.get<"schedule">().get<"linear">();
    using Schedule = StepSchedule<>;
    for (std::size_t role = 0; role < Schedule::roles; ++role) {
        linear[role * Schedule::features + Schedule::features - 1] +=
            static_cast<float>(std::log(factor)) / Schedule::gene_scale;
    }
    return genome;
}

/// The unevolved genome with the best of a grid of step sizes, by validation at `horizon`.
Genome tuned_unevolved(const Arena& arena, Key key, std::size_t horizon, double& factor) {
    Arena judge = arena;
    judge.test = arena.validation;
    judge.key = arena.tuning_key();
    judge.seeds = 3;
    double best = -1;
    for (double candidate = 1.0 / 32; candidate <= 8; candidate *= 2) {
        const double accuracy = summarize(test_accuracies<ClassifierLearner<Small>>(
                                              judge, unevolved(key, candidate), horizon))
                                    .mean;
        if (accuracy > best) {
            best = accuracy;
            factor = candidate;
        }
    }
    return unevolved(key, factor);
}

/// Everything that is compared, gathered in one table and one JSON object.
class Comparison {
public:
    Comparison(const Options& options, Arena arena, Genome genome, Json& report)
        : options_(options),
          arena_(std::move(arena)),
          genome_(std::move(genome)),
          report_(report) {}

    /// TDCA against backpropagation tuned on this very network and horizon, at each of `at`.
    /// Returns the summaries of the paired differences, one per horizon.
    template <class Net>
    std::vector<Summary> against_backprop(const std::string& name,
                                          std::span<const std::size_t> at) {
        std::vector<Summary> differences;
        std::printf(
            "\n%s, test accuracy in %% (mean ± standard deviation of %zu networks); backprop tuned "
            "by "
            "a sweep shorter than that of the program supervised\n",
            name.c_str(), arena_.seeds);
        for (const std::size_t horizon : at) {
            const auto tdca = test_accuracies<ClassifierLearner<Net>>(arena_, genome_, horizon);
            const auto cells =
                baseline::tune<Net>(arena_.train, arena_.validation, horizon, arena_.tuning_key(),
                                    plan<Net>(), arena_.threads);
            const auto backprop = test_accuracies<Net>(arena_, cells.front().setting, horizon);
            const Summary a = summarize(tdca);
            const Summary b = summarize(backprop);
            differences.push_back(paired(tdca, backprop));
            const Summary& d = differences.back();
            std::printf(
                "  %5zu updates   TDCA %.2f ± %.2f   backprop %.2f ± %.2f (%s, of %zu)   "
                "difference %+.2f [%+.2f, %+.2f]\n",
                horizon, a.mean, a.deviation, b.mean, b.deviation,
                describe(cells.front().setting).c_str(), cells.size(), d.mean, d.mean - d.margin(),
                d.mean + d.margin());
            std::fflush(stdout);
            Json grid = Json::array();
            for (const baseline::Tuned& cell : cells) {
                grid.push_back({describe(cell.setting), cell.accuracy});
            }
            report_["networks"][name][to_text(horizon)] = {
                {"tdca", to_json(a)},
                {"backprop", to_json(b)},
                {"difference", to_json(d)},
                {"backprop_setting", describe(cells.front().setting)},
                {"backprop_grid_validation_accuracy", grid}};
            if constexpr (std::is_same_v<Net, Small>) remember_best(cells, horizon);
        }
        return differences;
    }

    /// One more contestant on 784-32-10: its accuracies, by horizon and seed. The first contestant
    /// is what the others are compared with.
    template <class LearnerType>
    Accuracies contestant(const std::string& name, const typename LearnerType::Genome& genome) {
        return contestant(name, [&](std::size_t horizon) {
            return test_accuracies<LearnerType>(arena_, genome, horizon);
        });
    }

    /// A network whose hidden layer is frozen, the size of its weights tuned by validation.
    struct Frozen {
        Accuracies test;
        std::vector<TunedFrozen> tuned;  ///< by horizon
    };
    Frozen frozen(const std::string& name, FrozenWeights weights) {
        Frozen result;
        std::string gains;
        std::map<std::size_t, FrozenLayer> layers;
        for (const std::size_t horizon : used_horizons()) {
            const TunedFrozen tuned = tune_frozen<Small>(arena_, genome_, horizon, weights);
            result.tuned.push_back(tuned);
            layers[horizon] = tuned.layer;
            append_part(gains, ", ", to_text(tuned.layer.gain));
            report_["frozen"][name][to_text(horizon)] = {{"gain", tuned.layer.gain},
                                                         {"validation_accuracy", tuned.accuracy},
                                                         {"best_is_inside", tuned.is_inside}};
        }
        const auto live = [&](std::size_t horizon) {
            return frozen_accuracies<Small>(arena_, genome_, horizon, {&layers.at(horizon), 1})
                .front();
        };
        result.test = contestant(name, live, " (x " + gains + ")");
        return result;
    }

    /// One more contestant, whose `live(horizon)` says how well each seed's network does; `note` is
    /// for the reader.
    template <class Live>
        requires std::invocable<Live, std::size_t>
    Accuracies contestant(const std::string& name, Live&& live, const std::string& note = {}) {
        Accuracies accuracies;
        std::printf("  %-66s", (name + note).c_str());
        std::fflush(stdout);
        for (const std::size_t horizon : used_horizons()) {
            accuracies.push_back(live(horizon));
            const Summary summary = summarize(accuracies.back());
            std::printf("  %5zu: %.2f ± %.2f", horizon, summary.mean, summary.deviation);
            report_["contestants"][name][to_text(horizon)] = to_json(summary);
        }
        if (first_.empty()) first_ = accuracies;
        for (std::size_t i = 0; i < accuracies.size(); ++i) {
            report_["contestants"][name][to_text(used_horizons()[i])]["minus_first"] =
                to_json(paired(accuracies[i], first_[i]));
        }
        std::printf("\n");
        std::fflush(stdout);
        return accuracies;
    }

    /// Point e: credits carry the information.
    ///
    /// Noise for a hidden layer's credits is not nothing. Its sum over a minibatch, noise ×
    /// activity, is a random mixture of images, and a neuron that listens to such a mixture tells
    /// images better apart than one that listens to independent random weights. So the fair control
    /// is the best frozen hidden layer of either kind; and noise that learns from pixels of which
    /// each is another image's shows that there is nothing else in it.
    Point judge_controls(const Accuracies& credits) {
        const Frozen as_born = frozen("TDCA, hidden layer frozen as born", FrozenWeights::as_born);
        const Frozen mixtures =
            frozen("TDCA, hidden layer frozen as mixtures of images", FrozenWeights::mixtures);
        const auto noise = contestant<TamperedLearner<Small, Tampering::hidden_noise>>(
            "TDCA, hidden credits replaced by noise", genome_);
        using Centred = TamperedLearner<Small, Tampering::centred_noise>;
        const auto centred =
            contestant<Centred>("TDCA, hidden credits noise of sum 0 over each minibatch", genome_);
        const auto scrambled = contestant<Scrambled<Centred>>(
            "TDCA, the same noise, each pixel learned of another image", genome_);
        const auto all_noise = contestant<TamperedLearner<Small, Tampering::all_noise>>(
            "TDCA, every credit replaced by noise", genome_);

        // To be ahead is to be so by more than the 95 % margin of the paired difference.
        const auto is_ahead = [](const std::vector<double>& a, const std::vector<double>& b,
                                 double by = 0) {
            const Summary ahead = paired(a, b);
            return ahead.mean > std::max(ahead.margin(), by);
        };
        bool holds = true;
        const std::vector<double>* best = nullptr;
        for (std::size_t i = 0; i < credits.size(); ++i) {
            const bool mixed = mixtures.tuned[i].accuracy > as_born.tuned[i].accuracy;
            best = &(mixed ? mixtures : as_born).test[i];
            holds &= as_born.tuned[i].is_inside && mixtures.tuned[i].is_inside &&
                     !is_ahead(noise[i], *best) && !is_ahead(all_noise[i], *best) &&
                     !is_ahead(scrambled[i], as_born.test[i]) &&
                     is_ahead(credits[i], *best, far_above) &&
                     is_ahead(credits[i], noise[i], far_above);
        }
        const auto mean = [](const std::vector<double>& values) { return summarize(values).mean; };
        const Summary ahead = paired(noise.back(), *best);
        return {
            "e",
            text("at %zu updates, hidden credits replaced by noise %.2f, best frozen hidden layer "
                 "%.2f (noise minus it %+.2f ± %.2f), credits %.2f, every credit noise %.2f; noise "
                 "of sum 0 %.2f, without what pixels have to do with each other %.2f, frozen as "
                 "born %.2f",
                 used_horizons().back(), mean(noise.back()), mean(*best), ahead.mean,
                 ahead.margin(), mean(credits.back()), mean(all_noise.back()), mean(centred.back()),
                 mean(scrambled.back()), mean(as_born.test.back())),
            holds};
    }

    [[nodiscard]] std::vector<std::size_t> used_horizons() const {
        return options_.quick ? std::vector<std::size_t>{50} : horizons;
    }

    /// The best settings of the three best optimisers at the longest horizon, for the learning
    /// curves.
    [[nodiscard]] const std::map<std::string, baseline::Setting>& best_settings() const {
        return best_;
    }

private:
    static constexpr double far_above = 5;  // points of accuracy

    /// A sweep that takes a few seconds: fewer courses, finalists and lifetimes than that of
    /// `supervised`.
    template <class Net>
    [[nodiscard]] baseline::SweepPlan plan() const {
        using enum baseline::RateCourse;
        if (options_.quick) return baseline::SweepPlan::quick();
        if (Net::parameter_count > 40'000) return {1, {linear}, 2, {{6, 2}, {2, 4}}};
        return {1, {cosine, linear, warm_up}, 3, {{8, 2}, {3, 4}}};
    }

    void remember_best(const std::vector<baseline::Tuned>& cells, std::size_t horizon) {
        if (horizon != used_horizons().back()) return;
        constexpr std::size_t shown = 3;  // more cannot be told apart in a picture
        for (const baseline::Tuned& cell : cells) {
            if (best_.size() < shown) best_.emplace(cell.setting.optimizer, cell.setting);
        }
    }

    const Options& options_;
    Arena arena_;
    Genome genome_;
    Json& report_;
    Accuracies first_;
    std::map<std::string, baseline::Setting> best_;
};

void plot(const Options& options, const Arena& arena, const Genome& genome, const Genome& newborn,
          const std::map<std::string, baseline::Setting>& settings, Json& report) {
    const std::size_t horizon = options.quick ? 50 : horizons.back();
    std::vector<Curve> curves{
        learning_curve<ClassifierLearner<Small>>(arena, "TDCA, evolved", genome, horizon),
        learning_curve<ClassifierLearner<Small>>(arena, "TDCA, not evolved", newborn, horizon)};
    for (const auto& best : settings) {
        const baseline::Setting& setting = best.second;
        // As much of it as a legend has room for.
        const std::string what = describe(setting);
        const std::string label = "backprop, " + what.substr(0, what.find(','));
        baseline::with_optimizer<Small>(setting.optimizer, [&]<class LearnerType>() {
            curves.push_back(learning_curve<LearnerType>(
                arena, label, baseline::settings_of<LearnerType>(setting), horizon));
        });
    }
    for (const Curve& curve : curves) {
        report["learning_curves"][curve.label] = {{"updates", curve.x},
                                                  {"validation_accuracy", curve.mean},
                                                  {"standard_deviation", curve.deviation}};
    }
    const fs::path file = fs::absolute(options.output / "learning_curves.png");
    if (plot_curves(file, "784-32-10 on Fashion-MNIST, minibatches of 64", "updates",
                    "validation accuracy in %", curves, options.quick ? "[0:100]" : "[50:90]")) {
        report["picture"] = file.string();
    } else {
        std::fprintf(stderr, "gnuplot is not installed: no picture\n");
    }
}

int run(Options& options) {
    const Stopwatch clock;
    if (options.quick) {
        options.generations = std::min<std::size_t>(options.generations, 3);
        options.members = std::min<std::size_t>(options.members, 8);
    }
    fs::create_directories(options.output);
    const ExperimentData data = load_fashion_mnist(options.data);
    Json report = run_facts("framework", options);

    if (options.only_evolve) {
        if (options.evolve == "tdca") {
            evolve<ClassifierLearner>(options, data, "tdca", report);
        } else {
            evolve<EvolvedBackprop>(options, data, "backprop", report);
        }
        save_json(options.output / ("evolution_" + options.evolve + ".json"), report);
        std::printf("genome  %s\n",
                    fs::absolute(options.output / (options.evolve + ".safetensors")).c_str());
        return 0;
    }

    Genome genome;
    if (options.genome.empty()) {
        genome = evolve<ClassifierLearner>(options, data, "tdca", report);
    } else {
        auto loaded = load_genome<Genome>(options.genome);
        genome = loaded.genome;
        report["genome"] = {{"file", fs::absolute(options.genome).string()},
                            {"facts", loaded.facts}};
    }

    const Arena arena{data.train(),
                      data.validation(),
                      options.quick ? data.test().first(2000) : data.test(),
                      Key(options.seed) / 1,
                      options.threads,
                      options.quick ? std::size_t{3} : std::size_t{12}};
    Comparison comparison(options, arena, genome, report);
    const auto wants = [&](char point) { return options.points.find(point) != std::string::npos; };
    std::vector<Point> points;

    Accuracies tdca;
    if (wants('a')) {
        const auto difference =
            comparison.against_backprop<Small>("784-32-10", comparison.used_horizons());
        bool holds = true;
        std::string figures;
        for (std::size_t i = 0; i < difference.size(); ++i) {
            holds &= difference[i].mean >= 0;
            figures += text("%s%+.2f ± %.2f at %zu", i == 0 ? "" : ", ", difference[i].mean,
                            difference[i].margin(), comparison.used_horizons()[i]);
        }
        points.push_back({"a", "TDCA minus best tuned backprop on 784-32-10: " + figures, holds});
    }
    if (wants('a') || wants('b') || wants('e')) {
        std::printf("\n784-32-10, test accuracy in %%\n");
        tdca = comparison.contestant<ClassifierLearner<Small>>("TDCA, evolved", genome);
    }
    if (wants('a')) {
        if (options.backprop_genome.empty()) {
            options.backprop_genome = shipped_genome("evolved_backprop_1.safetensors");
        }
        if (fs::exists(options.backprop_genome)) {
            comparison.contestant<EvolvedBackprop<Small>>(
                "backprop's gradients, plasticity and schedule evolved",
                load_genome<EvolvedBackprop<Small>::Genome>(options.backprop_genome).genome);
        }
    }
    const Genome newborn = unevolved(Key(options.seed) / 0 / 0, 1);
    if (wants('b')) {
        comparison.contestant<ClassifierLearner<Small>>("TDCA, not evolved", newborn);
        double factor = 1;
        const std::size_t horizon = comparison.used_horizons()[0];
        const Genome tuned = tuned_unevolved(arena, Key(options.seed) / 0 / 0, horizon, factor);
        const auto worse = comparison.contestant<ClassifierLearner<Small>>(
            text("TDCA, not evolved, step sizes tuned (x %g)", factor), tuned);
        const Summary gain = paired(tdca[0], worse[0]);
        points.push_back({"b",
                          text("evolution adds %.2f ± %.2f points at %zu updates to the same "
                               "network with tuned step sizes",
                               gain.mean, gain.margin(), horizon),
                          gain.mean > gain.margin()});
    }
    if (wants('e')) {
        points.push_back(comparison.judge_controls(tdca));
    }
    if (wants('d')) {
        // Tuning backpropagation on larger networks is what takes the time: at one horizon only.
        const std::vector<std::size_t> last{comparison.used_horizons().back()};
        const auto wide = comparison.against_backprop<Wide>("784-256-10", last);
        const auto deep = comparison.against_backprop<Deep>("784-64-64-10", last);
        points.push_back(
            {"d",
             text("the same genome minus tuned backprop: 784-256-10 %+.2f, "
                  "784-64-64-10 %+.2f at %zu updates",
                  wide.back().mean, deep.back().mean, comparison.used_horizons().back()),
             true});
    }
    if (wants('a')) {
        plot(options, arena, genome, newborn, comparison.best_settings(), report);
    }

    std::ranges::sort(points, {}, &Point::letter);
    std::printf("\n");
    bool all_hold = true;
    for (const Point& point : points) {
        all_hold &= point.holds;
        report["points"][point.letter] = {{"figures", point.sentence}, {"holds", point.holds}};
        std::printf("%s  %s: %s\n", point.holds ? "holds " : "FAILS ", point.letter.c_str(),
                    point.sentence.c_str());
    }
    report["seconds"] = clock.seconds();
    const fs::path json = options.json.empty() ? options.output / "results.json" : options.json;
    save_json(json, report);
    std::printf("\nresults  %s\n", fs::absolute(json).c_str());
    if (report.contains("picture")) {
        std::printf("picture  %s\n", report["picture"].get<std::string>().c_str());
    }
    std::printf(
        "genome   %s\n",
        fs::absolute(options.genome.empty() ? options.output / "tdca.safetensors" : options.genome)
            .c_str());
    std::printf("%.0f seconds in all\n", clock.seconds());
    return options.check && !all_hold ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CommandLine line("Evolves a TDCA-network on Fashion-MNIST and compares it with backpropagation",
                     "fashion_mnist");
    options.add_to(line);
    line.folder_to_read("--data", options.data, "folder of the IDX files");
    line.folder_to_write("--output", options.output, "folder for results");
    line.file_to_read("--genome", options.genome, "use this genome instead of evolving one");
    line.file_to_read("--backprop-genome", options.backprop_genome,
                      "evolved plasticity for backprop's gradients (default: the shipped one)");
    line.count("--generations", options.generations, "of the outer loop");
    line.count("--members", options.members, "of the population", Whole::population());
    line.letters("--points", options.points, "which to show", "abde");
    line.flag("--resume", options.resume, "continue from the checkpoint in the output folder");
    line.flag("--check", options.check, "exit code 1 where a point does not hold");
    line.flag("--only-evolve", options.only_evolve, "evolve a genome, compare nothing");
    line.choice("--evolve", options.evolve, "what --only-evolve evolves", {"tdca", "backprop"});
    return run_program(line, argc, argv, [&] { return run(options); });
}
