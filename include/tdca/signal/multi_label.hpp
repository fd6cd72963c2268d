// MultiLabelSignal: what the top level sees when each of several labels may hold of a sample.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>

#include "tdca/core/abi.hpp"
#include "tdca/math/simd.hpp"
#include "tdca/signal/classification.hpp"
#include "tdca/signal/detail/known_errors.hpp"

namespace tdca::inline TDCA_ABI {

/// error = target − output: e[s, k] = y[s, k] − p[s, k], and 0 where y is NaN, not known.
///
/// For output layers with `Sigmoid`: p is the probability that label k holds, whatever others do.
/// As with a softmax this error is what a unit can tell of its own mistake; no derivative is taken.
template <std::size_t Labels>
struct MultiLabelSignal {
    static constexpr std::size_t width = Labels;
    using Target = std::array<float, Labels>;  ///< 1, 0, or between; NaN where it is not known
    using Evaluation = tdca::Evaluation;       ///< means over labels

    /// The norm of many errors has no bound.
    static constexpr bool has_limited_features = true;

    /// @param outputs `Samples` × `Labels`, probabilities
    /// @param targets one per sample
    /// @param errors `Samples` × `Labels`
    template <std::size_t Samples, class Scalar>
    static void observe(std::span<const Scalar, Samples * Labels> outputs,
                        std::span<const Target, Samples> targets,
                        std::span<Scalar, Samples * Labels> errors) noexcept {
        detail::known_errors<Samples, Labels>(outputs, targets, errors);
    }

    /// What a layer's own guess amounts to: sums become probabilities, 1 / (1 + e⁻ˣ), in place.
    template <std::size_t Samples, class Scalar>
    static void interpret(std::span<Scalar, Samples * Labels> sums) noexcept {
        simd::map(
            sums,
            [](auto x) {
                using T = decltype(x);
                const T half(0.5F);
                return half + half * simd::tanh(half * x);
            },
            sums);
    }

    /// Adds one sample's cross-entropy, and the labels that are on the right side of one half.
    static void judge(std::span<const float, Labels> output, const Target& target,
                      Evaluation& sums) noexcept {
        for (std::size_t k = 0; k < Labels; ++k) {
            if (std::isnan(target[k])) continue;
            const auto y = static_cast<double>(target[k]);
            const auto p = static_cast<double>(output[k]);
            sums.loss -=
                y * std::log(std::fmax(p, 1e-30)) + (1 - y) * std::log(std::fmax(1 - p, 1e-30));
            sums.accuracy += (p > 0.5) == (y > 0.5) ? 1 : 0;
            ++sums.count;
            if (!std::isfinite(p)) sums.loss = std::numeric_limits<double>::quiet_NaN();
        }
    }
};

}  // namespace tdca
