// The contract of a task of the outer loop.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>

#include "tdca/core/random.hpp"

namespace tdca {

/// Which lifetime: all members of a generation live the same ones (common random numbers), so
/// that fitness compares genomes and not luck.
struct LifetimeId {
    Key key;            ///< everything random about the lifetime follows from it
    std::size_t index;  ///< 0 … lifetimes() − 1: lets a task stratify, say one horizon each
};

/// What a lifetime is about and how its fitness is measured.
///
/// | member | meaning |
/// | --- | --- |
/// | `genes` | length of the genome, a constant |
/// | `initial_genome(key, genome)` | the genome before evolution |
/// | `lifetimes()` | lifetimes that make up one member's evaluation |
/// | `Workspace` | one per thread; `workspace()` makes one |
/// | `lifetime(id, genome, workspace)` | fitness, higher is better; same id and genome, same bits |
template <class T>
concept Task = requires(const T& task, typename T::Workspace& workspace, const LifetimeId& id,
                        std::span<const float, T::genes> genome, std::span<float, T::genes> birth) {
    { T::genes } -> std::convertible_to<std::size_t>;
    { T::initial_genome(Key{0}, birth) };
    { task.lifetimes() } -> std::convertible_to<std::size_t>;
    { task.workspace() } -> std::same_as<typename T::Workspace>;
    { task.lifetime(id, genome, workspace) } -> std::convertible_to<double>;
};

}  // namespace tdca
