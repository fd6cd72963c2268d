// The contract of what assigns credit: a top-down network.
#pragma once

#include <concepts>
#include <span>

#include "tdca/core/abi.hpp"
#include "tdca/core/course.hpp"
#include "tdca/core/random.hpp"

namespace tdca::inline TDCA_ABI {

/// What turns the top-level signal of one batch into a credit for every neuron of a network `Net`.
///
/// | member | meaning |
/// | --- | --- |
/// | `signal` | a `Signal`: what the top level sees |
/// | `Genome`, `initialize(genome, key)` | genes and their values before evolution |
/// | `State<Net>`, `birth<Net>(genome, key, state)` | what lives as long as the network does, and its birth |
/// | `FeedbackParams<Net>` | a tuple of parameter blocks, one for each hidden layer's feedback weights |
/// | `Workspace<Net, Samples>` | scratch |
/// | `assign<Net, Samples>(genome, progress, targets, activities, eligibilities, state, workspace, credits)` | fills the credits of all layers; returns the batch mean of ‖error‖ |
/// | `is_plastic` | whether feedback weights learn; then `correlate_feedback` and `for_each_hidden`, as `TopDownNetwork` has them |
///
/// `assign` is `noexcept`, does not allocate, and is never given the network's parameters.
template <class A, class Net>
concept CreditAssigner =
    std::default_initializable<typename A::Genome> &&
    requires(typename A::Genome& genome, const typename A::Genome& genes, const Progress& progress,
             std::span<const typename A::signal::Target, 1> targets,
             const typename Net::template Activities<1>& activities,
             const typename Net::template Eligibilities<1>& eligibilities,
             typename A::template State<Net>& state, const typename A::template State<Net>& frozen,
             typename A::template Workspace<Net, 1>& workspace,
             typename Net::template Activities<1>& credits) {
        typename A::template FeedbackParams<Net>;
        A::initialize(genome, Key{0});
        A::template birth<Net>(genes, Key{0}, state);
        {
            A::template assign<Net, 1>(genes, progress, targets, activities, eligibilities, frozen,
                                       workspace, credits)
        } noexcept -> std::convertible_to<float>;
        { A::is_plastic } -> std::convertible_to<bool>;
    };

}  // namespace tdca
