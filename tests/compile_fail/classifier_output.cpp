// A classifier tells probabilities.
// expect: a Classifier's output layer has Softmax: it predicts probabilities of classes
#include "tdca/presets.hpp"

#ifdef TDCA_CONTROL
using Output = tdca::Softmax;
#else
using Output = tdca::Identity;
#endif
using Net = tdca::Network<tdca::Input<4>, tdca::Dense<8, tdca::Relu>, tdca::Dense<3, Output>>;
static_assert(sizeof(tdca::Classifier<Net>) > 0);
