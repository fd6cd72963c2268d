// Variable and Box: what a search may choose from.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"

namespace tdca::inline TDCA_ABI {

/// x folded back into [−1, 1] at its ends; NaN stays NaN.
template <class Real>
[[nodiscard]] inline Real mirrored(Real x) noexcept {
    if (x >= -1 && x <= 1) return x;
    Real folded = std::fmod(x + 1, Real(4));
    if (folded < 0) folded += 4;
    return folded <= 2 ? folded - 1 : 3 - folded;
}

/// x on a circle of length 2: [−1, 1), whose ends are one point; NaN stays NaN.
template <class Real>
[[nodiscard]] inline Real wrapped(Real x) noexcept {
    if (x >= -1 && x < 1) return x;
    Real turned = std::fmod(x + 1, Real(2));
    if (turned < 0) turned += 2;
    return turned - 1;
}

/// One coordinate of a search: the values from `low` to `high`, both finite. Equal ends fix it.
struct Variable {
    double low = 0;               ///< least value
    double high = 1;              ///< greatest value
    bool is_logarithmic = false;  ///< equal ratios are equally far: 0 < low
    bool is_whole = false;        ///< whole numbers alone, each as likely as the others
    bool is_periodic = false;     ///< an angle: its ends are one point

    /// Any number between two.
    [[nodiscard]] static Variable real(double low, double high) { return {low, high}; }
    /// A size whose order of magnitude is to be found.
    [[nodiscard]] static Variable logarithmic(double low, double high) {
        return {low, high, true, false, false};
    }
    /// A whole number, both ends included.
    [[nodiscard]] static Variable whole(double low, double high) {
        return {low, high, false, true, false};
    }
    /// A place on a circle: `low` and `high` are the same.
    [[nodiscard]] static Variable periodic(double low, double high) {
        return {low, high, false, false, true};
    }
    /// A constant.
    [[nodiscard]] static Variable fixed(double value) { return {value, value}; }

    /// Whether there is nothing to choose.
    [[nodiscard]] bool is_fixed() const noexcept { return low == high; }
    /// How many values there are, as far as that is finite: of whole numbers; 0 of others.
    [[nodiscard]] double count() const noexcept { return is_whole ? high - low + 1 : 0; }

    /// @throws tdca::Error saying what makes no sense
    void check(std::string_view where) const {
        if (!(low <= high) || !std::isfinite(low) || !std::isfinite(high)) {
            throw Error(where, "the bounds must be finite, and the lower one no higher",
                        "low <= high", to_text(low) + ", " + to_text(high));
        }
        if (is_logarithmic && !(low > 0)) {
            throw Error(where, "a logarithmic scale has positive numbers only", "low > 0",
                        to_text(low));
        }
        if (is_whole && (std::round(low) != low || std::round(high) != high)) {
            throw Error(where, "the bounds of whole numbers must be whole", "whole numbers",
                        to_text(low) + ", " + to_text(high));
        }
        if (is_periodic && (is_whole || is_logarithmic)) {
            throw Error(where, "a periodic variable is neither whole nor logarithmic");
        }
    }
};

/// The way from [−1, 1] to the values of a variable, and back.
class Axis {
public:
    Axis() = default;
    /// Of a variable that has passed its `check`.
    explicit Axis(const Variable& variable) : variable_(variable) {
        double low = variable.low;
        double high = variable.high;
        if (variable.is_whole) {  // as much room for each
            low -= 0.5;
            high += 0.5;
        }
        // So narrow that logarithms do not tell its ends apart, it is as good as linear.
        is_logarithmic_ = variable.is_logarithmic && std::log(low) < std::log(high);
        if (is_logarithmic_) {
            low = std::log(low);
            high = std::log(high);
        }
        // Halves first: the difference of two finite numbers can overflow.
        middle_ = 0.5 * low + 0.5 * high;
        half_ = 0.5 * high - 0.5 * low;
    }

    /// Whose values these are.
    [[nodiscard]] const Variable& variable() const noexcept { return variable_; }

    /// The number that a search works with, folded into [−1, 1].
    [[nodiscard]] double fold(double unit) const noexcept {
        return variable_.is_periodic ? wrapped(unit) : mirrored(unit);
    }

    /// The value at `unit`, of [−1, 1]; never outside of the variable's bounds.
    [[nodiscard]] double value(double unit) const noexcept {
        if (variable_.is_fixed() || unit <= -1) return variable_.low;
        if (unit >= 1) return variable_.high;
        double x = middle_ + half_ * unit;
        if (is_logarithmic_) x = std::exp(x);
        if (variable_.is_whole) x = std::round(x) + 0.0;  // never −0
        return std::clamp(x, variable_.low, variable_.high);
    }
    /// The way back; 0 for a fixed variable.
    [[nodiscard]] double unit(double value) const noexcept {
        if (variable_.is_fixed()) return 0;
        if (!variable_.is_whole && value <= variable_.low) return -1;
        if (!variable_.is_whole && value >= variable_.high) return 1;
        const double x = is_logarithmic_ ? std::log(value) : value;
        if (!(half_ > 0)) return 0;
        return std::clamp((x - middle_) / half_, -1.0, 1.0);
    }

    /// The same with a value that single precision has, where it has one between the bounds; a
    /// fixed variable keeps its value, which is rounded for who sees it.
    [[nodiscard]] double single(double value) const noexcept {
        if (variable_.is_fixed()) return value;
        auto rounded = static_cast<float>(value);
        if (static_cast<double>(rounded) > variable_.high) {
            rounded = std::nextafter(rounded, -HUGE_VALF);
        } else if (static_cast<double>(rounded) < variable_.low) {
            rounded = std::nextafter(rounded, HUGE_VALF);
        }
        const auto nearest = static_cast<double>(rounded);
        const bool is_inside = nearest >= variable_.low && nearest <= variable_.high;
        return is_inside ? nearest : static_cast<double>(static_cast<float>(value));
    }

private:
    Variable variable_;
    bool is_logarithmic_ = false;
    double middle_ = 0;
    double half_ = 0;
};

/// The variables of a search: an interval each, or what else a `Variable` can be.
struct Box {
    std::vector<Variable> variables;  ///< one for each coordinate of a point

    Box() = default;
    /// Intervals, by their ends.
    ///
    /// @throws tdca::Error where there are more of the ones than of the others
    Box(const std::vector<double>& low, const std::vector<double>& high) {
        if (low.size() != high.size()) {
            throw Error("Box", "lower and upper bounds differ in number", low.size(), high.size());
        }
        for (std::size_t i = 0; i < low.size(); ++i) variables.push_back({low[i], high[i]});
    }

    /// Variables of any kind.
    [[nodiscard]] static Box of(std::vector<Variable> variables) {
        Box box;
        box.variables = std::move(variables);
        return box;
    }
    /// The same interval in each of `dimension` coordinates.
    [[nodiscard]] static Box cube(std::size_t dimension, double low, double high) {
        return of(std::vector<Variable>(dimension, {low, high}));
    }

    [[nodiscard]] std::size_t dimension() const noexcept { return variables.size(); }

    /// The point halfway between the bounds.
    [[nodiscard]] std::vector<double> middle() const {
        std::vector<double> point;
        for (const Variable& variable : variables) point.push_back(Axis(variable).value(0));
        return point;
    }

    /// @throws tdca::Error naming the first coordinate of `point` that is not in the box
    void require_inside(std::string_view where, std::span<const double> point) const {
        if (point.size() != dimension()) {
            throw Error(where, "another dimension than the box", dimension(), point.size());
        }
        for (std::size_t i = 0; i < point.size(); ++i) {
            require_within(where, "coordinate " + to_text(i), variables[i].low, variables[i].high,
                           point[i]);
            if (variables[i].is_whole && std::round(point[i]) != point[i]) {
                throw Error(where, "coordinate " + to_text(i) + " is no whole number",
                            "a whole number", to_text(point[i]));
            }
        }
    }

    /// @throws tdca::Error naming the coordinate at fault
    void check() const {
        require_some("Box", "coordinates", variables.size());
        for (std::size_t i = 0; i < variables.size(); ++i) {
            variables[i].check("Box, coordinate " + to_text(i));
        }
    }
};

}  // namespace tdca
