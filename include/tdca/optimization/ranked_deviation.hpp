// RankedDeviation: what the top level sees of points whose objective values came back, unit by
// unit.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <span>

#include "tdca/core/abi.hpp"

namespace tdca::inline TDCA_ABI {

/// error = utility × deviation: e[s, i] = uₛ (x[s, i] − mean of x[·, i]) / deviation of all x.
///
/// For networks whose output is a point and whose feedback is how that point ranks among those of
/// its batch. No derivative of the objective is taken, and its unit does not matter. The error is
/// zero where the batch is one point, or where all utilities are.
///
/// @tparam Dimension coordinates of a point
template <std::size_t Dimension>
struct RankedDeviation {
    static constexpr std::size_t width = Dimension;
    using Target = float;  ///< the utility of a point: positive for good ones

    /// @param outputs `Samples` × `Dimension`, points
    /// @param utilities one per sample
    /// @param errors `Samples` × `Dimension`
    template <std::size_t Samples>
    static void observe(std::span<const float, Samples * Dimension> outputs,
                        std::span<const Target, Samples> utilities,
                        std::span<float, Samples * Dimension> errors) noexcept {
        std::array<float, Dimension> mean{};
        for (std::size_t s = 0; s < Samples; ++s) {
            for (std::size_t i = 0; i < Dimension; ++i) mean[i] += outputs[s * Dimension + i];
        }
        for (float& m : mean) m /= static_cast<float>(Samples);
        float power = 0;
        for (std::size_t s = 0; s < Samples; ++s) {
            for (std::size_t i = 0; i < Dimension; ++i) {
                const float away = outputs[s * Dimension + i] - mean[i];
                errors[s * Dimension + i] = away * utilities[s];
                power += away * away;
            }
        }
        const float scale =
            1.0F / (std::sqrt(power / static_cast<float>(Samples * Dimension)) + 1e-12F);
        for (float& error : errors) error *= scale;
    }
};

}  // namespace tdca
