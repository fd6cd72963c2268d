// PassingWorkspace: what learning as activity passes scribbles on, of the same size at any depth.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <new>
#include <span>
#include <utility>

#include "tdca/bottom_up/network_part.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/top_down/local_credit.hpp"
#include "tdca/training/layer_learning.hpp"

namespace tdca::inline TDCA_ABI {

/// One update's scratch of a `PassingLearner`: two layers' activity, one layer's credit, and room
/// for what one layer, or the layers that are fed back to, need besides, one after the other.
template <class Net, class TopDown, std::size_t Passing, std::size_t Samples>
class PassingWorkspace {
    using Lower = NetworkPart<Net, 0, Passing + 1>;
    using Upper = NetworkPart<Net, Passing, Net::depth>;
    template <std::size_t I>
    using LayerAt = typename Net::template layer<I>;

public:
    /// What layer `I` needs while it learns.
    template <std::size_t I>
    struct Scratch {
        typename LocalCredit<TopDown, Lower, I>::template Workspace<Samples>
            credit;  ///< the layer's
        [[no_unique_address]] typename LayerAt<I>::template Eligibility<Samples>
            eligibility;                                                  ///< the layer's
        [[no_unique_address]] detail::Deltas<LayerAt<I>, Samples> delta;  ///< of its synapses
    };

    /// The same of all layers that are fed back to.
    struct Above {
        typename Upper::template Activities<Samples> activities;
        typename Upper::template Eligibilities<Samples> eligibilities;
        typename Upper::template Activities<Samples> credits;           ///< of the upper layers
        typename TopDown::template Workspace<Upper, Samples> top_down;  ///< of the credit assigner
        typename TopDown::template FeedbackParams<Upper> feedback_deltas;  ///< of the upper layers
        typename detail::DeltasOf<Upper, Samples>::type deltas;            ///< of the upper layers
    };

    /// The activity of layer `I`, until layer `I` + 2 is active.
    template <std::size_t I>
    [[nodiscard]] auto activity_of() noexcept {
        return first<I>(activities_[I % 2]);
    }
    /// The credit of layer `I`, until another layer learns.
    template <std::size_t I>
    [[nodiscard]] auto credit_of() noexcept {
        return first<I>(credit_);
    }

    /// The scratch for another use of it: a `Scratch`, or `Above`.
    template <class T>
    [[nodiscard]] T& begin() noexcept {
        static_assert(sizeof(T) <= room && alignof(T) <= alignment);
        return *::new (scratch_.data()) T;
    }

private:
    template <std::size_t I>
    static constexpr std::size_t size = Samples * LayerAt<I>::output_shape::size;
    static constexpr std::size_t widest = []<std::size_t... I>(std::index_sequence<I...>) {
        return std::max({size<I>...});
    }(std::make_index_sequence<Passing>{});
    static constexpr std::size_t room = []<std::size_t... I>(std::index_sequence<I...>) {
        return std::max({sizeof(Above), sizeof(Scratch<I>)...});
    }(std::make_index_sequence<Passing>{});

    /// One layer's neurons.
    struct alignas(alignment) Slot {
        std::array<float, widest> values;
    };
    template <std::size_t I>
    static std::span<float, size<I>> first(Slot& slot) noexcept {
        return std::span<float, size<I>>(slot.values.data(), size<I>);
    }

    std::array<Slot, 2> activities_;
    Slot credit_;
    alignas(alignment) std::array<std::byte, room> scratch_;
};

}  // namespace tdca
