// The contracts of evolution in windows of a life: a task whose lives go on, and a strategy that
// knows how old its members are.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>

#include "tdca/concepts/evolution_strategy.hpp"
#include "tdca/concepts/task.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/random.hpp"

namespace tdca::inline TDCA_ABI {

/// One of so many equal parts of a lifetime.
struct Window {
    std::size_t number;  ///< 0 … count − 1: the first begins with a birth
    std::size_t count;   ///< windows in a life
};

/// A task whose lives can be lived a window at a time, under another genome in each.
///
/// | member | meaning |
/// | --- | --- |
/// | `Genome`, `initialize(genome, key)`, `lifetimes()`, `Workspace`, `workspace()` | as @ref Task has them |
/// | `Life`, `life()` | what one member is between windows; makes one |
/// | `live_window(id, window, genome, life, workspace)` | lives one window, which is born in the first, and returns its fitness, higher is better; same id, genomes and windows, same bits |
///
/// A life is lived in order, all its windows or the first of them. What is trained is the sum of
/// its windows' fitness.
template <class T>
concept WindowTask = Evolvable<typename T::Genome> &&
                     requires(const T& task, typename T::Workspace& workspace, const LifetimeId& id,
                              const Window& window, const typename T::Genome& genome,
                              typename T::Genome& newborn, typename T::Life& life) {
                         T::initialize(newborn, Key{0});
                         { task.lifetimes() } -> std::convertible_to<std::size_t>;
                         { task.workspace() } -> std::same_as<typename T::Workspace>;
                         { task.life() } -> std::same_as<typename T::Life>;
                         {
                             task.live_window(id, window, genome, life, workspace)
                         } -> std::convertible_to<double>;
                     };

/// An evolution strategy whose members live on from generation to generation, a window each.
///
/// | member | meaning |
/// | --- | --- |
/// | what @ref EvolutionStrategy asks for | a member's fitness is that of its window |
/// | `windows` | in a life, known when compiling |
/// | `age(generation, member)` | windows that the member has lived of its present life, before that generation |
/// | `recall(state, key, member, ago, out)` | what `ask` answered so many generations ago, at most the member's age: so that a life can be lived again after a stop |
template <class E>
concept WindowStrategy =
    EvolutionStrategy<E> &&
    requires(const E& strategy, const typename E::State& state, std::span<float> out) {
        { E::windows } -> std::convertible_to<std::size_t>;
        { strategy.age(std::size_t{0}, std::size_t{0}) } -> std::convertible_to<std::size_t>;
        strategy.recall(state, Key{0}, std::size_t{0}, std::size_t{1}, out);
    };

namespace detail {

/// Tells of something that is no task in windows which member it lacks, a sentence each.
template <class T>
consteval bool tell_what_a_window_task_lacks() {
    static_cast<void>(tell_what_any_task_lacks<T>());
    static_assert(
        requires { typename T::Life; },
        "a task in windows needs Life: what a member is between windows");
    if constexpr (requires {
                      typename T::Genome;
                      typename T::Workspace;
                      typename T::Life;
                  }) {
        static_assert(
            requires(const T& task) {
                { task.life() } -> std::same_as<typename T::Life>;
            }, "a task in windows needs life(), which makes a Life");
        static_assert(
            requires(const T& task, const LifetimeId& id, const Window& window,
                     const typename T::Genome& genome, typename T::Life& life,
                     typename T::Workspace& workspace) {
                {
                    task.live_window(id, window, genome, life, workspace)
                } -> std::convertible_to<double>;
            },
            "a task in windows needs live_window(id, window, genome, life, workspace), which "
            "returns the window's fitness");
    }
    return false;
}

/// Tells of something that is no strategy in windows which member it lacks, a sentence each.
template <class E>
consteval bool tell_what_a_window_strategy_lacks() {
    static_assert(
        requires {
            { E::windows } -> std::convertible_to<std::size_t>;
        }, "a strategy in windows needs windows: how many there are in a life");
    static_assert(
        requires(const E& strategy) {
            { strategy.age(std::size_t{0}, std::size_t{0}) } -> std::convertible_to<std::size_t>;
        }, "a strategy in windows needs age(generation, member): windows lived of a life");
    if constexpr (requires { typename E::State; }) {
        static_assert(
            requires(const E& strategy, const typename E::State& state, std::span<float> out) {
                strategy.recall(state, Key{0}, std::size_t{0}, std::size_t{1}, out);
            },
            "a strategy in windows needs recall(state, key, member, ago, out): a genome of the "
            "past");
    }
    return false;
}

}  // namespace detail

}  // namespace tdca
