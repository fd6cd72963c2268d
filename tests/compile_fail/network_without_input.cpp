// A network says first what it takes.
// expect: a network begins with its Input
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"

#ifdef TDCA_CONTROL
using Net = tdca::Network<tdca::Input<4>, tdca::Dense<3>>;
#else
using Net = tdca::Network<tdca::Dense<4>, tdca::Dense<3>>;
#endif
static_assert(Net::depth == 1);
