// Quantized: a layer whose weights act as two or three values.
#pragma once

#include <cmath>
#include <cstddef>

#include "tdca/bottom_up/detail/read_through.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/shape.hpp"

namespace tdca::inline TDCA_ABI {

/// Values that a weight acts as.
enum class WeightLevels {
    binary,  ///< ±α, α the mean size (Rastegari et al., arXiv:1603.05279)
    ternary  ///< 0 below 0.7 of the mean size, else ±α, α the mean size of those (arXiv:1605.04711)
};

/// Any layer that has "weights": they are written as real numbers and act as few values, α being
/// the layer's; biases act as they are. Learning sees activities alone, and need not know.
///
/// @tparam Spec a layer: `Quantized<Dense<64, Relu>, WeightLevels::ternary>`
template <class Spec, WeightLevels Levels>
struct Quantized {
private:
    template <class Inner>
    struct ParamsOf : Inner::Params {
        void read(typename Inner::Params& effective) const noexcept {
            using Scalar = typename Inner::Params::scalar;
            static_cast<typename Inner::Params&>(effective) = *this;
            const auto weights = effective.template get<"weights">();
            Scalar total = 0;
            for (const Scalar weight : weights) total += std::abs(weight);
            Scalar scale = total / static_cast<Scalar>(weights.size());
            Scalar least = 0;
            if constexpr (Levels == WeightLevels::ternary) {
                least = static_cast<Scalar>(0.7) * scale;
                total = 0;
                Scalar many = 0;
                for (const Scalar weight : weights) {
                    if (std::abs(weight) > least) {
                        total += std::abs(weight);
                        many += 1;
                    }
                }
                scale = many > 0 ? total / many : Scalar{0};
            }
            for (Scalar& weight : weights) {
                weight = std::abs(weight) > least ? std::copysign(scale, weight) : Scalar{0};
            }
        }
    };

public:
    /// The layer on inputs of this shape.
    template <class Scalar, StaticShape InputShape>
    struct Bound
        : detail::ReadThrough<typename Spec::template Bound<Scalar, InputShape>,
                              ParamsOf<typename Spec::template Bound<Scalar, InputShape>>> {
        using Inner = typename Spec::template Bound<Scalar, InputShape>;  ///< the layer itself
        using Params = ParamsOf<Inner>;

        static void initialize(Params& params, Key key) noexcept { Inner::initialize(params, key); }
    };
};

}  // namespace tdca
