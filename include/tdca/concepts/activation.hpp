// The contract of an activation function.
#pragma once

#include <concepts>
#include <span>

#include "tdca/core/abi.hpp"
#include "tdca/math/simd.hpp"

namespace tdca::inline TDCA_ABI {

/// A stateless function of one pre-activation, for scalars and for packs.
///
/// | member | meaning |
/// | --- | --- |
/// | `apply(x)` | the neuron's output |
/// | `slope(output)` | the derivative there, told from the output alone |
template <class A>
concept ElementwiseActivation = requires(float x, double z, Pack<float> pack) {
    { A::apply(x) } -> std::same_as<float>;
    { A::apply(z) } -> std::same_as<double>;
    { A::apply(pack) } -> std::same_as<Pack<float>>;
    { A::slope(x) } -> std::same_as<float>;
    { A::slope(z) } -> std::same_as<double>;
    { A::slope(pack) } -> std::same_as<Pack<float>>;
};

/// A stateless function of all pre-activations of one sample, such as softmax.
///
/// | member | meaning |
/// | --- | --- |
/// | `normalize(sample)` | from pre-activations to outputs, in place |
/// | `slope(output)` | of one neuron's output by its own pre-activation |
///
/// One that is faster on a whole batch may offer `normalize_rows<Samples, Units>(rows)` besides.
template <class A>
concept NormalizingActivation = requires(float x, Pack<float> pack, std::span<float> sample) {
    { A::normalize(sample) } noexcept;
    { A::slope(x) } -> std::same_as<float>;
    { A::slope(pack) } -> std::same_as<Pack<float>>;
};

/// What a layer may put behind its weighted sum.
template <class A>
concept Activation = ElementwiseActivation<A> || NormalizingActivation<A>;

namespace detail {

/// Tells of something that is no activation which member it lacks, a sentence each.
template <class A>
consteval bool tell_what_an_activation_lacks() {
    if constexpr (requires(std::span<float> sample) { A::normalize(sample); }) {
        static_assert(
            requires(std::span<float> sample) {
                { A::normalize(sample) } noexcept;
            }, "an activation's normalize(sample) needs to be noexcept");
        static_assert(
            requires(float x, Pack<float> pack) {
                { A::slope(x) } -> std::same_as<float>;
                { A::slope(pack) } -> std::same_as<Pack<float>>;
            },
            "an activation with normalize needs a static slope(output), which returns a float for "
            "a float and a Pack<float> for a Pack<float>");
    } else {
        static_assert(
            requires(float x, double z, Pack<float> pack) {
                { A::apply(x) } -> std::same_as<float>;
                { A::apply(z) } -> std::same_as<double>;
                { A::apply(pack) } -> std::same_as<Pack<float>>;
            },
            "an activation needs a static apply(x), which returns the type that it is given: "
            "float, double or Pack<float>; or a static normalize(sample)");
        static_assert(
            requires(float x, double z, Pack<float> pack) {
                { A::slope(x) } -> std::same_as<float>;
                { A::slope(z) } -> std::same_as<double>;
                { A::slope(pack) } -> std::same_as<Pack<float>>;
            },
            "an activation needs a static slope(output), which returns the type that it is given: "
            "float, double or Pack<float>");
    }
    return false;
}

}  // namespace detail

}  // namespace tdca
