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

}  // namespace tdca
