// Layers of every family refuse what they cannot read; the compiler names both layer and shape.
// expect: this is no layer on the output shape of the layer below it
// expect: Conv2d<8
// expect: Shape<784>
// expect: MaxPool<2
// expect: Shape<63>
// expect: Recurrent<16
#include "tdca/bottom_up/cells.hpp"
#include "tdca/bottom_up/conv2d.hpp"
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/bottom_up/pool.hpp"

using namespace tdca;

#ifdef TDCA_CONTROL
using Image = Input<1, 28, 28>;
using Maps = Input<7, 3, 3>;
using Sequence = Input<28, 28>;
#else
using Image = Input<784>;
using Maps = Input<63>;
using Sequence = Input<28>;
#endif
static_assert(Network<Image, Conv2d<8, 3>, Dense<10, Softmax>>::depth == 2);
static_assert(Network<Maps, MaxPool<2>, Dense<10, Softmax>>::depth == 2);
static_assert(Network<Sequence, Gru<16>, Dense<10, Softmax>>::depth == 2);
