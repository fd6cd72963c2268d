// Convolutions of compile-time shape: the forward pass and the local update of a layer of feature
// maps.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <span>

#include "tdca/core/abi.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/math/convolution_shape.hpp"
#include "tdca/math/detail/product.hpp"
#include "tdca/math/detail/windows.hpp"
#include "tdca/math/lanes.hpp"
#include "tdca/math/simd.hpp"

namespace tdca::inline TDCA_ABI {

/// The maps of a batch as the kernels of `S` read them.
///
/// @param in `Samples` × channels × rows × columns
/// @param out `Samples` × channels × `S.map_size()`
template <ConvolutionShape S, std::size_t Samples, class Scalar>
inline void lay_out_maps(std::span<const Scalar, Samples * S.inputs()> in,
                         std::span<Scalar, Samples * S.channels * S.map_size()> out) noexcept {
    std::fill(out.begin(), out.end(), Scalar{0});
    for (std::size_t map = 0; map < Samples * S.channels; ++map) {
        const Scalar* const from = in.data() + map * S.rows * S.columns;
        Scalar* const to = out.data() + map * S.map_size();
        for (std::size_t row = 0; row < S.rows; ++row) {
            for (std::size_t column = 0; column < S.columns; ++column) {
                to[S.offset_of(row + S.padding, column + S.padding)] =
                    from[row * S.columns + column];
            }
        }
    }
}

/// `out = transform(maps ∗ kernels + bias)`: the forward pass of a convolutional layer, sample by
/// sample.
///
/// @param maps `Samples` × channels × `S.map_size()`, see @ref lay_out_maps
/// @param kernels filters × (channels / groups) × extent × extent
/// @param bias filters
/// @param out `Samples` × filters × out_rows × out_columns, must not overlap the others
/// @param transform applied to each pack before it is stored
///
/// 2 · Samples · outputs · fan_in FLOPs, and pitch / out_columns times as many are done. Allocates
/// nothing.
template <ConvolutionShape S, std::size_t Samples, class Scalar, class Transform = std::identity>
inline void convolve(std::span<const Scalar, Samples * S.channels * S.map_size()> maps,
                     std::span<const Scalar, S.filters * S.fan_in()> kernels,
                     std::span<const Scalar, S.filters> bias,
                     std::span<Scalar, Samples * S.outputs()> out,
                     Transform transform = {}) noexcept {
    using Windows = detail::WindowPacks<Scalar, S>;
    constexpr std::size_t row_size = Windows::count * Windows::width;
    constexpr std::size_t filters = S.filters / S.groups;
    constexpr std::size_t channels = S.channels / S.groups;
    constexpr std::size_t tile_packs = std::min(detail::window_packs, Windows::count);
    constexpr std::size_t rest = Windows::count % tile_packs;
    using Tiles = detail::RowTiles<Scalar, filters, tile_packs>;
    alignas(alignment) std::array<Scalar, (Tiles::height + 1) * row_size> flat;

    for (std::size_t s = 0; s < Samples; ++s) {
        for (std::size_t group = 0; group < S.groups; ++group) {
            const Scalar* const from =
                maps.data() + (s * S.channels + group * channels) * S.map_size();
            detail::for_each_tile<Tiles>([&]<std::size_t Height>(
                                             std::size_t first,
                                             std::integral_constant<std::size_t, Height>) {
                const std::size_t filter = group * filters + first;
                const Scalar* const weights = kernels.data() + filter * S.fan_in();
                for (std::size_t pack = 0; pack + tile_packs <= Windows::count;
                     pack += tile_packs) {
                    detail::convolve_tile<S, Height, tile_packs>(
                        from, weights, bias.data() + filter, pack, flat.data());
                }
                if constexpr (rest != 0) {
                    detail::convolve_tile<S, Height, rest>(from, weights, bias.data() + filter,
                                                           Windows::count - rest, flat.data());
                }
                simd::map(
                    std::span<Scalar, Height * row_size>(flat.data(), Height * row_size), transform,
                    std::span<const Scalar, Height * row_size>(flat.data(), Height * row_size));
                for (std::size_t f = 0; f < Height; ++f) {
                    Scalar* to = out.data() +
                                 ((s * S.filters) + filter + f) * (S.out_rows() * S.out_columns());
                    for (std::size_t row = 0; row < S.out_rows(); ++row) {
                        std::copy_n(flat.data() + f * row_size + row * S.pitch(), S.out_columns(),
                                    to + row * S.out_columns());
                    }
                }
            });
        }
    }
}

/// The local update of a convolutional layer: for each synapse the batch mean of credit × what it
/// saw, summed over the windows of a sample.
///
/// @param maps as in @ref convolve
/// @param credit `Samples` × filters × out_rows × out_columns
/// @param delta as `kernels` in @ref convolve
/// @param bias filters
///
/// 2 · Samples · outputs · fan_in FLOPs. Allocates nothing.
template <ConvolutionShape S, std::size_t Samples, class Scalar>
inline void correlate_windows(std::span<const Scalar, Samples * S.channels * S.map_size()> maps,
                              std::span<const Scalar, Samples * S.outputs()> credit,
                              std::span<Scalar, S.filters * S.fan_in()> delta,
                              std::span<Scalar, S.filters> bias) noexcept {
    using Windows = detail::WindowPacks<Scalar, S>;
    constexpr std::size_t row_size = Windows::count * Windows::width;
    constexpr std::size_t windows = S.out_rows() * S.out_columns();
    constexpr std::size_t filters = S.filters / S.groups;
    constexpr std::size_t channels = S.channels / S.groups;
    // A few samples at a time: their credit stays in the second-level cache.
    constexpr std::size_t block = std::clamp<std::size_t>(
        (std::size_t{1} << 16U) / (filters * row_size * sizeof(Scalar)), 1, Samples);
    using Tiles = detail::RowTiles<Scalar, filters, S.extent>;
    alignas(alignment) std::array<Scalar, block * filters * row_size> credits;

    std::fill(delta.begin(), delta.end(), Scalar{0});
    std::fill(bias.begin(), bias.end(), Scalar{0});
    for (std::size_t group = 0; group < S.groups; ++group) {
        for (std::size_t first = 0; first < Samples; first += block) {
            const std::size_t count = std::min(block, Samples - first);
            for (std::size_t s = 0; s < count; ++s) {
                for (std::size_t f = 0; f < filters; ++f) {
                    const std::size_t filter = group * filters + f;
                    const std::span<const Scalar, windows> from(
                        credit.data() + ((first + s) * S.filters + filter) * windows, windows);
                    bias[filter] += simd::sum([](Pack<Scalar> c) { return c; }, from);
                    detail::lay_out_credit<S>(from.data(),
                                              credits.data() + (s * filters + f) * row_size);
                }
            }
            for (std::size_t c = 0; c < channels; ++c) {
                const Scalar* const map =
                    maps.data() + (first * S.channels + group * channels + c) * S.map_size();
                for (std::size_t row = 0; row < S.extent; ++row) {
                    detail::for_each_tile<Tiles>([&](std::size_t f, auto height) {
                        detail::correlate_tile<S, height>(
                            map + S.offset_of(row, 0), credits.data() + f * row_size, count,
                            delta.data() + (group * filters + f) * S.fan_in() +
                                (c * S.extent + row) * S.extent);
                    });
                }
            }
        }
    }
    const auto mean = [](auto sum) {
        return sum * decltype(sum)(Scalar{1} / static_cast<Scalar>(Samples));
    };
    simd::map(delta, mean, delta);
    simd::map(bias, mean, bias);
}

}  // namespace tdca
