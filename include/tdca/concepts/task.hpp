// The contract of a task of the outer loop.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <span>

#include "tdca/core/abi.hpp"
#include "tdca/core/random.hpp"

namespace tdca::inline TDCA_ABI {

/// Which lifetime: all members of a generation live the same ones (common random numbers), so
/// that fitness compares genomes and not luck.
struct LifetimeId {
    Key key;            ///< everything random about the lifetime follows from it
    std::size_t index;  ///< 0 … lifetimes() − 1: lets a task stratify, say one horizon each
};

/// Genes that an evolution strategy can change: so many floats, taken from and put into one span.
template <class G>
concept Evolvable = std::default_initializable<G> && std::copyable<G> &&
                    requires(G& genome, const G& frozen, std::span<const float, G::count> from,
                             std::span<float, G::count> to) {
                        { G::count } -> std::convertible_to<std::size_t>;
                        genome.read(from);
                        frozen.write(to);
                    };

/// What a lifetime is about and how its fitness is measured.
///
/// | member | meaning |
/// | --- | --- |
/// | `Genome` | its type: a `Genome<…>`, or what has its `count`, `read` and `write` |
/// | `initialize(genome, key)` | the genome before evolution |
/// | `lifetimes()` | lifetimes that make up one member's evaluation |
/// | `Workspace` | one per thread; `workspace()` makes one |
/// | `lifetime(id, genome, workspace)` | fitness, higher is better; same id and genome, same bits |
template <class T>
concept Task = Evolvable<typename T::Genome> &&
               requires(const T& task, typename T::Workspace& workspace, const LifetimeId& id,
                        const typename T::Genome& genome, typename T::Genome& newborn) {
                   T::initialize(newborn, Key{0});
                   { task.lifetimes() } -> std::convertible_to<std::size_t>;
                   { task.workspace() } -> std::same_as<typename T::Workspace>;
                   { task.lifetime(id, genome, workspace) } -> std::convertible_to<double>;
               };

/// A task whose workspace can live the same lifetime for several members side by side, which spares
/// what they have in common. An option.
///
/// | member | meaning |
/// | --- | --- |
/// | `side_by_side()` | how many members at most |
/// | `lifetimes(id, genomes, fitness, workspace)` | takes one genome a member and fills one fitness each, the bits of `lifetime` |
template <class T>
concept CohortTask =
    Task<T> && requires(const T& task, typename T::Workspace& workspace, const LifetimeId& id,
                        std::span<const typename T::Genome> genomes, std::span<double> fitness) {
        { task.side_by_side() } -> std::convertible_to<std::size_t>;
        task.lifetimes(id, genomes, fitness, workspace);
    };

/// How many members one call of @ref live_together should get.
template <Task T>
[[nodiscard]] std::size_t side_by_side(const T& task) {
    if constexpr (CohortTask<T>) {
        return task.side_by_side();
    } else {
        return 1;
    }
}

/// The same lifetime for as many members as there are fitnesses to fill, side by side as far as the
/// task can.
template <Task T>
void live_together(const T& task, const LifetimeId& id, std::span<const typename T::Genome> genomes,
                   std::span<double> fitness, typename T::Workspace& workspace) {
    for (std::size_t first = 0; first < fitness.size();) {
        const std::size_t count = std::min(side_by_side(task), fitness.size() - first);
        if constexpr (CohortTask<T>) {
            task.lifetimes(id, genomes.subspan(first, count), fitness.subspan(first, count),
                           workspace);
        } else {
            fitness[first] = task.lifetime(id, genomes[first], workspace);
        }
        first += count;
    }
}

namespace detail {

/// Tells of something that is no task, as a whole or in windows, which of the members that both
/// need it lacks, a sentence each.
template <class T>
consteval bool tell_what_any_task_lacks() {
    static_assert(
        requires { requires Evolvable<typename T::Genome>; },
        "a task needs Genome: the type of what is evolved, with count, read and write");
    static_assert(
        requires { typename T::Workspace; }, "a task needs Workspace: scratch, one per thread");
    static_assert(
        requires(const T& task) {
            { task.lifetimes() } -> std::convertible_to<std::size_t>;
        }, "a task needs lifetimes(): how many make up one member's evaluation");
    if constexpr (requires {
                      typename T::Genome;
                      typename T::Workspace;
                  }) {
        static_assert(
            requires(typename T::Genome& genome) { T::initialize(genome, Key{0}); },
            "a task needs a static initialize(genome, key): the genome before evolution");
        static_assert(
            requires(const T& task) {
                { task.workspace() } -> std::same_as<typename T::Workspace>;
            }, "a task needs workspace(), which makes a Workspace");
    }
    return false;
}

/// Tells of something that is no task which member it lacks, a sentence each.
template <class T>
consteval bool tell_what_a_task_lacks() {
    static_cast<void>(tell_what_any_task_lacks<T>());
    if constexpr (requires {
                      typename T::Genome;
                      typename T::Workspace;
                  }) {
        static_assert(
            requires(const T& task, const LifetimeId& id, const typename T::Genome& genome,
                     typename T::Workspace& workspace) {
                { task.lifetime(id, genome, workspace) } -> std::convertible_to<double>;
            },
            "a task needs lifetime(id, genome, workspace), which returns the fitness");
    }
    return false;
}

}  // namespace detail

}  // namespace tdca
