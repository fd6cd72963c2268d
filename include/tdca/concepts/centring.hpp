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

namespace detail {

/// Tells of what does not centre credits which member it lacks, a sentence each.
template <class C>
consteval bool tell_what_centring_lacks() {
    static_assert(
        requires { requires std::default_initializable<typename C::Genome>; },
        "centring needs Genome: its genes");
    static_assert(
        requires { typename C::Constants; },
        "centring needs Constants: its genes in the units that it works with");
    if constexpr (requires {
                      typename C::Genome;
                      typename C::Constants;
                  }) {
        static_assert(
            requires(typename C::Genome& genome) { C::initialize(genome); },
            "centring needs a static initialize(genome): the genes before evolution");
        static_assert(
            requires(const typename C::Genome& genome) {
                { C::decode(genome) } -> std::same_as<typename C::Constants>;
            }, "centring needs a static decode(genome), which returns its Constants");
        static_assert(
            requires(const typename C::Constants& constants, std::span<float, 6> credit) {
                { C::template apply<2, 3>(constants, false, credit) } noexcept;
            },
            "centring needs a static apply<Samples, Units>(constants, is_output, credit), "
            "noexcept");
    }
    return false;
}

}  // namespace detail

}  // namespace tdca
