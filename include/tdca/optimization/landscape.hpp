// Landscape: a test function somewhere else, turned and stretched, so that nobody can know it.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/random.hpp"
#include "tdca/optimization/test_function.hpp"

namespace tdca::inline TDCA_ABI {

/// What is done to a test function.
struct Disguise {
    bool shift = true;     ///< the optimum lies anywhere in the middle 80 % of the box
    bool rotate = true;    ///< all coordinates interact
    double condition = 1;  ///< of the Hessian of a sphere so stretched
};

/// f(y), y = x* + Λ R (x − o): the test function f with its optimum x* moved to o, turned by the
/// random orthogonal R and flattened along some axes by Λ, with diagonal condition^(−i/(2(n−1))).
/// Where f is bounded to its domain, y outside counts as the nearest point of it plus a penalty, so
/// that the minimum stays where it is. The search box stays f's domain.
class Landscape {
public:
    /// Where the optimum lies and how axes turn follows from `key`.
    ///
    /// @throws tdca::Error where the function does not exist in that dimension
    Landscape(const TestFunction& function, std::size_t dimension, const Disguise& disguise,
              Key key)
        : function_(&function), dimension_(dimension), origin_(dimension), target_(dimension) {
        function.require_dimension(dimension);
        for (std::size_t i = 0; i < dimension; ++i) {
            target_[i] = function.optimum(i, dimension);
            const double place = 0.1 + 0.8 * (key / 0).uniform(i);
            origin_[i] =
                disguise.shift ? function.low + (function.high - function.low) * place : target_[i];
        }
        if (disguise.rotate) matrix_ = random_rotation(dimension, key / 1);
        if (disguise.condition != 1) stretch(disguise.condition);
        single_.assign(matrix_.begin(), matrix_.end());
        minimum_ = function.minimum(dimension);
    }

    [[nodiscard]] std::size_t dimension() const noexcept { return dimension_; }
    /// f.
    [[nodiscard]] const TestFunction& function() const noexcept { return *function_; }
    /// f(x*), the lowest value.
    [[nodiscard]] double minimum() const noexcept { return minimum_; }
    /// Where the minimum is.
    [[nodiscard]] std::span<const double> optimum() const noexcept { return origin_; }
    /// Λ R, row-major, or nothing where it is the identity.
    [[nodiscard]] std::span<const double> matrix() const noexcept { return matrix_; }

    /// The value at `x`, in single precision throughout.
    [[nodiscard]] float operator()(std::span<const float> x) const {
        return evaluate(x, std::span<const float>(single_), function_->value);
    }
    /// The same in double precision.
    [[nodiscard]] double operator()(std::span<const double> x) const {
        return evaluate(x, std::span<const double>(matrix_), function_->precise_value);
    }

    /// y = x* + Λ R (x − o).
    template <class Scalar>
    void place(std::span<const Scalar> x, std::span<const Scalar> matrix,
               std::span<Scalar> y) const noexcept {
        for (std::size_t i = 0; i < dimension_; ++i) y[i] = static_cast<Scalar>(target_[i]);
        for (std::size_t j = 0; j < dimension_; ++j) {
            const auto moved = static_cast<Scalar>(static_cast<double>(x[j]) - origin_[j]);
            if (matrix.empty()) {
                y[j] += moved;
                continue;
            }
            const Scalar* const column = matrix.data() + j * dimension_;
            for (std::size_t i = 0; i < dimension_; ++i) y[i] += column[i] * moved;
        }
    }

    /// Brings y into the domain of a bounded function; returns the penalty.
    template <class Scalar>
    [[nodiscard]] Scalar confine(std::span<Scalar> y) const noexcept {
        if (function_->penalty == 0) return 0;
        const double width = function_->high - function_->low;
        double excess = 0;
        for (Scalar& v : y) {
            const auto inside = std::clamp(v, static_cast<Scalar>(function_->low),
                                           static_cast<Scalar>(function_->high));
            excess += static_cast<double>((v - inside) * (v - inside)) / (width * width);
            v = inside;
        }
        return static_cast<Scalar>(function_->penalty * excess);
    }

private:
    template <class Scalar>
    [[nodiscard]] Scalar evaluate(std::span<const Scalar> x, std::span<const Scalar> matrix,
                                  Scalar (*value)(std::span<const Scalar>)) const {
        std::array<Scalar, 64> few;
        std::vector<Scalar> many(dimension_ > few.size() ? dimension_ : 0);
        const std::span<Scalar> y =
            many.empty() ? std::span<Scalar>(few).first(dimension_) : std::span<Scalar>(many);
        place(x, matrix, y);
        const Scalar penalty = confine(y);
        return value(y) + penalty;
    }

    /// Columns of a random orthogonal matrix: Gram–Schmidt, twice, on normal numbers.
    static std::vector<double> random_rotation(std::size_t n, Key key) {
        std::vector<double> matrix(n * n);
        key.fill_normal(std::span<double>(matrix));
        for (std::size_t j = 0; j < n; ++j) {
            double* const column = matrix.data() + j * n;
            for (int round = 0; round < 2; ++round) {
                for (std::size_t k = 0; k < j; ++k) {
                    const double* const other = matrix.data() + k * n;
                    double along = 0;
                    for (std::size_t i = 0; i < n; ++i) along += other[i] * column[i];
                    for (std::size_t i = 0; i < n; ++i) column[i] -= along * other[i];
                }
            }
            double power = 0;
            for (std::size_t i = 0; i < n; ++i) power += column[i] * column[i];
            for (std::size_t i = 0; i < n; ++i) column[i] /= std::sqrt(power);
        }
        return matrix;
    }

    void stretch(double condition) {
        if (matrix_.empty()) {
            matrix_.resize(dimension_ * dimension_);
            for (std::size_t i = 0; i < dimension_; ++i) matrix_[i * dimension_ + i] = 1;
        }
        for (std::size_t j = 0; j < dimension_; ++j) {
            for (std::size_t i = 0; i < dimension_; ++i) {
                const double share =
                    dimension_ > 1 ? static_cast<double>(i) / static_cast<double>(dimension_ - 1)
                                   : 0.0;
                matrix_[j * dimension_ + i] *= std::pow(condition, -0.5 * share);
            }
        }
    }

    const TestFunction* function_;
    std::size_t dimension_;
    double minimum_ = 0;
    std::vector<double> origin_;
    std::vector<double> target_;
    std::vector<double> matrix_;  // column-major: column j is what coordinate j of x moves
    std::vector<float> single_;
};

}  // namespace tdca
