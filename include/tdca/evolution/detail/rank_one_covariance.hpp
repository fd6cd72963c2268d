// Natural gradients of a Gaussian whose covariance is D (I + v vᵀ) D.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "tdca/core/abi.hpp"

namespace tdca::inline TDCA_ABI {

namespace detail {

/// v, with what is asked of it: v̄, ‖v‖², ‖v‖ and √(1 + ‖v‖²) − 1.
struct Direction {
    explicit Direction(const std::vector<float>& v) noexcept : vector(v) {
        for (const float x : v) power += static_cast<double>(x) * static_cast<double>(x);
        length = std::sqrt(power);
        stretch = std::sqrt(1 + power) - 1;
    }
    double operator()(std::size_t i) const noexcept {
        return length > 0 ? static_cast<double>(vector[i]) / length : 0;
    }
    const std::vector<float>& vector;
    double power = 0;
    double length = 0;
    double stretch = 0;
};

/// Adds `weight` times the natural gradients of one sample's log-density with respect to v and ln D
/// (Akimoto, Auger & Hansen, "Comparison-based natural gradient optimization in high dimension",
/// GECCO 2014, section 3). Linear in the dimension.
///
/// @param y the sample, in units of σ D
inline void add_gradients(const Direction& v, std::span<const double> y, double weight,
                          std::vector<double>& of_v, std::vector<double>& of_d) {
    if (v.length <= 0) return;
    const std::size_t genes = y.size();
    const double gamma = 1 + v.power;
    double along = 0;
    double largest = 0;
    for (std::size_t i = 0; i < genes; ++i) {
        along += v(i) * y[i];
        largest = std::max(largest, v(i) * v(i));
    }
    const double alpha =
        std::min(1.0, std::sqrt(v.power * v.power + (2 * gamma - std::sqrt(gamma)) / largest) /
                          (2 + v.power));
    const double b = -(1 - alpha * alpha) * v.power * v.power / gamma + 2 * alpha * alpha;
    const auto t_of = [&](std::size_t i) {
        return y[i] * along - v(i) * (along * along + gamma) / 2;
    };
    const auto inverse = [&](std::size_t i) {
        return 1 / (2 - (b + 2 * alpha * alpha) * v(i) * v(i));
    };
    double along_t = 0;
    for (std::size_t i = 0; i < genes; ++i) along_t += v(i) * t_of(i);
    const auto s_of = [&](std::size_t i) {
        const double first = y[i] * y[i] - v.power / gamma * y[i] * v(i) * along - 1;
        return first -
               alpha / gamma * ((2 + v.power) * t_of(i) * v(i) - v.power * v(i) * v(i) * along_t);
    };
    double shared = 0;
    double norm = 0;
    for (std::size_t i = 0; i < genes; ++i) {
        const double square = v(i) * v(i);
        shared += inverse(i) * square * s_of(i);
        norm += inverse(i) * square * square;
    }
    const double share = b / (1 + b * norm) * shared;
    const auto s = [&](std::size_t i) { return inverse(i) * (s_of(i) - share * v(i) * v(i)); };
    double along_s = 0;
    for (std::size_t i = 0; i < genes; ++i) along_s += v(i) * v(i) * s(i);
    for (std::size_t i = 0; i < genes; ++i) {
        const double t = t_of(i) - alpha * ((2 + v.power) * s(i) * v(i) - v(i) * along_s);
        of_v[i] += weight * t / v.length;
        of_d[i] += weight * s(i);
    }
}

}  // namespace detail

}  // namespace tdca
