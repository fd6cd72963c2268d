// A network is trained by a credit assigner, not by another network.
// expect: this does not assign credit to this network; see tdca/concepts/credit_assigner.hpp
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/credit/diffusion.hpp"
#include "tdca/signal/classification.hpp"
#include "tdca/top_down/top_down_network.hpp"
#include "tdca/training/learner.hpp"

using Net = tdca::Network<tdca::Input<4>, tdca::Dense<3, tdca::Softmax>>;
#ifdef TDCA_CONTROL
using TopDown = tdca::TopDownNetwork<tdca::ClassificationSignal<3>, tdca::Hidden<2>,
                                     tdca::GaussianDiffusion<2>>;
#else
using TopDown = Net;
#endif
static_assert(sizeof(tdca::Learner<Net, TopDown>) > 0);
