// Matrix products of compile-time shape: the forward pass and the local update of a layer.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <span>

#include "tdca/core/simd.hpp"

namespace tdca {
namespace detail {

/// Registers left for accumulators once the operands of one step have theirs.
template <class Scalar>
inline constexpr std::size_t accumulator_registers = lanes<Scalar> * sizeof(Scalar) == 64 ? 28 : 12;

/// Packs side by side in a tile: two amortise each broadcast, one is all that a narrow matrix has.
template <class Scalar>
constexpr std::size_t tile_packs(std::size_t columns) {
    return columns > lanes<Scalar> ? 2 : 1;
}

/// Rows of a tile: as many as the registers allow, evened out so that no sliver remains.
template <class Scalar>
constexpr std::size_t tile_rows(std::size_t rows, std::size_t packs) {
    const std::size_t most = accumulator_registers<Scalar> / packs;
    const std::size_t tiles = (rows + most - 1) / most;
    return (rows + tiles - 1) / tiles;
}

/// One register tile: `Rows` rows by `Packs` packs of `A · B`, `Inner` products deep.
///
/// A(r, k) = a[r · RowStride + k · InnerStride], so that one kernel serves A and its transpose.
/// B is row-major with `Columns` columns; the tile starts at column 0 of `b`. `Tail` is the number
/// of columns in the last pack, 0 where it is full. A partial pack may read past its row, into the
/// next one, but never past the matrix.
template <std::size_t Rows, std::size_t Packs, std::size_t Inner, std::size_t Columns,
          std::size_t Tail, std::size_t RowStride, std::size_t InnerStride, class Scalar,
          class Start, class Finish>
[[gnu::always_inline]] inline void product_tile(const Scalar* a, const Scalar* b,
                                                std::size_t column, Start start,
                                                Finish finish) noexcept {
    using Vector = Pack<Scalar>;
    constexpr std::size_t width = lanes<Scalar>;
    constexpr std::size_t full_packs = Tail == 0 ? Packs : Packs - 1;
    // Rows of B from which a whole last pack can still be read without leaving the matrix.
    constexpr std::size_t overhang = Tail == 0 ? 0 : width - Tail;
    constexpr std::size_t guarded = std::min(Inner, (overhang + Columns - 1) / Columns);
    using full_pack = std::integral_constant<std::size_t, width>;

    // Plain arrays and fully unrolled loops: both compilers then keep the tile in registers.
    Vector sums[Rows][Packs];
    TDCA_UNROLL
    for (std::size_t p = 0; p < Packs; ++p) {
        const Vector initial = start(column + p * width);
        TDCA_UNROLL
        for (std::size_t r = 0; r < Rows; ++r) sums[r][p] = initial;
    }
    const Scalar* a_column = a;
    const Scalar* b_row = b;
    const auto accumulate = [&](auto load_last) __attribute__((always_inline)) {
        Vector from_b[Packs];
        TDCA_UNROLL
        for (std::size_t p = 0; p < full_packs; ++p) from_b[p] = simd::load(b_row + p * width);
        if constexpr (Tail != 0) from_b[Packs - 1] = load_last(b_row + full_packs * width);
        TDCA_UNROLL
        for (std::size_t r = 0; r < Rows; ++r) {
            const Vector from_a(a_column[r * RowStride]);
            TDCA_UNROLL
            for (std::size_t p = 0; p < Packs; ++p) {
                sums[r][p] = simd::fma(from_a, from_b[p], sums[r][p]);
            }
        }
        a_column += InnerStride;
        b_row += Columns;
    };
    for (std::size_t k = 0; k < Inner - guarded; ++k) {
        accumulate([](const Scalar* from) { return simd::load(from); });
    }
    for (std::size_t k = 0; k < guarded; ++k) {
        accumulate([](const Scalar* from) { return simd::load_partial(from, Tail); });
    }
    TDCA_UNROLL
    for (std::size_t r = 0; r < Rows; ++r) {
        TDCA_UNROLL
        for (std::size_t p = 0; p < full_packs; ++p) {
            finish(r, column + p * width, sums[r][p], full_pack{});
        }
        if constexpr (Tail != 0) {
            finish(r, column + full_packs * width, sums[r][Packs - 1],
                   std::integral_constant<std::size_t, Tail>{});
        }
    }
}

/// All tiles of one band of columns.
template <std::size_t Packs, std::size_t Rows, std::size_t Inner, std::size_t Columns,
          std::size_t Tail, std::size_t RowStride, std::size_t InnerStride, class Scalar,
          class Start, class Finish>
inline void product_band(const Scalar* a, const Scalar* b, std::size_t column, Start start,
                         Finish finish) noexcept {
    constexpr std::size_t tile = tile_rows<Scalar>(Rows, Packs);
    constexpr std::size_t rest = Rows % tile;
    const auto at_row = [&](std::size_t row) {
        return [&finish, row](std::size_t r, auto... more) { finish(row + r, more...); };
    };
    for (std::size_t row = 0; row + tile <= Rows; row += tile) {
        product_tile<tile, Packs, Inner, Columns, Tail, RowStride, InnerStride>(
            a + row * RowStride, b + column, column, start, at_row(row));
    }
    if constexpr (rest != 0) {
        product_tile<rest, Packs, Inner, Columns, Tail, RowStride, InnerStride>(
            a + (Rows - rest) * RowStride, b + column, column, start, at_row(Rows - rest));
    }
}

template <std::size_t Rows, std::size_t Inner, std::size_t Columns, std::size_t RowStride,
          std::size_t InnerStride, class Scalar, class Start, class Finish>
inline void product(const Scalar* a, const Scalar* b, Start start, Finish finish) noexcept {
    constexpr std::size_t width = lanes<Scalar>;
    constexpr std::size_t packs = tile_packs<Scalar>(Columns);
    constexpr std::size_t band = packs * width;
    constexpr std::size_t rest = Columns % band;
    for (std::size_t column = 0; column + band <= Columns; column += band) {
        product_band<packs, Rows, Inner, Columns, 0, RowStride, InnerStride>(a, b, column, start,
                                                                             finish);
    }
    if constexpr (rest != 0) {
        product_band<(rest + width - 1) / width, Rows, Inner, Columns, rest % width, RowStride,
                     InnerStride>(a, b, Columns - rest, start, finish);
    }
}

template <class Scalar>
inline constexpr auto store_to = [](Scalar* out, std::size_t columns, auto transform) {
    return [=](std::size_t row, std::size_t column, Pack<Scalar> value, auto count) {
        Scalar* const to = out + row * columns + column;
        if constexpr (count == lanes<Scalar>) {
            simd::store(to, transform(value));
        } else {
            simd::store_partial(to, transform(value), count);
        }
    };
};

}  // namespace detail

/// `out = transform(X · W + b)`: the forward product of a dense layer.
///
/// @param x `Rows` × `Inner`, one sample a row
/// @param w `Inner` × `Columns`
/// @param bias `Columns`
/// @param out `Rows` × `Columns`, must not overlap the others
/// @param transform applied to each pack before it is stored; the identity by default
///
/// 2 · Rows · Inner · Columns FLOPs. Allocates nothing. Each output is summed in the order of
/// `Inner`, so the result of a row does not depend on the other rows.
template <std::size_t Rows, std::size_t Inner, std::size_t Columns, class Scalar,
          class Transform = std::identity>
inline void affine(std::span<const Scalar, Rows * Inner> x,
                   std::span<const Scalar, Inner * Columns> w,
                   std::span<const Scalar, Columns> bias, std::span<Scalar, Rows * Columns> out,
                   Transform transform = {}) noexcept {
    const auto start = [bias](std::size_t column) {
        return Columns - column >= lanes<Scalar>
                   ? simd::load(bias.data() + column)
                   : simd::load_partial(bias.data() + column, Columns - column);
    };
    detail::product<Rows, Inner, Columns, Inner, 1>(
        x.data(), w.data(), start, detail::store_to<Scalar>(out.data(), Columns, transform));
}

/// `out = X · W`, shapes as in @ref affine.
template <std::size_t Rows, std::size_t Inner, std::size_t Columns, class Scalar>
inline void multiply(std::span<const Scalar, Rows * Inner> x,
                     std::span<const Scalar, Inner * Columns> w,
                     std::span<Scalar, Rows * Columns> out) noexcept {
    const auto zero = [](std::size_t) { return Pack<Scalar>(Scalar{0}); };
    detail::product<Rows, Inner, Columns, Inner, 1>(
        x.data(), w.data(), zero, detail::store_to<Scalar>(out.data(), Columns, std::identity{}));
}

/// `out = Xᵀ · C / Samples`: the batch mean of presynaptic activity × credit, one matrix entry a
/// synapse. This is the local update of a dense layer, before its plasticity rule.
///
/// @param x `Samples` × `Inputs`, presynaptic activity
/// @param credit `Samples` × `Outputs`
/// @param out `Inputs` × `Outputs`, must not overlap the others
///
/// 2 · Samples · Inputs · Outputs FLOPs. Allocates nothing.
template <std::size_t Samples, std::size_t Inputs, std::size_t Outputs, class Scalar>
inline void mean_outer(std::span<const Scalar, Samples * Inputs> x,
                       std::span<const Scalar, Samples * Outputs> credit,
                       std::span<Scalar, Inputs * Outputs> out) noexcept {
    const Pack<Scalar> scale(Scalar{1} / static_cast<Scalar>(Samples));
    const auto zero = [](std::size_t) { return Pack<Scalar>(Scalar{0}); };
    detail::product<Inputs, Samples, Outputs, 1, Inputs>(
        x.data(), credit.data(), zero,
        detail::store_to<Scalar>(out.data(), Outputs,
                                 [scale](Pack<Scalar> value) { return value * scale; }));
}

/// `out[j] = mean over samples of credit[·, j]`: the local update of a bias.
template <std::size_t Samples, std::size_t Outputs, class Scalar>
inline void mean_rows(std::span<const Scalar, Samples * Outputs> credit,
                      std::span<Scalar, Outputs> out) noexcept {
    std::fill(out.begin(), out.end(), Scalar{0});
    for (std::size_t s = 0; s < Samples; ++s) {
        simd::axpy(Scalar{1} / static_cast<Scalar>(Samples), credit.subspan(s * Outputs, Outputs),
                   out);
    }
}

}  // namespace tdca
