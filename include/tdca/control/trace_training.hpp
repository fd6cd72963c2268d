// TraceTraining: learning at every step, from eligibility traces and a surprise told to all
// synapses.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <tuple>
#include <utility>

#include "tdca/control/agent_state.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/math/simd.hpp"
#include "tdca/plasticity/schedule.hpp"
#include "tdca/plasticity/synapses.hpp"

namespace tdca::inline TDCA_ABI {

/// Three-factor learning within the episode: nothing is stored of the steps before but one number a
/// synapse. When an action is taken, credits are assigned as if it had been a good one, and each
/// synapse keeps its credit × activity as a fading trace. What then comes is told to all synapses
/// alike, as one surprise:
///   E ← γλ E + credit × activity,   δ = r + γ V(o′) − V(o),   Δ = δ E / (usual size of δ),
/// and Δ goes through the plasticity rule (eligibility traces: Sutton & Barto, "Reinforcement
/// Learning", 2nd ed., ch. 12; δ as a broadcast: Schultz, Dayan & Montague, Science 275, 1997).
/// The genes are those of @ref ReplayTraining. Passes, recall and reach are not used, nor is the
/// centring of credits: of a single step there is no minibatch whose mean could be taken.
///
/// @tparam State an `AgentState`
template <class State>
class TraceTraining {
    using Learner = typename State::learner;
    using Net = typename State::Net;
    using TopDown = typename Learner::top_down;
    using Target = typename State::Target;

public:
    /// A new life: nothing is remembered.
    void begin(State& /*agent*/) noexcept {
        usual_ = value_power_ = 0;
        notes_ = 0;
        unsolved_ = 0;
        // Their gaps are never written to, but for what a broken life leaves there.
        clear(deltas_);
        if constexpr (TopDown::is_plastic) clear(assignment_.feedback_deltas);
    }

    /// A new episode: traces end with the old one.
    void begin_episode(State& agent) noexcept {
        agent.critic.begin_episode();
        clear(traces_);
        clear(feedback_traces_);
    }

    /// The network has answered to what the agent sees; the action that follows is told to what is
    /// returned.
    Target& begin_step(State& agent) noexcept {
        before_ = agent.seen;
        return told_[0];
    }

    /// What the step brought: the critic learns, and if `learns` so does the network.
    void end_step(State& agent, const Transition& result, bool learns) noexcept {
        const float decay = agent.critic.discount() * agent.command.horizon;
        if (learns) remember(agent, decay);
        agent.critic.note(agent.described_before, result.reward, agent.described,
                          result.terminated);
        const float here = agent.critic.value(agent.described_before);
        const float after = result.terminated ? 0.0F : agent.critic.value(agent.described);
        const float surprise = result.reward + agent.critic.discount() * after - here;
        if (learns)
            learn(agent, scaled(surprise, here) * (surprise < 0 ? agent.command.caution : 1));
        if (result.is_over() || ++unsolved_ >= solving_interval) {
            agent.critic.solve();
            agent.normalizer.refresh();
            unsolved_ = 0;
        }
    }

    /// Share of the variance of values that was expected, from −1 to 1.
    [[nodiscard]] float understood() const noexcept {
        return static_cast<float>(1 - std::min(usual_ / (value_power_ + 1e-9), 2.0));
    }

private:
    /// Steps after which values are solved for in the middle of an episode.
    static constexpr std::size_t solving_interval = 256;

    template <class Blocks>
    static void clear(Blocks& all) noexcept {
        std::apply([](auto&... block) { (std::ranges::fill(block.flat(), 0.0F), ...); }, all);
    }

    /// The surprise in units of its root mean square over about the last 1,000 steps.
    float scaled(float surprise, float value) noexcept {
        ++notes_;
        const double rate = std::max(1e-3, 1.0 / static_cast<double>(notes_));
        const auto surprised = static_cast<double>(surprise);
        const auto valued = static_cast<double>(value);
        usual_ += rate * (surprised * surprised - usual_);
        value_power_ += rate * (valued * valued - value_power_);
        return std::clamp(surprise / static_cast<float>(std::sqrt(usual_) + 1e-12), -5.0F, 5.0F);
    }

    /// Traces take in the credit of the action just taken.
    void remember(State& agent, float decay) noexcept {
        told_[0].advantage = 1;
        told_[0].reach = std::numeric_limits<float>::infinity();
        progress_ = Progress::at(agent.state.age, agent.course(agent.state.age + 1),
                                 agent.state.error.relative(), 1);
        Learner::template credit<1>(agent.genome.template get<"learner">(), progress_,
                                    std::span<const Target, 1>(told_), agent.activities,
                                    agent.eligibilities, agent.state, assignment_);
        ++agent.state.age;
        Net::for_each_layer([&](auto i) {
            using L = typename Net::template layer<i>;
            auto& delta = std::get<i>(deltas_);
            L::template correlate<1>(
                Net::template below<i, 1>(std::span<const float, State::inputs>(before_),
                                          agent.activities),
                std::as_const(assignment_.credits).template get<i>(),
                std::get<i>(agent.eligibilities), delta);
            fade(decay, std::get<i>(traces_), delta);
        });
        if constexpr (TopDown::is_plastic) {
            TopDown::template correlate_feedback<Net, 1>(agent.activities, agent.state.top_down,
                                                         assignment_.top_down,
                                                         assignment_.feedback_deltas);
            TopDown::template for_each_hidden<Net>([&](auto i) {
                fade(decay, std::get<i>(feedback_traces_),
                     std::get<i>(assignment_.feedback_deltas));
            });
        }
    }

    /// E ← decay · E + delta.
    template <class Block>
    static void fade(float decay, Block& trace, const Block& delta) noexcept {
        simd::map(
            trace.flat(), [decay](auto e, auto d) { return simd::fma(decltype(e)(decay), e, d); },
            std::as_const(trace).flat(), delta.flat());
    }

    /// Every synapse changes by what is left of its trace, times the surprise.
    void learn(State& agent, float surprise) noexcept {
        const auto& genome = agent.genome.template get<"learner">();
        Net::for_each_layer([&](auto i) {
            using L = typename Net::template layer<i>;
            const auto role = i + 1 == Net::depth ? SynapseRole::output : SynapseRole::hidden;
            const float step = Learner::template step_size<i>(genome, role, progress_) *
                               Learner::rule::width_factor(L::fan_in);
            change(agent, surprise, step, std::get<i>(traces_), std::get<i>(deltas_),
                   std::get<i>(agent.state.traces), std::get<i>(agent.state.params));
        });
        if constexpr (TopDown::is_plastic) {
            TopDown::template for_each_hidden<Net>([&](auto i) {
                const float step =
                    Learner::template step_size<i>(genome, SynapseRole::feedback, progress_);
                change(agent, surprise, step, std::get<i>(feedback_traces_),
                       std::get<i>(assignment_.feedback_deltas),
                       std::get<i>(agent.state.feedback_traces),
                       TopDown::template feedback<Net, i>(agent.state.top_down));
            });
        }
    }

    template <class Block, class Memory>
    static void change(const State& agent, float surprise, float step, const Block& trace,
                       Block& delta, Memory& memory, Block& params) noexcept {
        simd::map(
            delta.flat(), [surprise](auto e) { return decltype(e)(surprise) * e; }, trace.flat());
        change_synapses(Learner::rule::change(agent.state.constants, agent.state.age, step),
                        std::as_const(delta).flat(), memory, params.flat());
    }

    typename Net::Params traces_;
    typename TopDown::template FeedbackParams<Net> feedback_traces_;
    typename Learner::template Assignment<1> assignment_;
    typename Net::Params deltas_;
    std::array<Target, 1> told_;
    alignas(alignment) std::array<float, State::inputs> before_;
    Progress progress_;
    double usual_ = 0;        ///< mean square of the surprise
    double value_power_ = 0;  ///< mean square of the values that it is about
    std::size_t notes_ = 0;
    std::size_t unsolved_ = 0;
};

}  // namespace tdca
