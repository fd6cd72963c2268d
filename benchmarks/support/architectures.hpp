// The architectures that our programs train on images, beside those of designs.hpp.
#pragma once

#include <cstddef>
#include <utility>

#include "tdca/bottom_up/attention.hpp"
#include "tdca/bottom_up/cells.hpp"
#include "tdca/bottom_up/conv2d.hpp"
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/bottom_up/pool.hpp"
#include "tdca/bottom_up/residual.hpp"

namespace tdca::support {

/// 8 and 16 feature maps of 3 × 3 filters, each halved by a pool, then dense.
using Convolutional = Network<Input<1, 28, 28>, Conv2d<8, 3, Relu, Sliding{.padding = 1}>,
                              MaxPool<2>, Conv2d<16, 3, Relu, Sliding{.padding = 1}>, MaxPool<2>,
                              Dense<10, Softmax, ScaledNormal>>;

/// An image row by row, top to bottom.
template <class Layer, std::size_t Side = 28>
using Rows = Network<Input<Side, Side>, Layer, Dense<10, Softmax, ScaledNormal>>;

namespace detail {

template <std::size_t Inputs, class First, class Layer, class Indices>
struct DeepOf;
template <std::size_t Inputs, class First, class Layer, std::size_t... Index>
struct DeepOf<Inputs, First, Layer, std::index_sequence<Index...>> {
    template <std::size_t>
    using Same = Layer;
    using type = Network<Input<Inputs>, First, Same<Index>..., Dense<10, Softmax, ScaledNormal>>;
};

}  // namespace detail

/// So many layers on images as vectors, all but the first and the last of them `Layer`, `Width` to
/// `Width`.
template <std::size_t Layers, class Layer, std::size_t Inputs = 784, std::size_t Width = 64,
          class First = Dense<Width, Relu>>
using Deep =
    typename detail::DeepOf<Inputs, First, Layer, std::make_index_sequence<Layers - 2>>::type;
/// Ten of them.
template <class Layer>
using TenLayers = Deep<10, Layer>;

/// An image's rows as tokens that attend to each other.
using AttendedRows =
    Network<Input<28, 28>, SelfAttention<32>, Dense<64, Relu>, Dense<10, Softmax, ScaledNormal>>;

}  // namespace tdca::support
