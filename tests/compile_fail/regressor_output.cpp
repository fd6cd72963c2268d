// A regressor tells numbers, which are no probabilities.
// expect: a Regressor's output layer has Identity: it predicts numbers of any size
#include "tdca/presets.hpp"

#ifdef TDCA_CONTROL
using Output = tdca::Identity;
#else
using Output = tdca::Softmax;
#endif
using Net = tdca::Network<tdca::Input<4>, tdca::Dense<8, tdca::Relu>, tdca::Dense<3, Output>>;
static_assert(sizeof(tdca::Regressor<Net>) > 0);
