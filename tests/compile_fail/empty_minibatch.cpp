// A minibatch of no samples is refused.
// expect: a minibatch needs at least one sample
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/credit/diffusion.hpp"
#include "tdca/signal/classification.hpp"
#include "tdca/top_down/top_down_network.hpp"
#include "tdca/training/learner.hpp"
#include "tdca/training/lifetime.hpp"

#ifdef TDCA_CONTROL
constexpr std::size_t samples = 8;
#else
constexpr std::size_t samples = 0;
#endif
using Student = tdca::Learner<tdca::Network<tdca::Input<4>, tdca::Dense<3, tdca::Softmax>>,
                              tdca::TopDownNetwork<tdca::ClassificationSignal<3>, tdca::Hidden<2>,
                                                   tdca::GaussianDiffusion<2>>>;
static_assert(sizeof(tdca::Lifetime<Student, samples>) > 0);
