// What a classifier of the baseline is taught: labels as they are, or smoothed.
#pragma once

#include <cstddef>
#include <span>

#include "tdca/core/parameters.hpp"

namespace tdca::baseline {

/// Errors as the signal tells them.
struct PlainTargets {
    using Genome = Genes<float>;

    template <std::size_t Samples, std::size_t Width, class Target>
    static void amend(const Genome& /*genome*/, std::span<const Target, Samples> /*told*/,
                      std::span<float, Samples * Width> /*errors*/) noexcept {}
};

/// Label smoothing (Szegedy et al., arXiv:1512.00567): the target of class c is
/// (1 − ε) [c = label] + ε / classes, in place of [c = label].
struct SmoothedTargets {
    using Genome = Genes<float, Parameter<"smoothing", Shape<1>>>;

    template <std::size_t Samples, std::size_t Width, class Label>
    static void amend(const Genome& genome, std::span<const Label, Samples> labels,
                      std::span<float, Samples * Width> errors) noexcept {
        const float smoothing = genome.get<"smoothing">()[0];
        if (smoothing != 0.0F) smooth<Samples, Width>(smoothing, labels, errors);
    }

    /// Adds what smoothed targets differ by to errors, targets − outputs.
    template <std::size_t Samples, std::size_t Width, class Label, class Scalar>
    static void smooth(Scalar smoothing, std::span<const Label, Samples> labels,
                       std::span<Scalar, Samples * Width> errors) noexcept {
        for (Scalar& error : errors) error += smoothing / static_cast<Scalar>(Width);
        for (std::size_t s = 0; s < Samples; ++s) errors[s * Width + labels[s]] -= smoothing;
    }
};

}  // namespace tdca::baseline
