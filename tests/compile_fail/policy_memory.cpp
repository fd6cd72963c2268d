// What a policy remembers has sizes that its algorithms can work with.
// expect: a replay buffer must remember more steps than a round has
// expect: the features of a critic must fill whole SIMD packs
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/control/agent_state.hpp"
#include "tdca/control/environments/cart_pole.hpp"
#include "tdca/control/lstd_critic.hpp"
#include "tdca/control/replay_training.hpp"
#include "tdca/control/reward_signal.hpp"
#include "tdca/credit/diffusion.hpp"
#include "tdca/top_down/top_down_network.hpp"
#include "tdca/training/learner.hpp"

#ifdef TDCA_CONTROL
constexpr std::size_t capacity = 512, features = 48;
#else
constexpr std::size_t capacity = 256, features = 47;
#endif
using Policy = tdca::Learner<tdca::Network<tdca::Input<4>, tdca::Dense<2, tdca::Softmax>>,
                             tdca::TopDownNetwork<tdca::RewardSignal<tdca::CartPole<>::actions>,
                                                  tdca::Hidden<2>, tdca::GaussianDiffusion<2>>>;
using Body = tdca::AgentState<Policy, tdca::CartPole<>>;
static_assert(sizeof(tdca::ReplayTraining<Body, 64, capacity>) > 0);
static_assert(sizeof(tdca::LstdCritic<features>) > 0);
