// The contract of what is done to a layer's credits before its synapses see them.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>

#include "tdca/core/abi.hpp"

namespace tdca::inline TDCA_ABI {

/// What becomes of a minibatch's credits, layer by layer.
///
/// | member | meaning |
/// | --- | --- |
/// | `Genome`, `initialize(genome)` | genes and their values before evolution |
/// | `Constants`, `decode(genome)` | the same in the units that `apply` wants, once per lifetime |
/// | `apply<Samples, Units>(constants, is_output, credit)` | changes `Samples` × `Units` credits in place; `noexcept` |
template <class C>
concept Centring = std::default_initializable<typename C::Genome> &&
                   requires(typename C::Genome& newborn, const typename C::Genome& genome,
                            const typename C::Constants& constants, std::span<float, 6> credit) {
                       C::initialize(newborn);
                       { C::decode(genome) } -> std::same_as<typename C::Constants>;
                       { C::template apply<2, 3>(constants, false, credit) } noexcept;
                   };

}  // namespace tdca
