// RelayInParts: credit through a relay and its gate, a few samples at a time.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>

#include "tdca/concepts/layer.hpp"
#include "tdca/core/abi.hpp"

namespace tdca::inline TDCA_ABI {

/// A relay above a layer that gates any number of samples: credit is gated while what the relay
/// handed down is still in a cache.
///
/// @tparam Upper, Lower bound layers, one above the other
template <class Upper, class Lower, std::size_t Samples>
struct RelayInParts {
    static constexpr std::size_t some = 4;                                    ///< samples at a time
    static constexpr std::size_t in_size = some * Lower::output_shape::size;  ///< of a part, below
    static constexpr std::size_t out_size = some * Upper::output_shape::size;  ///< of a part, above

    /// Whether the relay needs nothing of the forward pass, and the layer below does not either.
    static constexpr bool is_possible = [] {
        if constexpr (Samples % some != 0 || !RelayLayer<Upper> || !PartlyGatedLayer<Lower>) {
            return false;
        } else {
            return std::same_as<typename Upper::template Eligibility<Samples>, NoEligibility>;
        }
    }();

    /// `relay` of the upper layer, then `gate` of the lower one.
    template <class In, class Out, class Credit, class Below>
    static void run(In in, Out out, Credit credit, Below below) noexcept {
        for (std::size_t part = 0; part < Samples / some; ++part) {
            const auto seen = in.subspan(part * in_size).template first<in_size>();
            const auto told = below.subspan(part * in_size).template first<in_size>();
            Upper::template relay<some>(
                seen, out.subspan(part * out_size).template first<out_size>(), NoEligibility{},
                std::span<const typename Lower::Params::scalar, out_size>(
                    credit.data() + part * out_size, out_size),
                told);
            Lower::template gate_some<some>(seen, told);
        }
    }
};

}  // namespace tdca
