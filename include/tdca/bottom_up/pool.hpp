// MaxPool, AvgPool: fewer neurons out of many, without synapses.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

#include "tdca/concepts/layer.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/shape.hpp"

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

    /// Calls `visit(first, out)` for each window of a batch: where its first neuron stands, and the
    /// number of its output.
    template <std::size_t Samples, class Visitor>
    static void for_each_window(Visitor&& visit) noexcept {
        std::size_t out = 0;
        for (std::size_t map = 0; map < Samples * Channels; ++map) {
            for (std::size_t row = 0; row < out_rows; ++row) {
                const std::size_t first = (map * Rows + row * Stride) * Columns;
                for (std::size_t column = 0; column < out_columns; ++column) {
                    visit(first + column * Stride, out++);
                }
            }
        }
    }

    /// Where neuron number `i` of a window stands, from the window's first.
    static constexpr std::size_t offset(std::size_t i) noexcept {
        return i / Extent * Columns + i % Extent;
    }
};

}  // namespace detail

/// The loudest neuron of each window: out = max in. The credit of a window is its winner's; of
/// equal ones the first wins.
///
/// Shapes: channels × rows × columns in, channels × ⌊(rows − Extent) / Stride⌋ + 1 × likewise out.
template <std::size_t Extent, std::size_t Stride = Extent>
struct MaxPool {
    /// The pool on maps of this shape.
    template <class Scalar, class InputShape>
    struct Bound : detail::Pool<Scalar, InputShape, Extent, Stride> {
        using Base = detail::Pool<Scalar, InputShape, Extent, Stride>;  ///< shapes and windows
        static constexpr std::size_t outputs = Base::output_shape::size;

        template <std::size_t Samples>
        static void forward(const typename Base::Params& /*params*/,
                            std::span<const Scalar, Samples * InputShape::size> in,
                            std::span<Scalar, Samples * outputs> out,
                            NoEligibility& /*eligibility*/) noexcept {
            Base::template for_each_window<Samples>([&](std::size_t first, std::size_t window) {
                Scalar most = in[first];
                for (std::size_t i = 1; i < Base::area; ++i) {
                    most = std::max(most, in[first + Base::offset(i)]);
                }
                out[window] = most;
            });
        }

        /// Hands credit down, as a @ref RelayLayer does.
        template <std::size_t Samples>
        static void relay(std::span<const Scalar, Samples * InputShape::size> in,
                          std::span<const Scalar, Samples * outputs> out,
                          const NoEligibility& /*eligibility*/,
                          std::span<const Scalar, Samples * outputs> credit,
                          std::span<Scalar, Samples * InputShape::size> below) noexcept {
            std::fill(below.begin(), below.end(), Scalar{0});
            Base::template for_each_window<Samples>([&](std::size_t first, std::size_t window) {
                std::size_t winner = first + Base::offset(Base::area - 1);
                for (std::size_t i = Base::area - 1; i-- > 0;) {
                    const std::size_t neuron = first + Base::offset(i);
                    winner = in[neuron] == out[window] ? neuron : winner;
                }
                below[winner] += credit[window];
            });
        }
    };
};

/// The mean of each window. Its credit is shared out evenly.
///
/// Shapes as in @ref MaxPool.
template <std::size_t Extent, std::size_t Stride = Extent>
struct AvgPool {
    /// The pool on maps of this shape.
    template <class Scalar, class InputShape>
    struct Bound : detail::Pool<Scalar, InputShape, Extent, Stride> {
        using Base = detail::Pool<Scalar, InputShape, Extent, Stride>;  ///< shapes and windows
        static constexpr std::size_t outputs = Base::output_shape::size;
        /// Of the mean, and so of the credit.
        static constexpr Scalar share = Scalar{1} / static_cast<Scalar>(Base::area);

        template <std::size_t Samples>
        static void forward(const typename Base::Params& /*params*/,
                            std::span<const Scalar, Samples * InputShape::size> in,
                            std::span<Scalar, Samples * outputs> out,
                            NoEligibility& /*eligibility*/) noexcept {
            Base::template for_each_window<Samples>([&](std::size_t first, std::size_t window) {
                Scalar sum{0};
                for (std::size_t i = 0; i < Base::area; ++i) sum += in[first + Base::offset(i)];
                out[window] = share * sum;
            });
        }

        /// Hands credit down, as a @ref RelayLayer does.
        template <std::size_t Samples>
        static void relay(std::span<const Scalar, Samples * InputShape::size> /*in*/,
                          std::span<const Scalar, Samples * outputs> /*out*/,
                          const NoEligibility& /*eligibility*/,
                          std::span<const Scalar, Samples * outputs> credit,
                          std::span<Scalar, Samples * InputShape::size> below) noexcept {
            std::fill(below.begin(), below.end(), Scalar{0});
            Base::template for_each_window<Samples>([&](std::size_t first, std::size_t window) {
                for (std::size_t i = 0; i < Base::area; ++i) {
                    below[first + Base::offset(i)] += share * credit[window];
                }
            });
        }
    };
};

}  // namespace tdca
