// Errors of targets that are known, and none where they are not.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <type_traits>

#include "tdca/core/abi.hpp"
#include "tdca/math/simd.hpp"

namespace tdca::inline TDCA_ABI::detail {

/// errors = targets − outputs, and 0 where a target is NaN. Packs by hand: g++ 12 vectorises the
/// plain loop wrongly for AVX-512 (at -O3, rows of three).
///
/// @param outputs, errors `Samples` × `Units`
template <std::size_t Samples, std::size_t Units, class Scalar>
inline void known_errors(std::span<const Scalar, Samples * Units> outputs,
                         std::span<const std::array<float, Units>, Samples> targets,
                         std::span<Scalar, Samples * Units> errors) noexcept {
    const auto error = [](auto target, auto output) {
        using T = decltype(target);
        return simd::select(target == target, target - output, T(0));
    };
    const auto* const told = reinterpret_cast<const float*>(targets.data());
    constexpr std::size_t size = Samples * Units;
    constexpr std::size_t packed = std::is_same_v<Scalar, float> ? size - size % lanes<float> : 0;
    if constexpr (packed > 0) {
        for (std::size_t i = 0; i < packed; i += lanes<float>) {
            simd::store(&errors[i], error(simd::load(told + i), simd::load(&outputs[i])));
        }
    }
    if constexpr (packed < size) {
        for (std::size_t i = packed; i < size; ++i) {
            errors[i] = error(static_cast<Scalar>(told[i]), outputs[i]);
        }
    }
}

}  // namespace tdca::detail
