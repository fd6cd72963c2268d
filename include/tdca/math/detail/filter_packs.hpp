// Register tiles of a convolution with lanes along its filters, where there are packs of them: no
// lane is lost to the ends of rows, however short.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <type_traits>

#include "tdca/core/abi.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/math/convolution_shape.hpp"
#include "tdca/math/detail/product.hpp"
#include "tdca/math/detail/windows.hpp"
#include "tdca/math/lanes.hpp"
#include "tdca/math/simd.hpp"

namespace tdca::inline TDCA_ABI::detail {

/// How the filters of a group are cut into packs.
template <class Scalar, ConvolutionShape S>
struct FilterPacks {
    static constexpr std::size_t width = lanes<Scalar>;
    static constexpr std::size_t filters = S.filters / S.groups;
    /// Whether it pays to lay lanes along filters: they fill packs, their weights can be turned on
    /// the stack, and there is enough to sum up that turning the sums back counts for little.
    static constexpr bool is_better = width > 1 && filters % width == 0 &&
                                      S.fan_in() >= 32 && filters* S.fan_in() <= 16384;
    /// Packs of filters that a tile is high.
    static constexpr std::size_t packs = filters % (2 * width) == 0 ? 2 : 1;
    /// Windows of a row that a tile is wide.
    using Tiles = EvenTiles<S.out_columns(), accumulator_registers<Scalar> / packs>;
};

/// The weights of a group's filters, those of one tap side by side.
template <class Scalar, ConvolutionShape S>
struct TurnedKernels {
    static constexpr std::size_t filters = S.filters / S.groups;

    std::size_t group = 0;                                           ///< whose filters these are
    alignas(alignment) std::array<Scalar, filters * S.fan_in()> at;  ///< taps × filters

    void take(const Scalar* kernels, std::size_t from_group) noexcept {
        group = from_group;
        const Scalar* from = kernels + group * filters * S.fan_in();
        for (std::size_t f = 0; f < filters; ++f) {
            for (std::size_t tap = 0; tap < S.fan_in(); ++tap) at[tap * filters + f] = *from++;
        }
    }
};

/// `Windows` neighbouring windows by two packs of filters or one, summed over a group's channels.
///
/// @param maps the first window
/// @param turned the first of these filters, see @ref TurnedKernels
/// @param out the first window of the first filter
template <ConvolutionShape S, std::size_t Windows, class Scalar, class Transform>
[[gnu::always_inline]] inline void convolve_windows(const Scalar* maps, const Scalar* turned,
                                                    const Scalar* bias, Scalar* out,
                                                    Transform transform) noexcept {
    using Filters = FilterPacks<Scalar, S>;
    constexpr std::size_t width = lanes<Scalar>;
    constexpr std::size_t packs = Filters::packs;
    Pack<Scalar> sums[packs][Windows];
    TDCA_UNROLL
    for (std::size_t p = 0; p < packs; ++p) {
        TDCA_UNROLL
        for (auto& sum : sums[p]) sum = simd::load(bias + p * width);
    }
    const Scalar* weights = turned;
    for (std::size_t c = 0; c < S.channels / S.groups; ++c) {
        TDCA_NO_UNROLL
        for (std::size_t tap = 0; tap < S.extent * S.extent; ++tap) {
            const Scalar* seen = maps + c * S.map_size() + tap_offsets<S>[tap];
            simd::hold(seen);
            Pack<Scalar> w[packs];
            TDCA_UNROLL
            for (std::size_t p = 0; p < packs; ++p) {
                w[p] = simd::load(weights + p * width);
                simd::hold(w[p]);
            }
            TDCA_UNROLL
            for (std::size_t x = 0; x < Windows; ++x) {
                const Pack<Scalar> one(seen[x]);
                TDCA_UNROLL
                for (std::size_t p = 0; p < packs; ++p) {
                    sums[p][x] = simd::fma(w[p], one, sums[p][x]);
                }
            }
            weights += Filters::filters;
        }
    }
    TDCA_UNROLL
    for (std::size_t p = 0; p < packs; ++p) {
        TDCA_UNROLL
        for (std::size_t first = 0; first < Windows; first += width) {
            Pack<Scalar> some[width];
            Pack<Scalar> of_filters[width];
            TDCA_UNROLL
            for (std::size_t x = 0; x < width; ++x) {
                some[x] = first + x < Windows ? sums[p][first + x] : Pack<Scalar>(Scalar{0});
            }
            simd::transpose<Scalar>(some, of_filters);
            TDCA_UNROLL
            for (std::size_t f = 0; f < width; ++f) {
                Scalar* const to = out + (p * width + f) * (S.out_rows() * S.out_columns()) + first;
                if (const std::size_t count = std::min(width, Windows - first); count == width) {
                    simd::store(to, transform(of_filters[f]));
                } else {
                    simd::store_partial(to, transform(of_filters[f]), count);
                }
            }
        }
    }
}

/// One sample's filters of one group.
///
/// @param is_followed whether another sample follows, whose maps and sums are asked for meanwhile
template <ConvolutionShape S, class Scalar, class Transform>
inline void convolve_by_filters(const Scalar* maps, const TurnedKernels<Scalar, S>& turned,
                                const Scalar* bias, Scalar* out, Transform transform,
                                bool is_followed) noexcept {
    using Filters = FilterPacks<Scalar, S>;
    constexpr std::size_t block = Filters::packs * lanes<Scalar>;
    constexpr std::size_t in_size = S.channels * S.map_size();
    constexpr std::size_t steps = S.filters / block * S.out_rows();
    const Scalar* const from = maps + turned.group * (S.channels / S.groups) * S.map_size();
    for (std::size_t f = 0; f < Filters::filters; f += block) {
        const std::size_t filter = turned.group * Filters::filters + f;
        Scalar* const to = out + filter * (S.out_rows() * S.out_columns());
        for (std::size_t row = 0; row < S.out_rows(); ++row) {
            if (is_followed) {
                const std::size_t step = filter / block * S.out_rows() + row;
                prefetch_part<in_size, steps>(maps + in_size, step);
                prefetch_part<S.outputs(), steps>(out + S.outputs(), step);
            }
            for_each_tile<typename Filters::Tiles>([&](std::size_t column, auto count) {
                convolve_windows<S, count>(from + row * S.pitch() + column, turned.at.data() + f,
                                           bias + filter, to + row * S.out_columns() + column,
                                           transform);
            });
        }
    }
}

}  // namespace tdca::detail
