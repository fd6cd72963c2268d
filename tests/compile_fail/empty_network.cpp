// A network without layers is refused.
// expect: a network needs at least one layer above its input
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"

#ifdef TDCA_CONTROL
using Net = tdca::Network<tdca::Input<4>, tdca::Dense<3>>;
#else
using Net = tdca::Network<tdca::Input<4>>;
#endif
static_assert(sizeof(Net) > 0);
