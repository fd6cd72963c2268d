// The contract of a credit diffusion.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <type_traits>

#include "tdca/core/abi.hpp"
#include "tdca/core/parameters.hpp"

namespace tdca::inline TDCA_ABI {

/// How the credit of few sources reaches the neurons of a layer of any width.
///
/// | member | meaning |
/// | --- | --- |
/// | `sources<Neurons>` | how many sources a layer of that width has |
/// | `genome_sources` | how many where they are evolved, whatever the width |
/// | `is_identity` | whether every neuron is its own source |
/// | `Genome` | the kernel's genes |
/// | `reach<Neurons>(genome, j, out)` | fills in how strongly each source reaches neuron j: column j of the kernel K, sources × neurons |
///
/// A neuron's credit is Σ_s signal_s K[s, j], so diffusion is linear by construction. The kernel is
/// a function of positions in [0, 1], or [0, 1]², so the same genes serve every width.
template <class D>
concept Diffusion =
    std::default_initializable<typename D::Genome> &&
    requires(const typename D::Genome& genome, std::span<float, D::template sources<24>> out) {
        { D::genome_sources } -> std::convertible_to<std::size_t>;
        { D::is_identity } -> std::convertible_to<bool>;
        { D::template reach<24>(genome, std::size_t{0}, out) } noexcept;
    };

namespace detail {

template <class D, class LayerShape>
struct KernelOn {
    using type = D;
};
template <class D, class LayerShape>
    requires requires { typename D::template On<LayerShape>; }
struct KernelOn<D, LayerShape> {
    using type = typename D::template On<LayerShape>;
};

}  // namespace detail

/// The kernel on layers of this shape: `D::On<LayerShape>`, a diffusion with the same genes, where
/// it heeds more than the number of neurons; else D itself.
template <Diffusion D, class LayerShape>
using KernelOn = typename detail::KernelOn<D, LayerShape>::type;

/// The whole kernel K of a layer, sources × `Neurons`.
template <Diffusion D, std::size_t Neurons, class Scalar>
inline void fill_kernel(const typename D::Genome& genome,
                        std::span<Scalar, D::template sources<Neurons> * Neurons> out) noexcept {
    constexpr std::size_t sources = D::template sources<Neurons>;
    Scalar column[sources];
    for (std::size_t j = 0; j < Neurons; ++j) {
        D::template reach<Neurons>(genome, j, std::span<Scalar, sources>(column));
        for (std::size_t s = 0; s < sources; ++s) out[s * Neurons + j] = column[s];
    }
}

namespace detail {

/// Tells of something that is no diffusion which member it lacks, a sentence each.
template <class D>
consteval bool tell_what_a_diffusion_lacks() {
    static_assert(
        requires { typename D::Genome; }, "a diffusion needs Genome: the kernel's genes");
    static_assert(
        requires {
            { D::template sources<24> } -> std::convertible_to<std::size_t>;
        }, "a diffusion needs sources<Neurons>: how many sources a layer of that width has");
    static_assert(
        requires {
            { D::genome_sources } -> std::convertible_to<std::size_t>;
        }, "a diffusion needs genome_sources: how many there are where they are evolved");
    static_assert(
        requires {
            { D::is_identity } -> std::convertible_to<bool>;
        }, "a diffusion needs is_identity: whether every neuron is its own source");
    if constexpr (requires {
                      typename D::Genome;
                      std::size_t{D::template sources<24>};
                  }) {
        static_assert(
            requires(const typename D::Genome& genome,
                     std::span<float, D::template sources<24>> out) {
                { D::template reach<24>(genome, std::size_t{0}, out) } noexcept;
            },
            "a diffusion needs reach<Neurons>(genome, j, out), noexcept: how strongly each source "
            "reaches neuron j");
    }
    return false;
}

/// Takes the place of what is no diffusion, once that was said, so that what it lacks is not told
/// again of all that would use it.
struct StandInDiffusion {
    using Genome = Genes<float>;
    template <std::size_t Neurons>
    static constexpr std::size_t sources = 1;
    static constexpr std::size_t genome_sources = 1;
    static constexpr bool is_identity = false;
    template <std::size_t Neurons, class Scalar>
    static void reach(const Genome& /*genome*/, std::size_t /*neuron*/,
                      std::span<Scalar, 1> /*out*/) noexcept {}
};

/// `D` itself, where it is a diffusion.
template <class D>
using DiffusionOrStandIn = std::conditional_t<Diffusion<D>, D, StandInDiffusion>;

}  // namespace detail

}  // namespace tdca
