// SearchSpace: the coordinates of a box that a search may choose.
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/optimization/box.hpp"

namespace tdca::inline TDCA_ABI {

/// A box without its fixed coordinates, as the cube [−1, 1]ⁿ: points of the box there and back.
///
/// Where every coordinate is fixed the first one stands for all, and there is one point.
class SearchSpace {
public:
    /// Another box, which must have passed its `check`. Allocates; nothing else does.
    ///
    /// @param is_single whether points are to be such as single precision has, in what is not fixed
    /// @throws tdca::Error where it has none between the bounds of a variable
    void begin(const Box& box, bool is_single) {
        axes_.clear();
        free_.clear();
        is_single_ = is_single;
        for (std::size_t i = 0; i < box.dimension(); ++i) {
            const Variable& variable = box.variables[i];
            axes_.emplace_back(variable);
            if (!variable.is_fixed()) free_.push_back(i);
            const double some = is_single ? axes_[i].single(variable.low) : variable.low;
            if (some < variable.low || some > variable.high ||
                (is_single &&
                 std::fabs(some) > static_cast<double>(std::numeric_limits<float>::max()))) {
                throw Error("Box, coordinate " + to_text(i),
                            "single precision has no number between the bounds",
                            "an objective that takes double",
                            to_text(variable.low) + ", " + to_text(variable.high));
            }
        }
        has_one_point_ = free_.empty();
        if (has_one_point_) free_.push_back(0);
    }

    /// n, the coordinates of the cube.
    [[nodiscard]] std::size_t size() const noexcept { return free_.size(); }
    /// The coordinates of a point of the box.
    [[nodiscard]] std::size_t dimension() const noexcept { return axes_.size(); }
    /// Whether there is nothing to choose.
    [[nodiscard]] bool has_one_point() const noexcept { return has_one_point_; }
    /// Coordinate k of the cube.
    [[nodiscard]] const Axis& axis(std::size_t k) const noexcept { return axes_[free_[k]]; }

    /// How far `to` is from `from` along coordinate k: the short way round where it is periodic.
    [[nodiscard]] double way(std::size_t k, double from, double to) const noexcept {
        const double straight = to - from;
        return axis(k).variable().is_periodic ? wrapped(straight) : straight;
    }

    /// The point of the box for one of the cube, whose coordinate k is `unit(k)`, folded.
    template <class Unit>
    void from_unit(Unit&& unit, std::span<double> point) const noexcept {
        for (std::size_t i = 0; i < axes_.size(); ++i) point[i] = axes_[i].variable().low;
        for (std::size_t k = 0; k < free_.size(); ++k) {
            const Axis& at = axis(k);
            point[free_[k]] = at.value(at.fold(unit(k)));
        }
        round(point);
    }
    /// Makes of a point in the box one whose coordinates single precision has, where it must.
    void round(std::span<double> point) const noexcept {
        if (!is_single_) return;
        for (std::size_t i = 0; i < axes_.size(); ++i) point[i] = axes_[i].single(point[i]);
    }
    /// The way back.
    void to_unit(std::span<const double> point, std::span<double> unit) const noexcept {
        for (std::size_t k = 0; k < free_.size(); ++k) unit[k] = axis(k).unit(point[free_[k]]);
    }

private:
    std::vector<Axis> axes_;
    std::vector<std::size_t> free_;
    bool has_one_point_ = false;
    bool is_single_ = false;
};

}  // namespace tdca
