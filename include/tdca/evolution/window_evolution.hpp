// WindowEvolution: the outer loop in windows of lives, a generation a window.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "tdca/concepts/ranks.hpp"
#include "tdca/concepts/window.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/parallel.hpp"
#include "tdca/core/random.hpp"
#include "tdca/evolution/outer_loop.hpp"

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
class WindowEvolution : public OuterLoop<Strategy, TaskType, RanksType> {
    static_assert(WindowStrategy<Strategy> || detail::tell_what_a_window_strategy_lacks<Strategy>(),
                  "evolution in windows needs a strategy that knows its members' ages; see "
                  "tdca/concepts/window.hpp for what one must offer");
    static_assert(WindowTask<TaskType> || detail::tell_what_a_window_task_lacks<TaskType>(),
                  "evolution in windows needs a task whose lives go on; see "
                  "tdca/concepts/window.hpp for what one must offer");

    using Loop = OuterLoop<Strategy, TaskType, RanksType>;
    using Loop::key_;
    using Loop::noise_key;
    using Loop::ranks_;
    using Loop::state_;
    using Loop::strategy_;
    using Loop::task_;
    using Loop::threads_;

public:
    using Loop::genes;
    using State = typename Loop::State;
    using Genome = typename Loop::Genome;  ///< what is evolved

    /// @param threads pairs that live at a time, in each process
    /// @throws tdca::Error where a gene of the task's initial genome is not finite
    WindowEvolution(Strategy strategy, TaskType task, Key key, int threads = default_threads(),
                    RanksType ranks = RanksType())
        : Loop(std::move(strategy), std::move(task), key, threads, std::move(ranks)),
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
        GenerationReport report = Loop::summarize(fitness_, 1);
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

    /// Continues from a saved state, in the middle of its members' lives.
    ///
    /// @throws tdca::Error as `OuterLoop::resume`
    void resume(State state) {
        Loop::resume(std::move(state));
        for_each_member([&](std::size_t own, std::size_t member, Workspace& workspace) {
            for (std::size_t ago = strategy_.age(state_.generation, member); ago > 0; --ago) {
                static_cast<void>(live(own, member, ago, workspace));
            }
        });
    }

private:
    struct Workspace {
        typename TaskType::Workspace task;
        std::vector<float> genes;
        Genome genome;
    };

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
        const LifetimeId id{key_ / Loop::living / born / (member / 2),
                            (born + member / 2) % task_.lifetimes()};
        return task_.live_window(id, {age, Strategy::windows}, workspace.genome, lives_[own],
                                 workspace.task);
    }

    std::vector<double> fitness_;
    std::vector<Workspace> workspaces_;
    std::vector<typename TaskType::Life> lives_;
};

}  // namespace tdca
