// Register tiles, and the loops over them that make a matrix product of compile-time shape.
#pragma once

#include <algorithm>
#include <cstddef>
#include <type_traits>

#include "tdca/core/abi.hpp"
#include "tdca/math/simd.hpp"

namespace tdca::inline TDCA_ABI::detail {

/// Registers left for accumulators once the operands of one step have theirs.
template <class Scalar>
inline constexpr std::size_t accumulator_registers = lanes<Scalar> * sizeof(Scalar) == 64 ? 28 : 12;

/// Packs side by side in a tile: two amortise each broadcast, one is all that a narrow matrix has.
template <class Scalar>
constexpr std::size_t tile_packs(std::size_t columns) {
    return columns > lanes<Scalar> ? 2 : 1;
}

/// How so many things are cut into tiles of no more than `Most`, of nearly equal height, so that no
/// sliver remains: `tall` tiles of `height + 1`, then tiles of `height`.
template <std::size_t Rows, std::size_t Most>
struct EvenTiles {
    static constexpr std::size_t rows = Rows;
    static constexpr std::size_t count = (Rows + Most - 1) / Most;
    static constexpr std::size_t height = Rows / count;
    static constexpr std::size_t tall = Rows % count;
};

/// The tiles of the rows of a product.
template <class Scalar, std::size_t Rows, std::size_t Packs>
using RowTiles = EvenTiles<Rows, accumulator_registers<Scalar> / Packs>;

/// What a tile does with a number of A, a pack of B and a sum: adds their product in one operation.
/// Other steps are functions of the three.
struct FusedStep {};

/// Rows of B that a tile asks for ahead of their use, where they lie far apart.
inline constexpr std::size_t prefetch_distance = 16;

/// One register tile: `Rows` rows by `Packs` packs of `A · B`, `Inner` products deep.
///
/// A(r, k) = a[r · RowStride + k · InnerStride], so that one kernel serves A and its transpose.
/// B is row-major with `Columns` columns; the tile starts at column 0 of `b`. `Tail` is the number
/// of columns in the last pack, 0 where it is full. A partial pack may read past its row, into the
/// next one, but never past the matrix.
template <std::size_t Rows, std::size_t Packs, std::size_t Inner, std::size_t Columns,
          std::size_t Tail, std::size_t RowStride, std::size_t InnerStride, class Step = FusedStep,
          class Scalar, class Start, class Finish>
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

    using last_pack = std::integral_constant<std::size_t, Tail == 0 ? width : Tail>;

    // Plain arrays and fully unrolled loops: both compilers then keep the tile in registers.
    Vector sums[Rows][Packs];
    TDCA_UNROLL
    for (std::size_t p = 0; p < Packs; ++p) {
        const Vector initial = p + 1 < Packs ? start(column + p * width, full_pack{})
                                             : start(column + p * width, last_pack{});
        TDCA_UNROLL
        for (std::size_t r = 0; r < Rows; ++r) sums[r][p] = initial;
    }
    const Scalar* a_column = a;
    const Scalar* b_row = b;
    const auto accumulate = [&](auto load_last) __attribute__((always_inline)) {
        if constexpr (Columns > 2 * Packs * width) {
            TDCA_UNROLL
            for (std::size_t p = 0; p < Packs; ++p) {
                __builtin_prefetch(b_row + prefetch_distance * Columns + p * width);
            }
        }
        Vector from_b[Packs];
        TDCA_UNROLL
        for (std::size_t p = 0; p < full_packs; ++p) from_b[p] = simd::load(b_row + p * width);
        if constexpr (Tail != 0) from_b[Packs - 1] = load_last(b_row + full_packs * width);
        TDCA_UNROLL
        for (std::size_t r = 0; r < Rows; ++r) {
            const Vector from_a(a_column[r * RowStride]);
            TDCA_UNROLL
            for (std::size_t p = 0; p < Packs; ++p) {
                // Said here, not in a function of the step: g++ 12 needs 1 % fewer instructions.
                if constexpr (std::is_same_v<Step, FusedStep>) {
                    sums[r][p] = simd::fma(from_a, from_b[p], sums[r][p]);
                } else {
                    sums[r][p] = Step{}(from_a, from_b[p], sums[r][p]);
                }
            }
        }
        a_column += InnerStride;
        b_row += Columns;
    };
    TDCA_UNROLL_TWICE
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
            finish(r, column + full_packs * width, sums[r][Packs - 1], last_pack{});
        }
    }
}

/// Calls `tile(row, height)` for each tile; `height` is a constant.
template <class Tiles, class Tile>
inline void for_each_tile(Tile&& tile) noexcept {
    std::size_t row = 0;
    if constexpr (Tiles::tall != 0) {
        using tall_height = std::integral_constant<std::size_t, Tiles::height + 1>;
        for (; row < Tiles::tall * tall_height{}; row += tall_height{}) tile(row, tall_height{});
    }
    using height = std::integral_constant<std::size_t, Tiles::height>;
    for (; row < Tiles::rows; row += height{}) tile(row, height{});
}

/// How the columns of a product are cut into bands of tiles.
template <class Scalar, std::size_t Columns>
struct ColumnBands {
    static constexpr std::size_t packs = tile_packs<Scalar>(Columns);
    static constexpr std::size_t width = packs * lanes<Scalar>;
    static constexpr std::size_t rest = Columns % width;
    static constexpr std::size_t rest_packs = (rest + lanes<Scalar> - 1) / lanes<Scalar>;
    static constexpr std::size_t rest_tail = rest % lanes<Scalar>;
};

/// A · B, one band of columns after the other: the band of B is read once per tile of rows and
/// stays close. For a B that is larger than A's tiles: a layer's weights.
template <std::size_t Rows, std::size_t Inner, std::size_t Columns, std::size_t RowStride,
          std::size_t InnerStride, class Step = FusedStep, class Scalar, class Start, class Finish>
inline void product(const Scalar* a, const Scalar* b, Start start, Finish finish) noexcept {
    using Bands = ColumnBands<Scalar, Columns>;
    const auto band = [&]<std::size_t Packs, std::size_t Tail>(
                          std::size_t column, std::integral_constant<std::size_t, Packs>,
                          std::integral_constant<std::size_t, Tail>) {
        for_each_tile<RowTiles<Scalar, Rows, Packs>>([&](std::size_t row, auto height) {
            product_tile<height, Packs, Inner, Columns, Tail, RowStride, InnerStride, Step>(
                a + row * RowStride, b + column, column, start,
                [&finish, row](std::size_t r, auto... more) { finish(row + r, more...); });
        });
    };
    for (std::size_t column = 0; column + Bands::width <= Columns; column += Bands::width) {
        band(column, std::integral_constant<std::size_t, Bands::packs>{},
             std::integral_constant<std::size_t, 0>{});
    }
    if constexpr (Bands::rest != 0) {
        band(Columns - Bands::rest, std::integral_constant<std::size_t, Bands::rest_packs>{},
             std::integral_constant<std::size_t, Bands::rest_tail>{});
    }
}

/// One tile of `Height` rows of A · B over all its columns: results come out row by row.
template <std::size_t Height, std::size_t Inner, std::size_t Columns, std::size_t RowStride,
          std::size_t InnerStride, class Scalar, class Start, class Finish>
inline void product_row(const Scalar* a, const Scalar* b, Start start, Finish finish) noexcept {
    using Bands = ColumnBands<Scalar, Columns>;
    for (std::size_t column = 0; column + Bands::width <= Columns; column += Bands::width) {
        product_tile<Height, Bands::packs, Inner, Columns, 0, RowStride, InnerStride>(
            a, b + column, column, start, finish);
    }
    if constexpr (Bands::rest != 0) {
        constexpr std::size_t column = Columns - Bands::rest;
        product_tile<Height, Bands::rest_packs, Inner, Columns, Bands::rest_tail, RowStride,
                     InnerStride>(a, b + column, column, start, finish);
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

}  // namespace tdca::detail
