// Progress and RunningError: where in its lifetime a network is and how it fares, as the genome
// sees it.
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

/// The running mean of the batch mean of ‖error‖ over about the last ten updates.
class RunningError {
public:
    void note(float error) noexcept {
        if (first_ < 0) first_ = mean_ = error;
        mean_ += 0.1F * (error - mean_);
    }

    /// The running mean relative to the first error that was noted; 1 before there is one.
    [[nodiscard]] float relative() const noexcept { return first_ > 0 ? mean_ / first_ : 1.0F; }

private:
    float first_ = -1;
    float mean_ = 0;
};

}  // namespace tdca
