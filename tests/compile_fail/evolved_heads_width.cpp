// Per-neuron heads for one width are refused on a layer of another.
// expect: evolved per-neuron heads fit one width
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/credit/diffusion.hpp"
#include "tdca/signal/classification.hpp"
#include "tdca/top_down/top_down_network.hpp"
#include "tdca/training/learner.hpp"

#ifdef TDCA_CONTROL
constexpr std::size_t width = 5;
#else
constexpr std::size_t width = 6;
#endif
using Net = tdca::Network<tdca::Input<4>, tdca::Dense<width>, tdca::Dense<3, tdca::Softmax>>;
using Learner =
    tdca::Learner<Net, tdca::TopDownNetwork<tdca::ClassificationSignal<3>, tdca::Hidden<2>,
                                            tdca::NoDiffusion<5>, tdca::EvolvedFeedback>>;

void begin(const Learner::Genome& genome, Learner::State& state) {
    Learner::begin(genome, tdca::Key(1), 10, state);
}
