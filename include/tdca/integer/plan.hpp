// IntegerPlan: what a life in whole numbers goes by.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <tuple>

#include "tdca/core/abi.hpp"
#include "tdca/integer/dense.hpp"
#include "tdca/integer/rounding.hpp"

namespace tdca::inline TDCA_ABI {

namespace detail {

/// After an update, for which `own` was the key. At 2³² − 1 the age stays, and so the life with its
/// last step; each update's key is then the root of what the next ones draw.
constexpr void grow_older(SmallKey own, std::uint32_t& age, SmallKey& key) noexcept {
    if (age < ~std::uint32_t{0}) {
        ++age;
    } else {
        key = own;
    }
}

}  // namespace detail

/// What a life goes by, in whole numbers: genes that were decoded before it, once, on whatever
/// machine (@ref IntegerGenome). Constants of a device's program.
///
/// @tparam Layers of the network, output included
template <std::size_t Layers>
struct IntegerPlan {
    static constexpr std::size_t marks = 16;  ///< stretches of a life between two steps of a table

    /// Roles of synapses: hidden, output, feedback.
    std::array<std::array<std::uint16_t, marks + 1>, 3> steps;
    std::array<std::int32_t, 3> decay;        ///< in 2⁻⁸
    std::array<Multiplier, Layers> up;        ///< from a layer's sums to its activity, or answer
    std::array<Multiplier, Layers> guess;     ///< from a hidden layer's guess to 2⁻⁴ nats
    std::array<std::uint16_t, Layers> pace;   ///< of a layer's steps, in 2⁻⁸
    std::array<std::int32_t, Layers> trust;   ///< μ, in 2⁻⁸
    std::array<std::int32_t, Layers> lesson;  ///< ν, in 2⁻⁸
    std::array<std::int32_t, 2> centring;     ///< κ of hidden and output credits, in 2⁻⁸
    std::array<std::int32_t, 2> births;  ///< deviation of hidden and feedback weights, in 2⁻⁴
    std::int32_t output_birth;           ///< output weights over feedback weights, in 2⁻⁸
    std::uint32_t updates;               ///< of the life

    /// Its parts, in the order in which @ref write_bytes keeps them.
    static constexpr auto members(auto& plan) noexcept {
        return std::tie(plan.steps, plan.decay, plan.up, plan.guess, plan.pace, plan.trust,
                        plan.lesson, plan.centring, plan.births, plan.output_birth, plan.updates);
    }

    /// The plan of who goes on learning without end: steps stay as they are at `mark`, of 0 (the
    /// first of a life) to `marks` (none).
    [[nodiscard]] constexpr IntegerPlan held_at(std::size_t mark) const noexcept {
        IntegerPlan held = *this;
        for (auto& role : held.steps) {
            const std::uint16_t step = role[mark < marks ? mark : marks];
            role.fill(step);
        }
        return held;
    }

    /// How layer `layer` learns after `age` updates: past its end a life stays with its last step.
    ///
    /// @param role of its synapses: 0 hidden, 1 output, 2 feedback
    [[nodiscard]] constexpr IntegerStep step(std::size_t layer, std::size_t role,
                                             std::uint32_t age) const noexcept {
        constexpr std::uint32_t fine = 64;  // parts of a stretch
        constexpr std::uint32_t end = std::uint32_t{marks} * fine;
        std::uint32_t at = end;
        if (age < updates) {  // products stay below 2³²
            at = updates >> 22U == 0 ? age * end / updates : age / (updates / end);
        }
        if (at > end) at = end;
        const std::uint32_t mark = at / fine >= marks ? marks - 1 : at / fine;
        const auto from = static_cast<std::int32_t>(steps[role][mark]);
        const auto to = static_cast<std::int32_t>(steps[role][mark + 1]);
        const std::int32_t now =
            from + (to - from) * static_cast<std::int32_t>(at - mark * fine) / std::int32_t{fine};
        // Up to where products of 32 bits hold what a synapse makes of it.
        constexpr std::int32_t most = std::int32_t{1} << 18U;
        const std::int32_t paced = (now * pace[layer]) >> 8U;
        return {paced < most ? paced : most, decay[role]};
    }
};

}  // namespace tdca
