// Convolutions of compile-time shape: the forward pass and the local update of a layer of feature
// maps.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <span>

#include "tdca/core/abi.hpp"
#include "tdca/core/detail/product.hpp"
#include "tdca/core/lanes.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/simd.hpp"

namespace tdca::inline TDCA_ABI {

/// The shapes of a convolution: `channels` maps of `rows` × `columns` become `filters` maps, each
/// seen through square windows of side `extent`.
///
/// A filter sees the `channels / groups` maps of its own group. Maps are surrounded by `padding`
/// zeros on each side; windows are `stride` apart.
struct ConvolutionShape {
    std::size_t channels, rows, columns, filters, extent;
    std::size_t stride = 1, padding = 0, groups = 1;

    [[nodiscard]] constexpr bool is_possible() const noexcept {
        return channels > 0 && filters > 0 && extent > 0 && stride > 0 && groups > 0 &&
               channels % groups == 0 && filters % groups == 0 && extent <= rows + 2 * padding &&
               extent <= columns + 2 * padding;
    }
    [[nodiscard]] constexpr std::size_t out_rows() const noexcept {
        return (rows + 2 * padding - extent) / stride + 1;
    }
    [[nodiscard]] constexpr std::size_t out_columns() const noexcept {
        return (columns + 2 * padding - extent) / stride + 1;
    }
    [[nodiscard]] constexpr std::size_t inputs() const noexcept {
        return channels * rows * columns;
    }
    [[nodiscard]] constexpr std::size_t outputs() const noexcept {
        return filters * out_rows() * out_columns();
    }
    /// Synapses of one filter.
    [[nodiscard]] constexpr std::size_t fan_in() const noexcept {
        return channels / groups * extent * extent;
    }

    // Maps as the kernels read them: surrounded by their padding, and cut into stride × stride
    // *phases* (rows and columns of equal remainder), so that neighbouring windows read
    // neighbouring numbers at any stride.
    [[nodiscard]] constexpr std::size_t phase_rows() const noexcept {
        return (rows + 2 * padding + stride - 1) / stride;
    }
    [[nodiscard]] constexpr std::size_t pitch() const noexcept {
        return (columns + 2 * padding + stride - 1) / stride;
    }
    [[nodiscard]] constexpr std::size_t map_size() const noexcept {
        return stride * stride * phase_rows() * pitch();
    }
    /// Where a window's entry (row, column) lies, from the window's first.
    [[nodiscard]] constexpr std::size_t offset_of(std::size_t row,
                                                  std::size_t column) const noexcept {
        const std::size_t phase = row % stride * stride + column % stride;
        return phase * phase_rows() * pitch() + row / stride * pitch() + column / stride;
    }
    /// Whether maps are as the kernels read them without being laid out anew.
    [[nodiscard]] constexpr bool is_plain() const noexcept { return stride == 1 && padding == 0; }

    /// Windows from the first to the last in steps of one along the pitch: those between the end of
    /// one row of outputs and the start of the next are no outputs, and are dropped or multiplied
    /// by zero. That costs their share of the work, and makes every loop one long run.
    [[nodiscard]] constexpr std::size_t positions() const noexcept {
        return (out_rows() - 1) * pitch() + out_columns();
    }
};

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

namespace detail {

/// How the windows of one map are cut into packs. The last pack begins early enough to end with the
/// last window, so no load leaves the map; where a map has fewer windows than lanes, the one pack
/// is a partial one.
template <class Scalar, ConvolutionShape S>
struct WindowPacks {
    static constexpr std::size_t width = lanes<Scalar>;
    static constexpr std::size_t count = (S.positions() + width - 1) / width;
    static constexpr bool is_partial = S.positions() < width;

    static constexpr std::size_t start(std::size_t pack) noexcept {
        return is_partial ? 0 : std::min(pack * width, S.positions() - width);
    }
    [[nodiscard]] static Pack<Scalar> load(const Scalar* from) noexcept {
        if constexpr (is_partial) {
            return simd::load_partial(from, S.positions());
        } else {
            return simd::load(from);
        }
    }
};

/// `Filters` filters by `Packs` packs of windows, summed over a group's channels.
///
/// @param flat where sums go: a row of `WindowPacks::count · width` for each filter
template <ConvolutionShape S, std::size_t Filters, std::size_t Packs, class Scalar>
[[gnu::always_inline]] inline void convolve_tile(const Scalar* maps, const Scalar* kernels,
                                                 const Scalar* bias, std::size_t first_pack,
                                                 Scalar* flat) noexcept {
    using Windows = WindowPacks<Scalar, S>;
    constexpr std::size_t channels = S.channels / S.groups;
    Pack<Scalar> sums[Filters][Packs];
    TDCA_UNROLL
    for (std::size_t f = 0; f < Filters; ++f) {
        TDCA_UNROLL
        for (std::size_t p = 0; p < Packs; ++p) sums[f][p] = Pack<Scalar>(bias[f]);
    }
    const Scalar* starts[Packs];
    TDCA_UNROLL
    for (std::size_t p = 0; p < Packs; ++p) starts[p] = maps + Windows::start(first_pack + p);
    for (std::size_t c = 0; c < channels; ++c) {
        for (std::size_t row = 0; row < S.extent; ++row) {
            for (std::size_t column = 0; column < S.extent; ++column) {
                const std::size_t offset = c * S.map_size() + S.offset_of(row, column);
                const Scalar* const weight = kernels + (c * S.extent + row) * S.extent + column;
                Pack<Scalar> seen[Packs];
                TDCA_UNROLL
                for (std::size_t p = 0; p < Packs; ++p) {
                    seen[p] = Windows::load(starts[p] + offset);
                }
                TDCA_UNROLL
                for (std::size_t f = 0; f < Filters; ++f) {
                    const Pack<Scalar> w(weight[f * S.fan_in()]);
                    TDCA_UNROLL
                    for (std::size_t p = 0; p < Packs; ++p) {
                        sums[f][p] = simd::fma(w, seen[p], sums[f][p]);
                    }
                }
            }
        }
    }
    TDCA_UNROLL
    for (std::size_t f = 0; f < Filters; ++f) {
        TDCA_UNROLL
        for (std::size_t p = 0; p < Packs; ++p) {
            Scalar* const to = flat + f * Windows::count * Windows::width;
            simd::store(to + Windows::start(first_pack + p), sums[f][p]);
        }
    }
}

/// Packs of windows that a tile of a convolution is wide.
inline constexpr std::size_t window_packs = 3;

}  // namespace detail

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
                simd::map(std::span<Scalar, Height * row_size>(flat.data(), Height * row_size),
                          transform,
                          std::span<const Scalar, Height * row_size>(flat.data(),
                                                                     Height * row_size));
                for (std::size_t f = 0; f < Height; ++f) {
                    Scalar* to = out.data() + ((s * S.filters) + filter + f) *
                                                  (S.out_rows() * S.out_columns());
                    for (std::size_t row = 0; row < S.out_rows(); ++row) {
                        std::copy_n(flat.data() + f * row_size + row * S.pitch(), S.out_columns(),
                                    to + row * S.out_columns());
                    }
                }
            });
        }
    }
}

namespace detail {

/// Adds credit × map, summed over the windows of `count` samples, to `Filters` × one row of taps of
/// the kernels' deltas.
///
/// @param credits `count` × filters of the group × packs of windows
template <ConvolutionShape S, std::size_t Filters, class Scalar>
[[gnu::always_inline]] inline void correlate_tile(const Scalar* maps, const Scalar* credits,
                                                  std::size_t count, Scalar* delta) noexcept {
    using Windows = WindowPacks<Scalar, S>;
    constexpr std::size_t width = Windows::width;
    constexpr std::size_t row_size = Windows::count * width;
    constexpr std::size_t sums_size = (Filters * S.extent + width - 1) / width * width;
    // A list of all sums, so that they are added across lanes a pack at a time.
    Pack<Scalar> sums[sums_size];
    TDCA_UNROLL
    for (std::size_t i = 0; i < sums_size; ++i) sums[i] = Pack<Scalar>(Scalar{0});
    for (std::size_t s = 0; s < count; ++s) {
        const Scalar* const map = maps + s * S.channels * S.map_size();
        const Scalar* const credit = credits + s * (S.filters / S.groups) * row_size;
        for (std::size_t pack = 0; pack < Windows::count; ++pack) {
            Pack<Scalar> seen[S.extent];
            TDCA_UNROLL
            for (std::size_t column = 0; column < S.extent; ++column) {
                seen[column] = Windows::load(map + Windows::start(pack) + S.offset_of(0, column));
            }
            TDCA_UNROLL
            for (std::size_t f = 0; f < Filters; ++f) {
                const Pack<Scalar> c = simd::load(credit + f * row_size + pack * width);
                TDCA_UNROLL
                for (std::size_t column = 0; column < S.extent; ++column) {
                    sums[f * S.extent + column] =
                        simd::fma(c, seen[column], sums[f * S.extent + column]);
                }
            }
        }
    }
    alignas(alignment) Scalar totals[sums_size];
    TDCA_UNROLL
    for (std::size_t i = 0; i < sums_size; i += width) {
        Pack<Scalar> some[width];
        TDCA_UNROLL
        for (std::size_t j = 0; j < width; ++j) some[j] = sums[i + j];
        simd::store(totals + i, simd::sum_each<Scalar>(some));
    }
    for (std::size_t f = 0; f < Filters; ++f) {
        for (std::size_t column = 0; column < S.extent; ++column) {
            delta[f * S.fan_in() + column] += totals[f * S.extent + column];
        }
    }
}

/// The credit of the windows of one filter, laid out in packs; whatever is no window, or stands in
/// the pack before, is zero.
template <ConvolutionShape S, class Scalar>
inline void lay_out_credit(const Scalar* credit, Scalar* out) noexcept {
    using Windows = WindowPacks<Scalar, S>;
    constexpr std::size_t whole = Windows::is_partial ? 0 : S.positions() / Windows::width;
    std::fill_n(out, Windows::count * Windows::width, Scalar{0});
    for (std::size_t row = 0; row < S.out_rows(); ++row) {
        std::copy_n(credit + row * S.out_columns(), S.out_columns(), out + row * S.pitch());
    }
    if constexpr (whole < Windows::count && !Windows::is_partial) {
        // The last pack begins earlier: its windows move to its end.
        constexpr std::size_t rest = S.positions() % Windows::width;
        Scalar* const last = out + whole * Windows::width;
        std::copy_backward(last, last + rest, last + Windows::width);
        std::fill_n(last, Windows::width - rest, Scalar{0});
    }
}

}  // namespace detail

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
