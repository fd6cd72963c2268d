// IntegerPlan: what a life in whole numbers goes by.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "tdca/core/abi.hpp"
#include "tdca/integer/rounding.hpp"

namespace tdca::inline TDCA_ABI {

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
};

}  // namespace tdca
