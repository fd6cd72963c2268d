// A network refuses what does not bind as a layer.
// expect: this is no layer on the output shape of the layer below it
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"

struct NotALayer {
    template <class Scalar, class InputShape>
    struct Bound {
        using input_shape = InputShape;
    };
};

#ifdef TDCA_CONTROL
using Net = tdca::Network<tdca::Input<4>, tdca::Dense<3>>;
#else
using Net = tdca::Network<tdca::Input<4>, NotALayer>;
#endif
static_assert(Net::depth == 1);
