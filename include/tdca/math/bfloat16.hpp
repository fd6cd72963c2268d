// bfloat16: numbers of half the bits, multiplied in pairs and summed in single precision.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "tdca/core/abi.hpp"
#include "tdca/math/simd.hpp"

// A bfloat16 is the upper half of a float: 8 bits of precision, and the range of a float. Two of
// them, an even and an odd one, lie in the bits of one float, the even one in the lower half; packs
// of such pairs are loaded, stored and broadcast as packs of floats are.
//
// Processors with AVX512_BF16 multiply pairs at twice the rate of floats; elsewhere the same is
// done step by step, to the same bits.
namespace tdca::inline TDCA_ABI::simd {

namespace bits {

/// The bits of floats, and back.
inline std::uint32_t bits_of(float x) noexcept { return std::bit_cast<std::uint32_t>(x); }
/// The float of these bits.
inline float float_of(std::uint32_t bits) noexcept { return std::bit_cast<float>(bits); }
/// One of two.
inline std::uint32_t pick(bool condition, std::uint32_t yes, std::uint32_t no) noexcept {
    return condition ? yes : no;
}
#ifndef XSIMD_NO_SUPPORTED_ARCHITECTURE
using Words = xsimd::batch<std::uint32_t>;  ///< of a pack
/// The bits of floats.
inline Words bits_of(const xsimd::batch<float>& x) noexcept {
    return xsimd::bitwise_cast<Words>(x);
}
/// The floats of these bits.
inline xsimd::batch<float> float_of(const Words& bits) noexcept {
    return xsimd::bitwise_cast<xsimd::batch<float>>(bits);
}
/// One of two, lane by lane.
inline Words pick(const xsimd::batch_bool<float>& condition, const Words& yes,
                  const Words& no) noexcept {
    return bits_of(xsimd::select(condition, float_of(yes), float_of(no)));
}
#endif

/// What a float is where numbers below the normal ones count as zero.
template <class T>
[[nodiscard]] inline T flushed(T x) noexcept {
    return select(abs(x) < T(std::numeric_limits<float>::min()),
                  float_of(bits_of(x) & decltype(bits_of(x))(0x80000000U)), x);
}

/// The nearest bfloat16, in the upper half; of two the even one. NaN stays NaN.
template <class T>
[[nodiscard]] inline auto rounded_bits(T x) noexcept {
    using Bits = decltype(bits_of(x));
    const Bits all = bits_of(flushed(x));
    const Bits upper(0xFFFF0000U);
    const Bits nearest = (all + Bits(0x7FFFU) + ((all >> 16) & Bits(1U))) & upper;
    return pick(x == x, nearest, (all & upper) | Bits(0x00400000U));
}

}  // namespace bits

/// Pairs of the nearest bfloat16 of two packs: of equally near ones the even one; numbers below the
/// normal ones are zero.
template <class T>
[[nodiscard]] inline T pair_up_by_steps(T even, T odd) noexcept {
    return bits::float_of((bits::rounded_bits(even) >> 16) | bits::rounded_bits(odd));
}
/// sum + odd · odd, rounded, + even · even, rounded, of pairs: what `vdpbf16ps` does, numbers below
/// the normal ones being zero on the way. A product of two bfloat16 is exact, so it is all one
/// whether it is rounded before it is added.
template <class T>
[[nodiscard]] inline T add_product_by_steps(T x, T y, T sum) noexcept {
    using Bits = decltype(bits::bits_of(x));
    const auto odd = [](T pairs) {
        return bits::float_of(bits::bits_of(pairs) & Bits(0xFFFF0000U));
    };
    const auto even = [](T pairs) { return bits::float_of(bits::bits_of(pairs) << 16); };
    const T first = bits::flushed(fma(odd(x), odd(y), bits::flushed(sum)));
    return bits::flushed(fma(even(x), even(y), first));
}

#ifdef __AVX512BF16__
/// Whether the processor multiplies pairs.
inline constexpr bool has_bfloat16 = true;

/// As @ref pair_up_by_steps.
[[nodiscard]] inline Pack<float> pair_up(Pack<float> even, Pack<float> odd) noexcept {
    alignas(64) static constexpr auto places = [] {
        struct {
            std::uint16_t of[32];
        } list{};
        for (std::uint16_t lane = 0; lane < 32; ++lane) {
            list.of[lane] = static_cast<std::uint16_t>(lane / 2 + lane % 2 * 16);
        }
        return list;
    }();
    const __m512bh both = _mm512_cvtne2ps_pbh(odd, even);
    return _mm512_castsi512_ps(
        _mm512_permutexvar_epi16(_mm512_load_si512(places.of), std::bit_cast<__m512i>(both)));
}
/// As @ref add_product_by_steps.
[[nodiscard]] inline Pack<float> add_product(Pack<float> x, Pack<float> y,
                                             Pack<float> sum) noexcept {
    return _mm512_dpbf16_ps(sum, std::bit_cast<__m512bh>(static_cast<__m512>(x)),
                            std::bit_cast<__m512bh>(static_cast<__m512>(y)));
}
#else
/// Whether the processor multiplies bfloat16.
inline constexpr bool has_bfloat16 = false;
/// Two packs as pairs of bfloat16, rounded to the nearest.
[[nodiscard]] inline Pack<float> pair_up(Pack<float> even, Pack<float> odd) noexcept {
    return pair_up_by_steps(even, odd);
}
/// sum + x · y, pair by pair.
[[nodiscard]] inline Pack<float> add_product(Pack<float> x, Pack<float> y,
                                             Pack<float> sum) noexcept {
    return add_product_by_steps(x, y, sum);
}
#endif

/// `Count` numbers as pairs of neighbours, the last with a zero where they are odd.
template <std::size_t Count>
inline void pair_neighbours(const float* from, float* to) noexcept {
#ifdef __AVX512BF16__
    constexpr std::size_t width = lanes<float>;
    const auto pairs = [](Pack<float> lower, Pack<float> upper) {
        return Pack<float>(std::bit_cast<__m512>(_mm512_cvtne2ps_pbh(upper, lower)));
    };
    for (std::size_t i = 0; i + 2 * width <= Count; i += 2 * width) {
        store(to + i / 2, pairs(load(from + i), load(from + i + width)));
    }
    if constexpr (constexpr std::size_t rest = Count % (2 * width); rest != 0) {
        const float* const last = from + Count - rest;
        const Pack<float> lower = load_partial(last, std::min(rest, width));
        const Pack<float> upper =
            rest > width ? load_partial(last + width, rest - width) : Pack<float>(0.0F);
        store_partial<float>(to + (Count - rest) / 2, pairs(lower, upper), (rest + 1) / 2);
    }
#else
    for (std::size_t i = 0; i < Count; i += 2) {
        to[i / 2] = pair_up_by_steps(from[i], i + 1 < Count ? from[i + 1] : 0.0F);
    }
#endif
}

}  // namespace tdca::simd
