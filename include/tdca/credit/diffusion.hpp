// Credit diffusion: from a few sources to every neuron of a layer.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>

#include "tdca/core/parameters.hpp"

namespace tdca {

/// Gaussian credit diffusion from `Sources` evenly spaced sources to a layer of any width.
///
/// Source s stands at (s + ½) / Sources, neuron j at (j + ½) / Neurons, both in [0, 1]:
///   K[s, j] = exp(−½ ((x_s − x_j) / σ)²) / norm_j,   norm_j = √(Σ_s (…)²),   σ = e^γ / Sources,
/// with γ the one gene (0: neighbouring sources are one σ apart). Columns have unit Euclidean
/// norm, so independent sources give every neuron a credit of the same variance, at any width.
/// The idea of diffusion is the paper's (arXiv:2208.01416, abstract); the kernel is our choice.
template <std::size_t Sources>
struct GaussianDiffusion {
    static_assert(Sources > 0, "credit needs at least one source");

    template <std::size_t Neurons>
    static constexpr std::size_t sources = Sources;
    static constexpr std::size_t genome_sources = Sources;
    static constexpr bool is_identity = false;
    using Genome = Genes<float, Parameter<"log_width", Shape<1>>>;

    template <std::size_t Neurons, class Scalar>
    static void kernel(const Genome& genome, std::span<Scalar, Sources * Neurons> out) noexcept {
        // A width beyond these limits is a flat or a needle kernel; the clamp keeps it finite.
        const double gene = std::fmin(std::fmax(genome.get<"log_width">()[0], -3.0), 5.0);
        const double sigma = std::exp(gene) / static_cast<double>(Sources);
        for (std::size_t j = 0; j < Neurons; ++j) {
            const double neuron = (static_cast<double>(j) + 0.5) / static_cast<double>(Neurons);
            double power = 0;
            double column[Sources];
            // Relative to the nearest source, so that a needle kernel cannot underflow to 0 / 0.
            double nearest = 1.0;
            for (std::size_t s = 0; s < Sources; ++s) {
                column[s] = std::abs((static_cast<double>(s) + 0.5) / Sources - neuron);
                nearest = std::fmin(nearest, column[s]);
            }
            for (double& value : column) {
                value = std::exp(0.5 * (nearest * nearest - value * value) / (sigma * sigma));
                power += value * value;
            }
            for (std::size_t s = 0; s < Sources; ++s) {
                out[s * Neurons + j] = static_cast<Scalar>(column[s] / std::sqrt(power));
            }
        }
    }
};

/// Every neuron is its own source: per-neuron heads, the alternative that diffusion is measured
/// against.
///
/// @tparam HeadNeurons with evolved feedback, the width of every hidden layer, since then each of
///   its neurons has genes of its own; of no consequence otherwise
template <std::size_t HeadNeurons = 0>
struct NoDiffusion {
    template <std::size_t Neurons>
    static constexpr std::size_t sources = Neurons;
    static constexpr std::size_t genome_sources = HeadNeurons;
    static constexpr bool is_identity = true;
    using Genome = Genes<float>;

    template <std::size_t Neurons, class Scalar>
    static void kernel(const Genome& /*genome*/,
                       std::span<Scalar, Neurons * Neurons> out) noexcept {
        for (std::size_t i = 0; i < Neurons * Neurons; ++i) {
            out[i] = i % (Neurons + 1) == 0 ? Scalar{1} : Scalar{0};
        }
    }
};

}  // namespace tdca
