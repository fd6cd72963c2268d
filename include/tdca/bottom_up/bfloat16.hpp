// InBfloat16, Bfloat16Network: layers that multiply in bfloat16.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include "tdca/bottom_up/activations.hpp"
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/concepts/activation.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/shape.hpp"
#include "tdca/math/bfloat16_product.hpp"
#include "tdca/math/gemm.hpp"

namespace tdca::inline TDCA_ABI {

/// A layer whose products are of bfloat16: each factor is rounded to 8 bits of precision, sums are
/// of single precision, and so are parameters, activities, credits and all else. Processors with
/// AVX512_BF16 do twice as many of these products in a second; on all others the results are the
/// same, bit for bit, and take longer.
///
/// `Dense` layers with a function of one neuron at a time change; others stay as they are.
/// Parameters are those of the layer itself, and so are files.
template <class Layer>
struct InBfloat16 : Layer {};

/// A dense layer.
template <std::size_t Units, ElementwiseActivation Function, class Initializer>
struct InBfloat16<Dense<Units, Function, Initializer>> {
    template <class Scalar, class InputShape>
    struct Bound : Dense<Units, Function, Initializer>::template Bound<Scalar, InputShape> {};

    /// The layer on inputs of shape `InputShape`; of double precision it is the layer itself, and
    /// so it is where there are too few outputs for it to pay.
    template <class InputShape>
        requires(pays_in_bfloat16(InputShape::size, Units))
    struct Bound<float, InputShape>
        : Dense<Units, Function, Initializer>::template Bound<float, InputShape> {
        /// The layer in single precision.
        using Base =
            typename Dense<Units, Function, Initializer>::template Bound<float, InputShape>;
        using streaming_layer = Bound;         ///< whose `correlate_each` it is: its own
        using Params = typename Base::Params;  ///< of the layer itself
        static constexpr std::size_t inputs = InputShape::size;  ///< numbers of a sample

        /// Room for numbers in pairs.
        template <std::size_t Samples>
        using Eligibility = Bfloat16Scratch<Samples, inputs, Units>;

        /// As the layer's, with products of bfloat16.
        template <std::size_t Samples>
        static void forward(const Params& params, std::span<const float, Samples * inputs> in,
                            std::span<float, Samples * Units> out,
                            Eligibility<Samples>& scratch) noexcept {
            affine_in_bfloat16<Samples, inputs, Units>(
                in, params.template get<"weights">(), params.template get<"bias">(), out, scratch,
                [](Pack<float> sum) { return Function::apply(sum); });
        }

        /// As the layer's, with products of bfloat16.
        template <std::size_t Samples>
        static void correlate(std::span<const float, Samples * inputs> in,
                              std::span<const float, Samples * Units> credit,
                              const Eligibility<Samples>& scratch, Params& delta) noexcept {
            correlate_each<Samples>(in, credit, scratch, [&](std::size_t first, auto deltas) {
                std::ranges::copy(deltas,
                                  delta.flat().begin() + static_cast<std::ptrdiff_t>(first));
            });
        }

        /// As the layer's, a few deltas at a time.
        template <std::size_t Samples, class Consume>
        static void correlate_each(std::span<const float, Samples * inputs> in,
                                   std::span<const float, Samples * Units> credit,
                                   const Eligibility<Samples>& scratch, Consume consume) noexcept {
            constexpr std::size_t weights = Params::template offset_of<"weights">();
            mean_outer_each_in_bfloat16<Samples, inputs, Units>(
                in, credit, scratch,
                [consume](std::size_t first, auto deltas) { consume(weights + first, deltas); });
            alignas(alignment) std::array<float, Units> mean;
            mean_rows<Samples, Units>(credit, std::span<float, Units>(mean));
            consume(Params::template offset_of<"bias">(), std::span<const float, Units>(mean));
        }

        /// As the layer's.
        template <std::size_t Samples>
        static void gate(std::span<const float, Samples * Units> out,
                         const Eligibility<Samples>& /*scratch*/,
                         std::span<float, Samples * Units> credit) noexcept {
            gate_by_slope<Function>(out, credit);
        }
    };
};

/// A network whose layers multiply in bfloat16, where they can: see @ref InBfloat16.
template <class In, class... Layers>
using Bfloat16Network = Network<In, InBfloat16<Layers>...>;

}  // namespace tdca
