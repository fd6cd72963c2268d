// Box: the bounds of a search.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"

namespace tdca::inline TDCA_ABI {

/// The box that points lie in: one interval per coordinate, as wide as single precision has room
/// for. A coordinate whose ends are equal is fixed.
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

    /// Whether coordinate i can only be what it is.
    [[nodiscard]] bool is_fixed(std::size_t i) const noexcept { return low[i] == high[i]; }

    /// Coordinate i of a point, from [−1, 1] into the box; never outside of it.
    [[nodiscard]] float from_unit(std::size_t i, float unit) const noexcept {
        const float width = high[i] - low[i];
        if (std::isfinite(width)) {
            return std::clamp(low[i] + 0.5F * (unit + 1) * width, low[i], high[i]);
        }
        // The difference of two finite numbers can overflow.
        const double share = 0.5 * (static_cast<double>(unit) + 1);
        const auto least = static_cast<double>(low[i]);
        const auto most = static_cast<double>(high[i]);
        return static_cast<float>(std::clamp((1 - share) * least + share * most, least, most));
    }
    /// The way back: from the box into [−1, 1]; 0 for a fixed coordinate.
    [[nodiscard]] float to_unit(std::size_t i, float x) const noexcept {
        if (is_fixed(i)) return 0;
        const float width = high[i] - low[i];
        if (std::isfinite(width)) return 2 * ((x - low[i]) / width) - 1;
        const auto least = static_cast<double>(low[i]);
        const double share =
            (static_cast<double>(x) - least) / (static_cast<double>(high[i]) - least);
        return static_cast<float>(2 * share - 1);
    }

    /// @throws tdca::Error naming the first coordinate of `point` that is not in the box
    void require_inside(std::string_view where, std::span<const float> point) const {
        if (point.size() != dimension()) {
            throw Error(where, "another dimension than the box", dimension(), point.size());
        }
        for (std::size_t i = 0; i < point.size(); ++i) {
            require_within(where, "coordinate " + to_text(i), low[i], high[i], point[i]);
        }
    }

    /// @throws tdca::Error naming the coordinate at fault
    void check() const {
        require_some("Box", "coordinates", low.size());
        if (low.size() != high.size()) {
            throw Error("Box", "lower and upper bounds differ in number", low.size(), high.size());
        }
        for (std::size_t i = 0; i < low.size(); ++i) {
            if (!(low[i] <= high[i]) || !std::isfinite(low[i]) || !std::isfinite(high[i])) {
                throw Error("Box, coordinate " + to_text(i),
                            "the bounds must be finite, and the lower one no higher", "low <= high",
                            to_text(low[i]) + ", " + to_text(high[i]));
            }
        }
    }
};

}  // namespace tdca
