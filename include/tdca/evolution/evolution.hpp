// Evolution: the outer loop, population → lifetimes → fitness → tell.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tdca/concepts/ranks.hpp"
#include "tdca/concepts/task.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/parallel.hpp"
#include "tdca/core/random.hpp"
#include "tdca/evolution/outer_loop.hpp"
#include "tdca/evolution/shaping.hpp"

namespace tdca::inline TDCA_ABI {

/// How a member's lifetimes become one fitness.
enum class Aggregation {
    mean,  ///< mean fitness: lifetimes with a wide spread of fitness dominate
    rank   ///< mean of the rank within each lifetime: every horizon or task counts alike
};

/// The outer loop: evolves the genome of a task, one generation a step.
///
/// Everything random follows from `key`, the state of the strategy and nothing else, so a run is
/// the same bits on any number of threads and processes, and a run resumed from a saved `state()`
/// continues as if it had never stopped. A member with a lifetime that comes out NaN or infinite
/// ranks last, and such lifetimes are counted.
///
/// @tparam Strategy `Snes`, `OpenAiEs` or one's own
/// @tparam TaskType what a lifetime is about
/// @tparam RanksType processes that share the lifetimes out; each of them calls the same members
///   in the same order, and holds the same state
template <class Strategy, class TaskType, class RanksType = OneRank>
class Evolution : public OuterLoop<Strategy, TaskType, RanksType> {
    static_assert(Task<TaskType> || detail::tell_what_a_task_lacks<TaskType>(),
                  "evolution needs a task; see tdca/concepts/task.hpp for what one must offer");

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
    using Genome = typename Loop::Genome;  ///< what is evolved

    /// @param threads lifetimes evaluated at a time, by each process
    /// @throws tdca::Error where a gene of the task's initial genome is not finite, or there are
    ///   more lifetimes in a generation than can be counted
    Evolution(Strategy strategy, TaskType task, Key key, int threads = default_threads(),
              Aggregation aggregation = Aggregation::rank, RanksType ranks = RanksType())
        : Loop(std::move(strategy), std::move(task), key, threads, std::move(ranks)),
          aggregation_(aggregation),
          genomes_(countable("genes of all members", strategy_.members(), genes) / genes),
          fitness_(countable("lifetimes of all members", strategy_.members(), task_.lifetimes())) {
        workspaces_.reserve(static_cast<std::size_t>(threads_));
        for (int thread = 0; thread < threads_; ++thread) workspaces_.push_back(task_.workspace());
    }

    /// One generation: ask every member, live every lifetime, tell.
    GenerationReport step() {
        const auto start = std::chrono::steady_clock::now();
        const std::size_t members = strategy_.members();
        const std::size_t lifetimes = task_.lifetimes();
        for (std::size_t member = 0; member < members; ++member) {
            strategy_.ask(state_, noise_key(), member, genes_);
            genomes_[member].read(std::span<const float, genes>(genes_));
        }
        const Key generation_key = key_ / Loop::living / state_.generation;
        const std::size_t cohort = cohort_size();
        const std::size_t cohorts = (members + cohort - 1) / cohort;
        const std::size_t units = cohorts * lifetimes;
        if (ranks_.count() > 1) std::fill(fitness_.begin(), fitness_.end(), 0.0);
        const std::size_t share = (units + ranks_.count() - 1 - ranks_.rank()) / ranks_.count();
        parallel_for(share, threads_, [&](std::size_t own, std::size_t thread) {
            const std::size_t unit = own * ranks_.count() + ranks_.rank();
            // The last lifetimes first: by convention the longest, which balances the threads.
            const std::size_t index = lifetimes - 1 - unit / cohorts;
            const std::size_t first = unit % cohorts * members / cohorts;
            const std::size_t count = (unit % cohorts + 1) * members / cohorts - first;
            live_together(task_, {generation_key / index, index},
                          std::span<const Genome>(genomes_).subspan(first, count),
                          std::span<double>(fitness_).subspan(index * members + first, count),
                          workspaces_[thread]);
        });
        ranks_.combine(fitness_);
        GenerationReport report = Loop::summarize(fitness_, lifetimes);
        strategy_.tell(state_, noise_key(), aggregate());
        report.seconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        return report;
    }

    /// Steps until `generations` are done in all, counting those before a resume.
    ///
    /// @param callback `bool(const GenerationReport&, const Evolution&)` after each generation;
    ///   false stops
    template <class Callback>
    void run(std::size_t generations, Callback&& callback) {
        while (state_.generation < generations) {
            const GenerationReport report = step();
            if (!callback(report, std::as_const(*this))) return;
        }
    }

    /// Mean fitness of a genome over lifetimes that no generation lives: for validation. NaN where
    /// one of them broke.
    ///
    /// @param repeats evaluations of `task.lifetimes()` lifetimes each
    [[nodiscard]] double judge(const Genome& genome, Key key, std::size_t repeats) const {
        require_some("judge", "repeats", repeats);
        const std::size_t lifetimes = task_.lifetimes();
        std::vector<double> values(countable("lifetimes to judge by", repeats, lifetimes));
        parallel_for(values.size(), threads_, [&](std::size_t unit, std::size_t thread) {
            const std::size_t index = lifetimes - 1 - unit / repeats;
            values[unit] = task_.lifetime({key / Loop::judging / (unit % repeats) / index, index},
                                          genome, workspaces_[thread]);
        });
        double total = 0;
        for (const double value : values) total += std::isfinite(value) ? value : broken;
        return total / static_cast<double>(values.size());
    }

private:
    /// a · b, for vectors that hold one number for each pair.
    static std::size_t countable(std::string_view what, std::size_t a, std::size_t b) {
        const auto product = to_count(static_cast<double>(a) * static_cast<double>(b));
        if (product) return *product;
        throw Error("Evolution, " + std::string(what), "more than can be counted",
                    to_text(most_countable) + " or fewer", to_text(a) + " times " + to_text(b));
    }

    /// What stands for the fitness of a lifetime that broke.
    static constexpr double broken = std::numeric_limits<double>::quiet_NaN();

    /// Members that live side by side: what suits the task, but few enough that the cohorts of a
    /// generation can be shared out evenly.
    [[nodiscard]] std::size_t cohort_size() const {
        const std::size_t lives = strategy_.members() * task_.lifetimes();
        const std::size_t workers = ranks_.count() * static_cast<std::size_t>(threads_);
        const std::size_t most = lives / (4 * workers);
        return std::clamp<std::size_t>(side_by_side(task_), 1, std::max<std::size_t>(most, 1));
    }

    /// One fitness per member, NaN where any of its lifetimes broke. Lifetimes are summed in
    /// order: same bits always.
    [[nodiscard]] std::vector<double> aggregate() const {
        const std::size_t members = strategy_.members();
        std::vector<double> total(members);
        for (std::size_t index = 0; index < task_.lifetimes(); ++index) {
            const std::span<const double> row(fitness_.data() + index * members, members);
            if (aggregation_ == Aggregation::rank) {
                const std::vector<double> ranks = centred_ranks(row);
                for (std::size_t m = 0; m < members; ++m) {
                    total[m] += std::isfinite(row[m]) ? ranks[m] : broken;
                }
            } else {
                for (std::size_t m = 0; m < members; ++m) total[m] += row[m];
            }
        }
        return total;
    }

    Aggregation aggregation_;
    std::vector<float> genes_ = std::vector<float>(genes);  // of the member that is asked for
    std::vector<Genome> genomes_;
    std::vector<double> fitness_;
    mutable std::vector<typename TaskType::Workspace> workspaces_;
};

}  // namespace tdca
