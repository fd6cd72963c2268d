// SIMD packs and the elementwise loops over them: the only header that includes xsimd.
#pragma once

#include <xsimd/xsimd.hpp>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <span>
#include <type_traits>
#include <utility>

#include "tdca/core/abi.hpp"
#include "tdca/math/unroll.hpp"  // IWYU pragma: export

namespace tdca::inline TDCA_ABI {

namespace detail {

template <class Scalar>
struct PackOf {
    using type = Scalar;
};
#ifndef XSIMD_NO_SUPPORTED_ARCHITECTURE
// For `double` on 32-bit ARM xsimd 8 declares a register of no size.
template <class Scalar>
    requires xsimd::types::has_simd_register<Scalar, xsimd::default_arch>::value &&
             (sizeof(xsimd::types::simd_register<Scalar, xsimd::default_arch>) > sizeof(Scalar))
struct PackOf<Scalar> {
    using type = xsimd::batch<Scalar>;
};
#endif

}  // namespace detail

/// As many scalars as one register of the architecture that the compiler's flags select; the scalar
/// itself where there is no such register, as in a microcontroller.
template <class Scalar>
using Pack = typename detail::PackOf<Scalar>::type;

/// Number of scalars in a pack.
template <class Scalar>
inline constexpr std::size_t lanes = sizeof(Pack<Scalar>) / sizeof(Scalar);

namespace simd {

// Elementwise functions for packs and for plain scalars alike. In single precision exp, log and
// tanh of a batch are within 2 units in the last place of the true value over their whole range (a
// test walks it), on every architecture; exp is 0 below −87.3, where results are subnormal, and
// infinite above 88.3. Those of a scalar are the C library's (glibc's tanh: 2.1 units).
using xsimd::abs;
using xsimd::exp;
using xsimd::log;
using xsimd::sqrt;
using xsimd::tanh;
#ifndef XSIMD_NO_SUPPORTED_ARCHITECTURE
using xsimd::fma;
using xsimd::select;
using xsimd::sincos;
#endif

/// A constant as a scalar of any type, or in every lane of a pack.
template <class T>
[[nodiscard]] inline T constant(float value) noexcept {
    if constexpr (std::floating_point<T>) {
        return static_cast<T>(value);
    } else {
        return T(static_cast<typename T::value_type>(value));
    }
}

/// x · y + z, rounded once where an instruction does so: elsewhere, std::fma is a slow call.
inline float fma(float x, float y, float z) noexcept {
#ifdef FP_FAST_FMAF
    return std::fma(x, y, z);
#else
    return x * y + z;
#endif
}
inline double fma(double x, double y, double z) noexcept {
#ifdef FP_FAST_FMA
    return std::fma(x, y, z);
#else
    return x * y + z;
#endif
}

#ifdef __AVX512F__
// xsimd 8 has none for AVX-512, and only some compilers contract its x · y + z.
inline Pack<float> fma(const Pack<float>& x, const Pack<float>& y, const Pack<float>& z) noexcept {
    return _mm512_fmadd_ps(x, y, z);
}
inline Pack<double> fma(const Pack<double>& x, const Pack<double>& y,
                        const Pack<double>& z) noexcept {
    return _mm512_fmadd_pd(x, y, z);
}
#endif

#if defined(__AVX512BW__) && !defined(__OPTIMIZE__) && !defined(__clang__)
// g++ without optimisation cannot compile what xsimd 8 does here: intrinsics are macros then.
inline Pack<double> log(const Pack<double>& x) noexcept {
    alignas(Pack<double>) double values[lanes<double>];
    x.store_aligned(values);
    for (double& value : values) value = std::log(value);
    return Pack<double>::load_aligned(values);
}
#endif

/// Like the pack's: `yes` where the condition holds, else `no`.
inline float select(bool condition, float yes, float no) noexcept { return condition ? yes : no; }
inline double select(bool condition, double yes, double no) noexcept {
    return condition ? yes : no;
}

/// The larger, and NaN where either is. Not the instructions' own maximum, which keeps a NaN or
/// drops it by the place that it stands in, otherwise on every architecture.
template <class T>
[[nodiscard]] inline T max(T a, T b) noexcept {
    const T larger = select(a < b, b, a);
    return select(b == b, larger, b);
}

/// `x` where it is no less than `bound`, and else `bound`, which is no NaN; NaN where x is. One
/// instruction: a maximum of packs gives its second operand, or NaN, where one is NaN.
template <class T>
[[nodiscard]] inline T at_least(T x, T bound) noexcept {
    if constexpr (std::is_floating_point_v<T>) {
        return x < bound ? bound : x;
    } else {
        return xsimd::max(bound, x);
    }
}

/// What @ref sincos of a scalar returns.
template <class Scalar>
struct SineCosine {
    Scalar sine;    ///< of the angle
    Scalar cosine;  ///< of the angle
};
/// Sine and cosine.
[[nodiscard]] inline SineCosine<float> sincos(float x) noexcept {
    return {std::sin(x), std::cos(x)};
}
[[nodiscard]] inline SineCosine<double> sincos(double x) noexcept {
    return {std::sin(x), std::cos(x)};
}

/// One pack from any address.
template <class Scalar>
[[nodiscard]] inline Pack<Scalar> load(const Scalar* from) noexcept {
    if constexpr (lanes<Scalar> == 1) {
        return *from;
    } else {
        return Pack<Scalar>::load_unaligned(from);
    }
}

// Not one function of Pack<Scalar>, from which nothing is deduced: xsimd::store, which wants
// aligned addresses, would be the better match wherever `store` is called without its namespace.
/// Writes a pack to memory, aligned or not.
inline void store(float* to, float value) noexcept { *to = value; }
inline void store(double* to, double value) noexcept { *to = value; }
#ifndef XSIMD_NO_SUPPORTED_ARCHITECTURE
template <class Scalar>
inline void store(Scalar* to, xsimd::batch<Scalar> value) noexcept {
    value.store_unaligned(to);
}
#endif

/// Whether @ref load_partial and @ref store_partial cost no more than whole packs do.
template <class Scalar>
inline constexpr bool has_masks =
#ifdef __AVX512F__
    true;
#else
    lanes<Scalar> == 1;
#endif

/// The first `count` lanes from memory, zeros in the others; reads nothing beyond them.
template <class Scalar>
[[nodiscard]] inline Pack<Scalar> load_partial(const Scalar* from, std::size_t count) noexcept {
#ifdef __AVX512F__
    if constexpr (std::is_same_v<Scalar, float>) {
        return _mm512_maskz_loadu_ps(static_cast<__mmask16>((1U << count) - 1U), from);
    } else if constexpr (std::is_same_v<Scalar, double>) {
        return _mm512_maskz_loadu_pd(static_cast<__mmask8>((1U << count) - 1U), from);
    }
#endif
    alignas(Pack<Scalar>) Scalar buffer[lanes<Scalar>] = {};
    std::copy_n(from, count, buffer);
    return load(buffer);
}

/// Keeps a pack in its register: g++ else reads memory anew at each of its uses, and inner loops
/// are then bound by loads.
template <class Vector>
inline void hold([[maybe_unused]] Vector& pack) noexcept {
#if defined(__GNUC__) && !defined(__clang__) && defined(__SSE2__) && defined(__OPTIMIZE__)
    if constexpr (requires { pack.data; }) asm("" : "+v"(pack.data));
#endif
}
/// The same of an address, so that what is read at constant distances from it is addressed so.
template <class T>
inline void hold([[maybe_unused]] T*& address) noexcept {
#if defined(__GNUC__) && !defined(__clang__) && defined(__SSE2__) && defined(__OPTIMIZE__)
    asm("" : "+r"(address));
#endif
}

/// Writes the first `count` lanes and nothing beyond them.
template <class Scalar>
inline void store_partial(Scalar* to, Pack<Scalar> value, std::size_t count) noexcept {
#ifdef __AVX512F__
    if constexpr (std::is_same_v<Scalar, float>) {
        return _mm512_mask_storeu_ps(to, static_cast<__mmask16>((1U << count) - 1U), value);
    } else if constexpr (std::is_same_v<Scalar, double>) {
        return _mm512_mask_storeu_pd(to, static_cast<__mmask8>((1U << count) - 1U), value);
    }
#endif
    alignas(Pack<Scalar>) Scalar buffer[lanes<Scalar>];
    store(buffer, value);
    std::copy_n(buffer, count, to);
}

/// The sum of a pack's lanes.
template <class Scalar>
[[nodiscard]] inline Scalar add_lanes(Pack<Scalar> pack) noexcept {
    if constexpr (lanes<Scalar> == 1) {
        return pack;
    } else {
        return hadd(pack);
    }
}

/// `out[i] = f(in[i]…)`; `out` may be one of the inputs.
///
/// @param f takes and returns packs. The remainder goes through the same packs, padded, so that a
///   result does not depend on where in a span an element stands.
template <class Scalar, std::size_t Extent, class Function, class... Inputs>
inline void map(std::span<Scalar, Extent> out, Function&& f, const Inputs&... in) noexcept {
    const std::size_t count = out.size();
    const std::size_t whole = count - count % lanes<Scalar>;
    for (std::size_t i = 0; i < whole; i += lanes<Scalar>) {
        store(out.data() + i, f(load<Scalar>(in.data() + i)...));
    }
    if (const std::size_t rest = count - whole; rest != 0) {
        store_partial<Scalar>(out.data() + whole,
                              f(load_partial<Scalar>(in.data() + whole, rest)...), rest);
    }
}

/// `Σ f(in[i]…)`, in a fixed order of additions; `f` of the padding lanes is masked out.
template <class Scalar, std::size_t Extent, class Function, class... Inputs>
[[nodiscard]] inline Scalar sum(Function&& f, std::span<Scalar, Extent> first,
                                const Inputs&... in) noexcept {
    using Plain = std::remove_const_t<Scalar>;
    const std::size_t count = first.size();
    const std::size_t whole = count - count % lanes<Plain>;
    Pack<Plain> total(Plain{0});
    for (std::size_t i = 0; i < whole; i += lanes<Plain>) {
        total += f(load<Plain>(first.data() + i), load<Plain>(in.data() + i)...);
    }
    auto result = add_lanes<Plain>(total);
    if (const std::size_t rest = count - whole; rest != 0) {
        alignas(Pack<Plain>) Plain buffer[lanes<Plain>];
        store(buffer, f(load_partial<Plain>(first.data() + whole, rest),
                        load_partial<Plain>(in.data() + whole, rest)...));
        for (std::size_t i = 0; i < rest; ++i) result += buffer[i];
    }
    return result;
}

/// Whether no number is NaN or infinite: x − x is 0 for all others.
template <class Scalar, std::size_t Extent>
[[nodiscard]] inline bool all_finite(std::span<Scalar, Extent> values) noexcept {
    return sum([](auto x) { return x - x; }, values) == 0;
}

/// `y += a · x`.
template <class Scalar, std::size_t Extent, class Source>
inline void axpy(Scalar a, const Source& x, std::span<Scalar, Extent> y) noexcept {
    map(
        y, [a](auto from, auto to) { return fma(decltype(from)(a), from, to); }, x, y);
}

}  // namespace simd
}  // namespace tdca
