// NetworkMemory: what neurons of a network carry from one pass to the next.
#pragma once

#include <cstddef>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>

#include "tdca/concepts/layer.hpp"
#include "tdca/core/abi.hpp"

namespace tdca::inline TDCA_ABI {

namespace detail {

/// Numbers that a sample's neurons and traces are; 0 where they do not go on.
template <class L>
inline constexpr std::size_t memory_of = 0;
template <StatefulLayer L>
inline constexpr std::size_t memory_of<L> = L::memory;

}  // namespace detail

/// The neurons of a network that go on from pass to pass (@ref StatefulLayer, such as `Stepwise`):
/// what they are, put by and put back. Empty where there are none.
template <class Net>
struct NetworkMemory {
    using Scalar = typename Net::scalar;
    /// The network's.
    template <std::size_t Samples>
    using Eligibilities = typename Net::template Eligibilities<Samples>;

private:
    /// Numbers of a sample in the layers below number `End`.
    template <std::size_t End>
    static constexpr std::size_t below = []<std::size_t... Index>(std::index_sequence<Index...>) {
        return (std::size_t{0} + ... + detail::memory_of<typename Net::template layer<Index>>);
    }(std::make_index_sequence<End>{});

    /// Calls `visit(i, first)` for each layer that has a memory, `first` the numbers before its
    /// own.
    template <class Visitor>
    static constexpr void for_each_memory(Visitor&& visit) {
        Net::for_each_layer([&](auto i) {
            if constexpr (StatefulLayer<typename Net::template layer<i>>) {
                visit(i, std::integral_constant<std::size_t, below<i>>{});
            }
        });
    }

public:
    /// Numbers of a sample: neurons and traces.
    static constexpr std::size_t size = below<Net::depth>;

    /// What one sample's neurons and traces are between two passes.
    template <std::size_t Samples>
    static void save(const Eligibilities<Samples>& eligibilities, std::size_t sample,
                     std::span<Scalar, size> out) noexcept {
        for_each_memory([&](auto i, auto first) {
            using L = typename Net::template layer<i>;
            L::template save<Samples>(std::get<i>(eligibilities), sample,
                                      out.template subspan<first, L::memory>());
        });
    }

    /// Puts back what @ref save gave.
    template <std::size_t Samples>
    static void restore(Eligibilities<Samples>& eligibilities, std::size_t sample,
                        std::span<const Scalar, size> in) noexcept {
        for_each_memory([&](auto i, auto first) {
            using L = typename Net::template layer<i>;
            L::template restore<Samples>(std::get<i>(eligibilities), sample,
                                         in.template subspan<first, L::memory>());
        });
    }
};

}  // namespace tdca
