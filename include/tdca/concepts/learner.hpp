// The contract of a learner: what lifetimes, cohorts, pipelines and tasks ask of it.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>

#include "tdca/core/abi.hpp"
#include "tdca/core/course.hpp"
#include "tdca/core/random.hpp"

namespace tdca::inline TDCA_ABI {

namespace detail {

/// A learner that tells outputs itself.
template <class L>
concept AnsweringLearner = requires(const typename L::network::Params& params,
                                    typename L::template Workspace<1>& workspace,
                                    std::span<const float, L::network::input_shape::size> in) {
    {
        L::template answer<1>(params, in, workspace)
    } noexcept -> std::convertible_to<std::span<const float, L::network::output_shape::size>>;
};

}  // namespace detail

/// What makes a network learn, minibatch by minibatch: a `Learner`, exact gradients in its place,
/// or one's own.
///
/// | member | meaning |
/// | --- | --- |
/// | `network` | the bottom-up network |
/// | `Target` | what the task says of one sample |
/// | `Genome`, `initialize(genome, key)` | genes and their values before evolution |
/// | `State` | a lifetime's memory: `params`, `age` (updates done), `error` (a `RunningError`) and its own |
/// | `Workspace<Samples>` | one update's scratch: `activities`, `eligibilities` and its own; or its own alone, and |
/// | `answer<Samples>(params, in, workspace)` | the outputs, where no activity is kept: then `activities` and `eligibilities` need not be |
/// | `begin(genome, key, course, state)` | a new lifetime |
/// | `initialize_network(key, params)`, `begin_initialized(genome, key, course, state)` | the two parts of it: what is the same under every genome, and the rest |
/// | `update<Samples>(genome, course, in, targets, state, workspace)` | one update; counts it in `age` |
///
/// `update` is `noexcept` and allocates nothing. Same key, same bits.
template <class L>
concept LearnerLike =
    std::default_initializable<typename L::Genome> && std::copyable<typename L::Genome> &&
    requires(typename L::Genome& newborn, const typename L::Genome& genome, const Course& course,
             typename L::network::Params& params, typename L::State& state,
             typename L::template Workspace<1>& workspace,
             std::span<const float, L::network::input_shape::size> in,
             std::span<const typename L::Target, 1> targets) {
        L::initialize(newborn, Key{0});
        L::begin(genome, Key{0}, course, state);
        L::initialize_network(Key{0}, params);
        L::begin_initialized(genome, Key{0}, course, state);
        { L::template update<1>(genome, course, in, targets, state, workspace) } noexcept;
        { state.params } -> std::same_as<typename L::network::Params&>;
        { state.age } -> std::convertible_to<std::size_t>;
        { state.error.relative() } -> std::convertible_to<float>;
    } &&
    (detail::AnsweringLearner<L> || requires(typename L::template Workspace<1>& workspace) {
        workspace.activities;
        workspace.eligibilities;
    });

namespace detail {

/// Tells of something that is no learner which member it lacks, a sentence each.
template <class L>
consteval bool tell_what_a_learner_lacks() {
    static_assert(
        requires { typename L::network; }, "a learner needs network: the bottom-up network");
    static_assert(
        requires { typename L::Target; }, "a learner needs Target: what the task says of a sample");
    static_assert(
        requires { typename L::Genome; }, "a learner needs Genome: what evolution may change");
    static_assert(
        requires { typename L::State; }, "a learner needs State: a lifetime's memory");
    static_assert(
        requires { typename L::template Workspace<1>; },
        "a learner needs Workspace<Samples>: one update's scratch");
    if constexpr (requires {
                      typename L::network;
                      typename L::Target;
                      typename L::Genome;
                      typename L::State;
                      typename L::template Workspace<1>;
                  }) {
        static_assert(
            requires(typename L::State& state) {
                { state.params } -> std::same_as<typename L::network::Params&>;
                { state.age } -> std::convertible_to<std::size_t>;
                { state.error.relative() } -> std::convertible_to<float>;
            }, "a learner's State needs params, age and error");
        static_assert(
            AnsweringLearner<L> || requires(typename L::template Workspace<1>& workspace) {
                workspace.activities;
                workspace.eligibilities;
            }, "a learner's Workspace needs activities and eligibilities");
        static_assert(
            requires(typename L::Genome& genome) { L::initialize(genome, Key{0}); },
            "a learner needs a static initialize(genome, key): the genome before evolution");
        static_assert(
            requires(const typename L::Genome& genome, const Course& course,
                     typename L::State& state) { L::begin(genome, Key{0}, course, state); },
            "a learner needs a static begin(genome, key, course, state): a new lifetime");
        static_assert(
            requires(typename L::network::Params& params) {
                L::initialize_network(Key{0}, params);
            }, "a learner needs a static initialize_network(key, params)");
        static_assert(
            requires(const typename L::Genome& genome, const Course& course,
                     typename L::State& state) {
                L::begin_initialized(genome, Key{0}, course, state);
            },
            "a learner needs a static begin_initialized(genome, key, course, state)");
        static_assert(
            requires(const typename L::Genome& genome, const Course& course,
                     std::span<const float, L::network::input_shape::size> in,
                     std::span<const typename L::Target, 1> targets, typename L::State& state,
                     typename L::template Workspace<1>& workspace) {
                { L::template update<1>(genome, course, in, targets, state, workspace) } noexcept;
            },
            "a learner needs a static update<Samples>(genome, course, in, targets, state, "
            "workspace), noexcept");
    }
    return false;
}

}  // namespace detail

}  // namespace tdca
