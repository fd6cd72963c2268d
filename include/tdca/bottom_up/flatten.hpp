// Flatten and Reshape: the same numbers as a vector, or in another shape.
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

/// The same numbers, row by row, as a vector; their credits likewise. A `Dense` layer reads any
/// shape without it; it is for layers that want a vector, and for whoever likes to read where maps
/// end.
struct Flatten {
    /// The layer on inputs of this shape.
    template <class Scalar, class InputShape>
    struct Bound {
        static constexpr std::size_t neurons = InputShape::size;  ///< in and out

        using input_shape = InputShape;
        using output_shape = Shape<neurons>;
        using Params = Parameters<Scalar>;
        template <std::size_t Samples>
        using Eligibility = NoEligibility;

        static void initialize(Params& /*params*/, Key /*key*/) noexcept {}

        template <std::size_t Samples>
        static void forward(const Params& /*params*/, std::span<const Scalar, Samples * neurons> in,
                            std::span<Scalar, Samples * neurons> out,
                            NoEligibility& /*eligibility*/) noexcept {
            std::ranges::copy(in, out.begin());
        }

        /// Hands credit down, as a @ref RelayLayer does.
        template <std::size_t Samples>
        static void relay(std::span<const Scalar, Samples * neurons> /*in*/,
                          std::span<const Scalar, Samples * neurons> /*out*/,
                          const NoEligibility& /*eligibility*/,
                          std::span<const Scalar, Samples * neurons> credit,
                          std::span<Scalar, Samples * neurons> below) noexcept {
            std::ranges::copy(credit, below.begin());
        }
    };
};

/// The same numbers in another shape, as another layer wants to read them: `Reshape<1, 64>` is one
/// step of 64 features, for a recurrent layer above another in @ref EveryStep.
template <std::size_t... Extents>
struct Reshape {
    /// The layer on inputs of this shape.
    template <class Scalar, class InputShape>
    struct Bound : Flatten::Bound<Scalar, InputShape> {
        using output_shape = Shape<Extents...>;
        static_assert(output_shape::size == InputShape::size,
                      "a Reshape has as many numbers as the layer below");
    };
};

}  // namespace tdca
