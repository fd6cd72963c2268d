// Test functions of many local minima in any dimension.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <span>
#include <string_view>
#include <tuple>

#include "tdca/core/abi.hpp"
#include "tdca/optimization/test_functions/contract.hpp"
#include "tdca/optimization/test_functions/unimodal.hpp"

namespace tdca::inline TDCA_ABI {
namespace test_function {

/// 10 n + Σ xᵢ² − 10 cos 2πxᵢ.
struct Rastrigin : detail::AtOrigin {
    static constexpr std::string_view name = "rastrigin";
    static constexpr double low = -5.12;
    static constexpr double high = 5.12;
    static constexpr bool multimodal = true;
    template <class T>
    static T value(std::span<const T> x) {
        using std::cos;
        T sum(0);
        for (const T& v : x) {
            sum += v * v + T(10) - T(10) * T(cos(T(T(2 * std::numbers::pi) * v)));
        }
        return sum;
    }
};

/// −20 exp(−0.2 √(Σxᵢ²/n)) − exp(Σ cos 2πxᵢ / n) + 20 + e.
struct Ackley : detail::AtOrigin {
    static constexpr std::string_view name = "ackley";
    static constexpr double low = -32.768;
    static constexpr double high = 32.768;
    static constexpr bool multimodal = true;
    template <class T>
    static T value(std::span<const T> x) {
        using std::cos;
        using std::exp;
        using std::sqrt;
        const T share = T(1.0 / static_cast<double>(x.size()));
        T waves(0);
        for (const T& v : x) waves += T(cos(T(T(2 * std::numbers::pi) * v)));
        const T radius(sqrt(T(share * Sphere::value(x))));
        return T(20) - T(20) * T(exp(T(T(-0.2) * radius))) + T(std::numbers::e) -
               T(exp(T(share * waves)));
    }
};

/// 1 + Σ xᵢ²/4000 − Π cos(xᵢ/√i), i from 1.
struct Griewank : detail::AtOrigin {
    static constexpr std::string_view name = "griewank";
    static constexpr double low = -600;
    static constexpr double high = 600;
    static constexpr bool multimodal = true;
    template <class T>
    static T value(std::span<const T> x) {
        using std::cos;
        T product(1);
        for (std::size_t i = 0; i < x.size(); ++i) {
            product *= T(cos(T(x[i] * T(1 / std::sqrt(static_cast<double>(i + 1))))));
        }
        return Sphere::value(x) * T(1.0 / 4000) + T(1) - product;
    }
};

/// sin² πw₁ + Σ (wᵢ − 1)² (1 + 10 sin²(πwᵢ + 1)) + (wₙ − 1)² (1 + sin² 2πwₙ), w = 1 + (x − 1)/4.
struct Levy {
    static constexpr std::string_view name = "levy";
    static constexpr double low = -10;
    static constexpr double high = 10;
    static constexpr bool multimodal = true;
    static double optimum(std::size_t /*i*/, std::size_t /*n*/) { return 1; }
    static double minimum(std::size_t /*n*/) { return 0; }
    template <class T>
    static T value(std::span<const T> x) {
        using std::sin;
        const T pi = T(std::numbers::pi);
        const auto w = [&](std::size_t i) { return T(T(0.25) * (x[i] + T(3))); };
        const std::size_t last = x.size() - 1;
        T sum(detail::square(T(sin(T(pi * w(0))))));
        for (std::size_t i = 0; i < last; ++i) {
            sum += detail::square(T(w(i) - T(1))) *
                   (T(1) + T(10) * detail::square(T(sin(T(pi * w(i) + T(1))))));
        }
        return sum + detail::square(T(w(last) - T(1))) *
                         (T(1) + detail::square(T(sin(T(T(2) * pi * w(last))))));
    }
};

/// ½ Σ xᵢ⁴ − 16 xᵢ² + 5 xᵢ: two basins in each coordinate.
struct StyblinskiTang {
    static constexpr std::string_view name = "styblinski_tang";
    static constexpr double low = -5;
    static constexpr double high = 5;
    static constexpr bool multimodal = true;
    static double optimum(std::size_t /*i*/, std::size_t /*n*/) { return -2.9035340277711772; }
    static double minimum(std::size_t n) { return -39.166165703771419 * static_cast<double>(n); }
    template <class T>
    static T value(std::span<const T> x) {
        T sum(0);
        for (const T& v : x) {
            const T power(v * v);
            sum += T(0.5) * (power * power - T(16) * power + T(5) * v);
        }
        return sum;
    }
};

/// 418.98… n − Σ xᵢ sin √|xᵢ|: the deepest basins lie far from each other, near a corner.
struct Schwefel {
    static constexpr std::string_view name = "schwefel";
    static constexpr double low = -500;
    static constexpr double high = 500;
    static constexpr bool multimodal = true;
    /// Lower values lie outside the domain: it is part of the function.
    static constexpr double penalty = 1000;
    static double optimum(std::size_t /*i*/, std::size_t /*n*/) { return 420.96874635998199; }
    static double minimum(std::size_t /*n*/) { return 0; }
    template <class T>
    static T value(std::span<const T> x) {
        using std::abs;
        using std::sin;
        using std::sqrt;
        T sum = T(418.9828872724338 * static_cast<double>(x.size()));
        for (const T& v : x) sum -= v * T(sin(T(sqrt(T(abs(v))))));
        return sum;
    }
};

/// −Σ sin xᵢ sin²⁰(i xᵢ²/π), i from 1: narrow valleys in flat land.
struct Michalewicz {
    static constexpr std::string_view name = "michalewicz";
    static constexpr double low = 0;
    static constexpr double high = std::numbers::pi;
    static constexpr bool multimodal = true;
    static constexpr double penalty = 100;
    /// Coordinates do not interact. The valleys of coordinate i lie near (k + ½) π² = i xᵢ²; the
    /// deepest is one of the two on either side of π/2, where sin xᵢ is largest.
    static double optimum(std::size_t i, std::size_t /*n*/) {
        const auto rate = static_cast<double>(i + 1);
        const double below = std::floor(0.25 * rate - 0.5);
        const double left = valley(std::max(below, 0.0), i);
        const double right = valley(below + 1, i);
        return term(left, i) < term(right, i) ? left : right;
    }
    static double minimum(std::size_t n) {
        double sum = 0;
        for (std::size_t i = 0; i < n; ++i) sum += term(optimum(i, n), i);
        return sum;
    }
    template <class T>
    static T value(std::span<const T> x) {
        T sum(0);
        for (std::size_t i = 0; i < x.size(); ++i) sum += term(x[i], i);
        return sum;
    }

private:
    /// The bottom of valley k of coordinate i, by ternary search.
    static double valley(double k, std::size_t i) {
        const auto rate = static_cast<double>(i + 1);
        double left = std::numbers::pi * std::sqrt((k + 0.25) / rate);
        double right = std::min(std::numbers::pi * std::sqrt((k + 0.75) / rate), high);
        for (int round = 0; round < 80; ++round) {
            const double third = (right - left) / 3;
            if (term(left + third, i) < term(right - third, i)) {
                right -= third;
            } else {
                left += third;
            }
        }
        return 0.5 * (left + right);
    }

    template <class T>
    static T term(const T& x, std::size_t i) {
        using std::sin;
        const double rate = static_cast<double>(i + 1) / std::numbers::pi;
        const T wave(sin(T(T(rate) * x * x)));
        const T power4(detail::square(T(detail::square(wave))));
        const T power16(detail::square(T(detail::square(power4))));
        return T(T(-1) * T(sin(x)) * power16 * power4);
    }
};

}  // namespace test_function

/// Every function of this file.
using MultimodalFunctions =
    std::tuple<test_function::Rastrigin, test_function::Ackley, test_function::Griewank,
               test_function::Levy, test_function::StyblinskiTang, test_function::Schwefel,
               test_function::Michalewicz>;

}  // namespace tdca
