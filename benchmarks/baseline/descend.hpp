// One layer's step of backpropagation: the thing that nothing under include/ may do.
#pragma once

#include <cstddef>
#include <span>
#include <tuple>
#include <utility>

#include "tdca/math/gemm.hpp"

namespace tdca::baseline {

/// credits of layer I = credits of layer I + 1 · Wᵀ, where W are the weights of the dense layer
/// above.
///
/// @param transposed scratch
template <class Net, std::size_t Samples, std::size_t I>
void transport(const typename Net::Params& params, typename Net::Params& transposed,
               typename Net::template Activities<Samples>& credits) noexcept {
    using Above = typename Net::template layer<I + 1>;
    constexpr std::size_t inputs = Above::input_shape::size;
    constexpr std::size_t outputs = Above::output_shape::size;
    const auto weights = std::get<I + 1>(params).template get<"weights">();
    const auto turned = std::get<I + 1>(transposed).template get<"weights">();
    for (std::size_t i = 0; i < inputs; ++i) {
        for (std::size_t o = 0; o < outputs; ++o) {
            turned[o * inputs + i] = weights[i * outputs + o];
        }
    }
    multiply<Samples, outputs, inputs>(
        std::span<const float, Samples * outputs>(credits.template get<I + 1>()),
        std::span<const float, outputs * inputs>(turned), credits.template get<I>());
}

/// The same ⊙ slope: the gradient at layer I's pre-activations. Through a layer without synapses,
/// one that flattens or pools, goes what it relays; layers with synapses above the lowest are
/// dense.
template <class Net, std::size_t Samples, std::size_t I>
void descend(const typename Net::Params& params,
             const typename Net::template Activities<Samples>& activities,
             typename Net::Params& transposed,
             typename Net::template Activities<Samples>& credits) noexcept {
    using Above = typename Net::template layer<I + 1>;
    const auto credit = credits.template get<I>();
    if constexpr (Net::template has_synapses<I + 1>) {
        transport<Net, Samples, I>(params, transposed, credits);
    } else {
        const auto from = credits.template get<I + 1>();
        Above::template relay<Samples>(
            activities.template get<I>(), activities.template get<I + 1>(), {},
            std::span<const float, decltype(from)::extent>(from), credit);
    }
    if constexpr (Net::template has_synapses<I>) {
        Net::template layer<I>::template gate<Samples>(activities.template get<I>(), {}, credit);
    }
}

/// The credits of all layers below the top, from the top's down.
template <class Net, std::size_t Samples>
void descend_from_top(const typename Net::Params& params,
                      const typename Net::template Activities<Samples>& activities,
                      typename Net::Params& transposed,
                      typename Net::template Activities<Samples>& credits) noexcept {
    constexpr std::size_t top = Net::depth - 1;
    [&]<std::size_t... Index>(std::index_sequence<Index...>) {
        (descend<Net, Samples, top - 1 - Index>(params, activities, transposed, credits), ...);
    }(std::make_index_sequence<top>{});
}

}  // namespace tdca::baseline
