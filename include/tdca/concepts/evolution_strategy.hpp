// The contract of an evolution strategy.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/random.hpp"

namespace tdca::inline TDCA_ABI {

/// Ask/tell with an explicit key and a plain state: `init / ask / tell`.
///
/// | member | meaning |
/// | --- | --- |
/// | `name` | as checkpoints call it |
/// | `State` | plain vectors and counters: `mean`, `generation`, and `for_each(visit)` with `visit(name, vector)` for each vector, one number a gene, that a checkpoint must hold |
/// | `init(mean)` | the state before generation 0 |
/// | `members()` | population size |
/// | `ask(state, key, member, out)` | the genome of one member; noise follows from (key, generation, member) and is never stored |
/// | `tell(state, key, fitness)` | one fitness per member, higher is better; a member whose fitness is not finite ranks last, and no NaN or Inf reaches the mean |
///
/// `ask` is const and thread-safe. Same key, same fitness, same bits. An option: `check(state)`
/// throws where a state is one that no run could have come to.
template <class E>
concept EvolutionStrategy =
    std::copyable<typename E::State> && std::default_initializable<typename E::State> &&
    requires(const E& strategy, typename E::State& state, const typename E::State& frozen,
             std::span<const float> mean, std::span<float> out, std::span<const double> fitness,
             void (&read)(const char*, const std::vector<float>&),
             void (&write)(const char*, std::vector<float>&)) {
        { E::name } -> std::convertible_to<std::string_view>;
        { strategy.init(mean) } -> std::same_as<typename E::State>;
        { strategy.members() } -> std::convertible_to<std::size_t>;
        strategy.ask(frozen, Key{0}, std::size_t{0}, out);
        strategy.tell(state, Key{0}, fitness);
        { frozen.generation } -> std::convertible_to<std::size_t>;
        { frozen.mean } -> std::convertible_to<const std::vector<float>&>;
        frozen.for_each(read);
        state.for_each(write);
    };

}  // namespace tdca
