// What has no slope is no activation.
// expect: an activation needs a static slope(output), which returns the type that it is given
// expect: this is no activation; see tdca/concepts/activation.hpp
// expect: this is no activation of one neuron at a time; see ElementwiseActivation
// not: an activation needs a static apply(x)
#include "tdca/bottom_up/conv2d.hpp"
#include "tdca/bottom_up/dense.hpp"

struct Square {
    template <class T>
    static T apply(T x) noexcept {
        return x * x;
    }
};

#ifdef TDCA_CONTROL
using Layer = tdca::Dense<3, tdca::Tanh>;
using Maps = tdca::Conv2d<3, 3, tdca::Tanh>;
#else
using Layer = tdca::Dense<3, Square>;
using Maps = tdca::Conv2d<3, 3, Square>;
#endif
static_assert(sizeof(Layer) > 0);
static_assert(sizeof(Maps) > 0);
