// NetworkPart: some successive layers of a network as a network of their own.
#pragma once

#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

#include "tdca/bottom_up/network.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/shape.hpp"

namespace tdca::inline TDCA_ABI {

namespace detail {

/// An input of a shape that is a type.
template <StaticShape S>
struct ShapedInput {
    using shape = S;
};

template <class Net, std::size_t From, class Index>
struct PartOf;
template <class Scalar, class In, class... Layers, std::size_t From, std::size_t... Index>
struct PartOf<BasicNetwork<Scalar, In, Layers...>, From, std::index_sequence<Index...>> {
    using Whole = BasicNetwork<Scalar, In, Layers...>;
    using type =
        BasicNetwork<Scalar, ShapedInput<typename Whole::template layer<From>::input_shape>,
                     std::tuple_element_t<From + Index, std::tuple<Layers...>>...>;
};

}  // namespace detail

/// Layers `From` up to, not including, `To` of a network, as they stand in it: of the same relative
/// depth, fed back by the same random numbers.
///
/// @tparam Net a `BasicNetwork`
template <class Net, std::size_t From, std::size_t To>
struct NetworkPart : detail::PartOf<Net, From, std::make_index_sequence<To - From>>::type {
    static_assert(From < To && To <= Net::depth, "a part has layers, and they are the network's");

    /// Which layer of the network its layer 0 is.
    static constexpr std::size_t first_layer = From;

    /// Where its layer `Index` stands in the network.
    template <std::size_t Index>
    static constexpr float relative_depth = Net::template relative_depth<From + Index>;
};

}  // namespace tdca
