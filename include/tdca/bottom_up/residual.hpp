// Residual: a layer beside the way around it.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <span>

#include "tdca/concepts/layer.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/random.hpp"
#include "tdca/math/simd.hpp"

namespace tdca::inline TDCA_ABI {

/// out = in + layer(in): the layer learns what has to be added (He et al., arXiv:1512.03385).
///
/// Credit of the sum is credit of the layer's own output; what comes around it has credit where it
/// was made, from that layer's own feedback.
///
/// @tparam Spec a layer whose output has the shape of its input: `Residual<Dense<64, Relu>>`
template <class Spec>
struct Residual {
    /// The layer on inputs of this shape.
    template <class Scalar, class InputShape>
    struct Bound {
        using Inner = typename Spec::template Bound<Scalar, InputShape>;  ///< the layer itself
        static_assert(std::same_as<typename Inner::input_shape, typename Inner::output_shape>,
                      "a residual layer adds its input to its output: both must have one shape");
        static constexpr std::size_t neurons = InputShape::size;  ///< in and out
        static constexpr std::size_t fan_in = Inner::fan_in;

        using input_shape = InputShape;
        using output_shape = InputShape;
        using Params = typename Inner::Params;

        /// The layer's own output, without what came around it.
        template <std::size_t Samples>
        struct Eligibility {
            alignas(alignment) std::array<Scalar, Samples * neurons> added;  ///< its output
            typename Inner::template Eligibility<Samples> inner;  ///< what it leaves for itself
        };

        static void initialize(Params& params, Key key) noexcept { Inner::initialize(params, key); }

        template <std::size_t Samples>
        static void forward(const Params& params, std::span<const Scalar, Samples * neurons> in,
                            std::span<Scalar, Samples * neurons> out,
                            Eligibility<Samples>& eligibility) noexcept {
            const std::span<Scalar, Samples * neurons> added(eligibility.added);
            Inner::template forward<Samples>(params, in, added, eligibility.inner);
            simd::map(
                out, [](auto a, auto b) { return a + b; }, in, added);
        }

        /// The same, where the layer runs differently while it learns.
        template <std::size_t Samples>
        static void forward_training(const Params& params,
                                     std::span<const Scalar, Samples * neurons> in,
                                     std::span<Scalar, Samples * neurons> out,
                                     Eligibility<Samples>& eligibility, Key key) noexcept
            requires TrainingLayer<Inner>
        {
            const std::span<Scalar, Samples * neurons> added(eligibility.added);
            Inner::template forward_training<Samples>(params, in, added, eligibility.inner, key);
            simd::map(
                out, [](auto a, auto b) { return a + b; }, in, added);
        }

        template <std::size_t Samples>
        static void correlate(std::span<const Scalar, Samples * neurons> in,
                              std::span<const Scalar, Samples * neurons> credit,
                              const Eligibility<Samples>& eligibility, Params& delta) noexcept {
            Inner::template correlate<Samples>(in, credit, eligibility.inner, delta);
        }

        template <std::size_t Samples>
        static void gate(std::span<const Scalar, Samples * neurons> /*out*/,
                         const Eligibility<Samples>& eligibility,
                         std::span<Scalar, Samples * neurons> credit) noexcept {
            Inner::template gate<Samples>(
                std::span<const Scalar, Samples * neurons>(eligibility.added), eligibility.inner,
                credit);
        }
    };
};

}  // namespace tdca
