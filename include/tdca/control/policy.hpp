// The policy networks and agents that serve, by name: those that the shipped genomes of control
// were evolved as.
#pragma once

#include <cstddef>

#include "tdca/bottom_up/activations.hpp"
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/initializers.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/concepts/environment.hpp"
#include "tdca/control/agent.hpp"
#include "tdca/control/agent_state.hpp"
#include "tdca/control/reward_signal.hpp"
#include "tdca/control/trace_training.hpp"
#include "tdca/core/abi.hpp"
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

}  // namespace detail

/// A policy with one hidden layer, such as 4-32-2 for CartPole.
template <Environment Env, std::size_t Width = 32>
using PolicyNetwork = Network<Input<Env::observation_shape::size>, Dense<Width, Tanh, ScaledNormal>,
                              typename detail::PolicyOutput<typename Env::actions>::type>;

/// Its learner. Its genome is the same type for every environment and width.
template <Environment Env, std::size_t Width = 32>
using PolicyLearner =
    Learner<PolicyNetwork<Env, Width>,
            TopDownNetwork<RewardSignal<typename Env::actions>, Hidden<8>, GaussianDiffusion<8>>>;

/// An agent that learns between episodes, from what it remembers of them.
template <Environment Env, std::size_t Width = 32>
using ReplayAgent = Agent<PolicyLearner<Env, Width>, Env>;

/// An agent that learns at every step by traces, and stores no step.
template <Environment Env, std::size_t Width = 32>
using TraceAgent = Agent<PolicyLearner<Env, Width>, Env,
                         TraceTraining<AgentState<PolicyLearner<Env, Width>, Env>>>;

}  // namespace tdca
