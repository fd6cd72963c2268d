// ReplayTraining: learning from remembered steps, between episodes.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>

#include "tdca/bottom_up/network_memory.hpp"
#include "tdca/control/agent_state.hpp"
#include "tdca/control/replay_buffer.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/random.hpp"

namespace tdca::inline TDCA_ABI {

/// At the end of an episode, and every `round_steps` steps of a long one: the critic is
/// solved, every remembered step is told its advantage, and the learner updates on minibatches of
/// fresh steps and old ones.
///
/// Where the network has neurons that go on from step to step, each step is remembered with what
/// they were before it, traces included: the update runs the step again from there, and credit
/// meets the traces of the whole episode so far. Nothing is unrolled backward in time.
///
/// @tparam Samples minibatch
/// @tparam Capacity steps that are remembered
template <class State, std::size_t Samples = 64, std::size_t Capacity = 2048>
class ReplayTraining {
    using Target = typename State::Target;
    using Net = typename State::Net;
    static constexpr std::size_t inputs = State::inputs;

public:
    /// Steps after which it learns, if no episode ends.
    static constexpr std::size_t round_steps = 256;
    static_assert(round_steps < Capacity,
                  "a replay buffer must remember more steps than a round has");

    /// A new life: nothing is remembered.
    void begin(State& /*agent*/) noexcept {
        replay_.clear();
        rounds_ = 0;
        understood_ = 0;
    }

    /// A new episode.
    void begin_episode(State& agent) noexcept { agent.critic.begin_episode(); }

    /// The network is about to answer.
    void prepare_step(const State& agent) noexcept
        requires(NetworkMemory<Net>::size != 0)
    {
        NetworkMemory<Net>::template save<1>(agent.eligibilities, 0,
                                             memory_at(replay_.next_slot()));
    }

    /// The network has answered to what the agent sees; the action that follows is told to what is
    /// returned.
    Target& begin_step(State& agent) noexcept { return replay_.begin(agent.raw, agent.described); }

    /// @param learns whether synapses may change
    void end_step(State& agent, const Transition& result, bool learns) noexcept {
        replay_.conclude(result.reward, result.terminated, result.is_over());
        agent.critic.note(agent.described_before, result.reward, agent.described,
                          result.terminated);
        if (result.was_cut) replay_.begin(agent.raw, agent.described);
        if (result.is_over() || replay_.fresh() >= round_steps) learn(agent, learns);
    }

    /// Share of the variance of returns that the values expected.
    [[nodiscard]] float understood() const noexcept { return understood_; }

private:
    static constexpr std::size_t most_updates = 400;  // of one round

    void learn(State& agent, bool learns) noexcept {
        const auto fresh = static_cast<float>(replay_.fresh());
        agent.critic.solve();
        agent.normalizer.refresh();
        understood_ = replay_.assess([&](auto described) { return agent.critic.value(described); },
                                     agent.critic.value(agent.described), agent.critic.discount(),
                                     agent.command.horizon, agent.command.caution);
        const auto updates =
            std::min(static_cast<std::size_t>(std::ceil(agent.command.passes * fresh / Samples)),
                     most_updates);
        if (learns) {
            const Course course = agent.course(agent.state.age + updates);
            for (std::size_t u = 0; u < updates; ++u)
                update(agent, course, agent.key / rounds_ / u);
        }
        ++rounds_;
        replay_.settle();
    }

    void update(State& agent, const Course& course, Key key) noexcept {
        replay_.template recall<Samples>(
            key, agent.command.recall,
            [&](std::size_t s, auto raw, const Target& feedback, float advantage,
                [[maybe_unused]] std::size_t slot) {
                if constexpr (NetworkMemory<Net>::size != 0) {
                    NetworkMemory<Net>::template restore<Samples>(workspace_.eligibilities, s,
                                                                  memory_at(slot));
                }
                agent.normalizer.normalize(
                    raw, std::span<float, inputs>(batch_.data() + s * inputs, inputs));
                told_[s] = feedback;
                told_[s].advantage = advantage;
                told_[s].reach = agent.command.reach;
            });
        State::learner::template update<Samples>(agent.genome.template get<"learner">(), course,
                                                 std::span<const float, Samples * inputs>(batch_),
                                                 std::span<const Target, Samples>(told_),
                                                 agent.state, workspace_);
    }

    /// What neurons were before the step of that slot.
    [[nodiscard]] std::span<float, NetworkMemory<Net>::size> memory_at(std::size_t slot) noexcept {
        return std::span<float, NetworkMemory<Net>::size>(
            memories_.data() + slot * NetworkMemory<Net>::size, NetworkMemory<Net>::size);
    }

    ReplayBuffer<inputs, State::features, Target, Capacity> replay_;
    std::array<float, Capacity * NetworkMemory<Net>::size> memories_;
    typename State::learner::template Workspace<Samples> workspace_;
    alignas(alignment) std::array<float, Samples * inputs> batch_;
    std::array<Target, Samples> told_;
    std::size_t rounds_ = 0;
    float understood_ = 0;
};

}  // namespace tdca
