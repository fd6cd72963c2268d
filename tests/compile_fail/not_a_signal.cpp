// What observes nothing is no signal, and nor is what has no width; nothing else is blamed for it.
// expect: this is no signal; see tdca/concepts/signal.hpp
// expect: a signal needs observe<Samples>(outputs, targets, errors), noexcept
// expect: a signal needs width: its number of output units
// not: a credit assigner needs
// not: feedback weights that learn
// not: does not assign credit
// not: is not a member
// not: no member named
// not: no matching
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/credit/diffusion.hpp"
#include "tdca/signal/classification.hpp"
#include "tdca/top_down/top_down_network.hpp"
#include "tdca/training/learner.hpp"

struct Blind {
    static constexpr std::size_t width = 3;
    using Target = float;
};

struct OfNoWidth {
    using Target = std::uint16_t;
    template <std::size_t Samples>
    static void observe(std::span<const float, Samples * 3>, std::span<const Target, Samples>,
                        std::span<float, Samples * 3>) noexcept {}
};

#ifdef TDCA_CONTROL
using Signal = tdca::ClassificationSignal<3>;
using Wide = tdca::ClassificationSignal<3>;
#else
using Signal = Blind;
using Wide = OfNoWidth;
#endif
using TopDown = tdca::TopDownNetwork<Signal, tdca::Hidden<2>, tdca::GaussianDiffusion<4>>;
static_assert(sizeof(TopDown::Genome) > 0);

using Net = tdca::Network<tdca::Input<4>, tdca::Dense<5>, tdca::Dense<3, tdca::Softmax>>;
using Learner =
    tdca::Learner<Net, tdca::TopDownNetwork<Wide, tdca::Hidden<2>, tdca::GaussianDiffusion<4>>>;

void update(Learner::Genome& genome, Learner::State& state, Learner::Workspace<8>& workspace,
            std::span<const float, 32> inputs, std::span<const std::uint16_t, 8> labels) {
    Learner::initialize(genome, tdca::Key(1));
    Learner::begin(genome, tdca::Key(1), 10, state);
    Learner::update<8>(genome, 10, inputs, labels, state, workspace);
}
