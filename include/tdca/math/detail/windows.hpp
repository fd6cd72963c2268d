// Register tiles of a convolution: windows by the pack.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <type_traits>

#include "tdca/core/abi.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/math/convolution_shape.hpp"
#include "tdca/math/detail/product.hpp"
#include "tdca/math/lanes.hpp"
#include "tdca/math/simd.hpp"

namespace tdca::inline TDCA_ABI::detail {

/// Asks for part number `step` of `Steps` of so many numbers, to be in the second-level cache when
/// their turn comes. What reads or writes many streams, a line of each at a time, waits for memory
/// else: the processor sees no pattern in it.
template <std::size_t Size, std::size_t Steps, class Scalar>
inline void prefetch_part(const Scalar* from, std::size_t step) noexcept {
    constexpr std::size_t line = alignment / sizeof(Scalar);
    constexpr std::size_t part = (Size + Steps * line - 1) / (Steps * line) * line;
    for (std::size_t i = step * part; i < std::min((step + 1) * part, Size); i += line) {
        __builtin_prefetch(from + i);
    }
}

/// Packs of windows that a tile of a convolution is wide.
inline constexpr std::size_t window_packs = 3;

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

/// Where each entry of a window lies, from the window's first.
template <ConvolutionShape S>
inline constexpr auto tap_offsets = [] {
    std::array<std::size_t, S.extent * S.extent> offsets{};
    for (std::size_t tap = 0; tap < offsets.size(); ++tap) {
        offsets[tap] = S.offset_of(tap / S.extent, tap % S.extent);
    }
    return offsets;
}();

/// The other way: packs that each lie within one row of a map above, so that sums are stored where
/// they belong. The last pack of a row begins early enough to end with it, or is a partial one.
template <class Scalar, ConvolutionShape S>
struct RowPacks {
    static constexpr std::size_t width = lanes<Scalar>;
    static constexpr std::size_t per_row = (S.out_columns() + width - 1) / width;
    static constexpr std::size_t count = S.out_rows() * per_row;
    static constexpr bool is_partial = S.out_columns() < width;
    /// Whether it pays: as much of its work is of use, nearly, and partial packs cost no more than
    /// whole ones.
    static constexpr bool is_better =
        (!is_partial || simd::has_masks<Scalar>)&&10 * count <= 11 * WindowPacks<Scalar, S>::count;

    static constexpr std::size_t column(std::size_t pack) noexcept {
        return is_partial ? 0 : std::min(pack % per_row * width, S.out_columns() - width);
    }
    static constexpr std::size_t start(std::size_t pack) noexcept {
        return pack / per_row * S.pitch() + column(pack);
    }
    /// Where it goes, within a map above.
    static constexpr std::size_t place(std::size_t pack) noexcept {
        return pack / per_row * S.out_columns() + column(pack);
    }
    [[nodiscard]] static Pack<Scalar> load(const Scalar* from) noexcept {
        if constexpr (is_partial) {
            return simd::load_partial(from, S.out_columns());
        } else {
            return simd::load(from);
        }
    }
    static void store(Scalar* to, Pack<Scalar> value) noexcept {
        if constexpr (is_partial) {
            simd::store_partial(to, value, S.out_columns());
        } else {
            simd::store(to, value);
        }
    }
};

/// `Filters` filters by `Packs` packs of windows, summed over a group's channels.
///
/// @tparam Windows how windows are cut into packs
/// @param store is called with a filter, the number of a pack, and the sums
template <ConvolutionShape S, std::size_t Filters, std::size_t Packs, class Windows, class Scalar,
          class Store>
[[gnu::always_inline]] inline void convolve_tile(const Scalar* maps, const Scalar* kernels,
                                                 const Scalar* bias, std::size_t first_pack,
                                                 Store&& store) noexcept {
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
    const Scalar* weight = kernels;
    for (std::size_t c = 0; c < channels; ++c) {
        const std::size_t channel = c * S.map_size();
        TDCA_NO_UNROLL
        for (std::size_t tap = 0; tap < S.extent * S.extent; ++tap, ++weight) {
            const std::size_t offset = channel + tap_offsets<S>[tap];
            Pack<Scalar> seen[Packs];
            TDCA_UNROLL
            for (std::size_t p = 0; p < Packs; ++p) {
                seen[p] = Windows::load(starts[p] + offset);
                simd::hold(seen[p]);
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
    TDCA_UNROLL
    for (std::size_t f = 0; f < Filters; ++f) {
        TDCA_UNROLL
        for (std::size_t p = 0; p < Packs; ++p) store(f, first_pack + p, sums[f][p]);
    }
}

/// All packs of `Filters` filters, a few at a time; calls `before(step)` before each of
/// `window_steps<Windows>` steps.
template <class Windows>
inline constexpr std::size_t window_steps = (Windows::count + window_packs - 1) / window_packs;

template <ConvolutionShape S, std::size_t Filters, class Windows, class Scalar, class Store,
          class Before>
[[gnu::always_inline]] inline void convolve_filters(const Scalar* maps, const Scalar* kernels,
                                                    const Scalar* bias, Store store,
                                                    Before before) noexcept {
    constexpr std::size_t packs = std::min(window_packs, Windows::count);
    constexpr std::size_t rest = Windows::count % packs;
    for (std::size_t pack = 0; pack + packs <= Windows::count; pack += packs) {
        before(pack / packs);
        convolve_tile<S, Filters, packs, Windows>(maps, kernels, bias, pack, store);
    }
    if constexpr (rest != 0) {
        before(Windows::count / packs);
        convolve_tile<S, Filters, rest, Windows>(maps, kernels, bias, Windows::count - rest, store);
    }
}

/// One sample, lanes along windows.
///
/// @param is_followed whether another sample follows, whose maps and sums are asked for meanwhile
template <ConvolutionShape S, class Scalar, class Transform>
inline void convolve_by_windows(const Scalar* maps, const Scalar* kernels, const Scalar* bias,
                                Scalar* out, Transform transform, bool is_followed) noexcept {
    using Rows = RowPacks<Scalar, S>;
    using Runs = WindowPacks<Scalar, S>;
    using Windows = std::conditional_t<Rows::is_better, Rows, Runs>;
    constexpr std::size_t filters = S.filters / S.groups;
    constexpr std::size_t in_size = S.channels * S.map_size();
    constexpr std::size_t windows = S.out_rows() * S.out_columns();
    using Tiles = RowTiles<Scalar, filters, window_packs>;
    constexpr std::size_t steps = S.groups * Tiles::count * window_steps<Windows>;
    std::size_t steps_done = 0;
    const auto look_ahead = [&](std::size_t step) {
        if (!is_followed) return;
        prefetch_part<in_size, steps>(maps + in_size, steps_done + step);
        prefetch_part<S.outputs(), steps>(out + S.outputs(), steps_done + step);
    };
    for (std::size_t group = 0; group < S.groups; ++group) {
        const Scalar* const from = maps + group * (S.channels / S.groups) * S.map_size();
        for_each_tile<Tiles>([&](std::size_t first, auto height) {
            const std::size_t filter = group * filters + first;
            const Scalar* const weights = kernels + filter * S.fan_in();
            Scalar* const to = out + filter * windows;
            if constexpr (Rows::is_better) {
                convolve_filters<S, height, Rows>(
                    from, weights, bias + filter,
                    [&](std::size_t f, std::size_t pack, Pack<Scalar> sum) {
                        Rows::store(to + f * windows + Rows::place(pack), transform(sum));
                    },
                    look_ahead);
            } else {
                constexpr std::size_t row_size = Runs::count * Runs::width;
                alignas(alignment) std::array<Scalar, height * row_size> flat;
                convolve_filters<S, height, Runs>(
                    from, weights, bias + filter,
                    [&](std::size_t f, std::size_t pack, Pack<Scalar> sum) {
                        simd::store(flat.data() + f * row_size + Runs::start(pack), transform(sum));
                    },
                    look_ahead);
                for (std::size_t f = 0; f < height; ++f) {
                    for (std::size_t row = 0; row < S.out_rows(); ++row) {
                        std::copy_n(flat.data() + f * row_size + row * S.pitch(), S.out_columns(),
                                    to + f * windows + row * S.out_columns());
                    }
                }
            }
            steps_done += window_steps<Windows>;
        });
    }
}

}  // namespace tdca::detail
