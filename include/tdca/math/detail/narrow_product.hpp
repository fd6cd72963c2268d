// Products with a narrow matrix: lanes along the inputs, since there are too few outputs to fill a
// pack.
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <type_traits>
#include <utility>

#include "tdca/core/abi.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/math/lanes.hpp"
#include "tdca/math/simd.hpp"

namespace tdca::inline TDCA_ABI::detail {

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

}  // namespace tdca::detail
