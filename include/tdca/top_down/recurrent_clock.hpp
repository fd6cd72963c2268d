// RecurrentClock: the small recurrent network by which a TDCA-network governs the course of a life.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <span>

#include "tdca/core/abi.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/random.hpp"

namespace tdca::inline TDCA_ABI {

/// From a mood φ to commands, with a memory m that lives as long as what it governs:
///   m ← tanh(U φ + R m),   out = A φ + B m.
/// What an output means is for its users to say. Allocates nothing.
///
/// @tparam Commands outputs
/// @tparam Mood inputs, one of which should be constant
/// @tparam Memory neurons
template <std::size_t Commands, std::size_t Mood, std::size_t Memory>
struct RecurrentClock {
    using Genome = Genes<float, Parameter<"linear", Shape<Commands, Mood>>,
                         Parameter<"input", Shape<Memory, Mood>>,
                         Parameter<"recurrent", Shape<Memory, Memory>>,
                         Parameter<"readout", Shape<Commands, Memory>>>;

    /// m.
    using State = std::array<float, Memory>;

    /// Outputs of 0; half of the memory forgets at once, half over a few ticks.
    static void initialize(Genome& genome, Key key) noexcept {
        const auto input = genome.template get<"input">();
        key.fill_normal(std::span<float>(input));
        for (float& weight : input) weight /= std::sqrt(static_cast<float>(Mood));
        for (std::size_t m = 1; m < Memory; m += 2) {
            genome.template get<"recurrent">()[m * Memory + m] = 0.7F;
        }
    }

    /// One tick.
    static std::array<float, Commands> tick(const Genome& genome,
                                            const std::array<float, Mood>& mood,
                                            State& memory) noexcept {
        State next;
        for (std::size_t m = 0; m < Memory; ++m) {
            next[m] =
                std::tanh(dot(genome.template get<"input">().data() + m * Mood, mood) +
                          dot(genome.template get<"recurrent">().data() + m * Memory, memory));
        }
        memory = next;
        std::array<float, Commands> out;
        for (std::size_t c = 0; c < Commands; ++c) {
            out[c] = dot(genome.template get<"linear">().data() + c * Mood, mood) +
                     dot(genome.template get<"readout">().data() + c * Memory, memory);
        }
        return out;
    }

    /// eˣ with x held in [low, high], for outputs that must be positive; a NaN counts as `low`.
    static float positive(float x, float low, float high) noexcept {
        // fmin and fmax drop a NaN.
        return std::exp(std::fmin(std::fmax(x, low), high));
    }

private:
    template <std::size_t N>
    static float dot(const float* row, const std::array<float, N>& with) noexcept {
        float sum = 0;
        for (std::size_t i = 0; i < N; ++i) sum += row[i] * with[i];
        return sum;
    }
};

}  // namespace tdca
