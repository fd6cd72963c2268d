// A policy's network sees what its environment shows, and has one output for each action.
// expect: the network's input differs from what the environment shows
// expect: the network needs one output for each of the environment's actions
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/control/agent_state.hpp"
#include "tdca/control/environments/cart_pole.hpp"
#include "tdca/control/reward_signal.hpp"
#include "tdca/credit/diffusion.hpp"
#include "tdca/top_down/top_down_network.hpp"
#include "tdca/training/learner.hpp"

#ifdef TDCA_CONTROL
constexpr std::size_t inputs = 4, outputs = 2;
#else
constexpr std::size_t inputs = 5, outputs = 3;
#endif
template <std::size_t Inputs, std::size_t Outputs>
using Body = tdca::AgentState<
    tdca::Learner<tdca::Network<tdca::Input<Inputs>, tdca::Dense<Outputs, tdca::Softmax>>,
                  tdca::TopDownNetwork<tdca::RewardSignal<tdca::DiscreteActions<Outputs>>,
                                       tdca::Hidden<2>, tdca::GaussianDiffusion<2>>>,
    tdca::CartPole<>>;
static_assert(sizeof(Body<inputs, 2>) > 0);
static_assert(sizeof(Body<4, outputs>) > 0);
