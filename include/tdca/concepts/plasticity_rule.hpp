// The contract of a plasticity rule.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <span>

namespace tdca {

/// What a synapse makes of its credit × activity: own traces + delta + step size → change.
///
/// | member | meaning |
/// | --- | --- |
/// | `Genome`, `initialize(genome)` | the rule's genes and their values before evolution |
/// | `Constants`, `express(genome)` | the same in the units the kernel wants, once per lifetime |
/// | `Traces<N>` | memory of `N` synapses, zero at birth |
/// | `width_factor(fan_in)` | step size per unit of the schedule, so that one genome fits any width |
/// | `apply<N>(constants, age, step, delta, traces, params)` | changes `params`, in place |
///
/// `age` counts the lifetime's updates from 1. `apply` is `noexcept`, touches one layer only and
/// never allocates. Deltas point uphill: credit is what would improve the output.
template <class R>
concept PlasticityRule =
    std::default_initializable<typename R::Genome> &&
    requires(typename R::Genome& genome, const typename R::Genome& genes,
             const typename R::Constants& constants, typename R::template Traces<16>& traces,
             std::span<const float, 16> delta, std::span<float, 16> params) {
        R::initialize(genome);
        { R::express(genes) } -> std::same_as<typename R::Constants>;
        { R::width_factor(std::size_t{784}) } -> std::convertible_to<float>;
        { R::template apply<16>(constants, std::size_t{1}, 0.1F, delta, traces, params) } noexcept;
    };

}  // namespace tdca
