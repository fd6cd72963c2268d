// Matrix products of compile-time shape: the forward pass and the local update of a layer.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <numeric>
#include <span>
#include <type_traits>
#include <utility>

#include "tdca/core/lanes.hpp"
#include "tdca/core/parameters.hpp"
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

/// How the rows of a product are cut into tiles of nearly equal height, so that no sliver remains:
/// `tall` tiles of `height + 1` rows, then tiles of `height`.
template <class Scalar, std::size_t Rows, std::size_t Packs>
struct RowTiles {
    static constexpr std::size_t rows = Rows;
    static constexpr std::size_t most = accumulator_registers<Scalar> / Packs;
    static constexpr std::size_t count = (Rows + most - 1) / most;
    static constexpr std::size_t height = Rows / count;
    static constexpr std::size_t tall = Rows % count;
};

/// Rows of B that a tile asks for ahead of their use, where they lie far apart.
inline constexpr std::size_t prefetch_distance = 16;

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
                sums[r][p] = simd::fma(from_a, from_b[p], sums[r][p]);
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
          std::size_t InnerStride, class Scalar, class Start, class Finish>
inline void product(const Scalar* a, const Scalar* b, Start start, Finish finish) noexcept {
    using Bands = ColumnBands<Scalar, Columns>;
    const auto band = [&]<std::size_t Packs, std::size_t Tail>(
                          std::size_t column, std::integral_constant<std::size_t, Packs>,
                          std::integral_constant<std::size_t, Tail>) {
        for_each_tile<RowTiles<Scalar, Rows, Packs>>([&](std::size_t row, auto height) {
            product_tile<height, Packs, Inner, Columns, Tail, RowStride, InnerStride>(
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

/// Whether a matrix of `columns` columns leaves so many lanes of a pack idle that it pays to lay
/// the lanes along its `rows` instead. Both products of an output layer are of this kind.
template <class Scalar>
constexpr bool is_narrow(std::size_t rows, std::size_t columns) {
    constexpr std::size_t width = lanes<Scalar>;
    constexpr std::size_t most = 16384;  // scalars of a turned copy that the stack is asked for
    return 4 * columns <= 3 * width && rows >= 2 * width && rows * columns <= most;
}

/// `Count` outputs of a narrow affine product, consecutive in memory from output `First` of the
/// rows at `x`: each is the sum over the lanes of one accumulator.
template <std::size_t First, std::size_t Count, std::size_t Inner, std::size_t Columns,
          class Scalar>
[[gnu::always_inline]] inline Pack<Scalar> narrow_group(const Scalar* x,
                                                        const Scalar* turned) noexcept {
    constexpr std::size_t width = lanes<Scalar>;
    constexpr std::size_t stride = whole_packs<Scalar>(Inner);
    constexpr std::size_t first_row = First / Columns;
    constexpr std::size_t rows = (First + Count - 1) / Columns - first_row + 1;
    Pack<Scalar> sums[width];
    TDCA_UNROLL
    for (std::size_t j = Count; j < width; ++j) sums[j] = Pack<Scalar>(Scalar{0});
    // `add` is false for the first step, which starts the sums.
    const auto accumulate = [&](std::size_t k, auto load, auto add) __attribute__((always_inline)) {
        Pack<Scalar> from_x[rows];
        TDCA_UNROLL
        for (std::size_t r = 0; r < rows; ++r) from_x[r] = load(x + (first_row + r) * Inner + k);
        TDCA_UNROLL
        for (std::size_t j = 0; j < Count; ++j) {
            const std::size_t row = (First + j) / Columns - first_row;
            const auto from_w = simd::load(turned + (First + j) % Columns * stride + k);
            sums[j] = add ? simd::fma(from_x[row], from_w, sums[j]) : from_x[row] * from_w;
        }
    };
    const auto whole = [](const Scalar* from) { return simd::load(from); };
    accumulate(0, whole, std::false_type{});
    for (std::size_t k = width; k + width <= Inner; k += width) {
        accumulate(k, whole, std::true_type{});
    }
    if constexpr (constexpr std::size_t tail = Inner % width; tail != 0) {
        accumulate(
            Inner - tail, [](const Scalar* from) { return simd::load_partial(from, tail); },
            std::true_type{});
    }
    return simd::sum_each<Scalar>(sums);
}

/// `out = transform(X · W + b)` for a narrow W, lanes along the inner dimension.
///
/// Outputs are made a pack at a time in the order of memory. Which rows and columns a pack holds
/// repeats after `Columns` packs at most, so one period is unrolled.
template <std::size_t Rows, std::size_t Inner, std::size_t Columns, class Scalar, class Transform>
inline void narrow_affine(const Scalar* x, const Scalar* w, const Scalar* bias, Scalar* out,
                          Transform transform) noexcept {
    constexpr std::size_t width = lanes<Scalar>;
    constexpr std::size_t period = std::lcm(Columns, width);  // outputs
    alignas(alignment) Scalar turned[Columns * whole_packs<Scalar>(Inner)];
    simd::to_columns<Inner, Columns>(w, turned);
    alignas(alignment) Scalar biases[period];
    for (std::size_t j = 0; j < period; j += Columns) std::copy_n(bias, Columns, biases + j);

    const auto run = [&]<std::size_t Outputs>(const Scalar* rows, Scalar* to,
                                              std::integral_constant<std::size_t, Outputs>) {
        [&]<std::size_t... Group>(std::index_sequence<Group...>) {
            (
                [&] {
                    constexpr std::size_t first = Group * width;
                    constexpr std::size_t count = std::min(width, Outputs - first);
                    const auto result =
                        transform(narrow_group<first, count, Inner, Columns>(rows, turned) +
                                  simd::load(biases + first));
                    if constexpr (count == width) {
                        simd::store(to + first, result);
                    } else {
                        simd::store_partial(to + first, result, count);
                    }
                }(),
                ...);
        }(std::make_index_sequence<(Outputs + width - 1) / width>{});
    };
    constexpr std::size_t rows_per_period = period / Columns;
    constexpr std::size_t rest = Rows % rows_per_period;
    for (std::size_t row = 0; row + rows_per_period <= Rows; row += rows_per_period) {
        run(x + row * Inner, out + row * Columns, std::integral_constant<std::size_t, period>{});
    }
    if constexpr (rest != 0) {
        run(x + (Rows - rest) * Inner, out + (Rows - rest) * Columns,
            std::integral_constant<std::size_t, rest * Columns>{});
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
/// 2 · Rows · Inner · Columns FLOPs. Allocates nothing. Each output is summed in an order that
/// depends on the shape alone, so the result of a row does not depend on the other rows.
template <std::size_t Rows, std::size_t Inner, std::size_t Columns, class Scalar,
          class Transform = std::identity>
inline void affine(std::span<const Scalar, Rows * Inner> x,
                   std::span<const Scalar, Inner * Columns> w,
                   std::span<const Scalar, Columns> bias, std::span<Scalar, Rows * Columns> out,
                   Transform transform = {}) noexcept {
    if constexpr (detail::is_narrow<Scalar>(Inner, Columns)) {
        detail::narrow_affine<Rows, Inner, Columns>(x.data(), w.data(), bias.data(), out.data(),
                                                    transform);
    } else {
        const auto start = [bias](std::size_t column, auto count) {
            if constexpr (count == lanes<Scalar>) {
                return simd::load(bias.data() + column);
            } else {
                return simd::load_partial(bias.data() + column, count);
            }
        };
        detail::product<Rows, Inner, Columns, Inner, 1>(
            x.data(), w.data(), start, detail::store_to<Scalar>(out.data(), Columns, transform));
    }
}

/// `out = X · W`, shapes as in @ref affine.
template <std::size_t Rows, std::size_t Inner, std::size_t Columns, class Scalar>
inline void multiply(std::span<const Scalar, Rows * Inner> x,
                     std::span<const Scalar, Inner * Columns> w,
                     std::span<Scalar, Rows * Columns> out) noexcept {
    const auto zero = [](std::size_t, auto) { return Pack<Scalar>(Scalar{0}); };
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
    const auto mean = [](Pack<Scalar> sum) {
        return sum * Pack<Scalar>(Scalar{1} / static_cast<Scalar>(Samples));
    };
    const auto zero = [](std::size_t, auto) { return Pack<Scalar>(Scalar{0}); };
    if constexpr (detail::is_narrow<Scalar>(Inputs, Outputs)) {
        // Turned, Cᵀ · X: lanes along the inputs.
        constexpr std::size_t stride = whole_packs<Scalar>(Inputs);
        alignas(alignment) Scalar turned[Outputs * stride];
        detail::product<Outputs, Samples, Inputs, 1, Outputs>(
            credit.data(), x.data(), zero, detail::store_to<Scalar>(turned, stride, mean));
        simd::from_columns<Inputs, Outputs>(static_cast<const Scalar*>(turned), out.data());
    } else {
        detail::product<Inputs, Samples, Outputs, 1, Inputs>(
            x.data(), credit.data(), zero, detail::store_to<Scalar>(out.data(), Outputs, mean));
    }
}

/// @ref mean_outer a few rows at a time: calls `consume(first, deltas)` with the entries from
/// number `first` on, as a span of constant extent that is still in the first cache. Each entry
/// once, in order.
template <std::size_t Samples, std::size_t Inputs, std::size_t Outputs, class Scalar, class Consume>
inline void mean_outer_each(std::span<const Scalar, Samples * Inputs> x,
                            std::span<const Scalar, Samples * Outputs> credit,
                            Consume consume) noexcept {
    if constexpr (detail::is_narrow<Scalar>(Inputs, Outputs)) {
        alignas(alignment) std::array<Scalar, Inputs * Outputs> deltas;
        mean_outer<Samples, Inputs, Outputs>(x, credit,
                                             std::span<Scalar, Inputs * Outputs>(deltas));
        consume(0, std::span<const Scalar, Inputs * Outputs>(deltas));
    } else {
        using Tiles = detail::RowTiles<Scalar, Inputs, detail::tile_packs<Scalar>(Outputs)>;
        alignas(alignment) std::array<Scalar, (Tiles::height + 1) * Outputs> deltas;
        const auto zero = [](std::size_t, auto) { return Pack<Scalar>(Scalar{0}); };
        const auto finish = detail::store_to<Scalar>(deltas.data(), Outputs, [](Pack<Scalar> sum) {
            return sum * Pack<Scalar>(Scalar{1} / static_cast<Scalar>(Samples));
        });
        const auto tile = [&]<std::size_t Height>(std::size_t row,
                                                  std::integral_constant<std::size_t, Height>) {
            detail::product_row<Height, Samples, Outputs, 1, Inputs>(x.data() + row, credit.data(),
                                                                     zero, finish);
            consume(row * Outputs,
                    std::span<const Scalar, Height * Outputs>(deltas.data(), Height * Outputs));
        };
        detail::for_each_tile<Tiles>(tile);
    }
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
