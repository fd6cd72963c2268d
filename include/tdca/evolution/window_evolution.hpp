// WindowEvolution: the outer loop in windows of lives, a generation a window.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "tdca/concepts/ranks.hpp"
#include "tdca/concepts/window.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/parallel.hpp"
#include "tdca/core/random.hpp"
#include "tdca/evolution/detail/require_state.hpp"
#include "tdca/evolution/evolution.hpp"

namespace tdca::inline TDCA_ABI {

/// The outer loop that trains on long lives: the genome changes after every window of them, and not
/// only when they end.
///
/// Members live on from generation to generation, each under its own noise and the mean of the day;
/// the two of a pair live the same life. Memory: one `Life` a member, on the process that has the
/// pair. Everything random follows from `key`, the state of the strategy and nothing else, so a run
/// is the same bits on any number of threads and processes. A run that is resumed from a saved
/// `state()` lives its members' lives again up to their ages, which costs one life a member at
/// most, and then goes on as if it had never stopped.
///
/// @tparam Strategy a `WindowStrategy`, as `NoiseReuse` is
/// @tparam TaskType a `WindowTask`, as `TrainingTask` is
/// @tparam RanksType processes that share the pairs out
template <class Strategy, class TaskType, class RanksType = OneRank>
class WindowEvolution {
    static_assert(
        EvolutionStrategy<Strategy> || detail::tell_what_a_strategy_lacks<Strategy>(),
        "this is no evolution strategy; see tdca/concepts/evolution_strategy.hpp for what "
        "one must offer");
    static_assert(WindowStrategy<Strategy> || detail::tell_what_a_window_strategy_lacks<Strategy>(),
                  "evolution in windows needs a strategy that knows its members' ages; see "
                  "tdca/concepts/window.hpp for what one must offer");
    static_assert(WindowTask<TaskType> || detail::tell_what_a_window_task_lacks<TaskType>(),
                  "evolution in windows needs a task whose lives go on; see "
                  "tdca/concepts/window.hpp for what one must offer");
    static_assert(Ranks<RanksType> || detail::tell_what_ranks_lack<RanksType>(),
                  "these are no ranks; see tdca/concepts/ranks.hpp for what they must offer");

public:
    using State = typename Strategy::State;
    using Genome = typename TaskType::Genome;  ///< what is evolved

    static constexpr std::size_t genes = Genome::count;

    /// @param threads pairs that live at a time, in each process
    /// @throws tdca::Error where a gene of the task's initial genome is not finite
    WindowEvolution(Strategy strategy, TaskType task, Key key, int threads = default_threads(),
                    RanksType ranks = RanksType())
        : strategy_(std::move(strategy)),
          task_(std::move(task)),
          key_(key),
          threads_(std::max(threads, 1)),
          ranks_(std::move(ranks)),
          state_(strategy_.init(newborn(key))),
          fitness_(strategy_.members()) {
        for (int thread = 0; thread < threads_; ++thread) {
            workspaces_.push_back({task_.workspace(), std::vector<float>(genes), Genome{}});
        }
        for (std::size_t own = 0; own < 2 * own_pairs(); ++own) lives_.push_back(task_.life());
    }

    /// One generation: every member lives its next window, then the mean moves.
    GenerationReport step() {
        const auto start = std::chrono::steady_clock::now();
        if (ranks_.count() > 1) std::fill(fitness_.begin(), fitness_.end(), 0.0);
        for_each_member([&](std::size_t own, std::size_t member, Workspace& workspace) {
            fitness_[member] = live(own, member, 0, workspace);
        });
        ranks_.combine(fitness_);
        GenerationReport report = summarize();
        strategy_.tell(state_, noise_key(), fitness_);
        report.seconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        return report;
    }

    /// Steps until `generations` windows are done in all, counting those before a resume.
    ///
    /// @param callback `bool(const GenerationReport&, const WindowEvolution&)` after each
    ///   generation; false stops
    template <class Callback>
    void run(std::size_t generations, Callback&& callback) {
        while (state_.generation < generations) {
            const GenerationReport report = step();
            if (!callback(report, std::as_const(*this))) return;
        }
    }

    /// The strategy's state: all that a checkpoint needs.
    [[nodiscard]] const State& state() const noexcept { return state_; }

    /// Begins anew, with this genome in place of the initial one.
    ///
    /// @throws tdca::Error where a gene is not finite; the run is then as it was
    void begin_from(const Genome& genome) { state_ = strategy_.init(genes_of(genome)); }

    /// Continues from a saved state, in the middle of its members' lives.
    ///
    /// @throws tdca::Error naming the vector of the state that has another length than this run's,
    ///   or a number that is not finite, or that no run could have come to; the run is then as it
    ///   was
    void resume(State state) {
        detail::require_state(strategy_, genes, state);
        state_ = std::move(state);
        for_each_member([&](std::size_t own, std::size_t member, Workspace& workspace) {
            for (std::size_t ago = strategy_.age(state_.generation, member); ago > 0; --ago) {
                static_cast<void>(live(own, member, ago, workspace));
            }
        });
    }

    /// The mean genome, which is what evolution yields.
    [[nodiscard]] Genome genome() const noexcept {
        Genome mean;
        mean.read(std::span<const float, genes>(state_.mean));
        return mean;
    }

    /// What members are judged by.
    [[nodiscard]] const TaskType& task() const noexcept { return task_; }
    /// Where they come from.
    [[nodiscard]] const Strategy& strategy() const noexcept { return strategy_; }
    /// What everything random follows from.
    [[nodiscard]] Key key() const noexcept { return key_; }

private:
    struct Workspace {
        typename TaskType::Workspace task;
        std::vector<float> genes;
        Genome genome;
    };

    // Branches of the run's key.
    static constexpr std::uint64_t birthing = 0;
    static constexpr std::uint64_t noising = 1;
    static constexpr std::uint64_t living = 2;

    static std::vector<float> newborn(Key key) {
        Genome genome;
        TaskType::initialize(genome, key / birthing);
        return genes_of(genome);
    }
    static std::vector<float> genes_of(const Genome& genome) {
        std::vector<float> values(genes);
        genome.write(std::span<float, genes>(values));
        require_finite("initial genome", "gene", values);
        return values;
    }

    [[nodiscard]] Key noise_key() const noexcept { return key_ / noising; }

    [[nodiscard]] std::size_t own_pairs() const {
        const std::size_t pairs = strategy_.members() / 2;
        return (pairs + ranks_.count() - 1 - ranks_.rank()) / ranks_.count();
    }

    /// Calls `use(own, member, workspace)` for each member that this process has, `own` being its
    /// number here.
    template <class Use>
    void for_each_member(Use&& use) {
        parallel_for(2 * own_pairs(), threads_, [&](std::size_t own, std::size_t thread) {
            const std::size_t pair = own / 2 * ranks_.count() + ranks_.rank();
            use(own, 2 * pair + own % 2, workspaces_[thread]);
        });
    }

    /// The window that a member lived so many generations ago, or that it lives now.
    double live(std::size_t own, std::size_t member, std::size_t ago, Workspace& workspace) {
        const std::size_t generation = state_.generation - ago;
        const std::size_t age = strategy_.age(generation, member);
        strategy_.recall(state_, noise_key(), member, ago, workspace.genes);
        workspace.genome.read(std::span<const float, genes>(workspace.genes));
        const std::size_t born = generation - age;
        const LifetimeId id{key_ / living / born / (member / 2),
                            (born + member / 2) % task_.lifetimes()};
        return task_.live_window(id, {age, Strategy::windows}, workspace.genome, lives_[own],
                                 workspace.task);
    }

    [[nodiscard]] GenerationReport summarize() const {
        GenerationReport report;
        report.generation = state_.generation;
        report.best = -std::numeric_limits<double>::infinity();
        std::size_t finite = 0;
        for (const double value : fitness_) {
            if (!std::isfinite(value)) {
                ++report.broken;
                continue;
            }
            report.best = std::max(report.best, value);
            report.mean += value;
            ++finite;
        }
        report.mean /= static_cast<double>(finite);  // 0 / 0 where all broke
        return report;
    }

    Strategy strategy_;
    TaskType task_;
    Key key_;
    int threads_;
    RanksType ranks_;
    State state_;
    std::vector<double> fitness_;
    std::vector<Workspace> workspaces_;
    std::vector<typename TaskType::Life> lives_;
};

}  // namespace tdca
