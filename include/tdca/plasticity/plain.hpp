// PlainPlasticity: each synapse follows its credit × activity.
#pragma once

#include <array>
#include <cstddef>

#include "tdca/core/abi.hpp"
#include "tdca/core/course.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/math/simd.hpp"

namespace tdca::inline TDCA_ABI {

/// w ← w + η Δ. No genes, no traces. The step η is the schedule's, whatever the fan-in: Δ of a
/// layer with unit credits does not shrink with its width.
struct PlainPlasticity {
    using Genome = Genes<float>;
    struct Constants {};
    static constexpr std::size_t traces = 0;

    static void initialize(Genome& /*genome*/) noexcept {}
    static Constants decode(const Genome& /*genome*/, const Course& /*course*/) noexcept {
        return {};
    }
    static float width_factor(std::size_t /*fan_in*/) noexcept { return 1.0F; }

    /// One update of any synapse.
    struct Change {
        float step;  ///< η

        template <class T>
        void operator()(T delta, std::array<T, traces>& /*memory*/, T& weight) const noexcept {
            weight = simd::fma(T(step), delta, weight);
        }
    };
    static Change change(const Constants& /*constants*/, std::size_t /*age*/, float step) noexcept {
        return {step};
    }
};

}  // namespace tdca
