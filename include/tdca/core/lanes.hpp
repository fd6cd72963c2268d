// Operations across the lanes of packs: the sums of many packs at once, and transposition.
#pragma once

#include <cstddef>
#include <utility>

#include "tdca/core/simd.hpp"

namespace tdca {
namespace detail {

/// Lanes within which shuffles are cheapest: x86 works in lanes of 128 bits.
template <class Scalar>
inline constexpr std::size_t local_lanes = 16 / sizeof(Scalar);

/// Lane j of the result is lane `Pick(j)` of a and b laid end to end.
template <class Scalar, auto Pick>
[[nodiscard]] inline Pack<Scalar> shuffle(Pack<Scalar> a, Pack<Scalar> b) noexcept {
    return [&]<std::size_t... Lane>(std::index_sequence<Lane...>) {
        return Pack<Scalar>(__builtin_shufflevector(
            static_cast<typename Pack<Scalar>::register_type>(a),
            static_cast<typename Pack<Scalar>::register_type>(b), static_cast<int>(Pick(Lane))...));
    }(std::make_index_sequence<lanes<Scalar>>{});
}

/// Of a and b laid end to end, the even or the odd ones: lanes within 128 bits while more than a
/// pack per 128 bits is left (`Count` packs), whole blocks of 128 bits after that.
template <class Scalar, std::size_t Count, bool Odd>
[[nodiscard]] inline Pack<Scalar> every_other(Pack<Scalar> a, Pack<Scalar> b) noexcept {
    constexpr bool local = Count > lanes<Scalar> / local_lanes<Scalar>;
    constexpr std::size_t block = local ? 1 : local_lanes<Scalar>;
    constexpr std::size_t group = local ? local_lanes<Scalar> : lanes<Scalar>;
    return shuffle<Scalar, [](std::size_t lane) {
        const std::size_t place = lane % group;
        const std::size_t source = place < group / 2 ? 0 : lanes<Scalar>;
        const std::size_t chosen = 2 * (place % (group / 2) / block) + (Odd ? 1 : 0);
        return source + lane / group * group + chosen * block + place % block;
    }>(a, b);
}

/// Adds neighbours among the lanes of `Count` packs, each sum spread over `Count` lanes, until
/// every sum has one lane.
template <class Scalar, std::size_t Count>
[[gnu::always_inline, nodiscard]] inline Pack<Scalar> sum_each(
    const Pack<Scalar> (&packs)[Count]) noexcept {
    if constexpr (Count == 1) {
        return packs[0];
    } else {
        Pack<Scalar> halves[Count / 2];
        TDCA_UNROLL
        for (std::size_t i = 0; i < Count / 2; ++i) {
            halves[i] = every_other<Scalar, Count, false>(packs[2 * i], packs[2 * i + 1]) +
                        every_other<Scalar, Count, true>(packs[2 * i], packs[2 * i + 1]);
        }
        return sum_each<Scalar>(halves);
    }
}

/// The same network with both halves kept apart: they are the even and the odd rows of the result,
/// which go to `out[First]`, `out[First + Step]`, …
template <class Scalar, std::size_t First, std::size_t Step, std::size_t Count>
[[gnu::always_inline]] inline void transpose(const Pack<Scalar> (&packs)[Count],
                                             Pack<Scalar> (&out)[lanes<Scalar>]) noexcept {
    if constexpr (Count == 1) {
        out[First] = packs[0];
    } else {
        Pack<Scalar> even[Count / 2];
        Pack<Scalar> odd[Count / 2];
        TDCA_UNROLL
        for (std::size_t i = 0; i < Count / 2; ++i) {
            even[i] = every_other<Scalar, Count, false>(packs[2 * i], packs[2 * i + 1]);
            odd[i] = every_other<Scalar, Count, true>(packs[2 * i], packs[2 * i + 1]);
        }
        transpose<Scalar, First, 2 * Step>(even, out);
        transpose<Scalar, First + Step, 2 * Step>(odd, out);
    }
}

}  // namespace detail

namespace simd {

/// Lane j of the result is the sum of the lanes of `packs[j]`: as many sums as lanes, for one
/// addition and two shuffles each.
template <class Scalar>
[[gnu::always_inline, nodiscard]] inline Pack<Scalar> sum_each(
    const Pack<Scalar> (&packs)[lanes<Scalar>]) noexcept {
    return detail::sum_each<Scalar>(packs);
}

/// Rows become columns: lane j of `packs[i]` goes to lane i of `out[j]`.
template <class Scalar>
[[gnu::always_inline]] inline void transpose(const Pack<Scalar> (&packs)[lanes<Scalar>],
                                             Pack<Scalar> (&out)[lanes<Scalar>]) noexcept {
    detail::transpose<Scalar, 0, 1>(packs, out);
}

}  // namespace simd
}  // namespace tdca
