// Activation functions, each with the slope at its own output.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

#include "tdca/core/lanes.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/simd.hpp"

namespace tdca {

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

/// f(x) = max(x, 0); the slope at 0 is 0.
struct Relu {
    template <class T>
    static T apply(T x) noexcept {
        return simd::max(x, T(0));
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
        return simd::max(x, T(0.01F) * x);
    }
    template <class T>
    static T slope(T output) noexcept {
        return simd::select(output > T(0), T(1), T(0.01F));
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

/// f(x) = 1 / (1 + e⁻ˣ) = (1 + tanh(x / 2)) / 2, slope f (1 − f).
struct Sigmoid {
    template <class T>
    static T apply(T x) noexcept {
        return T(0.5F) + T(0.5F) * simd::tanh(T(0.5F) * x);
    }
    template <class T>
    static T slope(T output) noexcept {
        return output * (T(1) - output);
    }
};

/// f(x)ᵢ = eˣⁱ / Σⱼ eˣʲ over one sample, computed from x − max x so that it cannot overflow.
///
/// Its `slope` is the diagonal p (1 − p) of the Jacobian, all that one neuron can know of itself.
struct Softmax {
    template <class Scalar, std::size_t Units>
    static void normalize(std::span<Scalar, Units> sample) noexcept {
        const Scalar top = *std::max_element(sample.begin(), sample.end());
        simd::map(
            sample, [top](Pack<Scalar> x) { return simd::exp(x - Pack<Scalar>(top)); }, sample);
        const Scalar total = simd::sum([](Pack<Scalar> x) { return x; }, sample);
        const Scalar scale = Scalar{1} / total;
        simd::map(
            sample, [scale](Pack<Scalar> x) { return x * Pack<Scalar>(scale); }, sample);
    }
    /// All samples of a batch, lanes along the samples where a sample would leave most lanes idle.
    ///
    /// @param rows `Samples` × `Units`
    template <std::size_t Samples, std::size_t Units, class Scalar>
    static void normalize_rows(std::span<Scalar, Samples * Units> rows) noexcept {
        if constexpr (2 * Units <= 3 * lanes<Scalar> && Samples > 1) {
            constexpr std::size_t stride = whole_packs<Scalar>(Samples);
            alignas(alignment) Scalar columns[Units * stride];
            simd::to_columns<Samples, Units>(rows.data(), columns);
            for (std::size_t s = 0; s < stride; s += lanes<Scalar>) {
                Pack<Scalar> top = simd::load(columns + s);
                for (std::size_t unit = 1; unit < Units; ++unit) {
                    top = simd::max(top, simd::load(columns + unit * stride + s));
                }
                Pack<Scalar> total(Scalar{0});
                for (std::size_t unit = 0; unit < Units; ++unit) {
                    const auto power = simd::exp(simd::load(columns + unit * stride + s) - top);
                    total += power;
                    simd::store(columns + unit * stride + s, power);
                }
                const Pack<Scalar> scale = Pack<Scalar>(Scalar{1}) / total;
                for (std::size_t unit = 0; unit < Units; ++unit) {
                    Scalar* const at = columns + unit * stride + s;
                    simd::store(at, simd::load(at) * scale);
                }
            }
            simd::from_columns<Samples, Units>(static_cast<const Scalar*>(columns), rows.data());
        } else {
            for (std::size_t s = 0; s < Samples; ++s) {
                normalize(std::span<Scalar, Units>(rows.subspan(s * Units, Units)));
            }
        }
    }
    template <class T>
    static T slope(T output) noexcept {
        return output * (T(1) - output);
    }
};

}  // namespace tdca
