// What has no slope is no activation.
// expect: this is no activation; see tdca/concepts/activation.hpp
#include "tdca/bottom_up/dense.hpp"

struct Square {
    template <class T>
    static T apply(T x) noexcept {
        return x * x;
    }
};

#ifdef TDCA_CONTROL
using Layer = tdca::Dense<3, tdca::Tanh>;
#else
using Layer = tdca::Dense<3, Square>;
#endif
static_assert(sizeof(Layer) > 0);
