// The contract of an evolution strategy.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>

#include "tdca/core/abi.hpp"
#include "tdca/core/random.hpp"

namespace tdca::inline TDCA_ABI {

/// Ask/tell with an explicit key and a plain state: `init / ask / tell`.
///
/// | member | meaning |
/// | --- | --- |
/// | `State` | plain vectors and counters: `mean`, `generation`, and `for_each(visit)` over what a checkpoint must hold |
/// | `init(mean)` | the state before generation 0 |
/// | `members()` | population size |
/// | `ask(state, key, member, out)` | the genome of one member; noise follows from (key, generation, member) and is never stored |
/// | `tell(state, key, fitness)` | one fitness per member, higher is better; a member whose fitness is not finite ranks last, and no NaN or Inf reaches the mean |
///
/// `ask` is const and thread-safe. Same key, same fitness, same bits.
template <class E>
concept EvolutionStrategy =
    requires(const E& strategy, typename E::State& state, const typename E::State& frozen,
             std::span<const float> mean, std::span<float> out, std::span<const double> fitness) {
        { strategy.init(mean) } -> std::same_as<typename E::State>;
        { strategy.members() } -> std::convertible_to<std::size_t>;
        strategy.ask(frozen, Key{0}, std::size_t{0}, out);
        strategy.tell(state, Key{0}, fitness);
        { frozen.generation } -> std::convertible_to<std::size_t>;
    };

}  // namespace tdca
