// A signal of another width than the network's output is refused.
// expect: the signal's width differs from the network's number of outputs
// not: no matching
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/credit/diffusion.hpp"
#include "tdca/signal/classification.hpp"
#include "tdca/top_down/top_down_network.hpp"
#include "tdca/training/learner.hpp"

using Net = tdca::Network<tdca::Input<4>, tdca::Dense<5>, tdca::Dense<10, tdca::Softmax>>;
#ifdef TDCA_CONTROL
using Signal = tdca::ClassificationSignal<10>;
#else
using Signal = tdca::ClassificationSignal<3>;
#endif
using Learner =
    tdca::Learner<Net, tdca::TopDownNetwork<Signal, tdca::Hidden<2>, tdca::GaussianDiffusion<4>>>;

void update(Learner::Genome& genome, Learner::State& state, Learner::Workspace<8>& workspace,
            std::span<const float, 32> inputs, std::span<const std::uint16_t, 8> labels) {
    Learner::initialize(genome, tdca::Key(1));
    Learner::begin(genome, tdca::Key(1), 10, state);
    Learner::update<8>(genome, 10, inputs, labels, state, workspace);
}
