// Synapses: the memory of a block of synapses, and a rule's change applied to all of them.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <tuple>

#include "tdca/concepts/plasticity_rule.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/math/simd.hpp"

namespace tdca::inline TDCA_ABI {

/// What `N` synapses remember under a rule: `Rule::traces` numbers each, zero at birth, every trace
/// an array of its own.
template <PlasticityRule Rule, std::size_t N>
struct Traces {
    /// One number for each synapse.
    struct alignas(alignment) Trace {
        std::array<float, N> values{};  ///< zero at birth
    };
    std::array<Trace, Rule::traces> each{};  ///< in the rule's order

    /// Back to birth, in place: traces of a wide layer are larger than a stack.
    void forget() noexcept {
        for (Trace& trace : each) trace.values.fill(0.0F);
    }
};

namespace detail {

/// Changes the pack of synapses that starts at `synapse`; `access` loads and stores a pack.
template <class Change, class TracesOfBlock, class Load, class Store>
[[gnu::always_inline]] inline void change_pack(const Change& change, std::size_t synapse,
                                               Pack<float> delta, TracesOfBlock& traces,
                                               float* params, Load load, Store store) noexcept {
    constexpr std::size_t count = std::tuple_size_v<decltype(traces.each)>;
    std::array<Pack<float>, count> memory;
    for (std::size_t t = 0; t < count; ++t) memory[t] = load(&traces.each[t].values[synapse]);
    Pack<float> weight = load(params + synapse);
    change(delta, memory, weight);
    for (std::size_t t = 0; t < count; ++t) store(&traces.each[t].values[synapse], memory[t]);
    store(params + synapse, weight);
}

}  // namespace detail

/// Changes the `Count` synapses of a block from number `first` on by `delta`, one number a synapse.
template <class Change, PlasticityRule Rule, std::size_t N, std::size_t Count>
inline void change_synapses(const Change& change, std::size_t first,
                            std::span<const float, Count> delta, Traces<Rule, N>& traces,
                            std::span<float, N> params) noexcept {
    constexpr std::size_t rest = Count % lanes<float>;
    for (std::size_t i = 0; i < Count - rest; i += lanes<float>) {
        detail::change_pack(
            change, first + i, simd::load(delta.data() + i), traces, params.data(),
            [](const float* from) { return simd::load(from); },
            [](float* to, Pack<float> value) { simd::store(to, value); });
    }
    if constexpr (rest != 0) {
        detail::change_pack(
            change, first + Count - rest, simd::load_partial(delta.data() + Count - rest, rest),
            traces, params.data(), [](const float* from) { return simd::load_partial(from, rest); },
            [](float* to, Pack<float> value) { simd::store_partial(to, value, rest); });
    }
}

/// Changes all synapses of a block.
template <class Change, PlasticityRule Rule, std::size_t N>
inline void change_synapses(const Change& change, std::span<const float, N> delta,
                            Traces<Rule, N>& traces, std::span<float, N> params) noexcept {
    change_synapses(change, 0, delta, traces, params);
}

}  // namespace tdca
