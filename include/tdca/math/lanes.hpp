// Operations across the lanes of packs: the sums of many packs at once, and transposition.
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include "tdca/core/abi.hpp"
#include "tdca/math/simd.hpp"

namespace tdca::inline TDCA_ABI {
namespace detail {

/// Lanes within which shuffles are cheapest: x86 works in lanes of 128 bits.
template <class Scalar>
inline constexpr std::size_t local_lanes = 16 / sizeof(Scalar);

/// Lane j of the result is lane `Pick(j)` of a and b laid end to end.
template <class Scalar, auto Pick>
[[nodiscard]] inline Pack<Scalar> shuffle(Pack<Scalar> a, Pack<Scalar> b) noexcept {
    return [&]<std::size_t... Lane>(std::index_sequence<Lane...>) {
        return Pack<Scalar>(__builtin_shufflevector(
            static_cast<typename Pack<Scalar>::register_type>(a),
            static_cast<typename Pack<Scalar>::register_type>(b), static_cast<int>(Pick(Lane))...));
    }(std::make_index_sequence<lanes<Scalar>>{});
}

/// Of a and b laid end to end, the even or the odd ones: lanes within 128 bits while more than a
/// pack per 128 bits is left (`Count` packs), whole blocks of 128 bits after that.
template <class Scalar, std::size_t Count, bool Odd>
[[nodiscard]] inline Pack<Scalar> every_other(Pack<Scalar> a, Pack<Scalar> b) noexcept {
    constexpr bool local = Count > lanes<Scalar> / local_lanes<Scalar>;
    constexpr std::size_t block = local ? 1 : local_lanes<Scalar>;
    constexpr std::size_t group = local ? local_lanes<Scalar> : lanes<Scalar>;
    return shuffle<Scalar, [](std::size_t lane) {
        const std::size_t place = lane % group;
        const std::size_t source = place < group / 2 ? 0 : lanes<Scalar>;
        const std::size_t chosen = 2 * (place % (group / 2) / block) + (Odd ? 1 : 0);
        return source + lane / group * group + chosen * block + place % block;
    }>(a, b);
}

/// Adds neighbours among the lanes of `Count` packs, each sum spread over `Count` lanes, until
/// every sum has one lane.
template <class Scalar, std::size_t Count>
[[gnu::always_inline, nodiscard]] inline Pack<Scalar> sum_each(
    const Pack<Scalar> (&packs)[Count]) noexcept {
    if constexpr (Count == 1) {
        return packs[0];
    } else {
        Pack<Scalar> halves[Count / 2];
        TDCA_UNROLL
        for (std::size_t i = 0; i < Count / 2; ++i) {
            halves[i] = every_other<Scalar, Count, false>(packs[2 * i], packs[2 * i + 1]) +
                        every_other<Scalar, Count, true>(packs[2 * i], packs[2 * i + 1]);
        }
        return sum_each<Scalar>(halves);
    }
}

/// The same network with both halves kept apart: they are the even and the odd rows of the result,
/// which go to `out[First]`, `out[First + Step]`, …
template <class Scalar, std::size_t First, std::size_t Step, std::size_t Count>
[[gnu::always_inline]] inline void transpose(const Pack<Scalar> (&packs)[Count],
                                             Pack<Scalar> (&out)[lanes<Scalar>]) noexcept {
    if constexpr (Count == 1) {
        out[First] = packs[0];
    } else {
        Pack<Scalar> even[Count / 2];
        Pack<Scalar> odd[Count / 2];
        TDCA_UNROLL
        for (std::size_t i = 0; i < Count / 2; ++i) {
            even[i] = every_other<Scalar, Count, false>(packs[2 * i], packs[2 * i + 1]);
            odd[i] = every_other<Scalar, Count, true>(packs[2 * i], packs[2 * i + 1]);
        }
        transpose<Scalar, First, 2 * Step>(even, out);
        transpose<Scalar, First + Step, 2 * Step>(odd, out);
    }
}

/// Calls `block(row, first_column, is_inner)` for each square block of a matrix, lanes × lanes; the
/// last columns come first. `is_inner` is a constant: whether a whole pack from any row of the
/// block stays within the matrix.
template <class Scalar, std::size_t Rows, std::size_t Columns, class Block>
[[gnu::always_inline]] inline void for_each_block(Block&& block) noexcept {
    constexpr std::size_t width = lanes<Scalar>;
    constexpr std::size_t blocks = (Columns + width - 1) / width;
    const auto across = [&](std::size_t row, auto is_inner) __attribute__((always_inline)) {
        [&]<std::size_t... Index>(std::index_sequence<Index...>) {
            (block(row, std::integral_constant<std::size_t, (blocks - 1 - Index) * width>{},
                   is_inner),
             ...);
        }(std::make_index_sequence<blocks>{});
    };
    std::size_t row = 0;
    for (; (row + width - 1) * Columns + blocks * width <= Rows * Columns; row += width) {
        across(row, std::true_type{});
    }
    if constexpr (width > 1) {  // all rows are done otherwise
        for (; row < Rows; row += width) across(row, std::false_type{});
    }
}

}  // namespace detail

/// The next multiple of a pack.
template <class Scalar>
constexpr std::size_t whole_packs(std::size_t count) {
    return (count + lanes<Scalar> - 1) / lanes<Scalar> * lanes<Scalar>;
}

namespace simd {

/// Lane j of the result is the sum of the lanes of `packs[j]`: as many sums as lanes, for one
/// addition and two shuffles each.
template <class Scalar>
[[gnu::always_inline, nodiscard]] inline Pack<Scalar> sum_each(
    const Pack<Scalar> (&packs)[lanes<Scalar>]) noexcept {
    return detail::sum_each<Scalar>(packs);
}

/// The first `count` lanes, and zeros in the others.
template <class Scalar>
[[nodiscard]] inline Pack<Scalar> first_lanes(Pack<Scalar> pack, std::size_t count) noexcept {
    if constexpr (lanes<Scalar> == 1) {
        return count == 0 ? Scalar{0} : pack;
    } else {
        alignas(Pack<Scalar>) Scalar index[lanes<Scalar>];
        for (std::size_t i = 0; i < lanes<Scalar>; ++i) index[i] = static_cast<Scalar>(i);
        return select(load(index) < Pack<Scalar>(static_cast<Scalar>(count)), pack,
                      Pack<Scalar>(Scalar{0}));
    }
}

/// Rows become columns: lane j of `packs[i]` goes to lane i of `out[j]`.
template <class Scalar>
[[gnu::always_inline]] inline void transpose(const Pack<Scalar> (&packs)[lanes<Scalar>],
                                             Pack<Scalar> (&out)[lanes<Scalar>]) noexcept {
    detail::transpose<Scalar, 0, 1>(packs, out);
}

/// Lays the columns of a matrix of few columns end to end, so that lanes run along its rows.
///
/// @param matrix `Rows` × `Columns`, row-major
/// @param columns `Columns` × whole packs of `Rows`; the padding is zeros
template <std::size_t Rows, std::size_t Columns, class Scalar>
inline void to_columns(const Scalar* matrix, Scalar* columns) noexcept {
    constexpr std::size_t width = lanes<Scalar>;
    constexpr std::size_t size = Rows * Columns;
    detail::for_each_block<Scalar, Rows, Columns>([&](std::size_t row, auto first, auto is_inner) {
        Pack<Scalar> from[width];
        Pack<Scalar> to[width];
        TDCA_UNROLL
        for (std::size_t r = 0; r < width; ++r) {
            const std::size_t start = (row + r) * Columns + first;
            if (is_inner || start + width <= size) {
                from[r] = load(matrix + start);
            } else {
                from[r] = row + r < Rows ? load_partial(matrix + start, size - start)
                                         : Pack<Scalar>(Scalar{0});
            }
        }
        transpose<Scalar>(from, to);
        TDCA_UNROLL
        for (std::size_t c = 0; c < width; ++c) {
            if (first + c < Columns) {
                store(columns + (first + c) * whole_packs<Scalar>(Rows) + row, to[c]);
            }
        }
    });
}

/// The way back from @ref to_columns.
template <std::size_t Rows, std::size_t Columns, class Scalar>
inline void from_columns(const Scalar* columns, Scalar* matrix) noexcept {
    constexpr std::size_t width = lanes<Scalar>;
    constexpr std::size_t size = Rows * Columns;
    detail::for_each_block<Scalar, Rows, Columns>([&](std::size_t row, auto first, auto is_inner) {
        Pack<Scalar> from[width];
        Pack<Scalar> to[width];
        TDCA_UNROLL
        for (std::size_t c = 0; c < width; ++c) {
            from[c] = first + c < Columns
                          ? load(columns + (first + c) * whole_packs<Scalar>(Rows) + row)
                          : Pack<Scalar>(Scalar{0});
        }
        transpose<Scalar>(from, to);
        // Whole packs: what the last block of a row writes into the next one is overwritten.
        TDCA_UNROLL
        for (std::size_t r = 0; r < width; ++r) {
            const std::size_t start = (row + r) * Columns + first;
            if (is_inner || start + width <= size) {
                store(matrix + start, to[r]);
            } else if (row + r < Rows) {
                store_partial(matrix + start, to[r], size - start);
            }
        }
    });
}

}  // namespace simd
}  // namespace tdca
