// Test functions with one basin, or hardly more, in any dimension.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <string_view>
#include <tuple>

#include "tdca/core/abi.hpp"
#include "tdca/optimization/test_functions/contract.hpp"

namespace tdca::inline TDCA_ABI {
namespace test_function {

/// Σ xᵢ².
struct Sphere : detail::AtOrigin {
    static constexpr std::string_view name = "sphere";
    static constexpr double low = -5.12;
    static constexpr double high = 5.12;
    static constexpr bool multimodal = false;
    template <class T>
    static T value(std::span<const T> x) {
        T sum(0);
        for (const T& v : x) sum += v * v;
        return sum;
    }
};

/// Σ 10^(6 i/(n−1)) xᵢ² (Hansen et al., BBOB f2).
struct Ellipsoid : detail::AtOrigin {
    static constexpr std::string_view name = "ellipsoid";
    static constexpr double low = -5;
    static constexpr double high = 5;
    static constexpr bool multimodal = false;
    template <class T>
    static T value(std::span<const T> x) {
        T sum(0);
        for (std::size_t i = 0; i < x.size(); ++i) {
            sum += T(std::pow(10.0, 6 * detail::position(i, x.size()))) * x[i] * x[i];
        }
        return sum;
    }
};

/// 10⁶ x₀² + Σ xᵢ² (BBOB f11).
struct Discus : detail::AtOrigin {
    static constexpr std::string_view name = "discus";
    static constexpr double low = -5;
    static constexpr double high = 5;
    static constexpr bool multimodal = false;
    template <class T>
    static T value(std::span<const T> x) {
        return Sphere::value(x) + T(1e6 - 1) * x[0] * x[0];
    }
};

/// x₀² + 10⁶ Σ xᵢ² (BBOB f12, not bent).
struct Cigar : detail::AtOrigin {
    static constexpr std::string_view name = "cigar";
    static constexpr double low = -5;
    static constexpr double high = 5;
    static constexpr bool multimodal = false;
    template <class T>
    static T value(std::span<const T> x) {
        return T(1e6) * Sphere::value(x) - T(1e6 - 1) * x[0] * x[0];
    }
};

/// Σ |xᵢ|^(2 + 4 i/(n−1)) (BBOB f14, without the root).
struct DifferentPowers : detail::AtOrigin {
    static constexpr std::string_view name = "different_powers";
    static constexpr double low = -5;
    static constexpr double high = 5;
    static constexpr bool multimodal = false;
    template <class T>
    static T value(std::span<const T> x) {
        using std::abs;
        using std::exp;
        using std::log;
        T sum(0);
        for (std::size_t i = 0; i < x.size(); ++i) {
            const T size(abs(x[i]));
            const T power = T(2 + 4 * detail::position(i, x.size()));
            if (!detail::vanishes(size)) sum += T(exp(T(power * T(log(size)))));
        }
        return sum;
    }
};

/// Σ 100 (xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)²: a bent valley; from four dimensions on, with a local minimum.
struct Rosenbrock {
    static constexpr std::string_view name = "rosenbrock";
    static constexpr double low = -5;
    static constexpr double high = 10;
    static constexpr bool multimodal = false;
    static constexpr std::size_t least_dimension = 2;
    static double optimum(std::size_t /*i*/, std::size_t /*n*/) { return 1; }
    static double minimum(std::size_t /*n*/) { return 0; }
    template <class T>
    static T value(std::span<const T> x) {
        if (x.size() < least_dimension) return detail::no_value<T>();
        T sum(0);
        for (std::size_t i = 0; i + 1 < x.size(); ++i) {
            sum +=
                T(100) * detail::square(T(x[i + 1] - x[i] * x[i])) + detail::square(T(T(1) - x[i]));
        }
        return sum;
    }
};

/// Σ xᵢ² + (Σ ½ i xᵢ)² + (Σ ½ i xᵢ)⁴, i from 1.
struct Zakharov : detail::AtOrigin {
    static constexpr std::string_view name = "zakharov";
    static constexpr double low = -5;
    static constexpr double high = 10;
    static constexpr bool multimodal = false;
    template <class T>
    static T value(std::span<const T> x) {
        T slope(0);
        for (std::size_t i = 0; i < x.size(); ++i) {
            slope += T(0.5 * static_cast<double>(i + 1)) * x[i];
        }
        const T power(slope * slope);
        return Sphere::value(x) + power + power * power;
    }
};

/// (x₁ − 1)² + Σ i (2 xᵢ² − xᵢ₋₁)².
struct DixonPrice {
    static constexpr std::string_view name = "dixon_price";
    static constexpr double low = -10;
    static constexpr double high = 10;
    static constexpr bool multimodal = false;
    static double optimum(std::size_t i, std::size_t /*n*/) {
        const double halves = std::exp2(static_cast<double>(i + 1));
        return std::exp2(-(halves - 2) / halves);
    }
    static double minimum(std::size_t /*n*/) { return 0; }
    template <class T>
    static T value(std::span<const T> x) {
        T sum(detail::square(T(x[0] - T(1))));
        for (std::size_t i = 1; i < x.size(); ++i) {
            sum += T(static_cast<double>(i + 1)) * detail::square(T(T(2) * x[i] * x[i] - x[i - 1]));
        }
        return sum;
    }
};

}  // namespace test_function

/// Every function of this file.
using UnimodalFunctions =
    std::tuple<test_function::Sphere, test_function::Ellipsoid, test_function::Discus,
               test_function::Cigar, test_function::DifferentPowers, test_function::Rosenbrock,
               test_function::Zakharov, test_function::DixonPrice>;

}  // namespace tdca
