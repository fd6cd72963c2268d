// ObservationNormalizer: observations in units of their own history.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>

#include "tdca/core/abi.hpp"
#include "tdca/math/simd.hpp"

namespace tdca::inline TDCA_ABI {

/// Shifts and scales each observation by what has been seen of it so far:
///   o ← (o − κ mean) / √(mean of (o − κ mean)²), within [−5, 5],
/// so that units and offsets of observations do not matter. κ is a share; 1 centres entirely.
///
/// `observe` counts; `refresh` makes what was counted take effect.
template <std::size_t Inputs>
class ObservationNormalizer {
public:
    /// Forgets what was seen. `centring` is the share of the mean that is taken away.
    void begin(float centring) noexcept {
        *this = {};
        centring_ = centring;
    }

    /// Counts one observation in.
    void observe(std::span<const float, Inputs> raw) noexcept {
        count_ += 1;
        for (std::size_t i = 0; i < Inputs; ++i) {
            const auto value = static_cast<double>(raw[i]);
            sum_[i] += value;
            power_[i] += value * value;
        }
    }

    /// Whether everything that was observed was finite: a sum never recovers.
    [[nodiscard]] bool all_finite() const noexcept {
        return simd::all_finite(std::span<const double>(power_));
    }

    /// From now on, observations are normalised by all that was seen so far.
    void refresh() noexcept {
        for (std::size_t i = 0; i < Inputs; ++i) {
            const double mean = sum_[i] / count_;
            const double shift = static_cast<double>(centring_) * mean;
            const double power = power_[i] / count_ - shift * (2 * mean - shift);
            shift_[i] = static_cast<float>(shift);
            scale_[i] = static_cast<float>(1 / std::sqrt(std::max(power, 0.0) + 1e-12));
        }
    }

    /// Calls `visit(name, numbers)` for all that it knows, in order, so that it can be written to a
    /// file and read back: spans of `double` and of `float`.
    template <class Visitor>
    void for_each(Visitor&& visit) {
        visit("centring", std::span<float, 1>(&centring_, 1));
        visit("count", std::span<double, 1>(&count_, 1));
        visit("sum", std::span<double, Inputs>(sum_));
        visit("power", std::span<double, Inputs>(power_));
        visit("shift", std::span<float, Inputs>(shift_));
        visit("scale", std::span<float, Inputs>(scale_));
    }

    /// What the network sees of `raw`.
    void normalize(std::span<const float, Inputs> raw,
                   std::span<float, Inputs> out) const noexcept {
        for (std::size_t i = 0; i < Inputs; ++i) {
            out[i] = std::clamp((raw[i] - shift_[i]) * scale_[i], -5.0F, 5.0F);
        }
    }

private:
    float centring_ = 1;
    double count_ = 0;
    std::array<double, Inputs> sum_{};
    std::array<double, Inputs> power_{};
    std::array<float, Inputs> shift_{};
    std::array<float, Inputs> scale_{};
};

}  // namespace tdca
