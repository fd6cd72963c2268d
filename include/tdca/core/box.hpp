// Box: the bounds of a search.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"

namespace tdca::inline TDCA_ABI {

/// The box that points lie in: one interval per coordinate.
struct Box {
    std::vector<float> low;   ///< of each coordinate
    std::vector<float> high;  ///< of each coordinate

    /// The same interval in each of `dimension` coordinates.
    [[nodiscard]] static Box cube(std::size_t dimension, float low, float high) {
        return {std::vector<float>(dimension, low), std::vector<float>(dimension, high)};
    }

    [[nodiscard]] std::size_t dimension() const noexcept { return low.size(); }

    /// The point halfway between the bounds.
    [[nodiscard]] std::vector<float> middle() const {
        std::vector<float> point(dimension());
        for (std::size_t i = 0; i < point.size(); ++i) point[i] = from_unit(i, 0);
        return point;
    }

    /// Coordinate i of a point, from [−1, 1] into the box; never outside of it.
    [[nodiscard]] float from_unit(std::size_t i, float unit) const noexcept {
        return std::clamp(low[i] + 0.5F * (unit + 1) * (high[i] - low[i]), low[i], high[i]);
    }
    /// The way back.
    [[nodiscard]] float to_unit(std::size_t i, float x) const noexcept {
        return 2 * (x - low[i]) / (high[i] - low[i]) - 1;
    }

    /// @throws tdca::Error naming the coordinate at fault
    void check() const {
        require_some("Box", "coordinates", low.size());
        if (low.size() != high.size()) {
            throw Error("Box", "lower and upper bounds differ in number", low.size(), high.size());
        }
        for (std::size_t i = 0; i < low.size(); ++i) {
            if (!(low[i] < high[i]) || !std::isfinite(low[i]) || !std::isfinite(high[i])) {
                throw Error("Box, coordinate " + to_text(i), "bounds must be finite and ascending",
                            "low < high", to_text(low[i]) + ", " + to_text(high[i]));
            }
        }
    }
};

}  // namespace tdca
