// ClassificationSignal: what the top level sees when samples have labels.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "tdca/core/abi.hpp"
#include "tdca/math/softmax.hpp"

namespace tdca::inline TDCA_ABI {

/// error = target − output, with the target one-hot: e[s, c] = [c = label s] − p[s, c].
///
/// With softmax outputs this is what a unit can tell of its own mistake; no derivative is taken.
/// ‖e‖ is zero exactly where the right class has all the probability.
template <std::size_t Classes>
struct ClassificationSignal {
    static constexpr std::size_t width = Classes;
    using Target = std::uint16_t;  ///< the label, below `Classes`

    /// @param outputs `Samples` × `Classes`, class probabilities
    /// @param labels one per sample
    /// @param errors `Samples` × `Classes`
    template <std::size_t Samples, class Scalar>
    static void observe(std::span<const Scalar, Samples * Classes> outputs,
                        std::span<const Target, Samples> labels,
                        std::span<Scalar, Samples * Classes> errors) noexcept {
        for (std::size_t i = 0; i < Samples * Classes; ++i) errors[i] = -outputs[i];
        for (std::size_t s = 0; s < Samples; ++s) errors[s * Classes + labels[s]] += Scalar{1};
    }

    /// What a layer's own guess amounts to, in the units of the outputs: sums become class
    /// probabilities, in place.
    ///
    /// @param sums `Samples` × `Classes`
    template <std::size_t Samples, class Scalar>
    static void interpret(std::span<Scalar, Samples * Classes> sums) noexcept {
        simd::softmax_rows<Samples, Classes>(sums);
    }
};

}  // namespace tdca
