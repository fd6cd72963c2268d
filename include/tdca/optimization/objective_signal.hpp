// ObjectiveSignal: what the top level sees of a batch of points whose objective values came back.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/number.hpp"

namespace tdca::inline TDCA_ABI {

/// Ranks and deviations of the values of a batch; lower values are better.
///
/// Everything is free of the unit and the origin of the objective. A value that is NaN or infinite
/// ranks last and takes no part in mean and deviation. Ties are ranked in the order of the batch.
/// `resize` allocates; `observe` does not.
class ObjectiveSignal {
public:
    /// Makes room for batches of that many points.
    void resize(std::size_t points) {
        order_.resize(points);
        ranks_.resize(points);
        scores_.resize(points);
    }

    /// @param values one per point
    void observe(std::span<const float> values) noexcept {
        const std::size_t points = order_.size();
        double sum = 0;
        finite_ = 0;
        for (const float value : values) {
            if (!std::isfinite(value)) continue;
            sum += static_cast<double>(value);
            ++finite_;
        }
        const double count = std::max(static_cast<double>(finite_), 1.0);
        mean_ = static_cast<float>(sum / count);
        double power = 0;
        for (const float value : values) {
            if (!std::isfinite(value)) continue;
            const double distance = static_cast<double>(value) - sum / count;
            power += distance * distance;
        }
        // Never below what single precision can tell apart.
        deviation_ =
            static_cast<float>(std::sqrt(power / count)) + 1e-7F * std::fabs(mean_) + 1e-30F;
        deviation_ = std::min(deviation_, std::numeric_limits<float>::max());

        for (std::size_t p = 0; p < points; ++p) order_[p] = p;
        const auto key = [&](std::size_t p) {
            return std::isfinite(values[p]) ? values[p] : HUGE_VALF;
        };
        std::sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) {
            return key(a) < key(b) || (key(a) == key(b) && a < b);
        });
        for (std::size_t place = 0; place < points; ++place) {
            const std::size_t p = order_[place];
            ranks_[p] = 0.5F - (static_cast<float>(place) + 0.5F) / static_cast<float>(points);
            const float score = ratio_of_difference(values[p], mean_, deviation_);
            scores_[p] = std::isfinite(values[p]) ? std::clamp(score, -3.0F, 3.0F) : 3.0F;
        }
    }

    /// Points from best to worst.
    [[nodiscard]] std::span<const std::size_t> order() const noexcept { return order_; }
    /// ½ for the best point to −½ for the worst, evenly.
    [[nodiscard]] std::span<const float> ranks() const noexcept { return ranks_; }
    /// (value − mean) / deviation, within [−3, 3].
    [[nodiscard]] std::span<const float> scores() const noexcept { return scores_; }
    /// Mean of the batch's values.
    [[nodiscard]] float mean() const noexcept { return mean_; }
    /// Standard deviation of the batch's values.
    [[nodiscard]] float deviation() const noexcept { return deviation_; }
    /// Values that were finite.
    [[nodiscard]] std::size_t finite() const noexcept { return finite_; }

private:
    std::vector<std::size_t> order_;
    std::vector<float> ranks_;
    std::vector<float> scores_;
    float mean_ = 0;
    float deviation_ = 1;
    std::size_t finite_ = 0;
};

}  // namespace tdca
