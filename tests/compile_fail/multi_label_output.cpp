// Of several labels, each has a probability of its own.
// expect: a MultiLabelClassifier's output layer has Sigmoid: it predicts a probability of
#include "tdca/presets.hpp"

#ifdef TDCA_CONTROL
using Output = tdca::Sigmoid;
#else
using Output = tdca::Softmax;
#endif
using Net = tdca::Network<tdca::Input<4>, tdca::Dense<8, tdca::Relu>, tdca::Dense<3, Output>>;
static_assert(sizeof(tdca::MultiLabelClassifier<Net>) > 0);
