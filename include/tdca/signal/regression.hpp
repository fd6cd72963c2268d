// RegressionSignal: what the top level sees when samples have numbers to be predicted.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <span>

#include "tdca/core/abi.hpp"
#include "tdca/signal/detail/known_errors.hpp"

namespace tdca::inline TDCA_ABI {

/// How well numbers are predicted on a set of samples, in the units of the targets.
struct RegressionEvaluation {
    double loss = 0;            ///< mean squared error; NaN where a weight or output is not finite
    double absolute_error = 0;  ///< mean absolute error
    std::size_t count = 0;      ///< what the means are over: numbers that are known

    /// Root of the mean squared error.
    [[nodiscard]] double rmse() const noexcept { return std::sqrt(loss); }

    /// Makes means of sums.
    void finish() noexcept {
        loss /= static_cast<double>(count);
        absolute_error /= static_cast<double>(count);
    }
};

/// error = target − output: e[s, k] = y[s, k] − ŷ[s, k], and 0 where y is NaN, not known.
///
/// For output layers with `Identity`. Targets should be standardised: the size of errors is part of
/// what a genome knows. An autoencoder is regression onto the inputs.
template <std::size_t Outputs>
struct RegressionSignal {
    static constexpr std::size_t width = Outputs;
    using Target = std::array<float, Outputs>;  ///< numbers; NaN where one is not known
    using Evaluation = RegressionEvaluation;

    /// Outputs and errors have no bounds.
    static constexpr bool has_limited_features = true;

    /// @param outputs `Samples` × `Outputs`
    /// @param targets one per sample
    /// @param errors `Samples` × `Outputs`
    template <std::size_t Samples, class Scalar>
    static void observe(std::span<const Scalar, Samples * Outputs> outputs,
                        std::span<const Target, Samples> targets,
                        std::span<Scalar, Samples * Outputs> errors) noexcept {
        detail::known_errors<Samples, Outputs>(outputs, targets, errors);
    }

    /// What a layer's own guess amounts to: sums are in the units of the outputs.
    template <std::size_t Samples, class Scalar>
    static void interpret(std::span<Scalar, Samples * Outputs> /*sums*/) noexcept {}

    /// Adds one sample's errors.
    static void judge(std::span<const float, Outputs> output, const Target& target,
                      Evaluation& sums) noexcept {
        for (std::size_t k = 0; k < Outputs; ++k) {
            if (std::isnan(target[k])) continue;
            const double error = static_cast<double>(target[k]) - static_cast<double>(output[k]);
            sums.loss += error * error;
            sums.absolute_error += std::fabs(error);
            ++sums.count;
        }
    }
};

}  // namespace tdca
