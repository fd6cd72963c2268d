// Descent by exact gradients on a landscape: from many starts, and by backprop through a generator.
#pragma once

#include <Eigen/Core>
// After Eigen's core, which it does not include.
#include <unsupported/Eigen/AutoDiff>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "tdca/core/number.hpp"
#include "tdca/core/random.hpp"
#include "tdca/optimization/landscape.hpp"
#include "tdca/optimization/test_function.hpp"

namespace tdca::baseline {

/// Value and exact gradient of a landscape, by Eigen's forward-mode automatic differentiation of
/// the test function and the chain rule through the disguise. A gradient that is not finite (at
/// kinks) counts as zero.
class Gradient {
public:
    explicit Gradient(const Landscape& landscape)
        : landscape_(&landscape),
          placed_(landscape.dimension()),
          inside_(landscape.dimension()),
          slope_(landscape.dimension()),
          active_(landscape.dimension()) {
        [&]<class... F>(std::tuple<F...>) {
            ((F::name == landscape.function().name
                  ? static_cast<void>(value_ = &F::template value<Active>)
                  : static_cast<void>(0)),
             ...);
        }(TestFunctions{});
    }

    double operator()(const double* x, double* slope) {
        const std::size_t n = landscape_->dimension();
        const std::span<const double> matrix = landscape_->matrix();
        landscape_->place(std::span<const double>(x, n), matrix, std::span<double>(placed_));
        inside_ = placed_;
        const double penalty = landscape_->confine(std::span<double>(inside_));
        const auto size = static_cast<int>(n);
        for (std::size_t i = 0; i < n; ++i) {
            active_[i] = Active(inside_[i], size, static_cast<int>(i));
        }
        const Active result = value_(std::span<const Active>(active_));
        const TestFunction& function = landscape_->function();
        const double width = function.high - function.low;
        for (std::size_t i = 0; i < n; ++i) {
            const double outside = placed_[i] - inside_[i];
            slope_[i] = outside != 0 ? 2 * function.penalty * outside / (width * width)
                        : result.derivatives().size() != 0
                            ? result.derivatives()[static_cast<Eigen::Index>(i)]
                            : 0.0;
        }
        for (std::size_t j = 0; j < n; ++j) {
            double sum = 0;
            if (matrix.empty()) {
                sum = slope_[j];
            } else {
                for (std::size_t i = 0; i < n; ++i) sum += matrix[j * n + i] * slope_[i];
            }
            slope[j] = std::isfinite(sum) ? sum : 0.0;
        }
        return result.value() + penalty;
    }

private:
    using Active = Eigen::AutoDiffScalar<Eigen::Matrix<double, Eigen::Dynamic, 1, 0, 64, 1>>;

    const Landscape* landscape_;
    Active (*value_)(std::span<const Active>) = nullptr;
    std::vector<double> placed_;
    std::vector<double> inside_;
    std::vector<double> slope_;
    std::vector<Active> active_;
};

/// One way to descend.
struct Descent {
    enum class Rule { sgd, momentum, adam };
    Rule rule = Rule::adam;
    double rate = 0.01;  ///< of the box's width; sgd and momentum: for the gradient's size at birth
    bool cosine = true;
    std::size_t points = 16;  ///< starts, or points of the generator's batch
    double spread = 0.3;      ///< of the generator's cloud, in half widths of the box

    [[nodiscard]] std::string name() const {
        constexpr const char* rules[] = {"sgd", "momentum", "adam"};
        return std::string(rules[static_cast<int>(rule)]) + ", rate " + to_text(rate) +
               (cosine ? ", cosine" : ", constant") + ", " + to_text(points) + " points";
    }
};

/// A vector of parameters that descends.
class Descender {
public:
    Descender(const Descent& how, double width, std::size_t size)
        : how_(how), width_(width), first_(size), second_(size) {}

    /// @param scale size of the gradient at birth
    void step(std::span<double> parameters, std::span<const double> slope, double progress,
              double scale) {
        ++age_;
        const double fade = how_.cosine ? 0.5 * (1 + std::cos(std::numbers::pi * progress)) : 1.0;
        const double rate = how_.rate * width_ * fade;
        const double bias1 = 1 - std::pow(0.9, age_);
        const double bias2 = 1 - std::pow(0.999, age_);
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            const double g = slope[i];
            if (how_.rule == Descent::Rule::sgd) {
                parameters[i] -= rate * g / scale;
            } else if (how_.rule == Descent::Rule::momentum) {
                first_[i] = 0.9 * first_[i] + g;
                parameters[i] -= rate * first_[i] / scale;
            } else {
                first_[i] = 0.9 * first_[i] + 0.1 * g;
                second_[i] = 0.999 * second_[i] + 0.001 * g * g;
                parameters[i] -=
                    rate * (first_[i] / bias1) / (std::sqrt(second_[i] / bias2) + 1e-12);
            }
        }
    }

private:
    Descent how_;
    double width_;
    int age_ = 0;
    std::vector<double> first_;
    std::vector<double> second_;
};

[[nodiscard]] inline double size_of(std::span<const double> slope) {
    double power = 0;
    for (const double g : slope) power += g * g;
    return std::sqrt(power / static_cast<double>(slope.size())) + 1e-300;
}

/// Descends from `how.points` uniform starts side by side, each evaluation being one value with its
/// gradient. `evaluate(x, slope)` notes values.
template <class Evaluate>
void descend_from_many(const Descent& how, std::size_t dimension, double low, double high,
                       std::size_t evaluations, Key key, Evaluate&& evaluate) {
    const std::size_t steps = std::max<std::size_t>(evaluations / how.points, 1);
    std::vector<double> x(dimension);
    std::vector<double> slope(dimension);
    for (std::size_t start = 0; start < how.points; ++start) {
        (key / start).fill_uniform(std::span<double>(x), low, high);
        Descender descender(how, high - low, dimension);
        double scale = 1;
        for (std::size_t k = 0; k < steps; ++k) {
            evaluate(x.data(), slope.data());
            if (k == 0) scale = size_of(slope);
            descender.step(x, slope, static_cast<double>(k) / static_cast<double>(steps), scale);
            for (double& v : x) v = std::clamp(v, low, high);
        }
    }
}

/// Backprop through the generator x = b + W z + s ∘ ξ: the gradient of the batch's mean value with
/// respect to b and W (`Sources` shared sources at most), s fixed at birth.
template <class Evaluate>
void descend_generator(const Descent& how, std::size_t dimension, double low, double high,
                       std::size_t evaluations, Key key, Evaluate&& evaluate,
                       std::size_t most_sources = 32) {
    const std::size_t n = dimension;
    const std::size_t sources = std::min(n, most_sources);
    const double half = 0.5 * (high - low);
    std::vector<double> parameters(n + n * sources);  // b, then W
    std::vector<double> total(parameters.size());
    (key / 0).fill_uniform(std::span<double>(parameters).first(n), low, high);
    for (std::size_t i = 0; i < n; ++i) {
        parameters[n + i * sources + i % sources] = how.spread * half;
    }
    Descender descender(how, high - low, parameters.size());
    const std::size_t steps = std::max<std::size_t>(evaluations / how.points, 1);
    std::vector<double> noise(sources * how.points);
    std::vector<double> x(n);
    std::vector<double> slope(n);
    double scale = 1;
    for (std::size_t k = 0; k < steps; ++k) {
        (key / 1 / k).fill_normal(std::span<double>(noise));
        std::fill(total.begin(), total.end(), 0.0);
        for (std::size_t p = 0; p < how.points; ++p) {
            const double* const z = noise.data() + p * sources;
            for (std::size_t i = 0; i < n; ++i) {
                double sum = parameters[i];
                for (std::size_t s = 0; s < sources; ++s) {
                    sum += parameters[n + i * sources + s] * z[s];
                }
                x[i] = std::clamp(sum, low, high);
            }
            evaluate(x.data(), slope.data());
            for (std::size_t i = 0; i < n; ++i) {
                const double g = slope[i] / static_cast<double>(how.points);
                total[i] += g;
                for (std::size_t s = 0; s < sources; ++s) total[n + i * sources + s] += g * z[s];
            }
        }
        if (k == 0) scale = size_of(std::span<const double>(total).first(n));
        descender.step(parameters, total, static_cast<double>(k) / static_cast<double>(steps),
                       scale);
    }
}

}  // namespace tdca::baseline
