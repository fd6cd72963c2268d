// A plasticity rule without traces is refused.
// expect: this is no plasticity rule; see tdca/concepts/plasticity_rule.hpp
#include "tdca/bottom_up/dense.hpp"
#include "tdca/credit/diffusion.hpp"
#include "tdca/plasticity/plain.hpp"
#include "tdca/signal/classification.hpp"
#include "tdca/top_down/top_down_network.hpp"
#include "tdca/training/learner.hpp"

struct Forgetful {};

#ifdef TDCA_CONTROL
using Rule = tdca::PlainPlasticity;
#else
using Rule = Forgetful;
#endif
using Learner = tdca::Learner<tdca::Network<tdca::Input<4>, tdca::Dense<3, tdca::Softmax>>,
                              tdca::TopDownNetwork<tdca::ClassificationSignal<3>, tdca::Hidden<2>,
                                                   tdca::GaussianDiffusion<2>>,
                              Rule>;
static_assert(sizeof(Learner) > 0);
