// LayerNorm: each sample's neurons brought to mean 0 and variance 1.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>

#include "tdca/concepts/layer.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/shape.hpp"
#include "tdca/math/simd.hpp"

namespace tdca::inline TDCA_ABI {

/// Layer normalisation (Ba, Kiros & Hinton, arXiv:1607.06450), without a gain and a bias, which the
/// layer above has:
///   out = (in − μ) / √(σ² + ε),   ε = 1e-5,
/// with mean μ and variance σ² of one sample over its last `Axes` axes: 1 is a vector, or each
/// token of a sequence by itself; 3 are all feature maps together. Nothing is taken from other
/// samples. Equal numbers give exactly 0, at any width and of any size; numbers as large as the
/// type holds are normalised like any others. One that is NaN or infinite makes its row NaN.
///
/// Credit c of the outputs concerns inputs by their share in μ and σ: an input's is
///   (c − mean c − out · mean (c · out)) / √(σ² + ε),
/// which takes the layer's own activities and no weight.
template <std::size_t Axes = 1>
struct LayerNorm {
    /// The layer on inputs of this shape.
    template <class Scalar, class InputShape>
    struct Bound {
        static_assert(Axes > 0 && Axes <= InputShape::rank,
                      "layer normalisation is over at least one axis, and at most over all");
        static constexpr std::size_t neurons = InputShape::size;  ///< in and out
        /// Neurons that are normalised together.
        static constexpr std::size_t width = [] {
            std::size_t product = 1;
            for (std::size_t axis = InputShape::rank - Axes; axis < InputShape::rank; ++axis) {
                product *= InputShape::extents[axis];
            }
            return product;
        }();
        static constexpr std::size_t rows = neurons / width;  ///< of a sample

        using input_shape = InputShape;
        using output_shape = InputShape;
        using Params = Parameters<Scalar>;
        /// 1 / √(σ² + ε) of each row.
        template <std::size_t Samples>
        struct Eligibility {
            std::array<Scalar, Samples * rows> precision;  ///< a row's
        };

        static void initialize(Params& /*params*/, Key /*key*/) noexcept {}

        template <std::size_t Samples>
        static void forward(const Params& /*params*/, std::span<const Scalar, Samples * neurons> in,
                            std::span<Scalar, Samples * neurons> out,
                            Eligibility<Samples>& eligibility) noexcept {
            for (std::size_t r = 0; r < Samples * rows; ++r) {
                const auto from = row_of(in, r);
                const auto to = row_of(out, r);
                Scalar precision = normalize(from, to, Scalar{1});
                // Squares that overflow, but no number that does: in other units they do not.
                if (!(precision > 0)) precision = normalize(from, to, small_unit);
                eligibility.precision[r] = precision;
            }
        }

        /// Hands credit down, as a @ref RelayLayer does.
        template <std::size_t Samples>
        static void relay(std::span<const Scalar, Samples * neurons> /*in*/,
                          std::span<const Scalar, Samples * neurons> out,
                          const Eligibility<Samples>& eligibility,
                          std::span<const Scalar, Samples * neurons> credit,
                          std::span<Scalar, Samples * neurons> below) noexcept {
            for (std::size_t r = 0; r < Samples * rows; ++r) {
                const auto told = row_of(credit, r);
                const auto shown = row_of(out, r);
                const Scalar mean = per_neuron * simd::sum([](auto c) { return c; }, told);
                const Scalar along =
                    per_neuron * simd::sum([](auto c, auto x) { return c * x; }, told, shown);
                const Scalar precision = eligibility.precision[r];
                simd::map(
                    row_of(below, r),
                    [=](auto c, auto x) {
                        using P = decltype(c);
                        return P(precision) * (c - P(mean) - P(along) * x);
                    },
                    told, shown);
            }
        }

    private:
        static constexpr Scalar epsilon = static_cast<Scalar>(1e-5);
        /// In which the square of the largest number is far from overflow: 2⁻⁹⁶ in single
        /// precision.
        static constexpr Scalar small_unit = [] {
            Scalar unit{1};
            for (int i = 0; i < std::numeric_limits<Scalar>::max_exponent / 4 * 3; ++i) unit /= 2;
            return unit;
        }();

        /// One row, in numbers of this unit; returns 1 / √(σ² + ε), or what is not above 0 where
        /// that cannot be told.
        ///
        /// Distances are taken from the row's first number, then from their mean: a mean of the
        /// numbers themselves is a rounding off, which 1 / √ε makes 300 times as large where all
        /// are nearly equal.
        static Scalar normalize(std::span<const Scalar, width> from, std::span<Scalar, width> to,
                                Scalar unit) noexcept {
            const Scalar first = unit * from[0];
            const auto distance = [=](auto x) {
                using P = decltype(x);
                return P(unit) * x - P(first);
            };
            const Scalar mean = per_neuron * simd::sum(distance, from);
            const auto centred = [=](auto x) { return distance(x) - decltype(x)(mean); };
            const auto square = [=](auto x) { return centred(x) * centred(x); };
            const Scalar variance = per_neuron * simd::sum(square, from);
            const Scalar precision = Scalar{1} / std::sqrt(variance + unit * unit * epsilon);
            simd::map(
                to, [=](auto x) { return centred(x) * decltype(x)(precision); }, from);
            return unit * precision;
        }
        static constexpr Scalar per_neuron = Scalar{1} / static_cast<Scalar>(width);

        template <class T, std::size_t Extent>
        static std::span<T, width> row_of(std::span<T, Extent> all, std::size_t r) noexcept {
            return std::span<T, width>(all.data() + r * width, width);
        }
    };
};

}  // namespace tdca
