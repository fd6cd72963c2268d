// What meets the contracts, and what must not.
#include <cstdint>
#include <span>
#include <type_traits>

#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/concepts/evolution_strategy.hpp"
#include "tdca/concepts/layer.hpp"
#include "tdca/concepts/plasticity_rule.hpp"
#include "tdca/concepts/task.hpp"
#include "tdca/concepts/window.hpp"
#include "tdca/credit/diffusion.hpp"
#include "tdca/evolution/cr_fm_nes.hpp"
#include "tdca/evolution/noise_reuse.hpp"
#include "tdca/evolution/openai_es.hpp"
#include "tdca/evolution/snes.hpp"
#include "tdca/plasticity/momentum.hpp"
#include "tdca/plasticity/plain.hpp"
#include "tdca/signal/classification.hpp"
#include "tdca/top_down/top_down_network.hpp"
#include "tdca/training/learner.hpp"
#include "tdca/version.hpp"

using namespace tdca;

static_assert(TDCA_VERSION / 10000 == TDCA_VERSION_MAJOR &&
              TDCA_VERSION / 100 % 100 == TDCA_VERSION_MINOR &&
              TDCA_VERSION % 100 == TDCA_VERSION_PATCH);

// Layers bind to any input shape that they can read.
static_assert(Layer<Dense<3, Relu>, float, Shape<4>>);
static_assert(Layer<Dense<3, Relu>, double, Shape<2, 5, 7>>);
static_assert(!BoundLayer<int>);

static_assert(Activation<Softmax> && !ElementwiseActivation<Softmax>);
static_assert(!Activation<int>);

static_assert(Signal<ClassificationSignal<2>> && InterpretingSignal<ClassificationSignal<2>>);
static_assert(!InterpretingSignal<Relu>);
static_assert(Diffusion<GaussianDiffusion<1>> && Diffusion<NoDiffusion<7>>);
static_assert(!Diffusion<Relu>);

static_assert(PlasticityRule<PlainPlasticity> && PlasticityRule<MomentumPlasticity>);
static_assert(!PlasticityRule<Relu>);

static_assert(EvolutionStrategy<Snes> && EvolutionStrategy<OpenAiEs> && EvolutionStrategy<CrFmNes>);
static_assert(!EvolutionStrategy<Relu>);
static_assert(WindowStrategy<NoiseReuse<1>> && WindowStrategy<NoiseReuse<20>>);
static_assert(!WindowStrategy<Snes> && !WindowTask<Snes>);

// The credit assigner cannot reach the network's parameters: handing them over does not compile.
using Net = Network<Input<4>, Dense<6, Relu>, Dense<3, Softmax>>;
using Assigner = TopDownNetwork<ClassificationSignal<3>, Hidden<2>, GaussianDiffusion<4>>;
using Predictor =
    TopDownNetwork<ClassificationSignal<3>, Hidden<2>, GaussianDiffusion<4>, PredictiveFeedback<>>;

template <class A, class... More>
concept Assigns = requires(
    const typename A::Genome& genome, const Progress& progress,
    std::span<const std::uint16_t, 8> labels, const Net::Activities<8>& activities,
    const Net::Eligibilities<8>& eligibilities, const typename A::template State<Net>& state,
    typename A::template Workspace<Net, 8>& workspace, Net::Activities<8>& credits, More&... more) {
    A::template assign<Net, 8>(genome, progress, labels, activities, eligibilities, state,
                               workspace, credits, more...);
};
static_assert(Assigns<Assigner>);
static_assert(!Assigns<Assigner, const Net::Params>);
static_assert(Assigns<Predictor>);
static_assert(!Assigns<Predictor, const Net::Params>);

// One genome for networks of any width and depth, and for any number of classes.
template <class A, class... Layers>
using GenomeOf = typename Learner<Network<Input<9>, Layers...>, A>::Genome;
static_assert(
    std::is_same_v<GenomeOf<Assigner, Dense<6, Relu>, Dense<3, Softmax>>,
                   GenomeOf<Assigner, Dense<60, Tanh>, Dense<70, Relu>, Dense<3, Softmax>>>);
static_assert(
    std::is_same_v<GenomeOf<Predictor, Dense<6, Relu>, Dense<3, Softmax>>,
                   GenomeOf<Predictor, Dense<60, Tanh>, Dense<70, Relu>, Dense<3, Softmax>>>);
// What one class more asks for is in no genome.
static_assert(std::is_same_v<GenomeOf<Predictor, Dense<6, Relu>, Dense<3, Softmax>>,
                             GenomeOf<TopDownNetwork<ClassificationSignal<9>, Hidden<2>,
                                                     GaussianDiffusion<4>, PredictiveFeedback<>>,
                                      Dense<6, Relu>, Dense<9, Softmax>>>);
static_assert(
    TopDownNetwork<ClassificationSignal<3>, Hidden<2>, GaussianDiffusion<4>>::Genome::count ==
    TopDownNetwork<ClassificationSignal<99>, Hidden<2>, GaussianDiffusion<4>>::Genome::count);
