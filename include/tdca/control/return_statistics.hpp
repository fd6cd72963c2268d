// ReturnStatistics: how the returns of a life have gone so far.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "tdca/control/episode_controller.hpp"
#include "tdca/core/abi.hpp"

namespace tdca::inline TDCA_ABI {

/// Best, worst and recent returns, told to the controller in units of their own spread.
class ReturnStatistics {
public:
    /// @return whether this return is the best so far, or as good
    bool note(float total) noexcept {
        if (episodes_++ == 0) mean_ = best_ = worst_ = total;
        last_ = total;
        mean_ += 0.2F * (total - mean_);
        worst_ = std::min(worst_, total);
        if (total < best_) return false;
        best_ = total;
        return true;
    }

    /// Fills in what is known of returns.
    void tell(EpisodeMood& mood) const noexcept {
        mood.log_episodes = std::log10(1.0F + static_cast<float>(episodes_)) - 1;
        const float spread = best_ - worst_ + 1e-3F * std::fabs(best_) + 1e-6F;
        mood.surprise = (last_ - mean_) / spread;
        mood.level = (mean_ - best_) / spread;
        mood.last = (last_ - best_) / spread;
    }

    /// Episodes so far.
    [[nodiscard]] std::size_t episodes() const noexcept { return episodes_; }

private:
    std::size_t episodes_ = 0;
    float mean_ = 0;  // of about the last five
    float last_ = 0;
    float best_ = 0;
    float worst_ = 0;
};

}  // namespace tdca
