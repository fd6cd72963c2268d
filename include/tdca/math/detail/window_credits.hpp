// Register tiles of the local update of a convolution, and the credit of its windows laid out for
// them.
#pragma once

#include <algorithm>
#include <cstddef>

#include "tdca/core/abi.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/math/convolution_shape.hpp"
#include "tdca/math/detail/product.hpp"
#include "tdca/math/detail/windows.hpp"
#include "tdca/math/lanes.hpp"
#include "tdca/math/simd.hpp"

namespace tdca::inline TDCA_ABI::detail {

/// Rows of taps that a tile of a correlation holds: where there is one channel, the whole window,
/// so that credits are read once; else one, so that each is used for as many filters as can be.
template <class Scalar, ConvolutionShape S>
inline constexpr std::size_t tap_rows =
    S.channels == S.groups && 2 * S.extent * S.extent <= accumulator_registers<Scalar> ? S.extent
                                                                                       : 1;

/// Adds credit × map, summed over the windows of `count` samples, to `Filters` × some rows of taps
/// of the kernels' deltas.
///
/// @param credits `count` × `Filters` × packs of windows
template <ConvolutionShape S, std::size_t Filters, class Scalar>
[[gnu::always_inline]] inline void correlate_tile(const Scalar* maps, const Scalar* credits,
                                                  std::size_t count, Scalar* delta) noexcept {
    using Windows = WindowPacks<Scalar, S>;
    constexpr std::size_t width = Windows::width;
    constexpr std::size_t row_size = Windows::count * width;
    constexpr std::size_t taps = tap_rows<Scalar, S> * S.extent;
    constexpr std::size_t sums_size = (Filters * taps + width - 1) / width * width;
    // A list of all sums, so that they are added across lanes a pack at a time.
    Pack<Scalar> sums[sums_size];
    TDCA_UNROLL
    for (std::size_t i = 0; i < sums_size; ++i) sums[i] = Pack<Scalar>(Scalar{0});
    for (std::size_t s = 0; s < count; ++s) {
        const Scalar* const map = maps + s * S.channels * S.map_size();
        const Scalar* credit = credits + s * Filters * row_size;
        TDCA_NO_UNROLL
        for (std::size_t pack = 0; pack < Windows::count; ++pack) {
            const Scalar* from =
                map + (pack + 1 == Windows::count ? Windows::start(pack) : pack * width);
            simd::hold(from);
            // The fewer of both are held, and the others come and go.
            if constexpr (Filters < taps) {
                Pack<Scalar> told[Filters];
                TDCA_UNROLL
                for (std::size_t f = 0; f < Filters; ++f) {
                    told[f] = simd::load(credit + f * row_size);
                }
                TDCA_UNROLL
                for (std::size_t tap = 0; tap < taps; ++tap) {
                    Pack<Scalar> seen =
                        Windows::load(from + S.offset_of(tap / S.extent, tap % S.extent));
                    simd::hold(seen);
                    TDCA_UNROLL
                    for (std::size_t f = 0; f < Filters; ++f) {
                        sums[f * taps + tap] = simd::fma(told[f], seen, sums[f * taps + tap]);
                    }
                }
            } else {
                Pack<Scalar> seen[taps];
                TDCA_UNROLL
                for (std::size_t tap = 0; tap < taps; ++tap) {
                    seen[tap] = Windows::load(from + S.offset_of(tap / S.extent, tap % S.extent));
                }
                TDCA_UNROLL
                for (std::size_t f = 0; f < Filters; ++f) {
                    Pack<Scalar> told = simd::load(credit + f * row_size);
                    simd::hold(told);
                    TDCA_UNROLL
                    for (std::size_t tap = 0; tap < taps; ++tap) {
                        sums[f * taps + tap] = simd::fma(told, seen[tap], sums[f * taps + tap]);
                    }
                }
            }
            credit += width;
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
        for (std::size_t tap = 0; tap < taps; ++tap) {
            delta[f * S.fan_in() + tap] += totals[f * taps + tap];
        }
    }
}

/// Adds the sums of `Count` maps of `Size` numbers to `totals`, each in the order of `simd::sum`;
/// side by side, since each is a chain of additions.
template <std::size_t Count, std::size_t Size, class Scalar>
[[gnu::always_inline]] inline void add_sums(const Scalar* maps, Scalar* totals) noexcept {
    constexpr std::size_t width = lanes<Scalar>;
    constexpr std::size_t rest = Size % width;
    Pack<Scalar> sums[Count];
    TDCA_UNROLL
    for (auto& sum : sums) sum = Pack<Scalar>(Scalar{0});
    for (std::size_t i = 0; i + width <= Size; i += width) {
        TDCA_UNROLL
        for (std::size_t m = 0; m < Count; ++m) sums[m] += simd::load(maps + m * Size + i);
    }
    for (std::size_t m = 0; m < Count; ++m) {
        auto total = simd::add_lanes<Scalar>(sums[m]);
        for (std::size_t i = Size - rest; i < Size; ++i) total += maps[m * Size + i];
        totals[m] += total;
    }
}

/// Copies a row of `Count` numbers, and zeros behind it up to a whole pack.
template <std::size_t Count, class Scalar>
[[gnu::always_inline]] inline void copy_row(const Scalar* from, Scalar* to) noexcept {
    constexpr std::size_t width = lanes<Scalar>;
    TDCA_UNROLL
    for (std::size_t i = 0; i + width <= Count; i += width)
        simd::store(to + i, simd::load(from + i));
    if constexpr (constexpr std::size_t rest = Count % width; rest != 0) {
        simd::store(to + Count - rest, simd::load_partial(from + Count - rest, rest));
    }
}

/// The credit of the windows of one filter, laid out in packs; whatever is no window, or stands in
/// the pack before, is zero. Writes a pack more than there are.
template <ConvolutionShape S, class Scalar>
inline void lay_out_credit(const Scalar* credit, Scalar* out) noexcept {
    using Windows = WindowPacks<Scalar, S>;
    constexpr std::size_t whole = Windows::is_partial ? 0 : S.positions() / Windows::width;
    if constexpr (whole_packs<Scalar>(S.out_columns()) < S.pitch()) {
        std::fill_n(out, Windows::count * Windows::width, Scalar{0});
    }
    for (std::size_t row = 0; row < S.out_rows(); ++row) {
        copy_row<S.out_columns()>(credit + row * S.out_columns(), out + row * S.pitch());
    }
    // What the last row's copy leaves of the last pack.
    constexpr std::size_t end =
        (S.out_rows() - 1) * S.pitch() + whole_packs<Scalar>(S.out_columns());
    if constexpr (end < Windows::count * Windows::width) {
        std::fill_n(out + end, Windows::count * Windows::width - end, Scalar{0});
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
