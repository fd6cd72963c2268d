// Softmax over the rows of a matrix, on packs.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

#include "tdca/core/abi.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/math/lanes.hpp"
#include "tdca/math/simd.hpp"

namespace tdca::inline TDCA_ABI::simd {

/// xᵢ ← eˣⁱ / Σⱼ eˣʲ, computed from x − max x so that it cannot overflow.
template <class Scalar, std::size_t Units>
inline void softmax(std::span<Scalar, Units> row) noexcept {
    const Scalar top = *std::max_element(row.begin(), row.end());
    map(
        row, [top](Pack<Scalar> x) { return exp(x - Pack<Scalar>(top)); }, row);
    const Scalar total = sum([](Pack<Scalar> x) { return x; }, row);
    const Scalar scale = Scalar{1} / total;
    map(
        row, [scale](Pack<Scalar> x) { return x * Pack<Scalar>(scale); }, row);
}

/// Whether entry `index` of a row is larger than every other: not where it shares its place, and
/// not where any entry is NaN.
template <class Scalar, std::size_t Units>
[[nodiscard]] inline bool is_largest(std::span<const Scalar, Units> row,
                                     std::size_t index) noexcept {
    const Scalar own = row[index];
    bool largest = own == own;
    for (std::size_t unit = 0; unit < row.size(); ++unit) {
        largest &= unit == index || own > row[unit];
    }
    return largest;
}

/// @ref softmax of each column of a matrix, in place: no sum runs across lanes.
///
/// @param columns `Units` × `Stride`, which is whole packs
template <std::size_t Units, std::size_t Stride, class Scalar>
inline void softmax_columns(Scalar* columns) noexcept {
    static_assert(Stride % lanes<Scalar> == 0, "columns come in whole packs");
    for (std::size_t s = 0; s < Stride; s += lanes<Scalar>) {
        // A NaN that is lost here is in the total all the same.
        Pack<Scalar> top = load(columns + s);
        for (std::size_t unit = 1; unit < Units; ++unit) {
            top = at_least(load(columns + unit * Stride + s), top);
        }
        Pack<Scalar> total(Scalar{0});
        for (std::size_t unit = 0; unit < Units; ++unit) {
            const auto power = exp(load(columns + unit * Stride + s) - top);
            total += power;
            store(columns + unit * Stride + s, power);
        }
        const Pack<Scalar> scale = Pack<Scalar>(Scalar{1}) / total;
        for (std::size_t unit = 0; unit < Units; ++unit) {
            Scalar* const at = columns + unit * Stride + s;
            store(at, load(at) * scale);
        }
    }
}

/// @ref softmax of each row of a batch, lanes along the rows where a row would leave most lanes
/// idle.
///
/// @param rows `Samples` × `Units`
template <std::size_t Samples, std::size_t Units, class Scalar>
inline void softmax_rows(std::span<Scalar, Samples * Units> rows) noexcept {
    if constexpr (2 * Units <= 3 * lanes<Scalar> && Samples > 1) {
        constexpr std::size_t stride = whole_packs<Scalar>(Samples);
        alignas(alignment) Scalar columns[Units * stride];
        to_columns<Samples, Units>(rows.data(), columns);
        softmax_columns<Units, stride>(columns);
        from_columns<Samples, Units>(static_cast<const Scalar*>(columns), rows.data());
    } else {
        for (std::size_t s = 0; s < Samples; ++s) {
            softmax(std::span<Scalar, Units>(rows.subspan(s * Units, Units)));
        }
    }
}

}  // namespace tdca::simd
