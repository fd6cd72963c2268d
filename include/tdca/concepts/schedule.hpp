// The contract of a schedule of step sizes.
#pragma once

#include <concepts>
#include <cstddef>

#include "tdca/core/abi.hpp"
#include "tdca/core/course.hpp"
#include "tdca/core/random.hpp"

namespace tdca::inline TDCA_ABI {

/// Whose synapses a step size is for.
enum class SynapseRole : std::size_t { hidden, output, feedback };

/// How large the steps of synapses are over a lifetime.
///
/// | member | meaning |
/// | --- | --- |
/// | `Genome`, `initialize(genome, key)` | genes and their values before evolution |
/// | `step(genome, role, progress, depth)` | the step size now, for a layer at relative depth `depth` in (0, 1] |
///
/// `step` is `noexcept` and does not allocate.
template <class S>
concept Schedule = std::default_initializable<typename S::Genome> &&
                   requires(typename S::Genome& newborn, const typename S::Genome& genome,
                            const Progress& progress) {
                       S::initialize(newborn, Key{0});
                       {
                           S::step(genome, SynapseRole::hidden, progress, 0.5F)
                       } noexcept -> std::convertible_to<float>;
                   };

namespace detail {

/// Tells of something that is no schedule which member it lacks, a sentence each.
template <class S>
consteval bool tell_what_a_schedule_lacks() {
    static_assert(
        requires { requires std::default_initializable<typename S::Genome>; },
        "a schedule needs Genome: its genes");
    if constexpr (requires { typename S::Genome; }) {
        static_assert(
            requires(typename S::Genome& genome) { S::initialize(genome, Key{0}); },
            "a schedule needs a static initialize(genome, key): the genes before evolution");
        static_assert(
            requires(const typename S::Genome& genome, const Progress& progress) {
                {
                    S::step(genome, SynapseRole::hidden, progress, 0.5F)
                } noexcept -> std::convertible_to<float>;
            },
            "a schedule needs a static step(genome, role, progress, depth), noexcept, which "
            "returns the step size now");
    }
    return false;
}

}  // namespace detail

}  // namespace tdca
