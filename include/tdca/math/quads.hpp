// Quads: maps cut into windows of 2 × 2, by the pack.
#pragma once

#include <algorithm>
#include <cstddef>
#include <type_traits>

#include "tdca/core/abi.hpp"
#include "tdca/math/lanes.hpp"
#include "tdca/math/simd.hpp"

namespace tdca::inline TDCA_ABI {

/// Windows of 2 × 2 that tile maps of `Rows` × `Columns`, a pack of neighbouring windows at a time:
/// what stands at one place of each of them is a pack, taken apart and put together by shuffles.
///
/// Where half a row fills no pack, two rows of windows share one.
template <class Scalar, std::size_t Rows, std::size_t Columns>
struct Quads {
    static constexpr std::size_t width = lanes<Scalar>;      ///< lanes of a pack
    static constexpr std::size_t out_rows = Rows / 2;        ///< of the pooled map
    static constexpr std::size_t out_columns = Columns / 2;  ///< of the pooled map
    /// Whether there are such windows, and packs of them.
    static constexpr bool is_possible = Rows % 2 == 0 && Columns % 2 == 0 && width > 1 &&
                                        (out_columns >= width || simd::has_masks<Scalar>);
    /// Rows of windows in a pack.
    static constexpr std::size_t together =
        2 * out_columns <= width && out_rows > 1 ? std::size_t{2} : std::size_t{1};

    /// Some windows: those of `Lines` rows, or a pack of those of one.
    template <std::size_t Lines>
    struct Group {
        static constexpr std::size_t windows = std::min(Lines * out_columns, width);
        /// Numbers of one row of the map below, and of packs of them.
        static constexpr std::size_t below = Lines == 1 ? 2 * windows : Columns;
        static constexpr std::size_t packs = (below + width - 1) / width;  ///< of a row

        std::size_t first;  ///< of the windows of a map
        std::size_t start;  ///< their first neuron

        /// Of each window the four neurons, row by row.
        void take(const Scalar* map, Pack<Scalar> (&places)[4]) const noexcept {
            TDCA_UNROLL
            for (std::size_t row = 0; row < 2; ++row) {
                const Scalar* const from = map + start + row * Columns;
                const Pack<Scalar> a = load<0>(from);
                const Pack<Scalar> b = Lines == 2 ? load<0>(from + 2 * Columns)
                                                  : (packs == 2 ? load<packs - 1>(from) : a);
                places[2 * row] = every_other<0>(a, b);
                places[2 * row + 1] = every_other<1>(a, b);
            }
        }
        /// The way back.
        void put(const Pack<Scalar> (&places)[4], Scalar* map) const noexcept {
            TDCA_UNROLL
            for (std::size_t row = 0; row < 2; ++row) {
                Scalar* const to = map + start + row * Columns;
                const auto& left = places[2 * row];
                const auto& right = places[2 * row + 1];
                store<0>(to, in_turn<0>(left, right));
                if constexpr (Lines == 2) {
                    store<0>(to + 2 * Columns, in_turn<out_columns>(left, right));
                } else if constexpr (packs == 2) {
                    store<1>(to, in_turn<width / 2>(left, right));
                }
            }
        }
        /// A number for each window.
        [[nodiscard]] Pack<Scalar> load_windows(const Scalar* map) const noexcept {
            if constexpr (windows == width) {
                return simd::load(map + first);
            } else {
                return simd::load_partial(map + first, windows);
            }
        }
        /// Stores a value for each window.
        void store_windows(Scalar* map, Pack<Scalar> value) const noexcept {
            if constexpr (windows == width) {
                simd::store(map + first, value);
            } else {
                simd::store_partial(map + first, value, windows);
            }
        }

    private:
        template <std::size_t Index>
        static constexpr std::size_t count = std::min(below - Index * width, width);

        template <std::size_t Index>
        [[nodiscard]] static Pack<Scalar> load(const Scalar* row) noexcept {
            if constexpr (count<Index> == width) {
                return simd::load(row + Index * width);
            } else {
                return simd::load_partial(row + Index * width, count<Index>);
            }
        }
        template <std::size_t Index>
        static void store(Scalar* row, Pack<Scalar> value) noexcept {
            if constexpr (count<Index> == width) {
                simd::store(row + Index * width, value);
            } else {
                simd::store_partial(row + Index * width, value, count<Index>);
            }
        }
        /// The left neurons of all windows (`Column` 0), or the right ones.
        template <std::size_t Column>
        [[nodiscard]] static Pack<Scalar> every_other(Pack<Scalar> a, Pack<Scalar> b) noexcept {
            return detail::shuffle<Scalar, [](std::size_t lane) {
                const std::size_t line = Lines == 2 && lane >= out_columns ? 1 : 0;
                const std::size_t at = 2 * (lane - line * out_columns) + Column;
                return std::min(line * width + at, 2 * width - 1);
            }>(a, b);
        }
        /// The neurons of a row of the map, from that of window `From` on.
        template <std::size_t From>
        [[nodiscard]] static Pack<Scalar> in_turn(Pack<Scalar> left, Pack<Scalar> right) noexcept {
            return detail::shuffle<Scalar, [](std::size_t lane) {
                return lane % 2 * width + std::min(From + lane / 2, width - 1);
            }>(left, right);
        }
    };

    /// Calls `visit(group)` until every window of a map has been in a @ref Group; where the last
    /// pack of a row is not full, some are in two.
    template <class Visitor>
    static void for_each(Visitor&& visit) noexcept {
        std::size_t row = 0;
        if constexpr (together == 2) {
            for (; row + 2 <= out_rows; row += 2) {
                visit(Group<2>{row * out_columns, 2 * row * Columns});
            }
        }
        for (; row < out_rows; ++row) {
            if constexpr (out_columns <= width) {
                visit(Group<1>{row * out_columns, 2 * row * Columns});
            } else {
                for (std::size_t column = 0; column < out_columns; column += width) {
                    const std::size_t at = std::min(column, out_columns - width);
                    visit(Group<1>{row * out_columns + at, 2 * row * Columns + 2 * at});
                }
            }
        }
    }
};

}  // namespace tdca
