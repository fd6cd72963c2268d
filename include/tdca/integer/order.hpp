// SmallOrder: minibatches in a shuffled order that is nowhere stored, for processors of 32 bits.
#pragma once

#include <cstdint>

#include "tdca/core/abi.hpp"
#include "tdca/integer/rounding.hpp"

namespace tdca::inline TDCA_ABI {

/// Deals every sample once a pass, each pass in another order: a keyed permutation of
/// {0, …, count − 1}, four rounds of a Feistel network with cycle walking, as `Permutation` is.
class SmallOrder {
public:
    /// Of `count` samples, at least 1 and at most 2³⁰.
    constexpr SmallOrder(SmallKey key, std::uint32_t count) noexcept : key_(key), count_(count) {
        while ((std::uint32_t{1} << (2U * half_bits_)) < count) ++half_bits_;
    }

    /// Which sample comes at `position`, counted over all passes.
    [[nodiscard]] constexpr std::uint32_t operator[](std::uint32_t position) const noexcept {
        const std::uint32_t pass = position / count_;
        const SmallKey key = key_ / pass;
        std::uint32_t value = position - pass * count_;
        do {
            value = scramble(key, value);
        } while (value >= count_);
        return value;
    }

private:
    [[nodiscard]] constexpr std::uint32_t scramble(SmallKey key,
                                                   std::uint32_t value) const noexcept {
        const std::uint32_t mask = (std::uint32_t{1} << half_bits_) - 1U;
        std::uint32_t left = value >> half_bits_;
        std::uint32_t right = value & mask;
        for (std::uint32_t round = 0; round < 4; ++round) {
            const std::uint32_t mixed = left ^ (key.word((round << 16U) ^ right) & mask);
            left = right;
            right = mixed;
        }
        return (left << half_bits_) | right;
    }

    SmallKey key_;
    std::uint32_t count_;
    unsigned half_bits_ = 1;
};

}  // namespace tdca
