// Matrix products of compile-time shape: the forward pass and the local update of a layer.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <functional>
#include <span>
#include <type_traits>

#include "tdca/core/abi.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/math/detail/narrow_product.hpp"
#include "tdca/math/detail/product.hpp"
#include "tdca/math/lanes.hpp"
#include "tdca/math/simd.hpp"

namespace tdca::inline TDCA_ABI {

namespace detail {

/// Where a product's sums begin: at the biases of their columns.
template <class Scalar>
[[nodiscard]] inline auto start_at(const Scalar* bias) noexcept {
    return [bias](std::size_t column, auto count) {
        if constexpr (count == lanes<Scalar>) {
            return simd::load(bias + column);
        } else {
            return simd::load_partial(bias + column, count);
        }
    };
}

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
        detail::product<Rows, Inner, Columns, Inner, 1>(
            x.data(), w.data(), detail::start_at(bias.data()),
            detail::store_to<Scalar>(out.data(), Columns, transform));
    }
}

/// `out = X · W + b` where the rows of X lie `RowStride` apart: a step of many sequences.
///
/// @param x the first row
template <std::size_t Rows, std::size_t Inner, std::size_t Columns, std::size_t RowStride,
          class Scalar>
inline void affine_rows(const Scalar* x, std::span<const Scalar, Inner * Columns> w,
                        std::span<const Scalar, Columns> bias,
                        std::span<Scalar, Rows * Columns> out) noexcept {
    detail::product<Rows, Inner, Columns, RowStride, 1>(
        x, w.data(), detail::start_at(bias.data()),
        detail::store_to<Scalar>(out.data(), Columns, std::identity{}));
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

/// Calls `visit(column, width)` for each band of columns that products compute at once; `width` is
/// a constant.
template <class Scalar, std::size_t Columns, class Visitor>
inline void for_each_band(Visitor&& visit) noexcept {
    using Bands = detail::ColumnBands<Scalar, Columns>;
    for (std::size_t column = 0; column + Bands::width <= Columns; column += Bands::width) {
        visit(column, std::integral_constant<std::size_t, Bands::width>{});
    }
    if constexpr (Bands::rest != 0) {
        visit(Columns - Bands::rest, std::integral_constant<std::size_t, Bands::rest>{});
    }
}

/// Calls `visit(first, count)` for parts of so many things, of nearly equal size and no larger than
/// `Most`; `count` is a constant.
template <std::size_t All, std::size_t Most, class Visitor>
inline void for_each_part(Visitor&& visit) noexcept {
    detail::for_each_tile<detail::EvenTiles<All, Most>>(visit);
}

/// `out = transform(A · B)` where A(r, k) = a[r · RowStride + k · InnerStride]: a matrix that lies
/// in wider rows, or turned.
///
/// @param b `Inner` × `Columns`
/// @param out `Rows` × `Columns`, must not overlap the others
/// @param transform as in @ref affine
template <std::size_t Rows, std::size_t Inner, std::size_t Columns, std::size_t RowStride,
          std::size_t InnerStride, class Scalar, class Transform = std::identity>
inline void multiply_strided(const Scalar* a, const Scalar* b, Scalar* out,
                             Transform transform = {}) noexcept {
    const auto zero = [](std::size_t, auto) { return Pack<Scalar>(Scalar{0}); };
    detail::product<Rows, Inner, Columns, RowStride, InnerStride>(
        a, b, zero, detail::store_to<Scalar>(out, Columns, transform));
}

/// Aᵀ · B, handed over pack by pack: `use(row, column, pack, count)`, `count` a constant.
///
/// @param a `Inner` × `Rows`
/// @param b `Inner` × `Columns`
template <std::size_t Rows, std::size_t Inner, std::size_t Columns, class Scalar, class Use>
inline void multiply_turned(const Scalar* a, const Scalar* b, Use use) noexcept {
    const auto zero = [](std::size_t, auto) { return Pack<Scalar>(Scalar{0}); };
    detail::product<Rows, Inner, Columns, 1, Rows>(a, b, zero, use);
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

/// The mean over samples of ‖row‖.
template <std::size_t Samples, std::size_t Units, class Scalar>
[[nodiscard]] inline Scalar mean_row_norm(std::span<const Scalar, Samples * Units> rows) noexcept {
    Scalar total = 0;
    for (std::size_t s = 0; s < Samples; ++s) {
        Scalar power = 0;
        for (std::size_t j = 0; j < Units; ++j) {
            power += rows[s * Units + j] * rows[s * Units + j];
        }
        total += std::sqrt(power);
    }
    return total / static_cast<Scalar>(Samples);
}

/// `rows[s, j] −= strength · mean over samples of rows[·, j]`, in place.
template <std::size_t Samples, std::size_t Units, class Scalar>
inline void centre_rows(Scalar strength, std::span<Scalar, Samples * Units> rows) noexcept {
    if constexpr (Samples * Units * sizeof(Scalar) <= (1U << 19U)) {
        alignas(alignment) std::array<Scalar, Units> mean;
        const std::span<Scalar, Units> centre(mean);
        mean_rows<Samples, Units>(std::span<const Scalar, Samples * Units>(rows), centre);
        for (std::size_t s = 0; s < Samples; ++s) {
            simd::axpy(-strength, std::span<const Scalar, Units>(centre),
                       std::span<Scalar, Units>(rows.subspan(s * Units, Units)));
        }
    } else {
        // Wide rows a part at a time, which is still in the second-level cache when its mean is
        // known.
        constexpr std::size_t part = std::min<std::size_t>(1024, Units);
        alignas(alignment) std::array<Scalar, part> mean;
        for (std::size_t first = 0; first < Units; first += part) {
            const std::span<Scalar> centre(mean.data(), std::min(part, Units - first));
            const auto row = [&](std::size_t s) {
                return rows.subspan(s * Units + first, centre.size());
            };
            std::ranges::fill(centre, Scalar{0});
            for (std::size_t s = 0; s < Samples; ++s) {
                simd::axpy(Scalar{1} / static_cast<Scalar>(Samples), row(s), centre);
            }
            for (std::size_t s = 0; s < Samples; ++s) simd::axpy(-strength, centre, row(s));
        }
    }
}

}  // namespace tdca
