// Dense: a fully connected layer.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "tdca/bottom_up/activations.hpp"
#include "tdca/bottom_up/initializers.hpp"
#include "tdca/concepts/activation.hpp"
#include "tdca/concepts/layer.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/shape.hpp"
#include "tdca/math/gemm.hpp"

namespace tdca::inline TDCA_ABI {

/// A fully connected layer: out = f(in · W + b).
///
/// Shapes: in `Samples` × inputs (any input shape, flattened), W inputs × `Units`, b `Units`,
/// out `Samples` × `Units`. Weights are stored input-major, so that one input's synapses are
/// contiguous. 2 · Samples · inputs · Units FLOPs for `forward` and the same for `correlate`;
/// neither allocates.
///
/// @tparam Units neurons
/// @tparam Function the activation
/// @tparam Initializer birth of W; b is born zero
template <std::size_t Units, class Function = Identity, class Initializer = HeNormal>
struct Dense {
    static_assert(Units > 0, "a layer needs at least one neuron");
    static_assert(
        Activation<Function> || detail::tell_what_an_activation_lacks<Function>(),
        "this is no activation; see tdca/concepts/activation.hpp for what one must offer");

    /// The layer on inputs of shape `InputShape`.
    template <class Scalar, StaticShape InputShape>
    struct Bound {
        static constexpr std::size_t inputs = InputShape::size;
        static constexpr std::size_t fan_in = inputs;

        using streaming_layer = Bound;  ///< whose `correlate_each` it is: its own
        using input_shape = InputShape;
        using output_shape = Shape<Units>;
        using activation = Function;  ///< its activation function
        using Params = Parameters<Scalar, Parameter<"weights", Shape<inputs, Units>>,
                                  Parameter<"bias", Shape<Units>>>;
        template <std::size_t Samples>
        using Eligibility = NoEligibility;

        static void initialize(Params& params, Key key) noexcept {
            Initializer::fill(std::span<Scalar>(params.template get<"weights">()), inputs, Units,
                              key);
            Zero::fill(std::span<Scalar>(params.template get<"bias">()), inputs, Units, key);
        }

        template <std::size_t Samples>
        static void forward(const Params& params, std::span<const Scalar, Samples * inputs> in,
                            std::span<Scalar, Samples * Units> out,
                            NoEligibility& /*eligibility*/) noexcept {
            const auto weights = params.template get<"weights">();
            const auto bias = params.template get<"bias">();
            if constexpr (ElementwiseActivation<Function>) {
                affine<Samples, inputs, Units>(
                    in, weights, bias, out, [](Pack<Scalar> sum) { return Function::apply(sum); });
            } else {
                affine<Samples, inputs, Units>(in, weights, bias, out);
                if constexpr (requires {
                                  Function::template normalize_rows<Samples, Units>(out);
                              }) {
                    Function::template normalize_rows<Samples, Units>(out);
                } else {
                    for (std::size_t s = 0; s < Samples; ++s) {
                        Function::normalize(
                            std::span<Scalar, Units>(out.subspan(s * Units, Units)));
                    }
                }
            }
        }

        template <std::size_t Samples>
        static void correlate(std::span<const Scalar, Samples * inputs> in,
                              std::span<const Scalar, Samples * Units> credit,
                              const NoEligibility& /*eligibility*/, Params& delta) noexcept {
            mean_outer<Samples, inputs, Units>(in, credit, delta.template get<"weights">());
            mean_rows<Samples, Units>(credit, delta.template get<"bias">());
        }

        /// `correlate` a few inputs' synapses at a time: `consume(first, deltas)`, synapses
        /// numbered as in `Params::flat()`.
        template <std::size_t Samples, class Consume>
        static void correlate_each(std::span<const Scalar, Samples * inputs> in,
                                   std::span<const Scalar, Samples * Units> credit,
                                   const NoEligibility& /*eligibility*/, Consume consume) noexcept {
            constexpr std::size_t weights = Params::template offset_of<"weights">();
            mean_outer_each<Samples, inputs, Units>(
                in, credit,
                [consume](std::size_t first, auto deltas) { consume(weights + first, deltas); });
            alignas(alignment) std::array<Scalar, Units> mean;
            mean_rows<Samples, Units>(credit, std::span<Scalar, Units>(mean));
            consume(Params::template offset_of<"bias">(), std::span<const Scalar, Units>(mean));
        }

        template <std::size_t Samples>
        static void gate(std::span<const Scalar, Samples * Units> out,
                         const NoEligibility& /*eligibility*/,
                         std::span<Scalar, Samples * Units> credit) noexcept {
            gate_by_slope<Function>(out, credit);
        }
    };
};

}  // namespace tdca
