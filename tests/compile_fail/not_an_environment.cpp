// Policies act in environments.
// expect: an environment needs a static step(settings, action, state), noexcept
// expect: a policy acts in an environment; see tdca/concepts/environment.hpp
// expect: lives of control take place in an environment; see tdca/concepts/environment.hpp
// expect: a batch is made of environments; see tdca/concepts/environment.hpp
// expect: only an environment can be checked; see tdca/concepts/environment.hpp
// expect: only an environment can be rearranged; see tdca/concepts/environment.hpp
// expect: an environment that is made of one whose steps can fail needs a static require_sound
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/control/agent_state.hpp"
#include "tdca/control/control_task.hpp"
#include "tdca/control/environments/cart_pole.hpp"
#include "tdca/control/environments/checked_environment.hpp"
#include "tdca/control/environments/environment_batch.hpp"
#include "tdca/control/environments/rearranged.hpp"
#include "tdca/control/reward_signal.hpp"
#include "tdca/credit/diffusion.hpp"
#include "tdca/top_down/top_down_network.hpp"
#include "tdca/training/learner.hpp"

// It cannot be stepped.
struct Standstill {
    static constexpr std::string_view name = "standstill";
    using scalar = float;
    using observation_shape = tdca::Shape<4>;
    using actions = tdca::DiscreteActions<2>;
    static constexpr std::size_t episode_limit = 10;
    struct Settings {};
    struct State {};
};

// Its steps can fail, and Deaf shows it in another way.
struct Failing : tdca::CartPole<> {
    static void require_sound(const Settings& /*settings*/) {}
};
struct Deaf : tdca::CartPole<> {
    using whole = Failing;
};

#ifdef TDCA_CONTROL
using World = tdca::CartPole<>;
#else
using World = Standstill;
#endif
using Policy = tdca::Learner<tdca::Network<tdca::Input<4>, tdca::Dense<2, tdca::Softmax>>,
                             tdca::TopDownNetwork<tdca::RewardSignal<tdca::DiscreteActions<2>>,
                                                  tdca::Hidden<2>, tdca::GaussianDiffusion<2>>>;
static_assert(sizeof(tdca::AgentState<Policy, World>) > 0);
static_assert(sizeof(tdca::ControlRange<World>) > 0);
static_assert(sizeof(tdca::EnvironmentBatch<World, 2>) > 0);
static_assert(sizeof(tdca::CheckedEnvironment<World>) > 0);
static_assert(sizeof(tdca::Rearranged<World>) > 0);
#ifdef TDCA_CONTROL
static_assert(sizeof(tdca::CheckedEnvironment<tdca::Rearranged<Failing>>) > 0);
#else
static_assert(sizeof(tdca::CheckedEnvironment<Deaf>) > 0);
#endif
