// TaskDistribution: lifetimes drawn from many tasks, put together at run time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "tdca/concepts/task.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/random.hpp"

namespace tdca::inline TDCA_ABI {

/// Strata of tasks. Every evaluation lives a given number of lifetimes of each stratum; each falls
/// on one of the stratum's tasks, drawn from the lifetime's key with equal chances, the same for
/// all members of a generation. So a genome meets many data sets, widths and depths at the cost of
/// a few lifetimes, and with `Aggregation::rank` no stratum dominates.
///
/// Tasks may be of any type, as long as they take the same genome: the network's shapes are fixed
/// at compile time within each, the distribution is not. A @ref TaskMixture is the static form, in
/// which every task is lived every time.
///
/// @tparam LearnerType any learner with the genome in question; it says how a genome starts
template <class LearnerType>
class TaskDistribution {
public:
    using Genome = typename LearnerType::Genome;

private:
    /// A workspace of a type that only its task knows.
    struct AnyWorkspace {
        virtual ~AnyWorkspace() = default;
    };

    /// A task whose type has been forgotten.
    struct AnyTask {
        virtual ~AnyTask() = default;
        [[nodiscard]] virtual std::size_t side_by_side() const = 0;
        [[nodiscard]] virtual std::unique_ptr<AnyWorkspace> workspace() const = 0;
        virtual void live(const LifetimeId& id, std::span<const Genome> genomes,
                          std::span<double> fitness, AnyWorkspace& workspace) const = 0;
    };

    template <Task T>
    struct Typed : AnyTask {
        explicit Typed(T given) : task(std::move(given)) {}

        struct Workspace : AnyWorkspace {
            explicit Workspace(const T& task) : value(task.workspace()) {}
            typename T::Workspace value;
        };

        [[nodiscard]] std::size_t side_by_side() const override { return tdca::side_by_side(task); }
        [[nodiscard]] std::unique_ptr<AnyWorkspace> workspace() const override {
            return std::make_unique<Workspace>(task);
        }
        void live(const LifetimeId& id, std::span<const Genome> genomes, std::span<double> fitness,
                  AnyWorkspace& workspace) const override {
            live_together(task, id, genomes, fitness, static_cast<Workspace&>(workspace).value);
        }

        T task;
    };

    struct Stratum {
        std::string name;
        std::size_t draws;
        std::vector<std::size_t> tasks;  // numbers in tasks_
    };

public:
    /// One workspace per task, made when the task is first drawn.
    using Workspace = std::vector<std::unique_ptr<AnyWorkspace>>;

    /// Starts a stratum, of which `draws` lifetimes are lived in every evaluation.
    ///
    /// @throws tdca::Error where that is more than can be counted
    TaskDistribution& stratum(std::string name, std::size_t draws) {
        require_within<std::uint64_t>("TaskDistribution, " + name, "number of draws", 0,
                                      most_countable, draws);
        strata_.push_back({std::move(name), draws, {}});
        return *this;
    }

    /// Adds a task to the latest stratum. Draw number i of the stratum is lifetime i of the task.
    template <class T>
    TaskDistribution& add(T task) {
        static_assert(
            Task<T> || detail::tell_what_a_task_lacks<T>(),
            "a distribution is made of tasks; see tdca/concepts/task.hpp for what one must "
            "offer");
        static_assert(std::is_same_v<typename T::Genome, Genome>,
                      "all tasks of a distribution must take the same genome");
        if (strata_.empty()) {
            throw Error("TaskDistribution", "a task is added before any stratum",
                        "stratum(name, draws) first", "add(task)");
        }
        strata_.back().tasks.push_back(tasks_.size());
        tasks_.push_back(std::make_shared<const Typed<T>>(std::move(task)));
        return *this;
    }

    /// Drops strata without tasks, as those of which every data set is held out.
    TaskDistribution& drop_empty_strata() {
        std::erase_if(strata_, [](const Stratum& stratum) { return stratum.tasks.empty(); });
        return *this;
    }

    static void initialize(Genome& genome, Key key) noexcept {
        LearnerType::initialize(genome, key);
    }

    [[nodiscard]] std::size_t lifetimes() const noexcept {
        std::size_t total = 0;
        for (const Stratum& stratum : strata_) total += stratum.draws;
        return total;
    }

    [[nodiscard]] Workspace workspace() const {
        for (const Stratum& stratum : strata_) {
            if (!stratum.tasks.empty()) continue;
            throw Error("TaskDistribution", "the stratum " + stratum.name + " has no tasks",
                        "at least 1", "0");
        }
        require_some("TaskDistribution", "lifetimes", lifetimes());
        return Workspace(tasks_.size());
    }

    [[nodiscard]] double lifetime(const LifetimeId& id, const Genome& genome,
                                  Workspace& workspace) const {
        double fitness = 0;
        lifetimes(id, {&genome, 1}, {&fitness, 1}, workspace);
        return fitness;
    }

    /// The most that any of the tasks takes; a call splits what its task cannot take at once.
    [[nodiscard]] std::size_t side_by_side() const {
        std::size_t most = 1;
        for (const auto& task : tasks_) most = std::max(most, task->side_by_side());
        return most;
    }

    /// Several members' lifetimes; see @ref CohortTask.
    void lifetimes(const LifetimeId& id, std::span<const Genome> genomes, std::span<double> fitness,
                   Workspace& workspace) const {
        std::size_t index = id.index;
        std::size_t s = 0;
        while (s + 1 < strata_.size() && index >= strata_[s].draws) index -= strata_[s++].draws;
        const std::vector<std::size_t>& candidates = strata_[s].tasks;
        const std::size_t task = candidates[(id.key / choosing).below(candidates.size(), 0)];
        if (!workspace[task]) workspace[task] = tasks_[task]->workspace();
        tasks_[task]->live({id.key / living, index}, genomes, fitness, *workspace[task]);
    }

private:
    static constexpr std::uint64_t choosing = 0;
    static constexpr std::uint64_t living = 1;

    std::vector<std::shared_ptr<const AnyTask>> tasks_;
    std::vector<Stratum> strata_;
};

}  // namespace tdca
