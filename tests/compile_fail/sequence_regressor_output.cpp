// A sequence regressor tells numbers, which are no probabilities.
// expect: a SequenceRegressor's output layer has Identity: it predicts numbers of any size
#include "tdca/bottom_up/cells.hpp"
#include "tdca/presets.hpp"

#ifdef TDCA_CONTROL
using Output = tdca::Identity;
#else
using Output = tdca::Softmax;
#endif
using Net = tdca::Network<tdca::Input<4, 2>, tdca::Gru<8>, tdca::Dense<3, Output>>;
static_assert(sizeof(tdca::SequenceRegressor<Net>) > 0);
