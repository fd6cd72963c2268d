// Credit diffusion: from a few sources to every neuron of a layer.
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <span>

#include "tdca/core/abi.hpp"
#include "tdca/core/parameters.hpp"

namespace tdca::inline TDCA_ABI {

namespace detail {

/// σ in units of the layer. A gene beyond these limits is a flat or a needle kernel; the clamp
/// keeps it finite.
[[nodiscard]] inline double kernel_width(float gene, double sources_per_side) noexcept {
    return std::exp(std::fmin(std::fmax(static_cast<double>(gene), -3.0), 5.0)) / sources_per_side;
}

/// The side of the smallest square grid with room for so many.
[[nodiscard]] constexpr std::size_t square_side(std::size_t count) noexcept {
    std::size_t side = 1;
    while (side * side < count) ++side;
    return side;
}

/// out[s] ∝ exp(−½ d²(s) / σ²), of unit Euclidean norm.
///
/// @param square_distance of source s from the neuron
template <std::size_t Sources, class SquareDistance, class Scalar>
void gaussian_reach(SquareDistance&& square_distance, double sigma,
                    std::span<Scalar, Sources> out) noexcept {
    double column[Sources];
    // Relative to the nearest source, so that a needle kernel cannot underflow to 0 / 0.
    double nearest = std::numeric_limits<double>::infinity();
    for (std::size_t s = 0; s < Sources; ++s) {
        column[s] = square_distance(s);
        nearest = std::fmin(nearest, column[s]);
    }
    double power = 0;
    for (double& value : column) {
        value = std::exp(0.5 * (nearest - value) / (sigma * sigma));
        power += value * value;
    }
    for (std::size_t s = 0; s < Sources; ++s) {
        out[s] = static_cast<Scalar>(column[s] / std::sqrt(power));
    }
}

/// Where the middle of a cell stands in [0, 1], of so many side by side.
[[nodiscard]] inline double grid_middle(std::size_t cell, std::size_t cells) noexcept {
    return (static_cast<double>(cell) + 0.5) / static_cast<double>(cells);
}

/// How strongly each of Side × Side sources on the unit square reaches (x, y).
template <std::size_t Side, class Scalar>
void planar_reach(float gene, double x, double y, std::span<Scalar, Side * Side> out) noexcept {
    gaussian_reach<Side * Side>(
        [x, y](std::size_t s) {
            const double dx = grid_middle(s % Side, Side) - x;
            const double dy = grid_middle(s / Side, Side) - y;
            return dx * dx + dy * dy;
        },
        kernel_width(gene, Side), out);
}

}  // namespace detail

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
    static void reach(const Genome& genome, std::size_t neuron,
                      std::span<Scalar, Sources> out) noexcept {
        const double x = (static_cast<double>(neuron) + 0.5) / static_cast<double>(Neurons);
        const double sigma = detail::kernel_width(genome.get<"log_width">()[0], Sources);
        detail::gaussian_reach<Sources>(
            [x](std::size_t s) {
                const double distance = (static_cast<double>(s) + 0.5) / Sources - x;
                return distance * distance;
            },
            sigma, out);
    }
};

/// The same with sources and neurons on a square: Side × Side sources, and neurons row by row on
/// the smallest square grid that holds them. Neighbourhoods are of two dimensions, as in a sheet of
/// cortex.
template <std::size_t Side>
struct PlanarDiffusion {
    static_assert(Side > 0, "credit needs at least one source");
    static constexpr std::size_t genome_sources = Side * Side;

    template <std::size_t Neurons>
    static constexpr std::size_t sources = genome_sources;
    static constexpr bool is_identity = false;
    using Genome = Genes<float, Parameter<"log_width", Shape<1>>>;

    template <std::size_t Neurons, class Scalar>
    static void reach(const Genome& genome, std::size_t neuron,
                      std::span<Scalar, Side * Side> out) noexcept {
        constexpr std::size_t grid = detail::square_side(Neurons);
        detail::planar_reach<Side>(genome.get<"log_width">()[0],
                                   detail::grid_middle(neuron % grid, grid),
                                   detail::grid_middle(neuron / grid, grid), out);
    }
};

/// The kernel of @ref GaussianDiffusion cut off: sources farther than `Reach` + ½ spacings from a
/// neuron do not reach it, so a neuron listens to at most 2 · Reach + 1 sources, however many there
/// are; to one more where it stands halfway between two.
template <std::size_t Sources, std::size_t Reach = 1>
struct TruncatedDiffusion {
    template <std::size_t Neurons>
    static constexpr std::size_t sources = Sources;
    static constexpr std::size_t genome_sources = Sources;
    static constexpr bool is_identity = false;
    using Genome = typename GaussianDiffusion<Sources>::Genome;

    template <std::size_t Neurons, class Scalar>
    static void reach(const Genome& genome, std::size_t neuron,
                      std::span<Scalar, Sources> out) noexcept {
        GaussianDiffusion<Sources>::template reach<Neurons>(genome, neuron, out);
        const double x = (static_cast<double>(neuron) + 0.5) / static_cast<double>(Neurons);
        Scalar power{0};
        for (std::size_t s = 0; s < Sources; ++s) {
            const double spacings =
                std::abs((static_cast<double>(s) + 0.5) - x * static_cast<double>(Sources));
            if (spacings > static_cast<double>(Reach) + 0.5) out[s] = Scalar{0};
            power += out[s] * out[s];
        }
        for (Scalar& value : out) value /= std::sqrt(power);
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
    static void reach(const Genome& /*genome*/, std::size_t neuron,
                      std::span<Scalar, Neurons> out) noexcept {
        for (std::size_t s = 0; s < Neurons; ++s) out[s] = s == neuron ? Scalar{1} : Scalar{0};
    }
};

}  // namespace tdca
