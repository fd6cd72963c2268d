// The policy networks and agents that serve, by name: those that the shipped genomes of control
// were evolved as.
#pragma once

#include <cstddef>

#include "tdca/bottom_up/activations.hpp"
#include "tdca/bottom_up/cells.hpp"
#include "tdca/bottom_up/conv2d.hpp"
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/flatten.hpp"
#include "tdca/bottom_up/initializers.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/bottom_up/stepwise.hpp"
#include "tdca/concepts/environment.hpp"
#include "tdca/control/agent.hpp"
#include "tdca/control/agent_state.hpp"
#include "tdca/control/reward_signal.hpp"
#include "tdca/control/trace_training.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/shape.hpp"
#include "tdca/credit/diffusion.hpp"
#include "tdca/top_down/top_down_network.hpp"
#include "tdca/training/learner.hpp"

namespace tdca::inline TDCA_ABI {

namespace detail {

/// Chances of actions to choose from; means of actions that are numbers.
template <class Actions>
struct PolicyOutput {
    using type = Dense<Actions::size, Identity, ScaledNormal>;
};
template <class Actions>
    requires(Actions::is_discrete)
struct PolicyOutput<Actions> {
    using type = Dense<Actions::size, Softmax, ScaledNormal>;
};
template <Environment Env>
using OutputFor = typename PolicyOutput<typename Env::actions>::type;

/// An input of this shape.
template <class Observation>
struct InputOf;
template <std::size_t... Extents>
struct InputOf<Shape<Extents...>> {
    using type = Input<Extents...>;
};

}  // namespace detail

/// A policy with one hidden layer, such as 4-32-2 for CartPole.
template <Environment Env, std::size_t Width = 32>
using PolicyNetwork = Network<Input<Env::observation_shape::size>, Dense<Width, Tanh, ScaledNormal>,
                              detail::OutputFor<Env>>;

/// A policy that remembers: gated units, which go on from step to step of an episode and are born
/// to forget over 1 to 64 steps.
template <Environment Env, std::size_t Units = 16>
using RecurrentPolicyNetwork =
    Network<Input<Env::observation_shape::size>, Stepwise<Gru<Units>, 64>, detail::OutputFor<Env>>;

/// A policy that looks at pictures, channels × rows × columns: `Maps` maps of windows of 3 × 3, and
/// a layer on top of them.
template <Environment Env, std::size_t Maps = 8, std::size_t Width = 32>
using ConvPolicyNetwork =
    Network<typename detail::InputOf<typename Env::observation_shape>::type, Conv2d<Maps, 3>,
            Flatten, Dense<Width, Tanh, ScaledNormal>, detail::OutputFor<Env>>;

/// The learner of any policy network. Its genome is the same type for every environment and
/// network.
template <Environment Env, class Net>
using LearnerOfPolicy =
    Learner<Net,
            TopDownNetwork<RewardSignal<typename Env::actions>, Hidden<8>, GaussianDiffusion<8>>>;
/// That of the policy with one hidden layer.
template <Environment Env, std::size_t Width = 32>
using PolicyLearner = LearnerOfPolicy<Env, PolicyNetwork<Env, Width>>;

/// An agent that learns between episodes, from what it remembers of them.
template <Environment Env, std::size_t Width = 32>
using ReplayAgent = Agent<PolicyLearner<Env, Width>, Env>;

/// An agent that learns at every step by traces, and stores no step.
template <Environment Env, std::size_t Width = 32>
using TraceAgent = Agent<PolicyLearner<Env, Width>, Env,
                         TraceTraining<AgentState<PolicyLearner<Env, Width>, Env>>>;

/// An agent that remembers what it has seen within an episode, and learns between episodes.
template <Environment Env, std::size_t Units = 16>
using RecurrentAgent = Agent<LearnerOfPolicy<Env, RecurrentPolicyNetwork<Env, Units>>, Env>;

/// An agent that looks at pictures.
template <Environment Env, std::size_t Maps = 8, std::size_t Width = 32>
using ConvAgent = Agent<LearnerOfPolicy<Env, ConvPolicyNetwork<Env, Maps, Width>>, Env>;

}  // namespace tdca
