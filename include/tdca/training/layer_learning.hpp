// How one layer learns from its credit, and what that takes of memory: shared by all learners.
#pragma once

#include <cstddef>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>

#include "tdca/concepts/layer.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/plasticity/synapses.hpp"

namespace tdca::inline TDCA_ABI {

/// Which hidden layers `log_hidden_gain` scales at birth. Where every layer is, activity shrinks or
/// grows by that factor at each, so that the gene means another thing at every depth; where only
/// the first is, activity has the same size at any depth that initializers keep it at.
enum class HiddenBirth : bool { every_layer, first_layer };

namespace detail {

/// Traces of a plasticity rule for each block of a tuple of parameter blocks.
template <class Rule, class Blocks>
struct TracesOf;
template <class Rule, class... Blocks>
struct TracesOf<Rule, std::tuple<Blocks...>> {
    using type = std::tuple<Traces<Rule, Blocks::flat_size>...>;
};

/// Stands for whatever takes a layer's deltas a few at a time.
struct DeltaConsumer {
    void operator()(std::size_t first, auto deltas) const noexcept;
};

/// Scratch for the deltas of a layer, where it cannot hand them over a few at a time.
struct NoDeltas {};
template <class L, std::size_t Samples>
using Deltas =
    std::conditional_t<StreamingLayer<L, Samples, DeltaConsumer>, NoDeltas, typename L::Params>;

/// The same for each layer of a network.
template <class Net, std::size_t Samples, class Indices = std::make_index_sequence<Net::depth>>
struct DeltasOf;
template <class Net, std::size_t Samples, std::size_t... Index>
struct DeltasOf<Net, Samples, std::index_sequence<Index...>> {
    using type = std::tuple<Deltas<typename Net::template layer<Index>, Samples>...>;
};

/// One layer's update: credit × presynaptic activity, then the plasticity rule. It reads and writes
/// this layer's synapses and nothing of another layer but the activity below.
///
/// Where the layer can, deltas meet their synapses while in the first cache.
template <class Rule, class L, std::size_t Samples>
inline void learn(const typename Rule::Change& change,
                  std::span<const float, Samples * L::input_shape::size> in,
                  std::span<const float, Samples * L::output_shape::size> credit,
                  const typename L::template Eligibility<Samples>& eligibility,
                  Deltas<L, Samples>& delta, Traces<Rule, L::Params::flat_size>& traces,
                  typename L::Params& params) noexcept {
    // The change by value: what many stores surround is else read again after each of them.
    const auto consume = [change, &traces, &params](std::size_t first, auto deltas) {
        change_synapses(change, first, deltas, traces, params.flat());
    };
    if constexpr (StreamingLayer<L, Samples, DeltaConsumer>) {
        L::template correlate_each<Samples>(in, credit, eligibility, consume);
    } else {
        L::template correlate<Samples>(in, credit, eligibility, delta);
        change_synapses(change, std::as_const(delta).flat(), traces, params.flat());
    }
}

/// Multiplies the weights that hidden layers are born with: of all, or of the first with synapses
/// alone.
template <class Net, HiddenBirth Scaled = HiddenBirth::every_layer>
inline void scale_hidden_weights(float gain, typename Net::Params& params) noexcept {
    Net::for_each_layer([&](auto i) {
        constexpr bool is_first = Net::template synaptic_layers<i> == 0;
        if constexpr (i + 1 < Net::depth && (Scaled == HiddenBirth::every_layer || is_first)) {
            for (float& weight : std::get<i>(params).flat()) weight *= gain;
        }
    });
}

}  // namespace detail

}  // namespace tdca
