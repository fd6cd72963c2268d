// Activation functions, each with the slope at its own output.
#pragma once

#include <cstddef>
#include <span>

#include "tdca/core/abi.hpp"
#include "tdca/math/simd.hpp"
#include "tdca/math/softmax.hpp"

namespace tdca::inline TDCA_ABI {

/// f(x) = x.
struct Identity {
    template <class T>
    static T apply(T x) noexcept {
        return x;
    }
    template <class T>
    static T slope(T /*output*/) noexcept {
        return T(1);
    }
};

/// f(x) = max(x, 0), NaN for NaN; the slope at 0 is 0.
struct Relu {
    template <class T>
    static T apply(T x) noexcept {
        return simd::at_least(x, T(0));
    }
    template <class T>
    static T slope(T output) noexcept {
        return simd::select(output > T(0), T(1), T(0));
    }
};

/// f(x) = x for x > 0, else x / 100.
struct LeakyRelu {
    template <class T>
    static T apply(T x) noexcept {
        return simd::select(x < T(0), simd::constant<T>(0.01F) * x, x);
    }
    template <class T>
    static T slope(T output) noexcept {
        return simd::select(output > T(0), T(1), simd::constant<T>(0.01F));
    }
};

/// f(x) = tanh x, slope 1 − f².
struct Tanh {
    template <class T>
    static T apply(T x) noexcept {
        return simd::tanh(x);
    }
    template <class T>
    static T slope(T output) noexcept {
        return T(1) - output * output;
    }
};

/// f(x) = 1 for x > 0, else 0: a neuron that fires or does not. It has no slope, so that credit is
/// taken as it is: 1.
struct HardStep {
    template <class T>
    static T apply(T x) noexcept {
        return simd::select(x > T(0), T(1), T(0));
    }
    template <class T>
    static T slope(T /*output*/) noexcept {
        return T(1);
    }
};

/// f(x) = 1 for x > 0, else −1; credit is taken as it is.
struct Sign {
    template <class T>
    static T apply(T x) noexcept {
        return simd::select(x > T(0), T(1), T(-1));
    }
    template <class T>
    static T slope(T /*output*/) noexcept {
        return T(1);
    }
};

/// f(x) = 1 / (1 + e⁻ˣ) = (1 + tanh(x / 2)) / 2, slope f (1 − f).
struct Sigmoid {
    template <class T>
    static T apply(T x) noexcept {
        const T half = simd::constant<T>(0.5F);
        return half + half * simd::tanh(half * x);
    }
    template <class T>
    static T slope(T output) noexcept {
        return output * (T(1) - output);
    }
};

/// credit ← credit ⊙ f′, each neuron's slope told from its own output.
template <class Function, class Scalar, std::size_t Neurons>
inline void gate_by_slope(std::span<const Scalar, Neurons> out,
                          std::span<Scalar, Neurons> credit) noexcept {
    simd::map(
        credit, [](Pack<Scalar> c, Pack<Scalar> output) { return c * Function::slope(output); },
        credit, out);
}

/// f(x)ᵢ = eˣⁱ / Σⱼ eˣʲ over one sample, computed from x − max x so that it cannot overflow.
///
/// Its `slope` is the diagonal p (1 − p) of the Jacobian, all that one neuron can know of itself.
struct Softmax {
    template <class Scalar, std::size_t Units>
    static void normalize(std::span<Scalar, Units> sample) noexcept {
        simd::softmax(sample);
    }
    /// All samples of a batch, `Samples` × `Units`.
    template <std::size_t Samples, std::size_t Units, class Scalar>
    static void normalize_rows(std::span<Scalar, Samples * Units> rows) noexcept {
        simd::softmax_rows<Samples, Units>(rows);
    }
    template <class T>
    static T slope(T output) noexcept {
        return output * (T(1) - output);
    }
};

}  // namespace tdca
