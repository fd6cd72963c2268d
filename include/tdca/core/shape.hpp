// Shape<D0, D1, …>: the extents of a tensor, as a type.
#pragma once

#include <array>
#include <cstddef>
#include <string>

#include "tdca/core/abi.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/text.hpp"

namespace tdca::inline TDCA_ABI {

/// The extents of a row-major tensor, known to the compiler.
///
/// `Shape<28, 28>` is a 28 × 28 feature map, `Shape<784>` a vector, `Shape<>` a scalar. Shapes are
/// empty types: they are compared with `std::is_same_v` and travel through template arguments.
template <std::size_t... Extents>
struct Shape {
    /// Number of axes.
    static constexpr std::size_t rank = sizeof...(Extents);
    /// Number of elements: the product of the extents, 1 for a scalar.
    static constexpr std::size_t size = (std::size_t{1} * ... * Extents);
    /// The extents, outermost first.
    static constexpr std::array<std::size_t, rank> extents{Extents...};
};

namespace detail {

template <class T>
inline constexpr bool is_shape = false;
template <std::size_t... Extents>
inline constexpr bool is_shape<Shape<Extents...>> = true;

}  // namespace detail

/// Any `Shape<…>`.
template <class T>
concept StaticShape = detail::is_shape<T>;

/// "28x28", for messages and file metadata.
template <StaticShape S>
[[nodiscard]] std::string to_string(S /*shape*/ = {}) {
    std::string text;
    for (const std::size_t extent : S::extents) {
        append_part(text, "x", to_text(extent));
    }
    return text.empty() ? "scalar" : text;
}

}  // namespace tdca
