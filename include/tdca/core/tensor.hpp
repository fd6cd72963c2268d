// Tensors at the edge of the library, where users hand data in and get it back: the only header
// that includes xtensor.
#pragma once

// xtensor 0.26 moved its headers into folders; both layouts are accepted. Not xadapt.hpp, which
// brings xarray's dynamic shapes with it: a view is made of what xtensor.hpp has.
#if __has_include(<xtensor/containers/xtensor.hpp>)
#include <xtensor/containers/xtensor.hpp>
#else
#include <xtensor/xtensor.hpp>
#endif

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <type_traits>

#include "tdca/core/abi.hpp"
#include "tdca/core/shape.hpp"

namespace tdca::inline TDCA_ABI {

/// An owning row-major tensor whose extents are known at run time: data sets, predictions.
/// Row-major also where a program makes another layout xtensor's default.
template <class Scalar, std::size_t Rank>
using Tensor = xt::xtensor<Scalar, Rank, xt::layout_type::row_major>;

/// Samples × features.
template <class Scalar = float>
using Matrix = Tensor<Scalar, 2>;

/// An xtensor view of `values` with the extents of `S`, for slicing, printing and arithmetic:
/// `view<Shape<784, 64>>(parameters.get<"weights">())`. It does not own what it shows.
template <StaticShape S, class Scalar, std::size_t Extent>
    requires(Extent == S::size)
[[nodiscard]] auto view(std::span<Scalar, Extent> values) {
    using Buffer =
        xt::xbuffer_adaptor<Scalar*, xt::no_ownership, std::allocator<std::remove_const_t<Scalar>>>;
    return xt::xtensor_adaptor<Buffer, S::rank, xt::layout_type::row_major>(
        Buffer(values.data(), Extent), S::extents);
}

}  // namespace tdca
