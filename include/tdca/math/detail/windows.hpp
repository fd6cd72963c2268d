// Register tiles of a convolution: windows by the pack.
#pragma once

#include <algorithm>
#include <cstddef>

#include "tdca/core/abi.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/math/convolution_shape.hpp"
#include "tdca/math/lanes.hpp"
#include "tdca/math/simd.hpp"

namespace tdca::inline TDCA_ABI::detail {

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

}  // namespace tdca::detail
