// Classes in whole numbers: softmax by a table, and errors of it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "tdca/core/abi.hpp"
#include "tdca/integer/rounding.hpp"

namespace tdca::inline TDCA_ABI {

namespace detail {

/// 2^(−i / 16) in 2⁻¹⁵.
inline constexpr std::array<std::uint16_t, 16> negative_powers{
    32768, 31379, 30048, 28774, 27554, 26386, 25268, 24196,
    23170, 22188, 21247, 20347, 19484, 18658, 17867, 17109};

}  // namespace detail

/// Probability in this many parts: an error is a byte.
inline constexpr std::int32_t certain = 127;

/// errors = target − softmax(sums), in parts of `certain`; a sum is in 2⁻⁴ nats. Powers of two
/// come from a table of 16, so that a probability is right to about a part.
template <std::size_t Classes>
constexpr void class_errors(std::span<const std::int32_t, Classes> sums, std::size_t label,
                            std::span<std::int8_t, Classes> errors) noexcept {
    std::int32_t top = sums[0];
    for (std::size_t c = 1; c < Classes; ++c) top = sums[c] > top ? sums[c] : top;
    std::array<std::uint32_t, Classes> powers{};
    std::uint32_t total = 0;
    for (std::size_t c = 0; c < Classes; ++c) {
        // Two sums may be further apart than their type goes.
        const std::uint32_t gap =
            static_cast<std::uint32_t>(top) - static_cast<std::uint32_t>(sums[c]);
        // log₂ e = 369 / 256; beyond 2⁻¹⁵ there is nothing.
        const std::uint32_t halvings = gap > 255U ? 6144U : (gap * 369U) >> 4U;  // in 2⁻⁸
        const std::uint32_t whole = halvings >> 8U;
        if (whole < 16) {
            powers[c] = std::uint32_t{detail::negative_powers[(halvings >> 4U) & 15U]} >> whole;
        }
        total += powers[c];
    }
    const std::uint32_t share = (std::uint32_t{certain} << 23U) / total;
    for (std::size_t c = 0; c < Classes; ++c) {
        // powers ≤ 2¹⁵ ≤ total: the product is below 2³¹.
        const auto part = static_cast<std::int32_t>((powers[c] * share + (1U << 22U)) >> 23U);
        errors[c] = to_byte((c == label ? certain : 0) - part);
    }
}

}  // namespace tdca
