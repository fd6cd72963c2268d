// SearchSpace: the coordinates of a box that a search may choose.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/optimization/box.hpp"

namespace tdca::inline TDCA_ABI {

/// A box without its fixed coordinates, as the cube [−1, 1]ⁿ: points of the box there and back.
///
/// Where every coordinate is fixed the first one stands for all, and there is one point.
class SearchSpace {
public:
    /// Another box, which must have passed its `check`. Allocates; nothing else does.
    void begin(const Box& box) {
        box_ = box;
        free_.clear();
        for (std::size_t i = 0; i < box.dimension(); ++i) {
            if (!box.is_fixed(i)) free_.push_back(i);
        }
        has_one_point_ = free_.empty();
        if (has_one_point_) free_.push_back(0);
    }

    /// n, the coordinates of the cube.
    [[nodiscard]] std::size_t size() const noexcept { return free_.size(); }
    /// The coordinates of a point of the box.
    [[nodiscard]] std::size_t dimension() const noexcept { return box_.dimension(); }
    /// Whether there is nothing to choose.
    [[nodiscard]] bool has_one_point() const noexcept { return has_one_point_; }

    /// The point of the box for one of the cube, whose coordinate k is `unit(k)`.
    template <class Unit>
    void from_unit(Unit&& unit, std::span<float> point) const noexcept {
        std::copy(box_.low.begin(), box_.low.end(), point.begin());
        for (std::size_t k = 0; k < free_.size(); ++k) {
            point[free_[k]] = box_.from_unit(free_[k], unit(k));
        }
    }
    /// The way back.
    void to_unit(std::span<const float> point, std::span<float> unit) const noexcept {
        for (std::size_t k = 0; k < free_.size(); ++k) {
            unit[k] = box_.to_unit(free_[k], point[free_[k]]);
        }
    }

private:
    Box box_;
    std::vector<std::size_t> free_;
    bool has_one_point_ = false;
};

}  // namespace tdca
