// Matrix products of compile-time shape in bfloat16: the forward pass and the local update of a
// layer, their sums in single precision.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <span>
#include <type_traits>
#include <utility>

#include "tdca/core/abi.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/math/bfloat16.hpp"
#include "tdca/math/detail/narrow_product.hpp"
#include "tdca/math/detail/product.hpp"
#include "tdca/math/lanes.hpp"
#include "tdca/math/simd.hpp"

namespace tdca::inline TDCA_ABI {

namespace detail {

/// What a tile does with pairs.
struct PairStep {
    [[gnu::always_inline]] Pack<float> operator()(Pack<float> x, Pack<float> y,
                                                  Pack<float> z) const noexcept {
        return simd::add_product(x, y, z);
    }
};

/// Pairs of so many numbers, the last with a zero where they are odd.
constexpr std::size_t pairs_of(std::size_t numbers) { return (numbers + 1) / 2; }

/// Calls `visit(column, width, count)`, all but the column constants, for each band of a matrix of
/// `Columns`: `width` whole packs, of which `count` columns are the matrix's.
template <std::size_t Columns, class Visitor>
inline void for_each_padded_band(Visitor&& visit) noexcept {
    using Bands = ColumnBands<float, Columns>;
    for (std::size_t column = 0; column + Bands::width <= Columns; column += Bands::width) {
        visit(column, std::integral_constant<std::size_t, Bands::width>{},
              std::integral_constant<std::size_t, Bands::width>{});
    }
    if constexpr (Bands::rest != 0) {
        visit(Columns - Bands::rest,
              std::integral_constant<std::size_t, Bands::rest_packs * lanes<float>>{},
              std::integral_constant<std::size_t, Bands::rest>{});
    }
}

/// One pack of `Count` columns, of which number `first` is the pack's first.
template <std::size_t Count>
[[nodiscard]] inline Pack<float> load_within(const float* row, std::size_t first) noexcept {
    return first + lanes<float> <= Count ? simd::load(row + first)
                                         : simd::load_partial(row + first, Count - first);
}
template <std::size_t Count>
inline void store_within(float* row, std::size_t first, Pack<float> value) noexcept {
    if (first + lanes<float> <= Count) {
        simd::store(row + first, value);
    } else {
        simd::store_partial<float>(row + first, value, Count - first);
    }
}

/// Neighbouring rows of a band in pairs: `pairs_of(Rows)` rows of whole packs.
template <std::size_t Rows, std::size_t Count, std::size_t Stride>
inline void pair_rows(const float* band, float* out) noexcept {
    constexpr std::size_t width = whole_packs<float>(Count);
    for (std::size_t row = 0; row < Rows; row += 2) {
        const float* const even = band + row * Stride;
        TDCA_UNROLL
        for (std::size_t i = 0; i < width; i += lanes<float>) {
            const Pack<float> odd =
                row + 1 < Rows ? load_within<Count>(even + Stride, i) : Pack<float>(0.0F);
            simd::store(out + row / 2 * width + i, simd::pair_up(load_within<Count>(even, i), odd));
        }
    }
}

}  // namespace detail

/// Whether a layer has enough outputs for @ref affine_in_bfloat16 to pay.
constexpr bool pays_in_bfloat16(std::size_t inputs, std::size_t outputs) {
    return !detail::is_narrow<float>(inputs, outputs);
}

/// What the forward pass in bfloat16 scribbles on, and what the update does.
template <std::size_t Samples, std::size_t Inputs, std::size_t Outputs>
struct Bfloat16Scratch {
    static constexpr std::size_t pairs = detail::pairs_of(Inputs);  ///< of a sample
    /// Of a band of weights.
    static constexpr std::size_t band = detail::ColumnBands<float, Outputs>::packs * lanes<float>;

    alignas(alignment) std::array<float, Samples * pairs> inputs;  ///< of all samples, in pairs
    alignas(alignment) std::array<float, pairs * band> weights;    ///< of one band, in pairs
    alignas(alignment) mutable std::array<
        float, detail::pairs_of(Samples) *
                   whole_packs<float>(Outputs)> credit;  ///< samples in pairs, band by band
};

/// As @ref affine, each number rounded to the nearest bfloat16 before it is multiplied; sums are of
/// single precision, pair after pair from the bias on.
///
/// 2 · Samples · Inputs · Outputs FLOPs, and all numbers read once to be rounded.
template <std::size_t Samples, std::size_t Inputs, std::size_t Outputs,
          class Transform = std::identity>
inline void affine_in_bfloat16(std::span<const float, Samples * Inputs> x,
                               std::span<const float, Inputs * Outputs> w,
                               std::span<const float, Outputs> bias,
                               std::span<float, Samples * Outputs> out,
                               Bfloat16Scratch<Samples, Inputs, Outputs>& scratch,
                               Transform transform = {}) noexcept {
    constexpr std::size_t pairs = detail::pairs_of(Inputs);
    for (std::size_t s = 0; s < Samples; ++s) {
        simd::pair_neighbours<Inputs>(x.data() + s * Inputs, scratch.inputs.data() + s * pairs);
    }
    detail::for_each_padded_band<Outputs>([&](std::size_t column, auto width, auto count) {
        detail::pair_rows<Inputs, count, Outputs>(w.data() + column, scratch.weights.data());
        detail::product<Samples, pairs, width, pairs, 1, detail::PairStep>(
            std::as_const(scratch).inputs.data(), std::as_const(scratch).weights.data(),
            [&](std::size_t within, auto) {
                return detail::load_within<count>(bias.data() + column, within);
            },
            [&](std::size_t s, std::size_t within, Pack<float> sum, auto) {
                detail::store_within<count>(out.data() + s * Outputs + column, within,
                                            transform(sum));
            });
    });
}

/// As @ref mean_outer_each, in the manner of @ref affine_in_bfloat16 : pairs of samples.
template <std::size_t Samples, std::size_t Inputs, std::size_t Outputs, class Consume>
inline void mean_outer_each_in_bfloat16(std::span<const float, Samples * Inputs> x,
                                        std::span<const float, Samples * Outputs> credit,
                                        const Bfloat16Scratch<Samples, Inputs, Outputs>& scratch,
                                        Consume consume) noexcept {
    constexpr std::size_t pairs = detail::pairs_of(Samples);
    using Tiles = detail::RowTiles<float, Inputs, detail::tile_packs<float>(Outputs)>;
    detail::for_each_padded_band<Outputs>([&](std::size_t column, auto, auto count) {
        detail::pair_rows<Samples, count, Outputs>(credit.data() + column,
                                                   scratch.credit.data() + column * pairs);
    });
    alignas(alignment) std::array<float, (Tiles::height + 1) * Outputs> deltas;
    alignas(alignment) std::array<float, pairs * whole_packs<float>(Tiles::height + 1)> seen;
    detail::for_each_tile<Tiles>([&]<std::size_t Height>(
                                     std::size_t row, std::integral_constant<std::size_t, Height>) {
        detail::pair_rows<Samples, Height, Inputs>(x.data() + row, seen.data());
        detail::for_each_padded_band<Outputs>([&](std::size_t column, auto width, auto count) {
            detail::product_tile<Height, width / lanes<float>, pairs, width, 0, 1,
                                 whole_packs<float>(Height), detail::PairStep>(
                std::as_const(seen).data(), std::as_const(scratch.credit).data() + column * pairs,
                0, [](std::size_t, auto) { return Pack<float>(0.0F); },
                [&](std::size_t r, std::size_t within, Pack<float> sum, auto) {
                    detail::store_within<count>(
                        deltas.data() + r * Outputs + column, within,
                        sum * Pack<float>(1.0F / static_cast<float>(Samples)));
                });
        });
        consume(row * Outputs,
                std::span<const float, Height * Outputs>(deltas.data(), Height * Outputs));
    });
}

}  // namespace tdca
