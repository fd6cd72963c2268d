// TaskMixture: several tasks that one genome must serve.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>

#include "tdca/concepts/task.hpp"
#include "tdca/core/abi.hpp"

namespace tdca::inline TDCA_ABI {

/// The lifetimes of several tasks, one after the other, as one task.
///
/// All tasks must take the same genome, as tasks on networks of different width and depth do. With
/// `Aggregation::rank` each lifetime of each task counts alike, whatever its scale of fitness.
template <class First, class... Others>
class TaskMixture {
    static_assert((Task<First> || detail::tell_what_a_task_lacks<First>()) &&
                      ((Task<Others> || detail::tell_what_a_task_lacks<Others>()) && ...),
                  "a mixture is made of tasks; see tdca/concepts/task.hpp for what one must offer");
    static_assert((std::is_same_v<typename Others::Genome, typename First::Genome> && ...),
                  "all tasks of a mixture must take the same genome");

public:
    using Genome = typename First::Genome;
    using Workspace = std::tuple<typename First::Workspace, typename Others::Workspace...>;

    /// Of these tasks; their lifetimes are lived in this order.
    explicit TaskMixture(First first, Others... others)
        : tasks_(std::move(first), std::move(others)...) {}

    static void initialize(Genome& genome, Key key) { First::initialize(genome, key); }

    [[nodiscard]] std::size_t lifetimes() const noexcept {
        return std::apply([](const auto&... task) { return (task.lifetimes() + ...); }, tasks_);
    }

    [[nodiscard]] Workspace workspace() const {
        return std::apply([](const auto&... task) { return Workspace{task.workspace()...}; },
                          tasks_);
    }

    [[nodiscard]] double lifetime(const LifetimeId& id, const Genome& genome,
                                  Workspace& workspace) const {
        double fitness = 0;
        lifetimes(id, {&genome, 1}, {&fitness, 1}, workspace);
        return fitness;
    }

    /// The most that any of the tasks takes; a call splits what its task cannot take at once.
    [[nodiscard]] std::size_t side_by_side() const {
        return std::apply(
            [](const auto&... task) { return std::max({tdca::side_by_side(task)...}); }, tasks_);
    }

    /// Several members' lifetimes; see @ref CohortTask.
    void lifetimes(const LifetimeId& id, std::span<const Genome> genomes, std::span<double> fitness,
                   Workspace& workspace) const {
        find<0>(id, id.index, genomes, fitness, workspace);
    }

private:
    template <std::size_t I>
    void find(const LifetimeId& id, std::size_t index, std::span<const Genome> genomes,
              std::span<double> fitness, Workspace& workspace) const {
        const auto& task = std::get<I>(tasks_);
        if constexpr (I < sizeof...(Others)) {
            if (index >= task.lifetimes()) {
                find<I + 1>(id, index - task.lifetimes(), genomes, fitness, workspace);
                return;
            }
        }
        live_together(task, {id.key, index}, genomes, fitness, std::get<I>(workspace));
    }

    std::tuple<First, Others...> tasks_;
};

}  // namespace tdca
