// What the shipped genomes of control are evolved on: policy networks, worlds and budgets.
#pragma once

#include <cstddef>
#include <string_view>

#include "baseline/backprop.hpp"
#include "tdca/concepts/environment.hpp"
#include "tdca/control/agent.hpp"
#include "tdca/control/agent_state.hpp"
#include "tdca/control/control_task.hpp"
#include "tdca/control/environments/acrobot.hpp"
#include "tdca/control/environments/cart_pole.hpp"
#include "tdca/control/environments/masked.hpp"
#include "tdca/control/environments/mountain_car.hpp"
#include "tdca/control/environments/pendulum.hpp"
#include "tdca/control/environments/settings.hpp"
#include "tdca/control/environments/t_maze.hpp"
#include "tdca/control/episode.hpp"
#include "tdca/control/policy.hpp"
#include "tdca/control/reward_signal.hpp"
#include "tdca/control/trace_training.hpp"
#include "tdca/credit/centring.hpp"
#include "tdca/plasticity/adam.hpp"
#include "tdca/plasticity/schedule.hpp"
#ifdef TDCA_HAS_BOX2D
#include "tdca/control/environments/lunar_lander.hpp"
#endif

namespace tdca::support {

/// The strongest baseline: backpropagation's gradients in the same life, with the same value
/// memory, clock, plasticity, schedule, centring and births, to be evolved at the same cost.
template <Environment Env, std::size_t Width = 32>
using GradientPolicyLearner =
    baseline::BackpropLearner<PolicyNetwork<Env, Width>, AdamPlasticity, StepSchedule<>,
                              CreditCentring, RewardSignal<typename Env::actions>>;

/// Lives that learn between episodes, and lives that learn at every step.
template <class LearnerType, Environment Env>
using EpisodicLife = Agent<LearnerType, Env>;
template <class LearnerType, Environment Env>
using OnlineLife = Agent<LearnerType, Env, TraceTraining<AgentState<LearnerType, Env>>>;

template <Environment Env, std::size_t Width = 32>
using Episodic = ReplayAgent<Env, Width>;
template <Environment Env, std::size_t Width = 32>
using Online = TraceAgent<Env, Width>;
template <Environment Env, std::size_t Width = 32>
using OnlineGradient = OnlineLife<GradientPolicyLearner<Env, Width>, Env>;

/// Their genomes: the same for every environment, width and way of learning.
using ControlGenome = Episodic<CartPole<>>::Genome;
using GradientControlGenome = OnlineGradient<CartPole<>>::Genome;

/// Calls `visit.template operator()<Env>()` for each environment that a genome for all is evolved
/// on.
template <class Visitor>
void for_each_environment(Visitor&& visit) {
    visit.template operator()<CartPole<>>();
    visit.template operator()<Acrobot<>>();
    visit.template operator()<MountainCar<>>();
    visit.template operator()<MountainCarContinuous<>>();
    visit.template operator()<Pendulum<>>();
}

/// As @ref for_each_environment, and LunarLander where Box2D is installed: it is too slow to be one
/// of all.
template <class Visitor>
void for_each_single_environment(Visitor&& visit) {
    for_each_environment(visit);
#ifdef TDCA_HAS_BOX2D
    visit.template operator()<LunarLander>();
#endif
}

// Held out of every evolution, chosen before the first run: the worlds Asterix and
// LunarLanderContinuous; of TMaze corridors of more than 12 steps; of every other world, settings
// outside of its SettingRange.

/// CartPole without its velocities.
using MaskedCartPole = Masked<CartPole<>, 0, 2>;

/// Lives of policies that remember: T-mazes of 3 to 12 steps, and CartPole without velocities. What
/// is claimed of a maze of 20 steps was never lived in.
[[nodiscard]] inline auto maze_task(std::size_t lifetimes, bool quick) {
    ControlRange<TMaze<>> range;
    range.setting = &SettingRange<TMaze<>>::draw;
    range.lifetimes = lifetimes;
    range.fewest_steps = quick ? 500 : 3'000;
    range.most_steps = quick ? 500 : 12'000;
    return ControlTask<RecurrentAgent<TMaze<>>>(range);
}
[[nodiscard]] inline auto masked_task(std::size_t lifetimes, bool quick) {
    ControlRange<MaskedCartPole> range;
    range.setting = &SettingRange<MaskedCartPole>::draw;
    range.lifetimes = lifetimes;
    range.fewest_episodes = quick ? 4 : 20;
    range.most_episodes = quick ? 4 : 80;
    return ControlTask<RecurrentAgent<MaskedCartPole>>(range);
}

/// How long a life lasts, in evolution and in comparisons: episodes where those can be long or
/// short, steps otherwise.
template <Environment Env>
[[nodiscard]] Budget standard_budget() noexcept {
    if (Env::name == std::string_view("cart_pole")) return {.episodes = 40};
    return {.steps = 20'000};
}

/// Lives in one environment, in worlds drawn from its range, of half to twice the standard budget;
/// or of half the standard budget to `most_episodes`, where episodes are granted.
template <class Life>
[[nodiscard]] auto control_task(std::size_t lifetimes, std::size_t most_episodes, bool quick) {
    using Env = typename Life::environment;
    ControlRange<Env> range;
    range.setting = &SettingRange<Env>::draw;
    range.lifetimes = lifetimes;
    const Budget budget = standard_budget<Env>();
    if (budget.counts_episodes()) {
        range.fewest_episodes = quick ? 4 : budget.episodes / 2;
        range.most_episodes = quick ? 4 : most_episodes;
    } else {
        range.fewest_steps = quick ? 2000 : budget.steps / 2;
        range.most_steps = quick ? 2000 : budget.steps * 2;
    }
    return ControlTask<Life>(range);
}

}  // namespace tdca::support
