// The contracts between an agent, how it learns, and the task that lets it live.
#pragma once

#include <concepts>
#include <vector>

#include "tdca/concepts/environment.hpp"
#include "tdca/control/agent_state.hpp"
#include "tdca/control/episode.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/random.hpp"

namespace tdca::inline TDCA_ABI {

/// What a `ControlTask` asks of lives in an environment: an `Agent`, or one's own.
///
/// | member | meaning |
/// | --- | --- |
/// | `environment` | what is acted in |
/// | `Genome`, `initialize(genome, key)` | genes and their values before evolution |
/// | `live(genome, settings, key, budget, episodes)` | a life until the budget is spent; every episode that came to its end is appended |
///
/// A default-constructed one is ready to live, any number of times. Same key, same bits.
template <class L>
concept ActingLife =
    std::default_initializable<L> && Environment<typename L::environment> &&
    std::default_initializable<typename L::Genome> &&
    requires(L& life, typename L::Genome& newborn, const typename L::Genome& genome,
             const typename L::environment::Settings& settings, const Budget& budget,
             std::vector<Episode>& episodes) {
        L::initialize(newborn, Key{0});
        life.live(genome, settings, Key{0}, budget, episodes);
    };

/// How an `Agent` learns: `ReplayTraining`, `TraceTraining`, or one's own.
///
/// | member | meaning |
/// | --- | --- |
/// | `begin(state)` | a new life: nothing is remembered |
/// | `begin_episode(state)` | a new episode |
/// | `prepare_step(state)` | an option: the network is about to answer |
/// | `begin_step(state)` | the network has answered; returns the target that the action is told to |
/// | `end_step(state, transition, learns)` | what the step brought; synapses change only if `learns` |
/// | `understood()` | how much of what came was expected, at most 1 |
///
/// None of them allocates or throws.
template <class T, class State>
concept AgentTraining = requires(T& training, State& state, const Transition& transition) {
    { training.begin(state) } noexcept;
    { training.begin_episode(state) } noexcept;
    { training.begin_step(state) } noexcept -> std::same_as<typename State::Target&>;
    { training.end_step(state, transition, true) } noexcept;
    { training.understood() } noexcept -> std::convertible_to<float>;
};

}  // namespace tdca
