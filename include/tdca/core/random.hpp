// Counter-based random numbers: keys that branch, and streams read at any index.
#pragma once

#include <Random123/philox.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <span>

#include "tdca/core/abi.hpp"
#include "tdca/math/simd.hpp"

namespace tdca::inline TDCA_ABI {

/// The root of a stream of random numbers, and of more keys.
///
/// A key is a value, not a generator: nothing is consumed, so any thread or rank can draw number i
/// of any stream in any order and get the same bits. Branch with `key / tag`, as in
/// `seed / generation / member / purpose / step`. Streams of different keys are independent for
/// every practical purpose: keys are hashed with Philox-4×32-10 (Salmon et al., "Parallel random
/// numbers: as easy as 1, 2, 3", SC 2011, through Random123).
class Key {
public:
    /// The root of everything random that branches from it.
    constexpr explicit Key(std::uint64_t seed) noexcept : value_(seed) {}

    /// The key of branch `tag`.
    [[nodiscard]] Key operator/(std::uint64_t tag) const noexcept {
        const auto words = block(tag, branching);
        return Key{(std::uint64_t{words[1]} << 32U) | words[0]};
    }

    /// Four uniform 32-bit words at position `index` of the stream.
    [[nodiscard]] std::array<std::uint32_t, 4> bits(std::uint64_t index) const noexcept {
        return block(index, drawing);
    }

    /// Uniform in the open interval (0, 1), never 0 and never 1.
    [[nodiscard]] double uniform(std::uint64_t index) const noexcept {
        const auto words = bits(index);
        return to_unit((std::uint64_t{words[1]} << 32U) | words[0]);
    }

    /// Uniform in {0, …, bound − 1}; the bias is below bound / 2⁶⁴.
    [[nodiscard]] std::uint64_t below(std::uint64_t bound, std::uint64_t index) const noexcept {
        const auto words = bits(index);
        const std::uint64_t word = (std::uint64_t{words[1]} << 32U) | words[0];
        // The high half of a 64 × 64-bit product maps [0, 2⁶⁴) evenly onto [0, bound).
        const std::uint64_t low = (word & 0xffffffffU) * (bound & 0xffffffffU);
        const std::uint64_t middle_a = (word >> 32U) * (bound & 0xffffffffU) + (low >> 32U);
        const std::uint64_t middle_b =
            (word & 0xffffffffU) * (bound >> 32U) + (middle_a & 0xffffffffU);
        return (word >> 32U) * (bound >> 32U) + (middle_a >> 32U) + (middle_b >> 32U);
    }

    /// Fills `out` with independent standard normal numbers (Box–Muller, two to a block, in double
    /// precision on packs).
    template <class Scalar>
    void fill_normal(std::span<Scalar> out) const noexcept {
        using Vector = Pack<double>;
        constexpr std::size_t width = lanes<double>;
        alignas(Vector) double first[width];
        alignas(Vector) double second[width];
        for (std::size_t i = 0; i < out.size(); i += 2 * width) {
            for (std::size_t lane = 0; lane < width; ++lane) {
                const auto words = bits(i / 2 + lane);
                first[lane] = to_unit((std::uint64_t{words[1]} << 32U) | words[0]);
                second[lane] = to_unit((std::uint64_t{words[3]} << 32U) | words[2]);
            }
            const Vector radius = simd::sqrt(Vector(-2.0) * simd::log(simd::load(first)));
            const auto [sine, cosine] =
                simd::sincos(Vector(2.0 * std::numbers::pi) * simd::load(second));
            simd::store(first, radius * cosine);
            simd::store(second, radius * sine);
            const std::size_t count = std::min(2 * width, out.size() - i);
            for (std::size_t n = 0; n < count; ++n) {
                out[i + n] = static_cast<Scalar>((n % 2 == 0 ? first : second)[n / 2]);
            }
        }
    }

    /// Fills `out` with independent numbers, uniform in the open interval (low, high): never an
    /// end of it, as long as there is a number between them. The ends must be finite and ascend,
    /// and may be as far apart as they like.
    template <class Scalar>
    void fill_uniform(std::span<Scalar> out, Scalar low, Scalar high) const noexcept {
        assert(std::isfinite(low) && std::isfinite(high) && low < high);
        const auto start = static_cast<double>(low);
        const auto end = static_cast<double>(high);
        // What rounds to an end stands for the number next to it, if there is one between them.
        Scalar least = std::nextafter(low, high);
        Scalar most = std::nextafter(high, low);
        if (!(least <= most)) least = most = low;
        // The difference of two finite numbers can overflow; that of their halves cannot.
        const bool is_wide = !std::isfinite(high - low);
        for (std::size_t i = 0; i < out.size(); i += 4) {
            const auto words = bits(i / 4);
            for (std::size_t lane = 0; lane < 4 && i + lane < out.size(); ++lane) {
                const double unit = (words[lane] + 0.5) * 0x1p-32;
                const double number = is_wide ? 2 * (start * 0.5 + (end * 0.5 - start * 0.5) * unit)
                                              : start + static_cast<double>(high - low) * unit;
                out[i + lane] = std::clamp(static_cast<Scalar>(number), least, most);
            }
        }
    }

    /// The 64 bits that identify this key, for metadata and checkpoints.
    [[nodiscard]] constexpr std::uint64_t value() const noexcept { return value_; }

    /// Whether both give the same numbers.
    friend constexpr bool operator==(Key, Key) noexcept = default;

private:
    // Branching and drawing read different halves of the counter space, so that a child key is
    // never equal to numbers drawn from its parent.
    static constexpr std::uint32_t drawing = 0;
    static constexpr std::uint32_t branching = 1;

    static double to_unit(std::uint64_t word) noexcept {
        return (static_cast<double>(word >> 12U) + 0.5) * 0x1p-52;
    }

    [[nodiscard]] std::array<std::uint32_t, 4> block(std::uint64_t index,
                                                     std::uint32_t domain) const noexcept {
        const r123::Philox4x32::ctr_type counter{{static_cast<std::uint32_t>(index),
                                                  static_cast<std::uint32_t>(index >> 32U), domain,
                                                  0x74646361U}};  // "tdca"
        const r123::Philox4x32::key_type key{
            {static_cast<std::uint32_t>(value_), static_cast<std::uint32_t>(value_ >> 32U)}};
        const auto words = r123::Philox4x32{}(counter, key);
        return {words[0], words[1], words[2], words[3]};
    }

    std::uint64_t value_;
};

/// A keyed permutation of {0, …, count − 1}, evaluated at one position without storing it.
///
/// A four-round Feistel network on the smallest even-width power of two that covers `count`, with
/// cycle walking (Black & Rogaway, "Ciphers with arbitrary finite domains", CT-RSA 2002): less
/// than four rounds of walking are expected. Round keys come from Philox; the round function is the
/// finaliser of SplitMix64 (Steele, Lea & Flood, OOPSLA 2014), ample for shuffling and an order of
/// magnitude cheaper than a Philox block. Used to visit every sample once per epoch.
class Permutation {
public:
    /// Of `count` positions; different keys, different orders.
    Permutation(Key key, std::uint64_t count) noexcept : count_(count) {
        while ((std::uint64_t{1} << (2 * half_bits_)) < count) ++half_bits_;
        for (std::size_t round = 0; round < round_keys_.size(); ++round) {
            round_keys_[round] = (key / round).value();
        }
    }

    /// The image of `position`, which must be below `count`.
    [[nodiscard]] std::uint64_t operator()(std::uint64_t position) const noexcept {
        do {
            position = scramble(position);
        } while (position >= count_);
        return position;
    }

private:
    [[nodiscard]] std::uint64_t scramble(std::uint64_t value) const noexcept {
        const std::uint64_t mask = (std::uint64_t{1} << half_bits_) - 1;
        std::uint64_t left = value >> half_bits_;
        std::uint64_t right = value & mask;
        for (const std::uint64_t round_key : round_keys_) {
            const std::uint64_t mixed = left ^ (mix(right ^ round_key) & mask);
            left = right;
            right = mixed;
        }
        return (left << half_bits_) | right;
    }

    static constexpr std::uint64_t mix(std::uint64_t z) noexcept {
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31U);
    }

    std::uint64_t count_;
    unsigned half_bits_ = 1;
    std::array<std::uint64_t, 4> round_keys_{};
};

}  // namespace tdca
