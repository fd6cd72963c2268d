// Field<…>: one tensor per layer, for activities and for credits.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <tuple>

#include "tdca/core/abi.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/shape.hpp"

namespace tdca::inline TDCA_ABI {

/// `Samples` × shape numbers for each of several shapes, each tensor at a cache line of its own.
///
/// Activities and credits of a network are both fields over its layers' output shapes, so that a
/// credit stands where the activity of its neuron stands.
template <class Scalar, std::size_t Samples, StaticShape... Shapes>
class Field {
    template <StaticShape S>
    struct alignas(alignment) Block {
        std::array<Scalar, Samples * S::size> values{};
    };

public:
    static constexpr std::size_t samples = Samples;           ///< rows of every tensor
    static constexpr std::size_t layers = sizeof...(Shapes);  ///< how many tensors

    /// The shape of one sample of tensor `Index`.
    template <std::size_t Index>
    using shape = std::tuple_element_t<Index, std::tuple<Shapes...>>;

    /// Tensor `Index`: `Samples` rows of `shape<Index>::size`.
    template <std::size_t Index>
    [[nodiscard]] std::span<Scalar, Samples * shape<Index>::size> get() noexcept {
        return std::get<Index>(blocks_).values;
    }
    template <std::size_t Index>
    [[nodiscard]] std::span<const Scalar, Samples * shape<Index>::size> get() const noexcept {
        return std::get<Index>(blocks_).values;
    }

private:
    std::tuple<Block<Shapes>...> blocks_;
};

}  // namespace tdca
