// OuterLoop: what an evolution of whole lives and one in windows of them have in common.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "tdca/concepts/evolution_strategy.hpp"
#include "tdca/concepts/ranks.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/random.hpp"
#include "tdca/evolution/detail/require_state.hpp"

namespace tdca::inline TDCA_ABI {

/// What one generation did.
struct GenerationReport {
    std::size_t generation = 0;  ///< number of this generation, from 0
    double best = 0;             ///< highest mean fitness of a member, −∞ where all broke
    double mean = 0;             ///< over members whose every lifetime was finite, NaN without any
    std::size_t broken = 0;      ///< lifetimes whose fitness was not finite
    double seconds = 0;          ///< wall time of the generation
};

/// A strategy, its state, and a task whose genome it changes: the part of @ref Evolution and of
/// @ref WindowEvolution that does not ask how members live. Everything random follows from `key`.
///
/// @tparam Strategy an `EvolutionStrategy`
/// @tparam TaskType has a genome, and initialises it
/// @tparam RanksType processes that share the work out
template <class Strategy, class TaskType, class RanksType>
class OuterLoop {
    static_assert(
        EvolutionStrategy<Strategy> || detail::tell_what_a_strategy_lacks<Strategy>(),
        "this is no evolution strategy; see tdca/concepts/evolution_strategy.hpp for what "
        "one must offer");
    static_assert(Ranks<RanksType> || detail::tell_what_ranks_lack<RanksType>(),
                  "these are no ranks; see tdca/concepts/ranks.hpp for what they must offer");

public:
    using State = typename Strategy::State;
    using Genome = typename TaskType::Genome;  ///< what is evolved

    static constexpr std::size_t genes = Genome::count;

    /// The strategy's state: all that a checkpoint needs.
    [[nodiscard]] const State& state() const noexcept { return state_; }

    /// Begins anew, with this genome in place of the initial one.
    ///
    /// @throws tdca::Error where a gene is not finite; the run is then as it was
    void begin_from(const Genome& genome) { state_ = strategy_.init(genes_of(genome)); }

    /// Continues from a saved state.
    ///
    /// @throws tdca::Error naming the vector of the state that has another length than this run's,
    ///   or a number that is not finite, or that no run could have come to; the run is then as it
    ///   was
    void resume(State state) {
        detail::require_state(strategy_, genes, state);
        state_ = std::move(state);
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
    [[nodiscard]] const RanksType& ranks() const noexcept { return ranks_; }

protected:
    // Branches of the run's key.
    static constexpr std::uint64_t birthing = 0;  ///< genes of the initial genome
    static constexpr std::uint64_t noising = 1;   ///< where members lie about the mean
    static constexpr std::uint64_t living = 2;    ///< lives of members
    static constexpr std::uint64_t judging = 3;   ///< lives of the mean, for display

    /// A run at its first generation, from the initial genome that `key` gives.
    OuterLoop(Strategy strategy, TaskType task, Key key, int threads, RanksType ranks)
        : strategy_(std::move(strategy)),
          task_(std::move(task)),
          key_(key),
          threads_(std::max(threads, 1)),
          ranks_(std::move(ranks)),
          state_(strategy_.init(newborn(key))) {}

    /// What the strategy draws its members from.
    [[nodiscard]] Key noise_key() const noexcept { return key_ / noising; }

    /// What is told of a generation.
    ///
    /// @param fitness `lifetimes` × members
    [[nodiscard]] GenerationReport summarize(std::span<const double> fitness,
                                             std::size_t lifetimes) const {
        const std::size_t members = strategy_.members();
        GenerationReport report;
        report.generation = state_.generation;
        report.best = -std::numeric_limits<double>::infinity();
        std::size_t finite = 0;
        for (std::size_t m = 0; m < members; ++m) {
            double total = 0;
            for (std::size_t index = 0; index < lifetimes; ++index) {
                const double value = fitness[index * members + m];
                if (!std::isfinite(value)) ++report.broken;
                total += value / static_cast<double>(lifetimes);
            }
            if (!std::isfinite(total)) continue;
            report.best = std::max(report.best, total);
            report.mean += total;
            ++finite;
        }
        report.mean /= static_cast<double>(finite);  // 0 / 0 where all broke
        return report;
    }

    Strategy strategy_;  ///< where members come from
    TaskType task_;      ///< what they are judged by
    Key key_;            ///< what everything random follows from
    int threads_;        ///< how many live at a time, at least 1
    RanksType ranks_;    ///< processes that share the work out
    State state_;        ///< all that a checkpoint needs

private:
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
};

}  // namespace tdca
