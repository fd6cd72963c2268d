// A sequence classifier tells probabilities, which numbers of any size are not.
// expect: a SequenceClassifier's output layer has Softmax: it predicts probabilities of classes
#include "tdca/bottom_up/cells.hpp"
#include "tdca/presets.hpp"

#ifdef TDCA_CONTROL
using Output = tdca::Softmax;
#else
using Output = tdca::Identity;
#endif
using Net = tdca::Network<tdca::Input<4, 2>, tdca::Gru<8>, tdca::Dense<3, Output>>;
static_assert(sizeof(tdca::SequenceClassifier<Net>) > 0);
