// ClassificationSignal: what the top level sees when samples have labels.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "tdca/core/abi.hpp"
#include "tdca/math/softmax.hpp"

namespace tdca::inline TDCA_ABI {

/// How well a classifier does on a set of samples.
struct Evaluation {
    double loss = 0;      ///< mean cross-entropy, nats; NaN where a weight or output is not finite
    double accuracy = 0;  ///< fraction of samples whose most probable class is theirs
    std::size_t count = 0;  ///< what the means are over: samples, or labels that are known

    /// Makes means of sums.
    void finish() noexcept {
        loss /= static_cast<double>(count);
        accuracy /= static_cast<double>(count);
    }
};

/// error = target − output, with the target one-hot: e[s, c] = [c = label s] − p[s, c].
///
/// With softmax outputs this is what a unit can tell of its own mistake; no derivative is taken.
/// ‖e‖ is zero exactly where the right class has all the probability.
template <std::size_t Classes>
struct ClassificationSignal {
    static constexpr std::size_t width = Classes;
    using Target = std::uint16_t;  ///< the label, below `Classes`
    using Evaluation = tdca::Evaluation;

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

    /// Adds one sample's cross-entropy, and whether its class is the most probable.
    static void judge(std::span<const float, Classes> output, Target label,
                      Evaluation& sums) noexcept {
        sums.loss -= std::log(std::fmax(static_cast<double>(output[label]), 1e-30));
        sums.accuracy += simd::is_largest(output, label) ? 1 : 0;
        ++sums.count;
        if (!std::isfinite(output[label])) sums.loss = std::numeric_limits<double>::quiet_NaN();
    }
};

}  // namespace tdca
