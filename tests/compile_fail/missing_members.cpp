// Whoever lacks a member is told which, a sentence each: here, all of them.
// clang-format off
// expect: a signal needs Target: what the task says of a sample
// expect: a signal needs width: its number of output units
// expect: a signal needs observe<Samples>(outputs, targets, errors), noexcept
// expect: an activation needs a static apply(x), which returns the type that it is given: float, double or Pack<float>; or a static normalize(sample)
// expect: an activation needs a static slope(output), which returns the type that it is given: float, double or Pack<float>
// expect: an activation's normalize(sample) needs to be noexcept
// expect: an activation with normalize needs a static slope(output), which returns a float for a float and a Pack<float> for a Pack<float>
// expect: a schedule needs Genome: its genes
// expect: a schedule needs a static initialize(genome, key): the genes before evolution
// expect: a schedule needs a static step(genome, role, progress, depth), noexcept, which returns the step size now
// expect: centring needs Genome: its genes
// expect: centring needs Constants: its genes in the units that it works with
// expect: centring needs a static initialize(genome): the genes before evolution
// expect: centring needs a static decode(genome), which returns its Constants
// expect: centring needs a static apply<Samples, Units>(constants, is_output, credit), noexcept
// expect: ranks need to be copyable
// expect: ranks need rank() and count(), const: which process this is, and how many there are
// expect: ranks need combine(values), const: every entry as the process that filled it has it
// expect: ranks need any(flag), const: whether it is true in any process
// expect: a diffusion needs Genome: the kernel's genes
// expect: a diffusion needs sources<Neurons>: how many sources a layer of that width has
// expect: a diffusion needs genome_sources: how many there are where they are evolved
// expect: a diffusion needs is_identity: whether every neuron is its own source
// expect: a diffusion needs reach<Neurons>(genome, j, out), noexcept: how strongly each source reaches neuron j
// expect: a plasticity rule needs Genome: the rule's genes
// expect: a plasticity rule needs Constants: its genes in the units that it works with
// expect: a plasticity rule needs traces: how many numbers a synapse remembers
// expect: a plasticity rule needs width_factor(fan_in): a factor on the schedule's step
// expect: a plasticity rule needs initialize(genome): the genes before evolution
// expect: a plasticity rule needs decode(genome, course), which returns its Constants
// expect: a plasticity rule needs change(constants, age, step), which returns what changes a synapse: (delta, traces, weight), noexcept
// expect: a task needs Genome: the type of what is evolved, with count, read and write
// expect: a task needs Workspace: scratch, one per thread
// expect: a task needs lifetimes(): how many make up one member's evaluation
// expect: a task needs a static initialize(genome, key): the genome before evolution
// expect: a task needs workspace(), which makes a Workspace
// expect: a task needs lifetime(id, genome, workspace), which returns the fitness
// expect: an evolution strategy needs name: as checkpoints call it
// expect: an evolution strategy needs State: its memory
// expect: an evolution strategy needs members(): the size of its population
// expect: a strategy's State needs mean, a vector of floats, and generation
// expect: a strategy's State needs for_each(visit), const and not: what checkpoints hold
// expect: an evolution strategy needs init(mean), which returns its State
// expect: an evolution strategy needs ask(state, key, member, out): a member's genome
// expect: an evolution strategy needs tell(state, key, fitness)
// expect: a task in windows needs Life: what a member is between windows
// expect: a task in windows needs life(), which makes a Life
// expect: a task in windows needs live_window(id, window, genome, life, workspace), which returns the window's fitness
// expect: a strategy in windows needs windows: how many there are in a life
// expect: a strategy in windows needs age(generation, member): windows lived of a life
// expect: a strategy in windows needs recall(state, key, member, ago, out): a genome of the past
// expect: an environment needs name
// expect: an environment needs episode_limit: steps after which an episode is cut off
// expect: an environment needs scalar: float or double
// expect: an environment needs observation_shape: a Shape
// expect: an environment needs actions: DiscreteActions or ContinuousActions
// expect: an environment needs Settings: its constants, as data
// expect: an environment needs State: of one episode
// expect: an environment needs a static reset(settings, key, state)
// expect: an environment needs a static observe(settings, state, out), noexcept
// expect: an environment needs a static step(settings, action, state), noexcept, which returns a StepResult<scalar>
// expect: an environment with continuous actions needs a static action_limit(settings): what a policy's output of 1 stands for
// expect: a layer needs input_shape and output_shape: Shapes of one sample
// expect: a layer needs Params: a Parameters block, empty where it does not learn
// expect: a layer needs Eligibility<Samples>: NoEligibility, or what forward leaves for correlate
// expect: a layer needs a static initialize(params, key)
// expect: a layer needs a static forward<Samples>(params, in, out, eligibility), noexcept
// expect: a layer with synapses needs fan_in: presynaptic neurons per neuron
// expect: a layer with synapses needs a static correlate<Samples>(in, credit, eligibility, delta), noexcept
// expect: a layer with synapses needs a static gate<Samples>(out, eligibility, credit), noexcept
// expect: a layer without synapses needs a static relay<Samples>(in, out, eligibility, credit, below), noexcept
// expect: a learner needs network: the bottom-up network
// expect: a learner needs Target: what the task says of a sample
// expect: a learner needs Genome: what evolution may change
// expect: a learner needs State: a lifetime's memory
// expect: a learner needs Workspace<Samples>: one update's scratch
// expect: a learner's State needs params, age and error
// expect: a learner's Workspace needs activities and eligibilities
// expect: a learner needs a static initialize(genome, key): the genome before evolution
// expect: a learner needs a static begin(genome, key, course, state): a new lifetime
// expect: a learner needs a static initialize_network(key, params)
// expect: a learner needs a static begin_initialized(genome, key, course, state)
// expect: a learner needs a static update<Samples>(genome, course, in, targets, state, workspace), noexcept
// expect: a credit assigner needs signal: what the top level sees, a Signal
// expect: a credit assigner needs Genome: its genes
// expect: a credit assigner needs State<Net>: what lives as long as the network does
// expect: a credit assigner needs FeedbackParams<Net>: a tuple of parameter blocks
// expect: a credit assigner needs Workspace<Net, Samples>: scratch
// expect: a credit assigner needs is_plastic: whether feedback weights learn
// expect: a credit assigner needs a static initialize(genome, key)
// expect: a credit assigner needs a static begin<Net>(genome, key, state)
// expect: a credit assigner needs a static assign<Net, Samples>(genome, progress, targets, activities, eligibilities, state, workspace, credits), noexcept, which returns the mean error
// expect: a credit assigner whose feedback learns needs a static correlate_feedback<Net, Samples>(activities, state, workspace, deltas), noexcept
// expect: a credit assigner whose feedback learns needs a static for_each_hidden<Net>(visit)
// expect: a credit assigner whose feedback learns needs a static feedback<Net, I>(state), which returns element I of FeedbackParams<Net>, to be changed
// clang-format on
#include <tuple>

#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/bottom_up/pool.hpp"
#include "tdca/concepts/environment.hpp"
#include "tdca/concepts/evolution_strategy.hpp"
#include "tdca/concepts/learner.hpp"
#include "tdca/concepts/ranks.hpp"
#include "tdca/concepts/window.hpp"
#include "tdca/control/environments/cart_pole.hpp"
#include "tdca/control/environments/pendulum.hpp"
#include "tdca/core/genome.hpp"
#include "tdca/credit/diffusion.hpp"
#include "tdca/evolution/noise_reuse.hpp"
#include "tdca/evolution/snes.hpp"
#include "tdca/evolution/training_task.hpp"
#include "tdca/plasticity/plain.hpp"
#include "tdca/presets.hpp"
#include "tdca/signal/classification.hpp"

using Net = tdca::Network<tdca::Input<4>, tdca::Dense<3, tdca::Softmax>>;
using Deep = tdca::Network<tdca::Input<4>, tdca::Dense<5>, tdca::Dense<3, tdca::Softmax>>;

/// Has no member at all.
struct Nothing {};

// These have the types and constants that are asked for, and none of the functions.
using Genes =
    tdca::Genome<tdca::Part<"x", tdca::Genes<float, tdca::Parameter<"x", tdca::Shape<1>>>>>;
struct SilentSignal {
    using Target = float;
    static constexpr std::size_t width = 3;
};
struct LoudSoftmax {
    static void normalize(std::span<float> sample);
};
struct SilentSchedule {
    using Genome = Genes;
};
struct SilentCentring {
    using Genome = Genes;
    struct Constants {};
};
struct OnlyRanks {
    OnlyRanks(const OnlyRanks&) = delete;
};
struct SilentDiffusion {
    using Genome = Genes;
    template <std::size_t Neurons>
    static constexpr std::size_t sources = 4;
    static constexpr std::size_t genome_sources = 4;
    static constexpr bool is_identity = false;
};
struct SilentRule {
    using Genome = Genes;
    struct Constants {};
    static constexpr std::size_t traces = 0;
};
struct SilentTask {
    using Genome = Genes;
    struct Workspace {};
};
struct SilentWindowTask : SilentTask {
    struct Life {};
};
struct SilentStrategy {
    struct State {};
};
struct SilentEnvironment {
    using scalar = float;
    using observation_shape = tdca::Shape<2>;
    using actions = tdca::ContinuousActions<2>;
    struct Settings {};
    struct State {};
};
template <class Block>
struct SilentLayer {
    using input_shape = tdca::Shape<4>;
    using output_shape = tdca::Shape<3>;
    using Params = Block;
    template <std::size_t Samples>
    using Eligibility = tdca::NoEligibility;
};
using Synapses = SilentLayer<tdca::Parameters<float, tdca::Parameter<"w", tdca::Shape<4, 3>>>>;
using NoSynapses = SilentLayer<tdca::Parameters<float>>;
struct SilentLearner {
    using network = Net;
    using Target = std::uint16_t;
    using Genome = Genes;
    struct State {};
    template <std::size_t Samples>
    struct Workspace {};
};
struct SilentAssigner {
    using signal = tdca::ClassificationSignal<3>;
    using Genome = Genes;
    template <class N>
    struct State {};
    template <class N, std::size_t Samples>
    struct Workspace {};
};

struct SilentPlasticAssigner : SilentAssigner {
    static constexpr bool is_plastic = true;
    template <class N>
    using FeedbackParams = std::tuple<int>;
};

#ifdef TDCA_CONTROL
using Learner = tdca::ClassifierLearner<Net>;
static_assert(!tdca::detail::tell_what_a_signal_lacks<tdca::ClassificationSignal<3>>());
static_assert(!tdca::detail::tell_what_an_activation_lacks<tdca::Tanh>());
static_assert(!tdca::detail::tell_what_an_activation_lacks<tdca::Softmax>());
static_assert(!tdca::detail::tell_what_a_schedule_lacks<tdca::StepSchedule<>>());
static_assert(!tdca::detail::tell_what_centring_lacks<tdca::CreditCentring>());
static_assert(!tdca::detail::tell_what_ranks_lack<tdca::OneRank>());
static_assert(!tdca::detail::tell_what_a_diffusion_lacks<tdca::GaussianDiffusion<4>>());
static_assert(!tdca::detail::tell_what_a_rule_lacks<tdca::PlainPlasticity>());
static_assert(!tdca::detail::tell_what_a_task_lacks<tdca::TrainingTask<Learner>>());
static_assert(!tdca::detail::tell_what_a_strategy_lacks<tdca::Snes>());
static_assert(!tdca::detail::tell_what_a_window_task_lacks<tdca::TrainingTask<Learner>>());
static_assert(!tdca::detail::tell_what_a_window_strategy_lacks<tdca::NoiseReuse<4>>());
static_assert(!tdca::detail::tell_what_an_environment_lacks<tdca::CartPole<>>());
static_assert(!tdca::detail::tell_what_an_environment_lacks<tdca::Pendulum<>>());
static_assert(!tdca::detail::tell_what_a_layer_lacks<Net::layer<0>>());
static_assert(
    !tdca::detail::tell_what_a_layer_lacks<tdca::MaxPool<2>::Bound<float, tdca::Shape<1, 4, 4>>>());
static_assert(!tdca::detail::tell_what_a_learner_lacks<Learner>());
static_assert(!tdca::detail::tell_what_a_credit_assigner_lacks<tdca::ClassifierTopDown<3>, Net>());
static_assert(
    !tdca::detail::tell_what_a_plastic_credit_assigner_lacks<tdca::ClassifierTopDown<3>, Deep>());
#else
constexpr bool all =
    tdca::detail::tell_what_a_signal_lacks<Nothing>() ||
    tdca::detail::tell_what_a_signal_lacks<SilentSignal>() ||
    tdca::detail::tell_what_an_activation_lacks<Nothing>() ||
    tdca::detail::tell_what_an_activation_lacks<LoudSoftmax>() ||
    tdca::detail::tell_what_a_schedule_lacks<Nothing>() ||
    tdca::detail::tell_what_a_schedule_lacks<SilentSchedule>() ||
    tdca::detail::tell_what_centring_lacks<Nothing>() ||
    tdca::detail::tell_what_centring_lacks<SilentCentring>() ||
    tdca::detail::tell_what_ranks_lack<OnlyRanks>() ||
    tdca::detail::tell_what_a_diffusion_lacks<Nothing>() ||
    tdca::detail::tell_what_a_diffusion_lacks<SilentDiffusion>() ||
    tdca::detail::tell_what_a_rule_lacks<Nothing>() ||
    tdca::detail::tell_what_a_rule_lacks<SilentRule>() ||
    tdca::detail::tell_what_a_task_lacks<Nothing>() ||
    tdca::detail::tell_what_a_task_lacks<SilentTask>() ||
    tdca::detail::tell_what_a_strategy_lacks<Nothing>() ||
    tdca::detail::tell_what_a_strategy_lacks<SilentStrategy>() ||
    tdca::detail::tell_what_a_window_task_lacks<SilentTask>() ||
    tdca::detail::tell_what_a_window_task_lacks<SilentWindowTask>() ||
    tdca::detail::tell_what_a_window_strategy_lacks<SilentStrategy>() ||
    tdca::detail::tell_what_an_environment_lacks<Nothing>() ||
    tdca::detail::tell_what_an_environment_lacks<SilentEnvironment>() ||
    tdca::detail::tell_what_a_layer_lacks<Nothing>() ||
    tdca::detail::tell_what_a_layer_lacks<Synapses>() ||
    tdca::detail::tell_what_a_layer_lacks<NoSynapses>() ||
    tdca::detail::tell_what_a_learner_lacks<Nothing>() ||
    tdca::detail::tell_what_a_learner_lacks<SilentLearner>() ||
    tdca::detail::tell_what_a_credit_assigner_lacks<Nothing, Net>() ||
    tdca::detail::tell_what_a_credit_assigner_lacks<SilentAssigner, Net>() ||
    tdca::detail::tell_what_a_plastic_credit_assigner_lacks<SilentPlasticAssigner, Deep>();
#endif
