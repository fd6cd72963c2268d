// Test functions of two dimensions, whose landscapes one can look at.
#pragma once

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

/// A function of two dimensions: what all of them share.
struct InThePlane {
    static constexpr std::size_t dimension = 2;
    static constexpr bool multimodal = true;
    /// Lower values may lie outside the domain: it is part of the function.
    static constexpr double penalty = 1000;
};

/// (x² + y − 11)² + (x + y² − 7)²: four equal minima.
struct Himmelblau : InThePlane {
    static constexpr std::string_view name = "himmelblau";
    static constexpr double low = -5;
    static constexpr double high = 5;
    static double optimum(std::size_t i, std::size_t /*n*/) { return i == 0 ? 3 : 2; }
    static double minimum(std::size_t /*n*/) { return 0; }
    template <class T>
    static T value(std::span<const T> x) {
        return detail::square(T(x[0] * x[0] + x[1] - T(11))) +
               detail::square(T(x[0] + x[1] * x[1] - T(7)));
    }
};

/// (1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)².
struct Beale : InThePlane {
    static constexpr std::string_view name = "beale";
    static constexpr double low = -4.5;
    static constexpr double high = 4.5;
    static double optimum(std::size_t i, std::size_t /*n*/) { return i == 0 ? 3 : 0.5; }
    static double minimum(std::size_t /*n*/) { return 0; }
    template <class T>
    static T value(std::span<const T> x) {
        const T y2(x[1] * x[1]);
        return detail::square(T(T(1.5) - x[0] + x[0] * x[1])) +
               detail::square(T(T(2.25) - x[0] + x[0] * y2)) +
               detail::square(T(T(2.625) - x[0] + x[0] * y2 * x[1]));
    }
};

/// Goldstein & Price, "On descent from local minima", Math. Comp. 25, 1971.
struct GoldsteinPrice : InThePlane {
    static constexpr std::string_view name = "goldstein_price";
    static constexpr double low = -2;
    static constexpr double high = 2;
    static double optimum(std::size_t i, std::size_t /*n*/) { return i == 0 ? 0 : -1; }
    static double minimum(std::size_t /*n*/) { return 3; }
    template <class T>
    static T value(std::span<const T> p) {
        const T& x = p[0];
        const T& y = p[1];
        const T first(T(19) - T(14) * x + T(3) * x * x - T(14) * y + T(6) * x * y + T(3) * y * y);
        const T second(T(18) - T(32) * x + T(12) * x * x + T(48) * y - T(36) * x * y +
                       T(27) * y * y);
        return (T(1) + detail::square(T(x + y + T(1))) * first) *
               (T(30) + detail::square(T(T(2) * x - T(3) * y)) * second);
    }
};

/// (4 − 2.1 x² + x⁴/3) x² + xy + (4y² − 4) y²: six minima, two of them global.
struct SixHumpCamel : InThePlane {
    static constexpr std::string_view name = "six_hump_camel";
    static constexpr double low = -3;
    static constexpr double high = 3;
    static double optimum(std::size_t i, std::size_t /*n*/) {
        return i == 0 ? 0.08984201368301331 : -0.71265640327041354;
    }
    static double minimum(std::size_t /*n*/) { return -1.0316284534898774; }
    template <class T>
    static T value(std::span<const T> x) {
        const T u(x[0] * x[0]);
        const T v(x[1] * x[1]);
        return (T(4) - T(2.1) * u + T(1.0 / 3) * u * u) * u + x[0] * x[1] + (T(4) * v - T(4)) * v;
    }
};

/// −cos x cos y exp(−(x − π)² − (y − π)²): a hole in a plain.
struct Easom : InThePlane {
    static constexpr std::string_view name = "easom";
    static constexpr double low = -100;
    static constexpr double high = 100;
    static double optimum(std::size_t /*i*/, std::size_t /*n*/) { return std::numbers::pi; }
    static double minimum(std::size_t /*n*/) { return -1; }
    template <class T>
    static T value(std::span<const T> x) {
        using std::cos;
        using std::exp;
        const T pi = T(std::numbers::pi);
        const T distance(detail::square(T(x[0] - pi)) + detail::square(T(x[1] - pi)));
        return T(T(-1) * T(cos(x[0])) * T(cos(x[1])) * T(exp(T(T(-1) * distance))));
    }
};

/// −(1 + cos 12r) / (½ r² + 2): rings.
struct DropWave : InThePlane, detail::AtOrigin {
    static constexpr std::string_view name = "drop_wave";
    static constexpr double low = -5.12;
    static constexpr double high = 5.12;
    static double minimum(std::size_t /*n*/) { return -1; }
    template <class T>
    static T value(std::span<const T> x) {
        using std::cos;
        using std::sqrt;
        const T power(Sphere::value(x));
        if (detail::vanishes(power)) return T(-1);
        return T(T(-1) * (T(1) + T(cos(T(T(12) * T(sqrt(power)))))) / (T(0.5) * power + T(2)));
    }
};

/// −(y + 47) sin √|y + x/2 + 47| − x sin √|x − y − 47|: the minimum is at the edge.
struct Eggholder : InThePlane {
    static constexpr std::string_view name = "eggholder";
    static constexpr double low = -512;
    static constexpr double high = 512;
    static double optimum(std::size_t i, std::size_t /*n*/) { return i == 0 ? 512 : 404.23180526; }
    static double minimum(std::size_t /*n*/) { return -959.64066272; }
    template <class T>
    static T value(std::span<const T> x) {
        using std::abs;
        using std::sin;
        using std::sqrt;
        const T y(x[1] + T(47));
        const T first(sqrt(T(abs(T(y + T(0.5) * x[0])))));
        const T second(sqrt(T(abs(T(x[0] - y)))));
        return T(T(-1) * y * T(sin(first)) - x[0] * T(sin(second)));
    }
};

/// −10⁻⁴ (|sin x sin y exp|100 − r/π|| + 1)^0.1: four minima in a cross.
struct CrossInTray : InThePlane {
    static constexpr std::string_view name = "cross_in_tray";
    static constexpr double low = -10;
    static constexpr double high = 10;
    static double optimum(std::size_t /*i*/, std::size_t /*n*/) { return 1.3494066132225; }
    static double minimum(std::size_t /*n*/) { return -2.0626118708227; }
    template <class T>
    static T value(std::span<const T> x) {
        using std::abs;
        using std::exp;
        using std::log;
        using std::sin;
        using std::sqrt;
        const T radius(sqrt(T(Sphere::value(x) + T(1e-30))));
        const T size(abs(T(T(100) - radius * T(std::numbers::inv_pi))));
        const T waves(abs(T(T(sin(x[0])) * T(sin(x[1])))));
        // The logarithm keeps exp(100) within single precision.
        const T log_sum(size + T(log(T(waves + T(exp(T(T(-1) * size)))))));
        return T(T(-1e-4) * T(exp(T(T(0.1) * log_sum))));
    }
};

}  // namespace test_function

/// Every test function of two dimensions.
using PlaneFunctions =
    std::tuple<test_function::Himmelblau, test_function::Beale, test_function::GoldsteinPrice,
               test_function::SixHumpCamel, test_function::Easom, test_function::DropWave,
               test_function::Eggholder, test_function::CrossInTray>;

}  // namespace tdca
