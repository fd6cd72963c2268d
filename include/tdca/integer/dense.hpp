// IntegerDense: a fully connected layer in 8 bits that learns in 8 bits.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>
#include <type_traits>

#include "tdca/core/abi.hpp"
#include "tdca/integer/detail/byte_products.hpp"
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
/// unit would be mostly noise. Changes of more than 64 samples are first brought to the size of
/// their neuron's usual one, so that products of 32 bits hold them to less than a hundredth.
template <std::size_t In, std::size_t Out, bool HasBias = true>
struct IntegerDense {
    static constexpr std::size_t inputs = In;
    static constexpr std::size_t outputs = Out;
    static constexpr std::size_t fan_in = In + (HasBias ? 1 : 0);  ///< inputs of a neuron
    static constexpr std::int32_t one = 64;                        ///< activity that a bias sees
    static constexpr std::int32_t usual = 256;                     ///< size of a usual change
    static constexpr std::size_t most_samples = 2048;              ///< of a minibatch

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
            out[o] = (HasBias ? one * row[fan_in - 1] : 0) + Products::dot(row, in.data());
        }
    }

    /// Adds weights ᵀ · errors of one sample: from `Out` numbers to `In` sums.
    static void backward(const Params& params, std::span<const std::int8_t, Out> errors,
                         std::span<std::int32_t, In> sums) noexcept {
        for (std::size_t i = 0; i < In; ++i) sums[i] = 0;
        for (std::size_t o = 0; o < Out; ++o) {
            const std::int32_t error = errors[o];
            if (error == 0) continue;
            Products::add(std::array{static_cast<std::int16_t>(error)},
                          params.weights.data() + o * fan_in, sums.data());
        }
    }

    /// All synapses learn from `Samples` rows of activity and of credit, @ref most_samples at most.
    template <std::size_t Samples>
    static void learn(const IntegerStep& how, SmallKey key,
                      std::span<const std::int8_t, Samples * In> in,
                      std::span<const std::int8_t, Samples * Out> credit, Row delta, Traces& traces,
                      Params& params) noexcept {
        static_assert(Samples <= most_samples, "a layer of bytes learns from up to 2048 samples");
        // A product is below 2³¹ for up to 512 samples, what is left of it for all.
        using Product = std::conditional_t<(Samples > 512), std::int64_t, std::int32_t>;
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
                if (any != 0) Products::add(c, in.data() + s * In, delta.data());
            }
            for (std::size_t i = 0; i < In; ++i) {
                delta[i] = static_cast<std::int32_t>((Product{delta[i]} * traces.share[i]) >> 5);
            }
            change<Samples>(how, key, o, delta, traces, params);
        }
    }

private:
    using Products = detail::ByteProducts<In>;
    static constexpr std::size_t whole = Products::whole;

    /// The mean size of a neuron's changes.
    template <std::size_t Samples>
    static std::uint32_t size_of(const std::int32_t* __restrict__ delta) noexcept {
        constexpr std::uint64_t most = std::uint64_t{Samples} * (1U << 17U);  // of 2⁷ · 2⁷ · 2³
        using Total = std::conditional_t<(most * In < (std::uint64_t{1} << 32U)), std::uint32_t,
                                         std::uint64_t>;
        Total total = 0;
        for (std::size_t i = 0; i < In; ++i) {
            total += static_cast<std::uint32_t>(delta[i] < 0 ? -delta[i] : delta[i]);
        }
        return static_cast<std::uint32_t>(total / In);
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

    /// The usual size of changes in a unit in which its inverse is a whole number, as the changes
    /// then are, too.
    template <std::size_t Samples>
    static std::uint32_t brought_down(std::uint32_t size, Row delta) noexcept {
        if constexpr (Samples > 16) {  // of fewer none is too large
            constexpr std::uint32_t small = std::uint32_t{1} << 16U;
            // Up to 64 samples only what has no inverse at all: lives keep their bits.
            if (size <= (Samples > 64 ? small : 1U << 24U)) return size;
            unsigned bits = 0;
            while ((size >> bits) > small) ++bits;
            for (std::int32_t& change : delta) change = round_shift(change, bits);
            size >>= bits;
        }
        return size;
    }

    /// Neuron `o`'s synapses follow their changes.
    template <std::size_t Samples>
    static void change(const IntegerStep& how, SmallKey key, std::size_t o, Row delta,
                       Traces& traces, Params& params) noexcept {
        const std::uint32_t now = size_of<Samples>(delta.data());
        std::uint32_t& size = traces.size[o];
        size = size == 0 ? now << 4U : size + now - (size >> 4U);
        if (size == 0) return;  // nothing was ever learned from
        const std::uint32_t held = brought_down<Samples>(size, delta);
        const Usual usual_size{static_cast<std::int32_t>((held >> 4U) * 7U),
                               static_cast<std::int32_t>((1U << 24U) / held)};
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
