// MapDiffusion: credit diffusion over the feature maps of a convolutional layer.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

#include "tdca/core/abi.hpp"
#include "tdca/core/shape.hpp"
#include "tdca/credit/diffusion.hpp"

namespace tdca::inline TDCA_ABI {

/// Whose sources those over feature maps are.
enum class ChannelSources {
    shared,   ///< one grid of sources over all maps: neurons at one place hear the same
    separate  ///< a grid over each map
};

namespace detail {

/// The kernel of @ref MapDiffusion on maps of one shape.
template <std::size_t Side, ChannelSources Whose, std::size_t Channels, std::size_t Rows,
          std::size_t Columns>
struct MapKernel {
    static constexpr std::size_t grid = Side * Side;
    static constexpr std::size_t genome_sources =
        Whose == ChannelSources::shared ? grid : Channels * grid;
    template <std::size_t Neurons>
    static constexpr std::size_t sources = genome_sources;
    static constexpr bool is_identity = false;
    using Genome = typename PlanarDiffusion<Side>::Genome;

    template <std::size_t Neurons, class Scalar>
    static void reach(const Genome& genome, std::size_t neuron,
                      std::span<Scalar, genome_sources> out) noexcept {
        const std::size_t place = neuron % (Rows * Columns);
        const std::size_t channel = neuron / (Rows * Columns);
        std::size_t first = 0;
        if constexpr (Whose == ChannelSources::separate) {
            std::ranges::fill(out, Scalar{0});
            first = channel * grid;
        }
        planar_reach<Side>(
            genome.template get<"log_width">()[0], grid_middle(place % Columns, Columns),
            grid_middle(place / Columns, Rows), out.subspan(first).template first<grid>());
    }
};

}  // namespace detail

/// Gaussian credit diffusion from Side × Side sources to the places of feature maps: neurons that
/// see neighbouring parts of an image get similar credits. Of the sources only the side is fixed:
/// maps may have any number of rows and columns, and stand as the image does.
///
/// The kernel and its one gene are those of @ref PlanarDiffusion, so a genome serves either. On
/// layers that are no maps this is @ref GaussianDiffusion from as many sources in a line.
template <std::size_t Side, ChannelSources Whose = ChannelSources::separate>
struct MapDiffusion : GaussianDiffusion<Side * Side> {
    /// The kernel on layers of a shape.
    template <class LayerShape>
    struct On : GaussianDiffusion<Side * Side> {};
    template <std::size_t Channels, std::size_t Rows, std::size_t Columns>
    struct On<Shape<Channels, Rows, Columns>>
        : detail::MapKernel<Side, Whose, Channels, Rows, Columns> {};
};

}  // namespace tdca
