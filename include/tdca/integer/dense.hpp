// IntegerDense: a fully connected layer in 8 bits that learns in 8 bits.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>

#include "tdca/core/abi.hpp"
#include "tdca/integer/rounding.hpp"

namespace tdca::inline TDCA_ABI {

/// What one role's synapses do in an update, in whole numbers.
struct IntegerStep {
    std::int32_t step = 0;   ///< of a usual change, in 2⁻¹⁶ of a weight's unit, over `usual`
    std::int32_t decay = 0;  ///< change that a weight of 256 units would ask for
};

/// A fully connected layer: `In` bytes to `Out` sums of 32 bits, weights in bytes; a bias is a
/// synapse from a neuron that is always at `one`.
///
/// Learning is credit × activity, summed over the minibatch in 32 bits, in units of what is usual
/// for the neuron (a running mean of its size, one number a neuron) after what is usual of each
/// input is made even; and a step along it:
///   Δ = q_i Σ c a,   n = usual · Δ / v,   w ← w + step · (n − decay · w).
/// Weights are bytes wherever they are multiplied. What a step leaves of a unit, a synapse
/// remembers in a byte of its own, rounded by chance in turn: without it, steps of far less than a
/// unit would be mostly noise.
template <std::size_t In, std::size_t Out, bool HasBias = true>
struct IntegerDense {
    static constexpr std::size_t inputs = In;
    static constexpr std::size_t outputs = Out;
    static constexpr std::size_t fan_in = In + (HasBias ? 1 : 0);  ///< inputs of a neuron
    static constexpr std::int32_t one = 64;                        ///< activity that a bias sees
    static constexpr std::int32_t usual = 256;                     ///< size of a usual change

    /// A neuron's synapses in a row, its bias last.
    struct Params {
        std::array<std::int8_t, Out * fan_in> weights;  ///< a row for each neuron

        /// Its parts, in the order in which @ref write_bytes keeps them.
        static constexpr auto members(auto& params) noexcept { return std::tie(params.weights); }
    };
    /// What its synapses, and each neuron, remember.
    struct Traces {
        std::array<std::int8_t, Out * fan_in> rest;  ///< of a weight, in 2⁻⁸
        std::array<std::uint32_t, Out> size;         ///< v, in 2⁻⁴
        std::array<std::uint16_t, In> activity;      ///< what is usual, in 2⁻⁴
        std::array<std::uint8_t, In> share;          ///< q, in 2⁻⁵, made anew by each update

        /// What is remembered, in the order in which @ref write_bytes keeps it.
        static constexpr auto members(auto& traces) noexcept {
            return std::tie(traces.rest, traces.size, traces.activity);
        }
    };
    /// The scratch of one neuron's changes.
    using Row = std::span<std::int32_t, fan_in>;

    /// No memory.
    static constexpr void forget(Traces& traces) noexcept {
        traces.rest.fill(0);
        traces.size.fill(0);
        traces.activity.fill(0);
    }

    /// Random weights: sums of four bytes, nearly normal, of `deviation` units (in 2⁻⁴); no biases.
    static constexpr void draw(SmallKey key, std::int32_t deviation, Params& params) noexcept {
        for (std::size_t o = 0; o < Out; ++o) {
            for (std::size_t i = 0; i < fan_in; ++i) {
                const std::uint32_t word = key.word(static_cast<std::uint32_t>(o * fan_in + i));
                std::int32_t sum = -510;
                for (unsigned byte = 0; byte < 32; byte += 8) {
                    sum += static_cast<std::int32_t>((word >> byte) & 0xffU);
                }
                // Its deviation is 147.8, near 2⁷ · 1.155.
                params.weights[o * fan_in + i] =
                    i < In ? to_byte(round_shift(sum * deviation * 111, 18)) : std::int8_t{0};
            }
        }
    }

    /// One sample's sums.
    static void forward(const Params& params, std::span<const std::int8_t, In> in,
                        std::span<std::int32_t, Out> out) noexcept {
        for (std::size_t o = 0; o < Out; ++o) {
            const std::int8_t* const row = params.weights.data() + o * fan_in;
            out[o] = (HasBias ? one * row[fan_in - 1] : 0) + dot(row, in.data());
        }
    }

    /// Adds weights ᵀ · errors of one sample: from `Out` numbers to `In` sums.
    static void backward(const Params& params, std::span<const std::int8_t, Out> errors,
                         std::span<std::int32_t, In> sums) noexcept {
        for (std::size_t i = 0; i < In; ++i) sums[i] = 0;
        for (std::size_t o = 0; o < Out; ++o) {
            const std::int32_t error = errors[o];
            if (error == 0) continue;
            add(std::array{static_cast<std::int16_t>(error)}, params.weights.data() + o * fan_in,
                sums.data());
        }
    }

    /// All synapses learn from `Samples` rows of activity and of credit.
    template <std::size_t Samples>
    static void learn(const IntegerStep& how, SmallKey key,
                      std::span<const std::int8_t, Samples * In> in,
                      std::span<const std::int8_t, Samples * Out> credit, Row delta, Traces& traces,
                      Params& params) noexcept {
        note<Samples>(in, delta.data(), traces);
        for (std::size_t o = 0; o < Out; ++o) {
            for (std::int32_t& change : delta) change = 0;
            constexpr std::size_t together = Samples % 4 == 0 ? 4 : 1;
            for (std::size_t s = 0; s < Samples; s += together) {
                std::array<std::int16_t, together> c;
                std::int32_t any = 0;
                for (std::size_t t = 0; t < together; ++t) {
                    c[t] = credit[(s + t) * Out + o];
                    any |= c[t];
                    if constexpr (HasBias) delta[In] += c[t] * one;
                }
                if (any != 0) add(c, in.data() + s * In, delta.data());
            }
            for (std::size_t i = 0; i < In; ++i) delta[i] = (delta[i] * traces.share[i]) >> 5;
            change(how, key, o, delta, traces, params);
        }
    }

private:
    // Bytes may be anything's: without __restrict__ no compiler works on several at a time. And
    // loops are over whole vectors first, and over what is left of a row after them.
    static constexpr std::size_t whole = In / 64 * 64;

    static std::int32_t dot(const std::int8_t* __restrict__ a,
                            const std::int8_t* __restrict__ b) noexcept {
        std::int32_t sum = 0;
        for (std::size_t i = 0; i < whole; ++i) sum += std::int32_t{a[i]} * std::int32_t{b[i]};
        for (std::size_t i = whole; i < In; ++i) sum += std::int32_t{a[i]} * std::int32_t{b[i]};
        return sum;
    }

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
    /// Adds rows of one sample, or of four, each times a factor.
    template <std::size_t Rows>
    static void add(std::array<std::int16_t, Rows> factor, const std::int8_t* bytes,
                    std::int32_t* sums) noexcept {
        if constexpr (whole > 0) add_between<0, whole>(factor, bytes, sums);
        if constexpr (whole < In) add_between<whole, In>(factor, bytes, sums);
    }
    static std::uint32_t size_of(const std::int32_t* __restrict__ delta) noexcept {
        std::uint32_t total = 0;
        for (std::size_t i = 0; i < In; ++i) {
            total += static_cast<std::uint32_t>(delta[i] < 0 ? -delta[i] : delta[i]);
        }
        return total;
    }

    template <std::size_t Samples>
    static void note(std::span<const std::int8_t, Samples * In> in, std::int32_t* __restrict__ sums,
                     Traces& traces) noexcept {
        for (std::size_t i = 0; i < In; ++i) sums[i] = 0;
        for (std::size_t s = 0; s < Samples; ++s) {
            for (std::size_t i = 0; i < In; ++i) {
                const std::int32_t a = in[s * In + i];
                sums[i] += a < 0 ? -a : a;
            }
        }
        std::uint32_t total = 0;
        for (std::size_t i = 0; i < In; ++i) {
            const auto now =
                static_cast<std::uint32_t>(sums[i]) / static_cast<std::uint32_t>(Samples);
            const std::uint32_t was = traces.activity[i];
            traces.activity[i] =
                static_cast<std::uint16_t>(was == 0 ? now << 4U : was + now - (was >> 4U));
            total += traces.activity[i];
        }
        const auto mean = total / static_cast<std::uint32_t>(In);
        for (std::size_t i = 0; i < In; ++i) {
            const std::uint32_t own = traces.activity[i] + (mean >> 3U) + 1U;
            const std::uint32_t q = 32U * (mean + (mean >> 3U) + 1U) / own;
            traces.share[i] = static_cast<std::uint8_t>(q > 255 ? 255 : q);
        }
    }

    /// What is usual for a neuron, and what follows from it.
    struct Usual {
        std::int32_t limit;  ///< changes beyond are cut off: 7 times the usual
        std::int32_t scale;  ///< from changes to 2⁻¹² of `usual`
    };

    /// One synapse's memory and weight.
    struct Synapse {
        std::int32_t rest;
        std::int32_t weight;
    };

    /// One synapse's change.
    static constexpr Synapse changed(const IntegerStep& how, const Usual& usual_size,
                                     std::uint32_t chance, std::int32_t delta,
                                     Synapse synapse) noexcept {
        const std::int32_t limit = usual_size.limit;
        const std::int32_t cut = delta < -limit ? -limit : delta > limit ? limit : delta;
        const std::int32_t n = (cut * usual_size.scale) >> 12U;
        const std::int32_t step = how.step * (n - ((synapse.weight * how.decay) >> 8U));
        const std::int32_t fine =
            synapse.weight * 256 + synapse.rest + round_by_chance(step, 12, chance);
        const std::int32_t most = 127 * 256 + 127;
        const std::int32_t kept = fine < -most ? -most : fine > most ? most : fine;
        const std::int32_t weight = (kept + 128) >> 8U;
        return {kept - weight * 256, weight};
    }

    template <std::size_t From, std::size_t To>
    static void change_between(const IntegerStep how, const Usual usual_size, SmallKey key,
                               std::uint32_t first, const std::int32_t* __restrict__ delta,
                               std::int8_t* __restrict__ rest,
                               std::int8_t* __restrict__ weight) noexcept {
        for (std::size_t i = From; i < To; ++i) {
            const Synapse now =
                changed(how, usual_size, key.word(first + static_cast<std::uint32_t>(i)), delta[i],
                        {rest[i], weight[i]});
            rest[i] = static_cast<std::int8_t>(now.rest);
            weight[i] = static_cast<std::int8_t>(now.weight);
        }
    }

    /// Neuron `o`'s synapses follow their changes.
    static void change(const IntegerStep& how, SmallKey key, std::size_t o, Row delta,
                       Traces& traces, Params& params) noexcept {
        const auto now = static_cast<std::uint32_t>(size_of(delta.data()) / In);
        std::uint32_t& size = traces.size[o];
        size = size == 0 ? now << 4U : size + now - (size >> 4U);
        if (size == 0) return;  // nothing was ever learned from
        const Usual usual_size{static_cast<std::int32_t>((size >> 4U) * 7U),
                               static_cast<std::int32_t>((1U << 24U) / size)};
        const std::size_t first = o * fan_in;
        std::int8_t* const rest = traces.rest.data() + first;
        std::int8_t* const weight = params.weights.data() + first;
        const auto start = static_cast<std::uint32_t>(first);
        if constexpr (whole > 0) {
            change_between<0, whole>(how, usual_size, key, start, delta.data(), rest, weight);
        }
        if constexpr (whole < In) {
            change_between<whole, In>(how, usual_size, key, start, delta.data(), rest, weight);
        }
        if constexpr (HasBias) {
            const Synapse bias =
                changed(how, usual_size, key.word(static_cast<std::uint32_t>(first + In)),
                        delta[In], {rest[In], weight[In]});
            rest[In] = static_cast<std::int8_t>(bias.rest);
            weight[In] = static_cast<std::int8_t>(bias.weight);
        }
    }
};

}  // namespace tdca
