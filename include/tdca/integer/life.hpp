// IntegerLife: lives in whole numbers where lives of real numbers are lived.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include "tdca/core/abi.hpp"
#include "tdca/core/course.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/shape.hpp"
#include "tdca/integer/genome.hpp"
#include "tdca/integer/learner.hpp"
#include "tdca/math/softmax.hpp"

namespace tdca::inline TDCA_ABI {

/// An `IntegerLearner` in the shape of a `Learner`, to live on data sets and to be evolved: inputs
/// are made bytes at the door, and answers probabilities.
///
/// @tparam Integers an `IntegerLearner`
/// @tparam Batch samples in the minibatches that it learns from: what genes are told of them
template <class Integers, std::size_t Batch = 64>
struct IntegerLife {
    /// What a standard deviation of an input is in its byte.
    static constexpr float unit = 32;

    /// What lifetimes ask of a network.
    struct network {  // NOLINT(readability-identifier-naming): a learner's name for its network
        using Params = typename Integers::Params;  ///< the learner's
        using input_shape = Shape<Integers::inputs>;
        using output_shape = Shape<Integers::classes>;
        static constexpr std::size_t depth = Integers::depth;  ///< layers
        /// Bytes are.
        static constexpr bool all_finite(const Params& /*params*/) noexcept { return true; }
    };
    using Target = std::uint16_t;
    using Genome = IntegerGenome::Genome;

    /// One lifetime's memory.
    struct State : Integers::State {
        typename Integers::Plan plan;  ///< of this life
        RunningError error;            ///< is not used
    };

    template <std::size_t Samples>
    struct Workspace {
        typename Integers::template Workspace<Samples> integers;     ///< the learner's
        std::array<std::int8_t, Samples * Integers::inputs> bytes;   ///< inputs
        std::array<std::int32_t, Samples * Integers::classes> sums;  ///< of the top layer
        alignas(alignment)
            std::array<float, Samples * Integers::classes> answers;  ///< the same, as floats
    };

    static void initialize(Genome& genome, Key /*key*/) noexcept {
        IntegerGenome::initialize(genome);
    }
    /// A new life: as `Learner`'s.
    static void begin(const Genome& genome, Key key, const Course& course, State& state) {
        begin_initialized(genome, key, course, state);
    }
    /// Births depend on genes.
    static void initialize_network(Key /*key*/, typename network::Params& /*params*/) {}
    /// The part of @ref begin that depends on the genome.
    static void begin_initialized(const Genome& genome, Key key, const Course& course,
                                  State& state) {
        state.plan = IntegerGenome::decode<Integers>(genome, course, Batch);
        Integers::begin(state.plan, SmallKey((key / 0).bits(0)[0]), state);
    }

    /// One update, as `IntegerLearner`'s.
    template <std::size_t Samples>
    static void update(const Genome& /*genome*/, const Course& /*course*/,
                       std::span<const float, Samples * Integers::inputs> in,
                       std::span<const Target, Samples> targets, State& state,
                       Workspace<Samples>& workspace) noexcept {
        to_bytes(in, workspace.bytes);
        Integers::template update<Samples>(state.plan, workspace.bytes, targets, state,
                                           workspace.integers);
    }

    /// The classes' probabilities, as far as sums of 2⁻⁴ nats tell them.
    template <std::size_t Samples>
    static std::span<const float, Samples * Integers::classes> answer(
        const typename network::Params& params,
        std::span<const float, Samples * Integers::inputs> in,
        Workspace<Samples>& workspace) noexcept {
        constexpr std::size_t classes = Integers::classes;
        to_bytes(in, workspace.bytes);
        Integers::template answer<Samples>(params, workspace.bytes, workspace.integers,
                                           workspace.sums);
        for (std::size_t i = 0; i < Samples * classes; ++i) {
            workspace.answers[i] = static_cast<float>(workspace.sums[i]) / 16;
        }
        simd::softmax_rows<Samples, classes>(
            std::span<float, Samples * classes>(workspace.answers));
        return workspace.answers;
    }

    /// A standardised number as a byte: halves away from zero.
    static std::int8_t byte_of(float x) noexcept {
        const float scaled = x * unit + (x < 0 ? -0.5F : 0.5F);
        return static_cast<std::int8_t>(scaled < -127 ? -127.0F : scaled > 127 ? 127.0F : scaled);
    }

private:
    static void to_bytes(std::span<const float> in, std::span<std::int8_t> out) noexcept {
        for (std::size_t i = 0; i < in.size(); ++i) out[i] = byte_of(in[i]);
    }
};

}  // namespace tdca
