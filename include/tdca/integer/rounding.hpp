// Whole numbers in place of real ones: rounding by chance, from counter-based keys of 32 bits.
#pragma once

#include <cstdint>
#include <tuple>

#include "tdca/core/abi.hpp"

namespace tdca::inline TDCA_ABI {

/// The root of a stream of random words, as `Key` is, for processors of 32 bits without a wide
/// product: number i of a stream is a function of the key and i alone, whoever asks and in what
/// order. A word costs two products of 32 bits (the finaliser of MurmurHash3, Appleby 2011, of the
/// counter's product with an odd constant): enough to round by, not to hide anything.
class SmallKey {
public:
    constexpr SmallKey() noexcept = default;
    /// The first of a sequence.
    constexpr explicit SmallKey(std::uint32_t seed) noexcept : value_(mix(seed ^ 0x74646361U)) {}

    /// The key of branch `tag`.
    [[nodiscard]] constexpr SmallKey operator/(std::uint32_t tag) const noexcept {
        return SmallKey(value_ + mix(tag + 0x9e3779b9U));
    }

    /// Word number `index` of the stream, uniform over 32 bits.
    [[nodiscard]] constexpr std::uint32_t word(std::uint32_t index) const noexcept {
        return mix(value_ ^ (index * 0x9e3779b1U));
    }

    /// What it is made of, as @ref write_bytes keeps it.
    static constexpr auto members(auto& key) noexcept { return std::tie(key.value_); }

private:
    static constexpr std::uint32_t mix(std::uint32_t word) noexcept {
        word ^= word >> 16U;
        word *= 0x85ebca6bU;
        word ^= word >> 13U;
        word *= 0xc2b2ae35U;
        return word ^ (word >> 16U);
    }

    std::uint32_t value_ = 0;
};

/// x / 2^`bits`, rounded up with the probability that is left over: right on average. `chance` is
/// uniform over at least so many bits; the lowest count.
[[nodiscard]] constexpr std::int32_t round_by_chance(std::int32_t x, unsigned bits,
                                                     std::uint32_t chance) noexcept {
    const auto below = static_cast<std::int32_t>(chance & ((1U << bits) - 1U));
    return (x + below) >> bits;
}

/// x / 2^`bits`, to the nearest whole number, halves up.
[[nodiscard]] constexpr std::int32_t round_shift(std::int32_t x, unsigned bits) noexcept {
    return bits == 0 ? x : (x + (std::int32_t{1} << (bits - 1U))) >> bits;
}

/// x as far as 8 bits go, evenly to both sides: −127 … 127.
[[nodiscard]] constexpr std::int8_t to_byte(std::int32_t x) noexcept {
    return static_cast<std::int8_t>(x < -127 ? -127 : x > 127 ? 127 : x);
}

/// A factor in whole numbers: x ↦ ((x ≫ `first`) · `factor`) ≫ `then`, rounded.
struct Multiplier {
    std::uint8_t first = 0;   ///< bits that are dropped before
    std::uint8_t then = 0;    ///< and after
    std::int16_t factor = 0;  ///< between

    /// x times the factor, rounded to the nearest.
    [[nodiscard]] constexpr std::int32_t operator()(std::int32_t x) const noexcept {
        return round_shift((x >> first) * factor, then);
    }

    /// Its parts, in the order in which @ref write_bytes keeps them.
    static constexpr auto members(auto& multiplier) noexcept {
        return std::tie(multiplier.first, multiplier.then, multiplier.factor);
    }
};

}  // namespace tdca
