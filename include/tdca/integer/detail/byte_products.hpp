// Products of rows of bytes: the loops of a layer.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "tdca/core/abi.hpp"

namespace tdca::inline TDCA_ABI::detail {

/// Rows of `In` bytes times bytes, into sums of 32 bits.
// Bytes may be anything's: without __restrict__ no compiler works on several at a time. And loops
// are over whole vectors first, and over what is left of a row after them.
template <std::size_t In>
struct ByteProducts {
    static constexpr std::size_t whole = In / 64 * 64;  ///< in whole vectors

    /// Σ a b.
    static std::int32_t dot(const std::int8_t* __restrict__ a,
                            const std::int8_t* __restrict__ b) noexcept {
        std::int32_t sum = 0;
        for (std::size_t i = 0; i < whole; ++i) sum += std::int32_t{a[i]} * std::int32_t{b[i]};
        for (std::size_t i = whole; i < In; ++i) sum += std::int32_t{a[i]} * std::int32_t{b[i]};
        return sum;
    }

    /// Adds rows of one sample, or of four, each times a factor.
    template <std::size_t Rows>
    static void add(std::array<std::int16_t, Rows> factor, const std::int8_t* bytes,
                    std::int32_t* sums) noexcept {
        if constexpr (whole > 0) add_between<0, whole>(factor, bytes, sums);
        if constexpr (whole < In) add_between<whole, In>(factor, bytes, sums);
    }

private:
    template <std::size_t From, std::size_t To>
    static void add_between(std::array<std::int16_t, 1> factor,
                            const std::int8_t* __restrict__ bytes,
                            std::int32_t* __restrict__ sums) noexcept {
        for (std::size_t i = From; i < To; ++i) {
            sums[i] += std::int32_t{static_cast<std::int16_t>(factor[0] * bytes[i])};
        }
    }
    /// Two products of bytes up to 127 fit into 16 bits.
    template <std::size_t From, std::size_t To>
    static void add_between(std::array<std::int16_t, 4> factor,
                            const std::int8_t* __restrict__ bytes,
                            std::int32_t* __restrict__ sums) noexcept {
        for (std::size_t i = From; i < To; ++i) {
            const auto first =
                static_cast<std::int16_t>(factor[0] * bytes[i] + factor[1] * bytes[In + i]);
            const auto second = static_cast<std::int16_t>(factor[2] * bytes[2 * In + i] +
                                                          factor[3] * bytes[3 * In + i]);
            sums[i] += std::int32_t{first} + std::int32_t{second};
        }
    }
};

}  // namespace tdca::detail
