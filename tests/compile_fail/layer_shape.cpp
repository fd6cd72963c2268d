// A layer that reads images does not bind to a vector; the compiler names both layer and shape.
// expect: this is no layer on the output shape of the layer below it
// expect: OverImages
// expect: Shape<4>
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"

struct OverImages {
    template <class Scalar, class InputShape>
        requires(InputShape::rank == 3)
    struct Bound : tdca::Dense<2>::Bound<Scalar, InputShape> {};
};

#ifdef TDCA_CONTROL
using Image = tdca::Input<1, 28, 28>;
#else
using Image = tdca::Input<4>;
#endif
using Net = tdca::Network<Image, OverImages>;
static_assert(Net::depth == 1);
