// Conv2d: a convolutional layer.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <type_traits>

#include "tdca/bottom_up/activations.hpp"
#include "tdca/bottom_up/initializers.hpp"
#include "tdca/concepts/activation.hpp"
#include "tdca/concepts/layer.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/shape.hpp"
#include "tdca/math/convolution.hpp"

namespace tdca::inline TDCA_ABI {

/// How windows slide over maps, and which maps a filter sees: `Sliding{.stride = 2, .padding = 1}`.
struct Sliding {
    std::size_t stride = 1;   ///< steps between windows
    std::size_t padding = 0;  ///< zeros around a map, on each side
    std::size_t groups = 1;   ///< a filter sees 1 / groups of the maps; one each: depthwise
};

namespace detail {

[[nodiscard]] constexpr ConvolutionShape shape_of(std::size_t channels, std::size_t rows,
                                                  std::size_t columns, std::size_t filters,
                                                  std::size_t extent, Sliding how) noexcept {
    return {channels, rows, columns, filters, extent, how.stride, how.padding, how.groups};
}

}  // namespace detail

/// A convolutional layer: out[f, y, x] = φ(b[f] + Σ W[f, c, i, j] · in[c, s y + i − p, s x + j −
/// p]).
///
/// Shapes: in channels × rows × columns; W `Filters` × channels / groups × `Extent` × `Extent`, b
/// `Filters`; out `Filters` × ⌊(rows + 2 p − Extent) / s⌋ + 1 × likewise. Like PyTorch's, a
/// correlation. A synapse stands at every window at once, so its delta is the sum over windows of
/// credit × what it saw there: still a number from its own two ends.
///
/// @tparam Filters feature maps above
/// @tparam Extent side of a window
/// @tparam Function the activation
/// @tparam How stride, padding, groups
/// @tparam Initializer birth of W; b is born zero
template <std::size_t Filters, std::size_t Extent, class Function = Relu, Sliding How = Sliding(),
          class Initializer = HeNormal>
struct Conv2d {
    static_assert(ElementwiseActivation<Function> ||
                      detail::tell_what_an_activation_lacks<Function>(),
                  "this is no activation of one neuron at a time; see ElementwiseActivation in "
                  "tdca/concepts/activation.hpp for what one must offer");

    template <class Scalar, class InputShape>
    struct Bound;

    /// The layer on maps of this shape.
    template <class Scalar, std::size_t Channels, std::size_t Rows, std::size_t Columns>
    struct Bound<Scalar, Shape<Channels, Rows, Columns>> {
        /// Extents below and above.
        static constexpr ConvolutionShape shape =
            detail::shape_of(Channels, Rows, Columns, Filters, Extent, How);
        static_assert(shape.is_possible(),
                      "a convolution needs windows no larger than its padded maps, a stride of at "
                      "least 1, and groups that divide both channels and filters");
        static constexpr std::size_t fan_in = shape.fan_in();

        using partly_gated_layer = Bound;  ///< whose `gate_some` it is: its own
        using input_shape = Shape<Channels, Rows, Columns>;
        using output_shape = Shape<Filters, shape.out_rows(), shape.out_columns()>;
        using activation = Function;  ///< φ
        using Params =
            Parameters<Scalar,
                       Parameter<"weights", Shape<Filters, Channels / How.groups, Extent, Extent>>,
                       Parameter<"bias", Shape<Filters>>>;

        /// The maps as kernels read them, where they have to be laid out for that.
        template <std::size_t Samples>
        struct LaidOut {
            alignas(alignment)
                std::array<Scalar, Samples * Channels * shape.map_size()> maps;  ///< of all samples
        };
        template <std::size_t Samples>
        using Eligibility = std::conditional_t<shape.is_plain(), NoEligibility, LaidOut<Samples>>;

        static void initialize(Params& params, Key key) noexcept {
            Initializer::fill(std::span<Scalar>(params.template get<"weights">()), fan_in,
                              Filters * Extent * Extent, key);
            Zero::fill(std::span<Scalar>(params.template get<"bias">()), fan_in, Filters, key);
        }

        template <std::size_t Samples>
        static void forward(const Params& params,
                            std::span<const Scalar, Samples * shape.inputs()> in,
                            std::span<Scalar, Samples * shape.outputs()> out,
                            Eligibility<Samples>& eligibility) noexcept {
            if constexpr (!shape.is_plain()) {
                lay_out_maps<shape, Samples>(in, maps_of<Samples>(eligibility));
            }
            convolve<shape, Samples>(seen<Samples>(in, eligibility),
                                     params.template get<"weights">(),
                                     params.template get<"bias">(), out,
                                     [](Pack<Scalar> sum) { return Function::apply(sum); });
        }

        template <std::size_t Samples>
        static void correlate(std::span<const Scalar, Samples * shape.inputs()> in,
                              std::span<const Scalar, Samples * shape.outputs()> credit,
                              const Eligibility<Samples>& eligibility, Params& delta) noexcept {
            correlate_windows<shape, Samples>(seen<Samples>(in, eligibility), credit,
                                              delta.template get<"weights">(),
                                              delta.template get<"bias">());
        }

        template <std::size_t Samples>
        static void gate(std::span<const Scalar, Samples * shape.outputs()> out,
                         const Eligibility<Samples>& /*eligibility*/,
                         std::span<Scalar, Samples * shape.outputs()> credit) noexcept {
            gate_by_slope<Function>(out, credit);
        }

        /// `gate` of so many samples.
        template <std::size_t Some>
        static void gate_some(std::span<const Scalar, Some * shape.outputs()> out,
                              std::span<Scalar, Some * shape.outputs()> credit) noexcept {
            gate_by_slope<Function>(out, credit);
        }

    private:
        template <std::size_t Samples>
        static auto maps_of(LaidOut<Samples>& eligibility) noexcept {
            return std::span<Scalar, Samples * Channels * shape.map_size()>(eligibility.maps);
        }
        /// What windows slide over.
        template <std::size_t Samples>
        static std::span<const Scalar, Samples * Channels * shape.map_size()> seen(
            std::span<const Scalar, Samples * shape.inputs()> in,
            const Eligibility<Samples>& eligibility) noexcept {
            if constexpr (shape.is_plain()) {
                return in;
            } else {
                return eligibility.maps;
            }
        }
    };
};

}  // namespace tdca
