// Layers of every family say what they cannot do.
// expect: SelfAttention<8>
// expect: a residual layer adds its input to its output: both must have one shape
// expect: a convolution needs windows no larger than its padded maps
// expect: layer normalisation is over at least one axis, and at most over all
// expect: dropout silences less than 100 % of the neurons
#include "tdca/bottom_up/attention.hpp"
#include "tdca/bottom_up/conv2d.hpp"
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/dropout.hpp"
#include "tdca/bottom_up/layer_norm.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/bottom_up/residual.hpp"

using namespace tdca;

#ifdef TDCA_CONTROL
using Tokens = Input<5, 28>;
constexpr std::size_t width = 28, extent = 3, axes = 3, percent = 20;
#else
using Tokens = Input<28>;
constexpr std::size_t width = 27, extent = 5, axes = 4, percent = 100;
#endif
static_assert(Network<Tokens, SelfAttention<8>, Dense<3>>::depth == 2);
static_assert(sizeof(Residual<Dense<width>>::Bound<float, Shape<28>>) > 0);
static_assert(sizeof(Conv2d<8, extent>::Bound<float, Shape<2, 4, 4>>) > 0);
static_assert(sizeof(LayerNorm<axes>::Bound<float, Shape<2, 4, 4>>) > 0);
static_assert(sizeof(Dropout<percent>) > 0);
