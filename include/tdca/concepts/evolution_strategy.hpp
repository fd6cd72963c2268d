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

namespace detail {

/// Tells of something that is no evolution strategy which member it lacks, a sentence each.
template <class E>
consteval bool tell_what_a_strategy_lacks() {
    static_assert(
        requires {
            { E::name } -> std::convertible_to<std::string_view>;
        }, "an evolution strategy needs name: as checkpoints call it");
    static_assert(
        requires { typename E::State; }, "an evolution strategy needs State: its memory");
    static_assert(
        requires(const E& strategy) {
            { strategy.members() } -> std::convertible_to<std::size_t>;
        }, "an evolution strategy needs members(): the size of its population");
    if constexpr (requires { typename E::State; }) {
        static_assert(
            requires(const typename E::State& state) {
                { state.mean } -> std::convertible_to<const std::vector<float>&>;
                { state.generation } -> std::convertible_to<std::size_t>;
            }, "a strategy's State needs mean, a vector of floats, and generation");
        static_assert(
            requires(typename E::State& state, const typename E::State& frozen,
                     void (&read)(const char*, const std::vector<float>&),
                     void (&write)(const char*, std::vector<float>&)) {
                frozen.for_each(read);
                state.for_each(write);
            },
            "a strategy's State needs for_each(visit), const and not: what checkpoints hold");
        static_assert(
            requires(const E& strategy, std::span<const float> mean) {
                { strategy.init(mean) } -> std::same_as<typename E::State>;
            }, "an evolution strategy needs init(mean), which returns its State");
        static_assert(
            requires(const E& strategy, const typename E::State& state, std::span<float> out) {
                strategy.ask(state, Key{0}, std::size_t{0}, out);
            }, "an evolution strategy needs ask(state, key, member, out): a member's genome");
        static_assert(
            requires(const E& strategy, typename E::State& state, std::span<const double> fitness) {
                strategy.tell(state, Key{0}, fitness);
            }, "an evolution strategy needs tell(state, key, fitness)");
    }
    return false;
}

}  // namespace detail

}  // namespace tdca
