// ClassificationSignal: what the top level sees when samples have labels.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>

#include "tdca/core/abi.hpp"
#include "tdca/core/targets.hpp"
#include "tdca/math/simd.hpp"
#include "tdca/math/softmax.hpp"

namespace tdca::inline TDCA_ABI {

/// How well a classifier does on a set of samples.
struct Evaluation {
    double loss = 0;      ///< mean cross-entropy, nats; NaN where a weight or output is not finite
    double accuracy = 0;  ///< fraction of samples whose most probable class is theirs
    std::size_t count = 0;  ///< what the means are over: samples, or labels that are known
    double weight = 0;      ///< how much these count in all, where they count differently

    /// Makes means of sums.
    void finish() noexcept {
        const double all = weight > 0 ? weight : static_cast<double>(count);
        loss /= all;
        accuracy /= all;
    }
};

/// error = target − output, with the target one-hot: e[s, c] = w[s] ([c = label s] − p[s, c]).
///
/// With softmax outputs this is what a unit can tell of its own mistake; no derivative is taken.
/// ‖e‖ is zero exactly where the right class has all the probability.
///
/// @tparam Label `std::uint16_t`, where all samples count alike, w = 1; or `WeightedLabel`, where
///   some count for more, as those of rare classes may: see `balanced`
template <std::size_t Classes, class Label = std::uint16_t>
struct ClassificationSignal {
    static_assert(std::is_same_v<Label, std::uint16_t> || std::is_same_v<Label, WeightedLabel>,
                  "a ClassificationSignal is told labels: std::uint16_t, or WeightedLabel");

    static constexpr std::size_t width = Classes;
    using Target = Label;  ///< the label, below `Classes`
    using Evaluation = tdca::Evaluation;

    /// Whether errors are multiplied by weights.
    static constexpr bool has_weighted_errors = std::is_same_v<Label, WeightedLabel>;

    /// @param outputs `Samples` × `Classes`, class probabilities
    /// @param labels one per sample
    /// @param errors `Samples` × `Classes`
    template <std::size_t Samples, class Scalar>
    static void observe(std::span<const Scalar, Samples * Classes> outputs,
                        std::span<const Target, Samples> labels,
                        std::span<Scalar, Samples * Classes> errors) noexcept {
        for (std::size_t i = 0; i < Samples * Classes; ++i) errors[i] = -outputs[i];
        for (std::size_t s = 0; s < Samples; ++s) {
            errors[s * Classes + class_of(labels[s])] += Scalar{1};
        }
        if constexpr (has_weighted_errors) {
            for (std::size_t s = 0; s < Samples; ++s) {
                const auto weight = static_cast<Scalar>(labels[s].weight);
                const std::span<Scalar, Classes> row(errors.data() + s * Classes, Classes);
                simd::map(
                    row, [weight](auto error) { return error * decltype(error)(weight); },
                    std::span<const Scalar, Classes>(row));
            }
        }
    }

    /// What a layer's own guess amounts to, in the units of the outputs: sums become class
    /// probabilities, in place.
    ///
    /// @param sums `Samples` × `Classes`
    template <std::size_t Samples, class Scalar>
    static void interpret(std::span<Scalar, Samples * Classes> sums) noexcept {
        simd::softmax_rows<Samples, Classes>(sums);
    }

    /// Adds one sample's cross-entropy, and whether its class is the most probable: as much as it
    /// counts.
    static void judge(std::span<const float, Classes> output, const Target& target,
                      Evaluation& sums) noexcept {
        const std::uint16_t label = class_of(target);
        double weight = 1;
        if constexpr (has_weighted_errors) {
            if (target.weight == 0.0F) return;
            weight = static_cast<double>(target.weight);
            sums.weight += weight;
        }
        sums.loss -= weight * std::log(std::fmax(static_cast<double>(output[label]), 1e-30));
        sums.accuracy += simd::is_largest(output, label) ? weight : 0;
        ++sums.count;
        if (!std::isfinite(output[label])) sums.loss = std::numeric_limits<double>::quiet_NaN();
    }

private:
    static std::uint16_t class_of(std::uint16_t label) noexcept { return label; }
    static std::uint16_t class_of(const WeightedLabel& label) noexcept { return label.label; }
};

}  // namespace tdca
