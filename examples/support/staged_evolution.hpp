// Evolution in stages with progress, checkpoints and resume: what our evolving programs share.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "support/program.hpp"
#include "tdca/concepts/ranks.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/random.hpp"
#include "tdca/evolution/evolution.hpp"
#include "tdca/evolution/progress.hpp"
#include "tdca/evolution/shared_state.hpp"
#include "tdca/evolution/snes.hpp"
#include "tdca/evolution/stop_signal.hpp"
#include "tdca/io/genome_file.hpp"
#include "tdca/io/json.hpp"
#include "tdca/io/last_checkpoints.hpp"
#include "tdca_build_info.hpp"

namespace tdca::support {

/// One part of the outer loop, until this share of the generations.
template <class Lives>
struct EvolutionStage {
    double until;
    std::size_t members;
    std::function<Lives()> lives;  ///< made when the stage begins
};

/// A part of a curriculum: until this share of the generations, no lifetime is longer than that.
struct CurriculumStage {
    double until;
    std::size_t longest;  ///< updates
};

/// The stages of a curriculum, with `lives(longest)` in each; `longest` is at most `limit`.
template <class MakeLives>
[[nodiscard]] auto curriculum(std::span<const CurriculumStage> stages, std::size_t members,
                              std::size_t limit, MakeLives lives) {
    std::vector<EvolutionStage<decltype(lives(limit))>> parts;
    for (const CurriculumStage& stage : stages) {
        const std::size_t longest = std::min(stage.longest, limit);
        parts.push_back({stage.until, members, [lives, longest] { return lives(longest); }});
    }
    return parts;
}

/// "fashion_mnist, mnist"
[[nodiscard]] inline std::string join(std::span<const std::string> names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

/// What a program makes of its options.
struct EvolutionPlan {
    std::string program;
    std::string settings;                ///< what must be the same for a resume to make sense
    std::optional<Snes::State> first{};  ///< where to begin; none: the initial genome
};

/// When the next checkpoint is due: so often that a crash costs seconds, so seldom that quick
/// generations do not wait for the disk.
class CheckpointPace {
public:
    explicit CheckpointPace(double seconds) : seconds_(seconds) {}

    [[nodiscard]] bool is_due() {
        const auto now = std::chrono::steady_clock::now();
        if (now - last_ < seconds_) return false;
        last_ = now;
        return true;
    }

private:
    std::chrono::duration<double> seconds_;
    std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

/// The newest checkpoint's state, where there is one; says which it is, and what is wrong with
/// those that it passes over.
[[nodiscard]] inline std::optional<Snes::State> resume(const LastCheckpoints<Snes>& checkpoints,
                                                       std::size_t genes) {
    auto found = checkpoints.load(genes);
    if (!found) return std::nullopt;
    for (const std::string& sentence : found->damage) {
        std::fprintf(stderr, "passed over %s\n", sentence.c_str());
    }
    std::fprintf(stderr, "resumed %s at generation %zu\n", found->file.c_str(),
                 found->state.generation);
    return std::move(found->state);
}

/// What a run says that was asked to stop.
inline void say_stopped(std::size_t done, std::size_t all) {
    std::fprintf(stderr, "stopped after %zu of %zu generations; --resume continues\n", done, all);
}

/// Where an evolution begins that starts from this genome.
template <class Genome>
[[nodiscard]] Snes::State first_state(const Genome& genome) {
    std::vector<float> genes(Genome::count);
    genome.write(std::span<float, Genome::count>(genes));
    return Snes().init(genes);
}

/// Begins with the genome that --from names, where it names one, after `adapt` has changed it;
/// returns what a recipe says of that.
template <class Genome, class Adapt>
[[nodiscard]] std::string begin_from(const EvolutionOptions& options, EvolutionPlan& plan,
                                     Adapt&& adapt) {
    if (options.from.empty()) return "";
    Genome start = load_genome<Genome>(options.from).genome;
    adapt(start);
    plan.first = first_state(start);
    return "; from " + options.from.filename().string();
}
template <class Genome>
[[nodiscard]] std::string begin_from(const EvolutionOptions& options, EvolutionPlan& plan) {
    return begin_from<Genome>(options, plan, [](Genome& /*start*/) {});
}

/// Evolves through the stages, saves the genome with `facts` and what all genomes tell, prints a
/// line, and writes the report where one is wanted. SIGINT and SIGTERM end it after the generation
/// that runs, with a checkpoint and no genome. Of several ranks only the first one touches files
/// and speaks.
///
/// @return what the program returns
template <class Genome, class Lives, Ranks RanksType = OneRank>
int evolve_in_stages(const EvolutionPlan& plan, const EvolutionOptions& options,
                     const std::vector<EvolutionStage<Lives>>& stages,
                     std::map<std::string, std::string> facts, const RanksType& ranks = {}) {
    using Run = Evolution<Snes, Lives, RanksType>;
    const bool speaks = ranks.rank() == 0;
    const Key key = Key(options.seed) / 0;
    const LastCheckpoints<Snes> checkpoints(options.output.string() + ".checkpoint",
                                            options.keep_checkpoints, key, plan.settings);
    std::optional<Snes::State> state;
    if (speaks && options.resume) state = resume(checkpoints, Genome::count);
    if (!state) state = plan.first;
    share_first(ranks, Genome::count, state);
    const StopSignal stop;
    CheckpointPace pace(options.checkpoint_seconds);
    ProgressBar progress("evolving " + options.output.stem().string(), options.generations,
                         state ? state->generation : 0);
    Json fitness = Json::array();
    std::size_t broken = 0;
    std::size_t lifetimes = 0;
    bool stops = false;  // agreed on by all ranks
    for (const EvolutionStage<Lives>& stage : stages) {
        const auto end =
            static_cast<std::size_t>(stage.until * static_cast<double>(options.generations));
        if (state && state->generation >= end) continue;
        Run run(Snes({.members = stage.members}), stage.lives(), key, options.threads,
                Aggregation::rank, ranks);
        if (state) run.resume(*state);
        run.run(end, [&](const GenerationReport& generation, const Run& now) {
            fitness.push_back(generation.mean);
            broken += generation.broken;
            lifetimes += stage.members * now.task().lifetimes();
            stops = ranks.any(stop.requested());
            if (!speaks) return !stops;
            char text[96];
            std::snprintf(text, sizeof text, "fitness %.4f, best %.4f", generation.mean,
                          generation.best);
            progress.report(now.state().generation, text);
            const bool goes_on = !stops && now.state().generation < end;
            if (goes_on && pace.is_due()) checkpoints.save(now.state());
            return !stops;
        });
        state = run.state();
        if (speaks) checkpoints.save(*state);
        if (!stops) continue;
        if (speaks) say_stopped(state->generation, options.generations);
        return stop.exit_code(ranks);
    }
    if (!speaks) return 0;

    Genome genome;
    genome.read(std::span<const float, Genome::count>(state->mean));
    const double seconds = progress.seconds();
    facts.merge(std::map<std::string, std::string>{{"seed", to_text(options.seed)},
                                                   {"generations", to_text(state->generation)},
                                                   {"lifetimes", to_text(lifetimes)},
                                                   {"seconds", to_text(static_cast<long>(seconds))},
                                                   {"threads", to_text(options.threads)},
                                                   {"processes", to_text(ranks.count())},
                                                   {"cpu", cpu_name()},
                                                   {"commit", std::string(build_info::commit)}});
    save_genome(options.output, genome, facts);
    std::printf(
        "genome  %s  (%zu genes, %zu generations, %zu lifetimes, %zu broken, %.0f seconds)\n",
        std::filesystem::absolute(options.output).c_str(), Genome::count, state->generation,
        lifetimes, broken, seconds);
    if (options.json.empty()) return 0;
    Json report = run_facts(plan.program, options);
    report["genes"] = Genome::count;
    report["settings"] = plan.settings;
    report["lifetimes"] = lifetimes;
    report["broken_lifetimes"] = broken;
    report["seconds"] = seconds;
    report["core_hours"] = seconds * options.threads * static_cast<double>(ranks.count()) / 3600;
    report["fitness_per_generation"] = fitness;
    save_json(options.json, report);
    return 0;
}

}  // namespace tdca::support
