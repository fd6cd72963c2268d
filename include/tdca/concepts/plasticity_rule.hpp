// The contract of a plasticity rule.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>

#include "tdca/core/abi.hpp"
#include "tdca/core/course.hpp"
#include "tdca/math/simd.hpp"

namespace tdca::inline TDCA_ABI {

/// What a synapse makes of its credit × activity: own traces + delta + step size → change.
///
/// | member | meaning |
/// | --- | --- |
/// | `Genome`, `initialize(genome)` | the rule's genes and their values before evolution |
/// | `Constants`, `decode(genome, course)` | the same in the units the kernel wants, once per lifetime |
/// | `traces` | how many numbers a synapse remembers; they are zero at birth |
/// | `width_factor(fan_in)` | a factor on the schedule's step, for a neuron of `fan_in` inputs (1: as the schedule has it), so that one genome fits any width |
/// | `change(constants, age, step)` | what one update does to any synapse: a function object |
/// | `change(…)(delta, traces, weight)` | changes `weight` and `traces`, packs of synapses at a time |
///
/// `age` counts the lifetime's updates from 1. A rule sees one synapse, and so can be applied while
/// the synapse's delta is in a register; it is `noexcept` and never allocates. Deltas point uphill:
/// credit is what would improve the output.
template <class R>
concept PlasticityRule =
    std::default_initializable<typename R::Genome> &&
    requires(typename R::Genome& genome, const typename R::Genome& genes, const Course& course,
             const typename R::Constants& constants, Pack<float> delta,
             std::array<Pack<float>, R::traces>& traces, Pack<float>& weight) {
        R::initialize(genome);
        { R::decode(genes, course) } -> std::same_as<typename R::Constants>;
        { R::width_factor(std::size_t{784}) } -> std::convertible_to<float>;
        { R::change(constants, std::size_t{1}, 0.1F)(delta, traces, weight) } noexcept;
    };

namespace detail {

/// Tells of something that is no plasticity rule which member it lacks, a sentence each.
template <class R>
consteval bool tell_what_a_rule_lacks() {
    static_assert(
        requires { typename R::Genome; }, "a plasticity rule needs Genome: the rule's genes");
    static_assert(
        requires { typename R::Constants; },
        "a plasticity rule needs Constants: its genes in the units that it works with");
    static_assert(
        requires {
            { R::traces } -> std::convertible_to<std::size_t>;
        }, "a plasticity rule needs traces: how many numbers a synapse remembers");
    static_assert(
        requires {
            { R::width_factor(std::size_t{784}) } -> std::convertible_to<float>;
        }, "a plasticity rule needs width_factor(fan_in): a factor on the schedule's step");
    if constexpr (requires {
                      typename R::Genome;
                      typename R::Constants;
                      std::size_t{R::traces};
                  }) {
        static_assert(
            requires(typename R::Genome& genome) { R::initialize(genome); },
            "a plasticity rule needs initialize(genome): the genes before evolution");
        static_assert(
            requires(const typename R::Genome& genes, const Course& course) {
                { R::decode(genes, course) } -> std::same_as<typename R::Constants>;
            }, "a plasticity rule needs decode(genome, course), which returns its Constants");
        static_assert(
            requires(const typename R::Constants& constants, Pack<float> delta,
                     std::array<Pack<float>, R::traces>& traces, Pack<float>& weight) {
                { R::change(constants, std::size_t{1}, 0.1F)(delta, traces, weight) } noexcept;
            },
            "a plasticity rule needs change(constants, age, step), which returns what changes a "
            "synapse: (delta, traces, weight), noexcept");
    }
    return false;
}

}  // namespace detail

}  // namespace tdca
