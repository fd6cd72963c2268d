// RunningNorm: neurons that keep their own activity at mean 0 and variance 1.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include "tdca/concepts/layer.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/random.hpp"
#include "tdca/math/simd.hpp"

namespace tdca::inline TDCA_ABI {

/// Each neuron's activity, less what it expects of it, in units of how much it expects that to
/// vary:
///   out_j = (in_j − m_j) exp(−l_j).
/// What a neuron expects it learns itself, from its own surprise, and no credit is needed:
///   Δ m_j = mean out_j,   Δ l_j = ½ (mean out_j² − 1),
/// both of which are 0 where out has mean 0 and variance 1. Homeostasis, in place of the statistics
/// over a minibatch that batch normalisation takes (Ioffe & Szegedy, arXiv:1502.03167): an update
/// on one sample is the same as any other, and so is what the layer does when it does not learn.
///
/// Shapes: any, out as in; m "mean" and l "log_deviation" of one number a neuron, born 0.
struct RunningNorm {
    /// The layer on inputs of this shape.
    template <class Scalar, class InputShape>
    struct Bound {
        static constexpr std::size_t neurons = InputShape::size;  ///< in and out
        /// Expectations take steps as small as those of a neuron with so many synapses.
        static constexpr std::size_t fan_in = 64;

        using input_shape = InputShape;
        using output_shape = InputShape;
        using Params = Parameters<Scalar, Parameter<"mean", Shape<neurons>>,
                                  Parameter<"log_deviation", Shape<neurons>>>;
        /// Each neuron's surprise.
        template <std::size_t Samples>
        struct Eligibility {
            alignas(alignment) std::array<Scalar, Samples * neurons> surprise;  ///< out
            alignas(alignment) std::array<Scalar, neurons> precision;           ///< exp(−l)
        };

        static void initialize(Params& params, Key /*key*/) noexcept {
            for (Scalar& value : params.flat()) value = Scalar{0};
        }

        template <std::size_t Samples>
        static void forward(const Params& params, std::span<const Scalar, Samples * neurons> in,
                            std::span<Scalar, Samples * neurons> out,
                            Eligibility<Samples>& eligibility) noexcept {
            simd::map(
                std::span(eligibility.precision), [](auto l) { return simd::exp(-l); },
                params.template get<"log_deviation">());
            for (std::size_t s = 0; s < Samples; ++s) {
                simd::map(
                    row_of(out, s),
                    [](auto x, auto mean, auto precision) { return (x - mean) * precision; },
                    row_of(in, s), params.template get<"mean">(), eligibility.precision);
            }
            std::ranges::copy(out, eligibility.surprise.begin());
        }

        /// From surprise alone: credit changes nothing here.
        template <std::size_t Samples>
        static void correlate(std::span<const Scalar, Samples * neurons> /*in*/,
                              std::span<const Scalar, Samples * neurons> /*credit*/,
                              const Eligibility<Samples>& eligibility, Params& delta) noexcept {
            const auto mean = delta.template get<"mean">();
            const auto spread = delta.template get<"log_deviation">();
            for (Scalar& value : delta.flat()) value = Scalar{0};
            const Scalar share = Scalar{1} / static_cast<Scalar>(Samples);
            const std::span<const Scalar, Samples * neurons> surprise(eligibility.surprise);
            for (std::size_t s = 0; s < Samples; ++s) {
                simd::axpy(share, row_of(surprise, s), mean);
                simd::map(
                    spread,
                    [share](auto sum, auto x) {
                        using P = decltype(x);
                        return simd::fma(P(Scalar{0.5} * share), x * x - P(1), sum);
                    },
                    spread, row_of(surprise, s));
            }
        }

        /// Nobody learns from it.
        template <std::size_t Samples>
        static void gate(std::span<const Scalar, Samples * neurons> /*out*/,
                         const Eligibility<Samples>& /*eligibility*/,
                         std::span<Scalar, Samples * neurons> /*credit*/) noexcept {}

    private:
        template <class T, std::size_t Extent>
        static std::span<T, neurons> row_of(std::span<T, Extent> all, std::size_t s) noexcept {
            return std::span<T, neurons>(all.data() + s * neurons, neurons);
        }
    };
};

}  // namespace tdca
