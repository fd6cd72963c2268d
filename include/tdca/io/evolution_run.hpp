// evolve_to_file: an evolution from its first generation to a genome file, with all that a long run
// needs: stages, progress, checkpoints, a way to stop it and to go on.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tdca/concepts/ranks.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/parallel.hpp"
#include "tdca/core/random.hpp"
#include "tdca/evolution/evolution.hpp"
#include "tdca/evolution/progress.hpp"
#include "tdca/evolution/shared_state.hpp"
#include "tdca/evolution/snes.hpp"
#include "tdca/evolution/stages.hpp"
#include "tdca/evolution/stop_signal.hpp"
#include "tdca/io/atomic_file.hpp"
#include "tdca/io/genome_file.hpp"
#include "tdca/io/last_checkpoints.hpp"

namespace tdca::inline TDCA_ABI {

/// How an evolution runs that ends in a file.
struct EvolutionRun {
    std::filesystem::path output;     ///< the genome; FILE.checkpoint lies beside it
    std::size_t generations = 200;    ///< in all, counting those before a resume
    std::uint64_t seed = 1;           ///< everything random follows from it
    int threads = default_threads();  ///< lifetimes lived at a time, by each process
    /// What must be the same for a resume to make sense, as text: a checkpoint of other settings
    /// is refused.
    std::string settings{};
    bool resume = false;                 ///< goes on from the newest checkpoint that is whole
    double checkpoint_seconds = 10;      ///< between checkpoints; 0: after every generation
    std::size_t keep_checkpoints = 2;    ///< the last ones; a damaged one is passed over
    std::optional<Snes::State> first{};  ///< where to begin; none: the initial genome
};

/// What came of it.
struct EvolutionResult {
    bool stopped = false;           ///< by a signal, with a checkpoint and no genome
    int exit_code = 0;              ///< what a program should return
    std::size_t generations = 0;    ///< done in all
    std::size_t lifetimes = 0;      ///< lived by this call
    std::size_t broken = 0;         ///< of them, those whose fitness was not finite
    double seconds = 0;             ///< wall time of this call
    std::vector<double> fitness{};  ///< mean of each generation of this call
};

/// Where an evolution begins that starts from this genome.
template <class Genome>
[[nodiscard]] Snes::State first_state(const Genome& genome) {
    std::vector<float> genes(Genome::count);
    genome.write(std::span<float, Genome::count>(genes));
    return Snes().init(genes);
}

namespace detail {

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
[[nodiscard]] inline std::optional<Snes::State> newest(const LastCheckpoints<Snes>& checkpoints,
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

}  // namespace detail

/// Evolves a genome through stages and saves it, with progress on standard error. SIGINT and
/// SIGTERM end it after the generation that runs, with a checkpoint and no genome; with
/// `run.resume` it then goes on to the same bits as if it had never stopped. Of several ranks only
/// the first one touches files and speaks.
///
/// @param stages at least one, by their ends; the last ends at 1
/// @param facts saved with the genome, beside seed, generations, lifetimes, seconds and threads
/// @throws tdca::Error for no stages, for a file that cannot be written, before anything is lived,
///   and as `Evolution`, `LastCheckpoints` and `save_genome`
template <Task TaskType, Ranks RanksType = OneRank>
EvolutionResult evolve_to_file(const EvolutionRun& run,
                               const std::vector<EvolutionStage<TaskType>>& stages,
                               std::map<std::string, std::string> facts = {},
                               const RanksType& ranks = {}) {
    using Genome = typename TaskType::Genome;
    using Loop = Evolution<Snes, TaskType, RanksType>;
    require_some("evolve_to_file", "stages", stages.size());
    const bool speaks = ranks.rank() == 0;
    if (speaks) require_writable(run.output);
    const Key key = Key(run.seed) / 0;
    const LastCheckpoints<Snes> checkpoints(run.output.string() + ".checkpoint",
                                            run.keep_checkpoints, key, run.settings);
    std::optional<Snes::State> state;
    if (speaks && run.resume) state = detail::newest(checkpoints, Genome::count);
    if (!state) state = run.first;
    share_first(ranks, Genome::count, state);
    const StopSignal stop;
    detail::CheckpointPace pace(run.checkpoint_seconds);
    ProgressBar progress("evolving " + run.output.stem().string(), run.generations,
                         state ? state->generation : 0);
    EvolutionResult result;
    for (const EvolutionStage<TaskType>& stage : stages) {
        const std::size_t end = end_of(stage, run.generations);
        if (state && state->generation >= end) continue;
        Loop loop(Snes({.members = stage.members}), stage.task(), key, run.threads,
                  Aggregation::rank, ranks);
        if (state) loop.resume(*state);
        loop.run(end, [&](const GenerationReport& generation, const Loop& now) {
            result.fitness.push_back(generation.mean);
            result.broken += generation.broken;
            result.lifetimes += stage.members * now.task().lifetimes();
            result.stopped = ranks.any(stop.requested());  // agreed on by all ranks
            if (!speaks) return !result.stopped;
            char text[96];
            std::snprintf(text, sizeof text, "fitness %.4f, best %.4f", generation.mean,
                          generation.best);
            progress.report(now.state().generation, text);
            const bool goes_on = !result.stopped && now.state().generation < end;
            if (goes_on && pace.is_due()) checkpoints.save(now.state());
            return !result.stopped;
        });
        state = loop.state();
        if (speaks) checkpoints.save(*state);
        if (result.stopped) break;
    }
    result.generations = state->generation;
    result.seconds = progress.seconds();
    if (result.stopped) {
        result.exit_code = stop.exit_code(ranks);
        if (speaks) {
            std::fprintf(stderr, "stopped after %zu of %zu generations; --resume continues\n",
                         result.generations, run.generations);
        }
        return result;
    }
    if (!speaks) return result;
    Genome genome;
    genome.read(std::span<const float, Genome::count>(state->mean));
    facts.merge(
        std::map<std::string, std::string>{{"seed", to_text(run.seed)},
                                           {"generations", to_text(result.generations)},
                                           {"lifetimes", to_text(result.lifetimes)},
                                           {"seconds", to_text(static_cast<long>(result.seconds))},
                                           {"threads", to_text(run.threads)},
                                           {"processes", to_text(ranks.count())}});
    save_genome(run.output, genome, facts);
    return result;
}

}  // namespace tdca
