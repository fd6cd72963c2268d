// Stages of an evolution: what a population lives on changes as it gets better.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "tdca/concepts/task.hpp"
#include "tdca/core/abi.hpp"

namespace tdca::inline TDCA_ABI {

/// One part of the outer loop, until this share of its generations.
template <Task TaskType>
struct EvolutionStage {
    double until;                    ///< 0 … 1, the last stage's is 1
    std::size_t members;             ///< of the population, while the stage lasts
    std::function<TaskType()> task;  ///< makes what is lived, when the stage begins
};

/// A part of a curriculum: until this share of the generations, no lifetime is longer than that.
struct CurriculumStage {
    double until;         ///< 0 … 1, the last stage's is 1
    std::size_t longest;  ///< updates
};

/// The stages of a curriculum, with `make(longest)` in each; `longest` is at most `limit`.
template <class MakeTask>
[[nodiscard]] auto curriculum(std::span<const CurriculumStage> stages, std::size_t members,
                              std::size_t limit, MakeTask make) {
    std::vector<EvolutionStage<decltype(make(limit))>> parts;
    for (const CurriculumStage& stage : stages) {
        const std::size_t longest = std::min(stage.longest, limit);
        parts.push_back({stage.until, members, [make, longest] { return make(longest); }});
    }
    return parts;
}

/// The generation that a stage ends before.
template <Task TaskType>
[[nodiscard]] std::size_t end_of(const EvolutionStage<TaskType>& stage, std::size_t generations) {
    return static_cast<std::size_t>(stage.until * static_cast<double>(generations));
}

}  // namespace tdca
