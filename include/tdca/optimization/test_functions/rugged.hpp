// Test functions with rings, ridges and roughness at many scales, in any dimension.
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

/// 1 − cos 2πr + r/10, r = ‖x‖: rings around the minimum (Salomon, "Re-evaluating genetic algorithm
/// performance under coordinate rotation of benchmark functions", BioSystems 39, 1996).
struct Salomon : detail::AtOrigin {
    static constexpr std::string_view name = "salomon";
    static constexpr double low = -100;
    static constexpr double high = 100;
    static constexpr bool multimodal = true;
    template <class T>
    static T value(std::span<const T> x) {
        using std::cos;
        using std::sqrt;
        const T power(Sphere::value(x));
        if (detail::vanishes(power)) return T(0);
        const T radius(sqrt(power));
        return T(1) - T(cos(T(T(2 * std::numbers::pi) * radius))) + T(0.1) * radius;
    }
};

/// (Σ √sᵢ (1 + sin²(50 sᵢ^0.2)) / (n − 1))², sᵢ = √(xᵢ² + xᵢ₊₁²) (BBOB f17, not tilted).
struct SchafferF7 : detail::AtOrigin {
    static constexpr std::string_view name = "schaffer_f7";
    static constexpr double low = -100;
    static constexpr double high = 100;
    static constexpr bool multimodal = true;
    static constexpr std::size_t least_dimension = 2;
    template <class T>
    static T value(std::span<const T> x) {
        using std::exp;
        using std::log;
        using std::sin;
        if (x.size() < least_dimension) return detail::no_value<T>();
        T sum(0);
        for (std::size_t i = 0; i + 1 < x.size(); ++i) {
            const T power(x[i] * x[i] + x[i + 1] * x[i + 1]);
            if (detail::vanishes(power)) continue;
            const T log_power(log(power));
            sum += T(exp(T(T(0.25) * log_power))) *
                   (T(1) + detail::square(T(sin(T(T(50) * T(exp(T(T(0.1) * log_power))))))));
        }
        return detail::square(T(sum * T(1 / static_cast<double>(x.size() - 1))));
    }
};

/// Σᵢ Σₖ 2⁻ᵏ (cos(2π 3ᵏ (xᵢ + ½)) − cos(π 3ᵏ)) / n, k = 0 … 11: rough at every scale (BBOB f16
/// without its scaling; Weierstrass 1872).
struct Weierstrass : detail::AtOrigin {
    static constexpr std::string_view name = "weierstrass";
    static constexpr double low = -0.5;
    static constexpr double high = 0.5;
    static constexpr bool multimodal = true;
    template <class T>
    static T value(std::span<const T> x) {
        using std::cos;
        const T share = T(1.0 / static_cast<double>(x.size()));
        T sum(0);
        for (const T& v : x) {
            double size = 1;
            double rate = 2 * std::numbers::pi;
            for (int k = 0; k < 12; ++k, size *= 0.5, rate *= 3) {
                // cos(π 3ᵏ) = −1, and a half turn of 3ᵏ, an odd number, turns the sign.
                sum += T(size) * (T(1) - T(cos(T(T(rate) * v))));
            }
        }
        return share * sum;
    }
};

/// Σ |xᵢ sin xᵢ + xᵢ/10| (Alpine no. 1; Jamil & Yang, arXiv:1308.4008, no. 6).
struct Alpine : detail::AtOrigin {
    static constexpr std::string_view name = "alpine";
    static constexpr double low = -10;
    static constexpr double high = 10;
    static constexpr bool multimodal = true;
    template <class T>
    static T value(std::span<const T> x) {
        using std::abs;
        using std::sin;
        T sum(0);
        for (const T& v : x) sum += T(abs(T(v * T(sin(v)) + T(0.1) * v)));
        return sum;
    }
};

/// Σ ½ + (sin² sᵢ − ½) / (1 + sᵢ²/1000)², sᵢ = √(xᵢ² + xᵢ₊₁²), the last with the first (expanded
/// Schaffer F6: Liang et al., CEC 2013 f14).
struct ExpandedSchafferF6 : detail::AtOrigin {
    static constexpr std::string_view name = "expanded_schaffer_f6";
    static constexpr double low = -100;
    static constexpr double high = 100;
    static constexpr bool multimodal = true;
    template <class T>
    static T value(std::span<const T> x) {
        using std::sin;
        using std::sqrt;
        T sum(0);
        for (std::size_t i = 0; i < x.size(); ++i) {
            const T& next = x[i + 1 < x.size() ? i + 1 : 0];
            const T power(x[i] * x[i] + next * next);
            if (detail::vanishes(power)) continue;
            const T wave(detail::square(T(sin(T(sqrt(power))))));
            sum += T(0.5) + (wave - T(0.5)) / detail::square(T(T(1) + T(0.001) * power));
        }
        return sum;
    }
};

/// |‖x‖² − n|^¼ + (½ ‖x‖² + Σ xᵢ) / n + ½: a ring-shaped valley, and hardly a slope along it (Beyer &
/// Finck, "HappyCat", PPSN 2012).
struct HappyCat {
    static constexpr std::string_view name = "happy_cat";
    static constexpr double low = -2;
    static constexpr double high = 2;
    static constexpr bool multimodal = true;
    static double optimum(std::size_t /*i*/, std::size_t /*n*/) { return -1; }
    static double minimum(std::size_t /*n*/) { return 0; }
    template <class T>
    static T value(std::span<const T> x) {
        using std::abs;
        using std::sqrt;
        const T n = T(static_cast<double>(x.size()));
        T sum(0);
        for (const T& v : x) sum += v;
        const T power(Sphere::value(x));
        const T off(abs(T(power - n)));
        const T ring = detail::vanishes(off) ? T(0) : T(sqrt(T(sqrt(off))));
        return ring + (T(0.5) * power + sum) / n + T(0.5);
    }
};

}  // namespace test_function

/// Every function of this file.
using RuggedFunctions =
    std::tuple<test_function::Salomon, test_function::SchafferF7, test_function::Weierstrass,
               test_function::Alpine, test_function::ExpandedSchafferF6, test_function::HappyCat>;

}  // namespace tdca
