// SequenceTraces: the eligibility traces of a recurrent layer, carried from step to step.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "tdca/bottom_up/cell_step.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/math/lanes.hpp"
#include "tdca/math/simd.hpp"

namespace tdca::inline TDCA_ABI {

/// Traces e ← keep · e + gain · x of each synapse and sample, which meet credit at the end: for few
/// steps, and for cells whose synapses fade.
///
/// @tparam L the layer, bound
template <class L, class Cell, std::size_t Samples>
struct SequenceTraces {
    using Scalar = typename L::Params::scalar;                      ///< of the layer
    using Eligibility = typename L::template Eligibility<Samples>;  ///< of the layer
    static constexpr std::size_t units = L::output_shape::size;     ///< neurons
    static constexpr std::size_t sums = L::sums;                    ///< of all neurons

    /// One sample's traces take in `count` steps.
    ///
    /// @param in that sample's first step
    static void remember(const Scalar* in, std::size_t sample, std::size_t count,
                         Eligibility& e) noexcept {
        const auto numbers_of = [&](const auto& all, std::size_t t) {
            return all.data() + (t * Samples + sample) * sums;
        };
        for (std::size_t i = 0; i < L::sources; ++i) {
            const bool is_input = i <= L::features;
            std::array<Scalar, L::block> activity;
            for (std::size_t t = 0; t < count; ++t) {
                if (i < L::features) {
                    activity[t] = in[t * L::features + i];
                } else if (i == L::features || i == L::sources - 1) {
                    activity[t] = Scalar{1};
                } else {
                    activity[t] = e.before[(t * Samples + sample) * units + i - L::features - 1];
                }
            }
            if constexpr (FadingCell<Cell>) {
                Scalar& faded = e.faded[sample * L::sources + i];
                for (std::size_t t = 0; t < count; ++t) {
                    faded = static_cast<Scalar>(Cell::fading) * faded + activity[t];
                    activity[t] = faded;
                }
            }
            const auto& gain = is_input ? e.gain_in : e.gain_state;
            Scalar* const trace = e.traces.data() + (sample * L::sources + i) * sums;
            const auto take_in = [&](std::size_t first, auto load, auto store) {
                Pack<Scalar> sum = load(trace + first);
                for (std::size_t t = 0; t < count; ++t) {
                    const Pack<Scalar> gained =
                        load(numbers_of(gain, t) + first) * Pack<Scalar>(activity[t]);
                    sum = simd::fma(load(numbers_of(e.keep, t) + first), sum, gained);
                }
                store(trace + first, sum);
            };
            constexpr std::size_t rest = sums % lanes<Scalar>;
            for (std::size_t first = 0; first < sums - rest; first += lanes<Scalar>) {
                take_in(
                    first, [](const Scalar* from) { return simd::load(from); },
                    [](Scalar* to, Pack<Scalar> value) { simd::store(to, value); });
            }
            if constexpr (rest != 0) {
                take_in(
                    sums - rest, [](const Scalar* from) { return simd::load_partial(from, rest); },
                    [](Scalar* to, Pack<Scalar> value) { simd::store_partial(to, value, rest); });
            }
        }
    }

    /// Adds the batch mean of credit × trace to `synapses_of(source)`.
    template <class SynapsesOf>
    static void correlate(const Scalar* /*in*/, const Eligibility& e,
                          std::span<const Scalar, Samples * units> credit,
                          SynapsesOf synapses_of) noexcept {
        for (std::size_t s = 0; s < Samples; ++s) {
            std::array<Scalar, sums> told;
            for (std::size_t g = 0; g < Cell::gates; ++g) {
                for (std::size_t j = 0; j < units; ++j) {
                    const std::size_t sum = g * units + j;
                    told[sum] = credit[s * units + j] * e.readout[s * sums + sum] /
                                static_cast<Scalar>(Samples);
                }
            }
            const std::span<const Scalar, sums> share(told);
            for (std::size_t i = 0; i < L::sources; ++i) {
                const std::span<const Scalar, sums> trace(
                    e.traces.data() + (s * L::sources + i) * sums, sums);
                simd::map(
                    synapses_of(i), [](auto c, auto t, auto d) { return simd::fma(c, t, d); },
                    share, trace, synapses_of(i));
            }
        }
    }
};

}  // namespace tdca
