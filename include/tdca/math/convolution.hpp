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
#include "tdca/math/detail/filter_packs.hpp"
#include "tdca/math/detail/product.hpp"
#include "tdca/math/detail/window_credits.hpp"
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
    // Rows by the pack, where the zeros that copies write behind them stay within the map.
    constexpr bool is_by_rows =
        S.stride == 1 && (simd::has_masks<Scalar> || S.columns >= lanes<Scalar>)&&S.offset_of(
                             S.rows - 1 + S.padding, S.padding) +
                                 whole_packs<Scalar>(S.columns) <=
                             S.map_size();
    // Where those zeros end behind the last row, and whether they reach from row to row.
    constexpr std::size_t end =
        S.offset_of(S.rows - 1 + S.padding, S.padding) + whole_packs<Scalar>(S.columns);
    constexpr bool is_covered = is_by_rows && whole_packs<Scalar>(S.columns) >= S.pitch();
    for (std::size_t map = 0; map < Samples * S.channels; ++map) {
        const Scalar* const from = in.data() + map * S.rows * S.columns;
        Scalar* const to = out.data() + map * S.map_size();
        if constexpr (is_covered) {
            std::fill_n(to, S.offset_of(S.padding, S.padding), Scalar{0});
            std::fill_n(to + end, S.map_size() - end, Scalar{0});
        } else {
            std::fill_n(to, S.map_size(), Scalar{0});
        }
        for (std::size_t row = 0; row < S.rows; ++row) {
            if constexpr (is_by_rows) {
                detail::copy_row<S.columns>(from + row * S.columns,
                                            to + S.offset_of(row + S.padding, S.padding));
                continue;
            }
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
    constexpr std::size_t in_size = S.channels * S.map_size();
    if constexpr (detail::FilterPacks<Scalar, S>::is_better && Samples > 1) {
        detail::TurnedKernels<Scalar, S> turned;
        for (std::size_t group = 0; group < S.groups; ++group) {
            turned.take(kernels.data(), group);
            for (std::size_t s = 0; s < Samples; ++s) {
                detail::convolve_by_filters<S>(maps.data() + s * in_size, turned, bias.data(),
                                               out.data() + s * S.outputs(), transform,
                                               s + 1 < Samples);
            }
        }
    } else {
        for (std::size_t s = 0; s < Samples; ++s) {
            detail::convolve_by_windows<S>(maps.data() + s * in_size, kernels.data(), bias.data(),
                                           out.data() + s * S.outputs(), transform,
                                           s + 1 < Samples);
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
    // A few samples at a time: the order of sums, and credit that stays in a cache nearby.
    constexpr std::size_t block = std::clamp<std::size_t>(
        (std::size_t{1} << 16U) / (filters * row_size * sizeof(Scalar)), 1, Samples);
    constexpr std::size_t tap_rows = detail::tap_rows<Scalar, S>;
    using Tiles = detail::RowTiles<Scalar, filters, tap_rows * S.extent>;
    constexpr std::size_t tallest = Tiles::height + (Tiles::tall == 0 ? 0 : 1);
    alignas(alignment) std::array<Scalar, block * tallest * row_size + Windows::width> credits;

    std::fill(delta.begin(), delta.end(), Scalar{0});
    std::fill(bias.begin(), bias.end(), Scalar{0});
    for (std::size_t group = 0; group < S.groups; ++group) {
        for (std::size_t first = 0; first < Samples; first += block) {
            const std::size_t count = std::min(block, Samples - first);
            const auto credit_of = [&](std::size_t s, std::size_t f) {
                return credit.data() + ((first + s) * S.filters + group * filters + f) * windows;
            };
            // Where a filter's credit is used once, its sum is taken then; else of many side by
            // side.
            for (std::size_t s = 0; tap_rows == 1 && s < count; ++s) {
                detail::for_each_tile<detail::EvenTiles<filters, 8>>([&](std::size_t f, auto some) {
                    detail::add_sums<some, windows>(credit_of(s, f), &bias[group * filters + f]);
                });
            }
            constexpr std::size_t steps = Tiles::count * channels * (S.extent / tap_rows);
            std::size_t step = 0;
            detail::for_each_tile<Tiles>([&](std::size_t f, auto height) {
                for (std::size_t s = 0; s < count; ++s) {
                    if constexpr (tap_rows > 1) {
                        detail::add_sums<height, windows>(credit_of(s, f),
                                                          &bias[group * filters + f]);
                    }
                    for (std::size_t i = 0; i < height; ++i) {
                        detail::lay_out_credit<S>(credit_of(s, f + i),
                                                  credits.data() + (s * height + i) * row_size);
                    }
                }
                for (std::size_t c = 0; c < channels; ++c) {
                    const Scalar* const map =
                        maps.data() + (first * S.channels + group * channels + c) * S.map_size();
                    for (std::size_t row = 0; row < S.extent; row += tap_rows, ++step) {
                        if (first + block < Samples) {
                            detail::prefetch_part<block * S.channels * S.map_size(), steps>(
                                maps.data() + (first + block) * S.channels * S.map_size(), step);
                            detail::prefetch_part<block * S.outputs(), steps>(
                                credit.data() + (first + block) * S.outputs(), step);
                        }
                        detail::correlate_tile<S, height>(
                            map + S.offset_of(row, 0), credits.data(), count,
                            delta.data() + (group * filters + f) * S.fan_in() +
                                (c * S.extent + row) * S.extent);
                    }
                }
            });
        }
    }
    const auto mean = [](auto sum) {
        return sum * decltype(sum)(Scalar{1} / static_cast<Scalar>(Samples));
    };
    simd::map(delta, mean, delta);
    simd::map(bias, mean, bias);
}

}  // namespace tdca
