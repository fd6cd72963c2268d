// LayerNorm: each sample's neurons brought to mean 0 and variance 1.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <span>
#include <type_traits>

#include "tdca/concepts/layer.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/shape.hpp"
#include "tdca/math/gemm.hpp"
#include "tdca/math/lanes.hpp"
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
            for_each_group<Samples>([&](std::size_t first, auto count) {
                const Scalar* const from = in.data() + first * width;
                Scalar* const to = out.data() + first * width;
                using Numbers = typename PerRow<count>::Numbers;
                PerRow<count> precision = normalize<count>(
                    from, to, [](std::size_t, auto x) { return x; }, Numbers(1));
                // Squares that overflow, but no number that does: in other units they do not.
                const PerRow<count> unit(
                    simd::select(precision.all() > Numbers(0), Numbers(1), Numbers(small_unit)));
                if (unit.any_below_one()) {
                    precision = normalize<count>(
                        from, to, [&](std::size_t r, auto x) { return unit[r] * x; }, unit.all());
                }
                for (std::size_t r = 0; r < count; ++r) {
                    eligibility.precision[first + r] = precision.row(r);
                }
            });
        }

        /// Hands credit down, as a @ref RelayLayer does.
        template <std::size_t Samples>
        static void relay(std::span<const Scalar, Samples * neurons> /*in*/,
                          std::span<const Scalar, Samples * neurons> out,
                          const Eligibility<Samples>& eligibility,
                          std::span<const Scalar, Samples * neurons> credit,
                          std::span<Scalar, Samples * neurons> below) noexcept {
            for_each_group<Samples>([&](std::size_t first, auto count) {
                const Scalar* const told = credit.data() + first * width;
                const Scalar* const shown = out.data() + first * width;
                const auto mean = means<count>([](std::size_t, auto c) { return c; }, told);
                const auto along =
                    means<count>([](std::size_t, auto c, auto x) { return c * x; }, told, shown);
                map_rows<count>(
                    below.data() + first * width,
                    [&](std::size_t r) {
                        const Pack<Scalar> precision(eligibility.precision[first + r]);
                        return [=, m = mean[r], a = along[r]](auto c, auto x) {
                            return precision * (c - m - a * x);
                        };
                    },
                    told, shown);
            });
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

        /// A number for each row of a group.
        template <std::size_t Count>
        class PerRow {
        public:
            /// Row r's in lane r; that of a single row by itself.
            using Numbers = std::conditional_t<Count == 1, Scalar, Pack<Scalar>>;

            explicit PerRow(Numbers numbers) noexcept { simd::store(numbers_, numbers); }
            /// The first number of each row.
            explicit PerRow(const Scalar* from) noexcept : numbers_{} {
                for (std::size_t r = 0; r < Count; ++r) numbers_[r] = from[r * width];
            }
            [[nodiscard]] Numbers all() const noexcept {
                if constexpr (Count == 1) {
                    return numbers_[0];
                } else {
                    return simd::load(numbers_);
                }
            }
            [[nodiscard]] Scalar row(std::size_t r) const noexcept { return numbers_[r]; }
            /// Row r's in every lane.
            Pack<Scalar> operator[](std::size_t r) const noexcept {
                return Pack<Scalar>(numbers_[r]);
            }
            [[nodiscard]] bool any_below_one() const noexcept {
                return std::ranges::any_of(numbers_, [](Scalar x) { return x < 1; });
            }

        private:
            // NOLINTNEXTLINE(bugprone-sizeof-expression): a pack may be one number.
            alignas(Numbers) Scalar numbers_[sizeof(Numbers) / sizeof(Scalar)];
        };

        /// Calls `visit(first, count)` for groups of rows: of narrow ones as many as a pack has
        /// lanes, whose sums are added up across lanes all at once; of wide ones one.
        template <std::size_t Samples, class Visitor>
        static void for_each_group(Visitor&& visit) noexcept {
            constexpr bool is_wide = width > 4 * lanes<Scalar>;
            for_each_part<Samples * rows, is_wide ? 1 : lanes<Scalar>>(visit);
        }

        /// `Count` rows, in numbers of each one's unit; returns 1 / √(σ² + ε) of each, or what is
        /// not above 0 where that cannot be told.
        ///
        /// Distances are taken from the row's first number, then from their mean: a mean of the
        /// numbers themselves is a rounding off, which 1 / √ε makes 300 times as large where all
        /// are nearly equal.
        template <std::size_t Count, class InUnit, class Numbers = typename PerRow<Count>::Numbers>
        static PerRow<Count> normalize(const Scalar* from, Scalar* to, InUnit in_unit,
                                       Numbers unit) noexcept {
            const PerRow<Count> first(unit * PerRow<Count>(from).all());
            const auto distance = [&](std::size_t r, auto x) { return in_unit(r, x) - first[r]; };
            const auto mean = means<Count>(distance, from);
            const auto centred = [&](std::size_t r, auto x) { return distance(r, x) - mean[r]; };
            const auto variance = means<Count>(
                [&](std::size_t r, auto x) {
                    const auto c = centred(r, x);
                    return c * c;
                },
                from);
            const PerRow<Count> precision(
                Numbers(1) / simd::sqrt(variance.all() + unit * unit * Numbers(epsilon)));
            map_rows<Count>(
                to,
                [&](std::size_t r) {
                    return [&, r, p = precision[r]](auto x) { return centred(r, x) * p; };
                },
                from);
            return PerRow<Count>(unit * precision.all());
        }

        /// The mean of f(r, …) over each row, in a fixed order of additions.
        template <std::size_t Count, class Function>
        static PerRow<Count> means(Function f, const auto*... in) noexcept {
            using Numbers = typename PerRow<Count>::Numbers;
            constexpr std::size_t pack = lanes<Scalar>;
            // One row has several sums, or each addition would wait for the one before.
            constexpr std::size_t parts = Count == 1 ? 4 : 1;
            constexpr std::size_t rest = width % pack;
            Pack<Scalar> sums[Count == 1 ? parts : pack];
            std::ranges::fill(sums, Pack<Scalar>(0));
            std::size_t i = 0;
            for (; i + parts * pack <= width; i += parts * pack) {
                TDCA_UNROLL
                for (std::size_t j = 0; j < Count * parts; ++j) {
                    const std::size_t at = j / parts * width + i + j % parts * pack;
                    sums[j] += f(j / parts, simd::load(in + at)...);
                }
            }
            for (; parts > 1 && i + pack <= width; i += pack) {
                sums[0] += f(0, simd::load(in + i)...);
            }
            if constexpr (rest != 0) {
                TDCA_UNROLL
                for (std::size_t r = 0; r < Count; ++r) {
                    const std::size_t at = r * width + width - rest;
                    sums[r] +=
                        simd::first_lanes<Scalar>(f(r, simd::load_partial(in + at, rest)...), rest);
                }
            }
            const Numbers per_row(Scalar{1} / static_cast<Scalar>(width));
            if constexpr (Count == 1) {
                sums[0] = (sums[0] + sums[1]) + (sums[2] + sums[3]);
                return PerRow<Count>(per_row * simd::add_lanes<Scalar>(sums[0]));
            } else {
                return PerRow<Count>(per_row * simd::sum_each<Scalar>(sums));
            }
        }

        /// to = f(r)(…) for each of `Count` rows.
        template <std::size_t Count, class Function>
        static void map_rows(Scalar* to, Function f, const auto*... in) noexcept {
            for (std::size_t r = 0; r < Count; ++r) {
                simd::map(std::span<Scalar, width>(to + r * width, width), f(r),
                          std::span<const Scalar, width>(in + r * width, width)...);
            }
        }
    };
};

}  // namespace tdca
