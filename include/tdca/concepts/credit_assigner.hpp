// The contract of what assigns credit: a top-down network.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>

#include "tdca/concepts/signal.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/course.hpp"
#include "tdca/core/random.hpp"

namespace tdca::inline TDCA_ABI {

namespace detail {

/// Stands for what is called with a layer's number, and with its feedback weights.
struct AnyLayer {
    void operator()(auto layer) const noexcept;
};
struct AnyWeights {
    void operator()(std::span<const float> weights) const noexcept;
};

}  // namespace detail

/// What turns the top-level signal of one batch into a credit for every neuron of a network `Net`.
///
/// | member | meaning |
/// | --- | --- |
/// | `signal` | a `Signal`: what the top level sees |
/// | `Genome`, `initialize(genome, key)` | genes and their values before evolution |
/// | `State<Net>`, `begin<Net>(genome, key, state)` | what lives as long as the network does, and how it begins |
/// | `FeedbackParams<Net>` | a tuple of parameter blocks, one for each hidden layer's feedback weights |
/// | `Workspace<Net, Samples>` | scratch |
/// | `assign<Net, Samples>(genome, progress, targets, activities, eligibilities, state, workspace, credits)` | fills the credits of all layers; returns the batch mean of ‖error‖ |
/// | `is_plastic` | whether feedback weights learn; then also the members of @ref PlasticCreditAssigner |
///
/// `assign` is `noexcept`, does not allocate, and is never given the network's parameters. Where
/// the layer below the output receives credit, the output layer is wired along its feedback: see
/// @ref WiringCreditAssigner.
template <class A, class Net>
concept CreditAssigner =
    Signal<typename A::signal> && std::default_initializable<typename A::Genome> &&
    requires(typename A::Genome& genome, const typename A::Genome& genes, const Progress& progress,
             std::span<const typename A::signal::Target, 1> targets,
             const typename Net::template Activities<1>& activities,
             const typename Net::template Eligibilities<1>& eligibilities,
             typename A::template State<Net>& state, const typename A::template State<Net>& frozen,
             typename A::template Workspace<Net, 1>& workspace,
             typename Net::template Activities<1>& credits) {
        typename A::template FeedbackParams<Net>;
        A::initialize(genome, Key{0});
        A::template begin<Net>(genes, Key{0}, state);
        {
            A::template assign<Net, 1>(genes, progress, targets, activities, eligibilities, frozen,
                                       workspace, credits)
        } noexcept -> std::convertible_to<float>;
        { A::is_plastic } -> std::convertible_to<bool>;
    };

namespace detail {

/// Whether the feedback weights of hidden layer `I` can be reached, to be changed.
template <class A, class Net, std::size_t I>
concept TellsFeedback = requires(typename A::template State<Net>& state) {
    {
        A::template feedback<Net, I>(state)
    } -> std::same_as<std::tuple_element_t<I, typename A::template FeedbackParams<Net>>&>;
};

/// The same of every hidden layer of `Net` that receives credit.
template <class A, class Net>
concept TellsAllFeedback = []<std::size_t... I>(std::index_sequence<I...>) {
    return ([] {
        if constexpr (Net::template receives_credit<I>) {
            return TellsFeedback<A, Net, I>;
        } else {
            return true;
        }
    }() && ...);
}(std::make_index_sequence<Net::depth - 1>{});

}  // namespace detail

/// One whose feedback weights learn.
///
/// | member | meaning |
/// | --- | --- |
/// | `correlate_feedback<Net, Samples>(activities, state, workspace, deltas)` | after `assign`: what they learn, one block for each hidden layer |
/// | `for_each_hidden<Net>(visit)` | calls `visit(std::integral_constant<std::size_t, i>)` for each hidden layer that receives credit |
/// | `feedback<Net, I>(state)` | the block of that layer's weights, element `I` of `FeedbackParams<Net>`, to be changed |
template <class A, class Net>
concept PlasticCreditAssigner =
    CreditAssigner<A, Net> && A::is_plastic && detail::TellsAllFeedback<A, Net> &&
    requires(const typename Net::template Activities<1>& activities,
             const typename A::template State<Net>& frozen,
             typename A::template Workspace<Net, 1>& workspace,
             typename A::template FeedbackParams<Net>& deltas) {
        { A::template correlate_feedback<Net, 1>(activities, frozen, workspace, deltas) } noexcept;
        A::template for_each_hidden<Net>(detail::AnyLayer{});
    };

/// One that tells the feedback weights of hidden layer `I`, for the output layer to be wired along.
///
/// | member | meaning |
/// | --- | --- |
/// | `with_weights<Net, I>(state, use)` | calls `use(weights)` with output units × neurons of them |
template <class A, class Net, std::size_t I>
concept WiringCreditAssigner =
    CreditAssigner<A, Net> && requires(const typename A::template State<Net>& frozen) {
        A::template with_weights<Net, I>(frozen, detail::AnyWeights{});
    };

namespace detail {

/// Tells of something that assigns no credit which member it lacks, a sentence each.
template <class A, class Net>
consteval bool tell_what_a_credit_assigner_lacks() {
    static_assert(
        requires { requires Signal<typename A::signal>; },
        "a credit assigner needs signal: what the top level sees, a Signal");
    static_assert(
        requires { typename A::Genome; }, "a credit assigner needs Genome: its genes");
    static_assert(
        requires { typename A::template State<Net>; },
        "a credit assigner needs State<Net>: what lives as long as the network does");
    static_assert(
        requires { typename A::template FeedbackParams<Net>; },
        "a credit assigner needs FeedbackParams<Net>: a tuple of parameter blocks");
    static_assert(
        requires { typename A::template Workspace<Net, 1>; },
        "a credit assigner needs Workspace<Net, Samples>: scratch");
    static_assert(
        requires {
            { A::is_plastic } -> std::convertible_to<bool>;
        }, "a credit assigner needs is_plastic: whether feedback weights learn");
    if constexpr (requires {
                      typename A::signal::Target;
                      typename A::Genome;
                      typename A::template State<Net>;
                      typename A::template Workspace<Net, 1>;
                  }) {
        static_assert(
            requires(typename A::Genome& genome) { A::initialize(genome, Key{0}); },
            "a credit assigner needs a static initialize(genome, key)");
        static_assert(
            requires(const typename A::Genome& genome, typename A::template State<Net>& state) {
                A::template begin<Net>(genome, Key{0}, state);
            }, "a credit assigner needs a static begin<Net>(genome, key, state)");
        static_assert(
            requires(const typename A::Genome& genome, const Progress& progress,
                     std::span<const typename A::signal::Target, 1> targets,
                     const typename Net::template Activities<1>& activities,
                     const typename Net::template Eligibilities<1>& eligibilities,
                     const typename A::template State<Net>& state,
                     typename A::template Workspace<Net, 1>& workspace,
                     typename Net::template Activities<1>& credits) {
                {
                    A::template assign<Net, 1>(genome, progress, targets, activities, eligibilities,
                                               state, workspace, credits)
                } noexcept -> std::convertible_to<float>;
            },
            "a credit assigner needs a static assign<Net, Samples>(genome, progress, targets, "
            "activities, eligibilities, state, workspace, credits), noexcept, which returns the "
            "mean error");
    }
    return false;
}

/// Tells of one whose feedback weights learn which member it lacks for that, a sentence each.
template <class A, class Net>
consteval bool tell_what_a_plastic_credit_assigner_lacks() {
    if constexpr (A::is_plastic) {
        static_assert(
            requires(const typename Net::template Activities<1>& activities,
                     const typename A::template State<Net>& state,
                     typename A::template Workspace<Net, 1>& workspace,
                     typename A::template FeedbackParams<Net>& deltas) {
                {
                    A::template correlate_feedback<Net, 1>(activities, state, workspace, deltas)
                } noexcept;
            },
            "a credit assigner whose feedback learns needs a static correlate_feedback<Net, "
            "Samples>(activities, state, workspace, deltas), noexcept");
        static_assert(
            requires { A::template for_each_hidden<Net>(AnyLayer{}); },
            "a credit assigner whose feedback learns needs a static for_each_hidden<Net>(visit)");
        static_assert(
            TellsAllFeedback<A, Net>,
            "a credit assigner whose feedback learns needs a static feedback<Net, I>(state), "
            "which returns element I of FeedbackParams<Net>, to be changed");
    }
    return false;
}

}  // namespace detail

}  // namespace tdca
