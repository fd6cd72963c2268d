// MaxPool, AvgPool: fewer neurons out of many, without synapses.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include "tdca/concepts/layer.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/shape.hpp"
#include "tdca/math/quads.hpp"
#include "tdca/math/simd.hpp"

namespace tdca::inline TDCA_ABI {

namespace detail {

/// What pools have in common: square windows of side `Extent`, `Stride` apart, over each map.
template <class Scalar, class InputShape, std::size_t Extent, std::size_t Stride>
struct Pool;

template <class Scalar, std::size_t Channels, std::size_t Rows, std::size_t Columns,
          std::size_t Extent, std::size_t Stride>
struct Pool<Scalar, Shape<Channels, Rows, Columns>, Extent, Stride> {
    static_assert(Extent > 0 && Stride > 0 && Extent <= Rows && Extent <= Columns,
                  "a pool needs windows of at least one neuron, no larger than its maps");

    static constexpr std::size_t out_rows = (Rows - Extent) / Stride + 1;
    static constexpr std::size_t out_columns = (Columns - Extent) / Stride + 1;

    using input_shape = Shape<Channels, Rows, Columns>;
    using output_shape = Shape<Channels, out_rows, out_columns>;
    using Params = Parameters<Scalar>;
    template <std::size_t Samples>
    using Eligibility = NoEligibility;

    static void initialize(Params& /*params*/, Key /*key*/) noexcept {}

protected:
    static constexpr std::size_t area = Extent * Extent;
    /// Whether each neuron is in one window exactly.
    static constexpr bool tiles = Extent == Stride && Rows % Extent == 0 && Columns % Extent == 0;
    /// Windows by the pack, where they are of the common kind.
    using Fours = Quads<Scalar, Rows, Columns>;
    static constexpr bool has_fours = tiles && Extent == 2 && Fours::is_possible;
    /// A number for each window of a map.
    using Windows = std::array<Scalar, out_rows * out_columns>;

    /// Calls `visit(first, windows)` for each map of a batch: where its neurons begin, and where
    /// its outputs do.
    template <std::size_t Samples, class Visitor>
    static void for_each_map(Visitor&& visit) noexcept {
        for (std::size_t map = 0; map < Samples * Channels; ++map) {
            visit(map * Rows * Columns, map * out_rows * out_columns);
        }
    }

    /// Those of one map among `numbers`, from number `first` on.
    static std::span<const Scalar, out_rows * out_columns> windows_of(
        std::span<const Scalar> numbers, std::size_t first) noexcept {
        return numbers.subspan(first).template first<out_rows * out_columns>();
    }

    /// Of each window the neuron at `place`, counted row by row: side by side, for packs.
    static Windows gather(const Scalar* map, std::size_t place) noexcept {
        Windows neurons;
        for_each_neuron(place,
                        [&](std::size_t neuron, std::size_t w) { neurons[w] = map[neuron]; });
        return neurons;
    }

    /// The way back of @ref gather: adds to the neurons at `place`, or tells them all there is to
    /// tell.
    static void scatter(const Windows& credits, std::size_t place, Scalar* map) noexcept {
        for_each_neuron(place, [&](std::size_t neuron, std::size_t w) {
            if constexpr (tiles) {
                map[neuron] = credits[w];
            } else {
                map[neuron] += credits[w];
            }
        });
    }

    /// To be called before @ref scatter into any map.
    static void begin_scatter(std::span<Scalar> below) noexcept {
        if constexpr (!tiles) std::ranges::fill(below, Scalar{0});
    }

private:
    template <class Visitor>
    static void for_each_neuron(std::size_t place, Visitor&& visit) noexcept {
        const std::size_t first = place / Extent * Columns + place % Extent;
        for (std::size_t row = 0; row < out_rows; ++row) {
            for (std::size_t column = 0; column < out_columns; ++column) {
                visit(first + (row * Columns + column) * Stride, row * out_columns + column);
            }
        }
    }
};

}  // namespace detail

/// The loudest neuron of each window: out = max in. The credit of a window is its winner's; of
/// equal ones the first wins. A NaN is louder than any number: a window that holds one puts out
/// NaN, and the first NaN of it gets the credit.
///
/// Shapes: channels × rows × columns in, channels × ⌊(rows − Extent) / Stride⌋ + 1 × likewise out.
template <std::size_t Extent, std::size_t Stride = Extent>
struct MaxPool {
    template <class Scalar, class InputShape>
    struct Bound;  // only maps bind

    /// The pool on maps of this shape.
    template <class Scalar, std::size_t Channels, std::size_t Rows, std::size_t Columns>
    struct Bound<Scalar, Shape<Channels, Rows, Columns>>
        : detail::Pool<Scalar, Shape<Channels, Rows, Columns>, Extent, Stride> {
        using InputShape = Shape<Channels, Rows, Columns>;              ///< of the maps
        using Base = detail::Pool<Scalar, InputShape, Extent, Stride>;  ///< shapes and windows
        static constexpr std::size_t outputs = Base::output_shape::size;

        template <std::size_t Samples>
        static void forward(const typename Base::Params& /*params*/,
                            std::span<const Scalar, Samples * InputShape::size> in,
                            std::span<Scalar, Samples * outputs> out,
                            NoEligibility& /*eligibility*/) noexcept {
            Base::template for_each_map<Samples>([&](std::size_t first, std::size_t windows) {
                if constexpr (Base::has_fours) {
                    Base::Fours::for_each([&](auto group) {
                        Pack<Scalar> places[4];
                        group.take(in.data() + first, places);
                        Pack<Scalar> most = places[0];
                        TDCA_UNROLL
                        for (std::size_t i = 1; i < 4; ++i) most = simd::max(most, places[i]);
                        group.store_windows(out.data() + windows, most);
                    });
                    return;
                }
                auto most = Base::gather(in.data() + first, 0);
                for (std::size_t place = 1; place < Base::area; ++place) {
                    simd::map(
                        std::span(most), [](auto a, auto b) { return simd::max(a, b); }, most,
                        Base::gather(in.data() + first, place));
                }
                std::copy(most.begin(), most.end(), out.data() + windows);
            });
        }

        /// Hands credit down, as a @ref RelayLayer does.
        template <std::size_t Samples>
        static void relay(std::span<const Scalar, Samples * InputShape::size> in,
                          std::span<const Scalar, Samples * outputs> out,
                          const NoEligibility& /*eligibility*/,
                          std::span<const Scalar, Samples * outputs> credit,
                          std::span<Scalar, Samples * InputShape::size> below) noexcept {
            Base::begin_scatter(below);
            Base::template for_each_map<Samples>([&](std::size_t first, std::size_t windows) {
                // Whoever takes a window's credit leaves none to those after.
                const auto take = [](auto neuron, auto winner, auto rest) {
                    const auto wins = neuron == winner || !(neuron == neuron);
                    return simd::select(wins, rest, decltype(rest)(0));
                };
                if constexpr (Base::has_fours) {
                    Base::Fours::for_each([&](auto group) {
                        Pack<Scalar> places[4];
                        group.take(in.data() + first, places);
                        const Pack<Scalar> winner = group.load_windows(out.data() + windows);
                        Pack<Scalar> rest = group.load_windows(credit.data() + windows);
                        TDCA_UNROLL
                        for (auto& place : places) {
                            place = take(place, winner, rest);
                            rest = rest - place;
                        }
                        group.put(places, below.data() + first);
                    });
                    return;
                }
                typename Base::Windows left;
                std::ranges::copy(Base::windows_of(credit, windows), left.begin());
                for (std::size_t place = 0; place < Base::area; ++place) {
                    typename Base::Windows taken;
                    simd::map(std::span(taken), take, Base::gather(in.data() + first, place),
                              Base::windows_of(out, windows), left);
                    simd::map(
                        std::span(left), [](auto rest, auto part) { return rest - part; }, left,
                        taken);
                    Base::scatter(taken, place, below.data() + first);
                }
            });
        }
    };
};

/// The mean of each window. Its credit is shared out evenly.
///
/// Shapes as in @ref MaxPool.
template <std::size_t Extent, std::size_t Stride = Extent>
struct AvgPool {
    template <class Scalar, class InputShape>
    struct Bound;  // only maps bind

    /// The pool on maps of this shape.
    template <class Scalar, std::size_t Channels, std::size_t Rows, std::size_t Columns>
    struct Bound<Scalar, Shape<Channels, Rows, Columns>>
        : detail::Pool<Scalar, Shape<Channels, Rows, Columns>, Extent, Stride> {
        using InputShape = Shape<Channels, Rows, Columns>;              ///< of the maps
        using Base = detail::Pool<Scalar, InputShape, Extent, Stride>;  ///< shapes and windows
        static constexpr std::size_t outputs = Base::output_shape::size;
        /// Of the mean, and so of the credit.
        static constexpr Scalar share = Scalar{1} / static_cast<Scalar>(Base::area);

        template <std::size_t Samples>
        static void forward(const typename Base::Params& /*params*/,
                            std::span<const Scalar, Samples * InputShape::size> in,
                            std::span<Scalar, Samples * outputs> out,
                            NoEligibility& /*eligibility*/) noexcept {
            Base::template for_each_map<Samples>([&](std::size_t first, std::size_t windows) {
                if constexpr (Base::has_fours) {
                    Base::Fours::for_each([&](auto group) {
                        Pack<Scalar> places[4];
                        group.take(in.data() + first, places);
                        Pack<Scalar> sum(Scalar{0});
                        TDCA_UNROLL
                        for (const auto& place : places) {
                            sum = simd::fma(Pack<Scalar>(share), place, sum);
                        }
                        group.store_windows(out.data() + windows, sum);
                    });
                    return;
                }
                typename Base::Windows sum{};
                for (std::size_t place = 0; place < Base::area; ++place) {
                    simd::axpy(share, Base::gather(in.data() + first, place), std::span(sum));
                }
                std::copy(sum.begin(), sum.end(), out.data() + windows);
            });
        }

        /// Hands credit down, as a @ref RelayLayer does.
        template <std::size_t Samples>
        static void relay(std::span<const Scalar, Samples * InputShape::size> /*in*/,
                          std::span<const Scalar, Samples * outputs> /*out*/,
                          const NoEligibility& /*eligibility*/,
                          std::span<const Scalar, Samples * outputs> credit,
                          std::span<Scalar, Samples * InputShape::size> below) noexcept {
            Base::begin_scatter(below);
            Base::template for_each_map<Samples>([&](std::size_t first, std::size_t windows) {
                if constexpr (Base::has_fours) {
                    Base::Fours::for_each([&](auto group) {
                        const Pack<Scalar> part =
                            group.load_windows(credit.data() + windows) * Pack<Scalar>(share);
                        const Pack<Scalar> places[4]{part, part, part, part};
                        group.put(places, below.data() + first);
                    });
                    return;
                }
                typename Base::Windows part;
                simd::map(
                    std::span(part), [](auto whole) { return whole * decltype(whole)(share); },
                    Base::windows_of(credit, windows));
                for (std::size_t place = 0; place < Base::area; ++place) {
                    Base::scatter(part, place, below.data() + first);
                }
            });
        }
    };
};

}  // namespace tdca
