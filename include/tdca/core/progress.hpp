// Progress: where in its lifetime a network is, as the genome sees it.
#pragma once

#include <cmath>
#include <cstddef>

namespace tdca {

/// The clock and the mood of one lifetime, dimensionless.
struct Progress {
    float fraction = 0;     ///< τ = updates done / horizon, in [0, 1)
    float log_left = 0;     ///< ln(1 − τ), 0 at birth and −ln horizon at the last update
    float log_horizon = 0;  ///< log₁₀(horizon / 300): −0.5 at 100 updates, 0.5 at 1,000
    float error = 1;        ///< running mean of ‖error‖, relative to the first update

    /// The state of the clock before update number `update` (from 0) of `horizon`.
    [[nodiscard]] static Progress at(std::size_t update, std::size_t horizon,
                                     float relative_error) noexcept {
        const auto k = static_cast<float>(update);
        const auto total = static_cast<float>(horizon);
        return {k / total, std::log1p(-k / total), std::log10(total / 300.0F), relative_error};
    }
};

}  // namespace tdca
