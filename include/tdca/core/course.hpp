// Course, Progress and RunningError: a lifetime as planned, where in it a network is, and how it
// fares, as the genome sees it.
#pragma once

#include <cmath>
#include <cstddef>

#include "tdca/core/abi.hpp"

namespace tdca::inline TDCA_ABI {

/// A lifetime as planned when it begins.
struct Course {
    std::size_t updates = 0;  ///< planned in all
    /// How often it will see each training sample: updates · minibatch / samples. 0 where samples
    /// do not come from a finite set, or where nobody says.
    float passes = 0;
    /// Factor on every step size, for those who hurry or hold back a life from outside.
    float pace = 1;

    constexpr Course() = default;
    /// @param planned updates
    // NOLINTNEXTLINE(google-explicit-constructor): a number of updates is a course.
    constexpr Course(std::size_t planned, float repeats = 0) noexcept
        : updates(planned), passes(repeats) {}

    /// `updates` on minibatches of `batch` from `samples` samples.
    [[nodiscard]] static constexpr Course over(std::size_t updates, std::size_t batch,
                                               std::size_t samples) noexcept {
        return {updates,
                static_cast<float>(static_cast<double>(updates) * static_cast<double>(batch) /
                                   static_cast<double>(samples))};
    }

    /// log₁₀(1 + passes): near 0 while samples are new, 1.04 at ten passes.
    [[nodiscard]] float log_passes() const noexcept { return std::log10(1.0F + passes); }
};

/// The latest that any clock shows, the largest number below 1: a life has an end, even one so long
/// that updates done and planned round to the same number.
inline constexpr float latest_fraction = 0x1.fffffep-1F;

/// The clock and the mood of one lifetime, dimensionless.
struct Progress {
    float fraction = 0;     ///< τ = updates done / horizon, in [0, 1)
    float log_left = 0;     ///< ln(1 − τ), 0 at birth and −ln horizon at the last update
    float log_horizon = 0;  ///< log₁₀(horizon / 300): −0.5 at 100 updates, 0.5 at 1,000
    float error = 1;        ///< running mean of ‖error‖, relative to the first update
    float log_passes = 0;   ///< log₁₀(1 + passes through the training samples)
    float log_batch = 0;    ///< log₁₀(minibatch / 64)
    float pace = 1;         ///< factor on every step size
    float log_depth = 0;    ///< ln(layers / 10), 0 for networks of up to ten layers

    /// The state of the clock before update number `update` (from 0).
    ///
    /// @param batch samples in a minibatch
    [[nodiscard]] static Progress at(std::size_t update, const Course& course, float relative_error,
                                     std::size_t batch = 64) noexcept {
        const auto total = static_cast<float>(course.updates);
        const float fraction = std::fmin(static_cast<float>(update) / total, latest_fraction);
        return {
            fraction,       std::log1p(-fraction), std::log10(total / 300.0F),
            relative_error, course.log_passes(),   std::log10(static_cast<float>(batch) / 64.0F),
            course.pace};
    }
};

/// The running mean of the batch mean of ‖error‖ over about the last ten updates.
class RunningError {
public:
    /// One update's mean error.
    void note(float error) noexcept {
        if (!has_begun_) first_ = mean_ = error;
        has_begun_ = true;
        mean_ += 0.1F * (error - mean_);
    }

    /// The running mean relative to the first error that was noted; 1 before there is one.
    [[nodiscard]] float relative() const noexcept { return first_ > 0 ? mean_ / first_ : 1.0F; }

private:
    bool has_begun_ = false;
    float first_ = 0;
    float mean_ = 0;
};

}  // namespace tdca
