// Agent: a network's life of acting, and of learning from nothing but reward.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "tdca/concepts/environment.hpp"
#include "tdca/control/acting.hpp"
#include "tdca/control/agent_state.hpp"
#include "tdca/control/episode.hpp"
#include "tdca/control/episode_controller.hpp"
#include "tdca/control/policy_head.hpp"
#include "tdca/control/replay_training.hpp"
#include "tdca/control/return_statistics.hpp"
#include "tdca/control/trained_policy.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/random.hpp"

namespace tdca::inline TDCA_ABI {

/// Lives of a policy network in an environment, one after the other, in memory that is allocated
/// once.
///
/// The network is born random. Before each episode the controller ticks; in the episode the network
/// acts, with exploration as the controller commands, and learns from credits that come of reward,
/// and of nothing else: at the end of the episode with @ref ReplayTraining, at every step and
/// without memory of the steps before with @ref TraceTraining.
///
/// @tparam LearnerType a `Learner` whose signal is the environment's `RewardSignal`
/// @tparam Env what it acts in
/// @tparam Training an `AgentTraining`: when and from what it learns
/// @tparam Controller what commands: `EpisodeController<>`, or one of the same genome and memory,
///   for experiments
template <class LearnerType, class Env,
          class Training = ReplayTraining<AgentState<LearnerType, Env>>,
          class Controller = EpisodeController<>>
class Agent {
    static_assert(AgentTraining<Training, AgentState<LearnerType, Env>>,
                  "this is no training; see AgentTraining in tdca/control/acting.hpp for what one "
                  "must offer");

public:
    using environment = Env;
    using State = AgentState<LearnerType, Env>;  ///< what lives
    using Net = typename LearnerType::network;
    using Genome = typename State::Genome;
    using Settings = typename Env::Settings;

    /// The genome before evolution.
    static void initialize(Genome& genome, Key key) noexcept {
        LearnerType::initialize(genome.template get<"learner">(), key / 0);
        LstdCritic<>::initialize(genome.template get<"values">());
        Controller::initialize(genome.template get<"clock">(), key / 1);
    }

    /// Allocates all that any life needs.
    Agent() : self_(std::make_unique<Self>()) {}

    /// Lives from birth until the budget is spent. Allocates nothing where `episodes` has room.
    ///
    /// @param key birth, starts of episodes and exploration follow from it
    /// @param episodes every episode that came to its end is appended
    /// @throws tdca::Error where the budget has no end
    void live(const Genome& genome, const Settings& settings, Key key, const Budget& budget,
              std::vector<Episode>& episodes) {
        live(genome, settings, key, budget, episodes, [](const Agent& /*self*/) {});
    }

    /// The same; after each episode `report(agent)` is called, which may look at @ref last and
    /// @ref policy, and end the life by returning false, where it returns anything.
    template <class Report>
    void live(const Genome& genome, const Settings& settings, Key key, const Budget& budget,
              std::vector<Episode>& episodes, Report&& report) {
        if (budget.is_endless()) {
            throw Error("Agent::live", "a life without end", "a number of episodes or of steps",
                        "neither");
        }
        begin(genome, key);
        go_on(settings, budget, episodes, report);
    }

    /// Goes on with the life that has begun, until the budget, of the whole life, is spent.
    ///
    /// @param report as for @ref live
    template <class Report>
    void go_on(const Settings& settings, const Budget& budget, std::vector<Episode>& episodes,
               Report&& report) {
        while (act_once(settings, budget)) {
            episodes.push_back(last_);
            if constexpr (std::is_void_v<decltype(report(std::as_const(*this)))>) {
                report(std::as_const(*this));
            } else if (!report(std::as_const(*this))) {
                return;
            }
        }
    }

    /// A new life: a random network, nothing remembered.
    void begin(const Genome& genome, Key key) {
        key_ = birth_ = key;
        self_->agent.begin(genome, key / birth_branch);
        self_->training.begin(self_->agent);
        self_->best = self_->agent.state.params;
        returns_ = {};
        certainty_ = 0;
    }

    /// A new life that begins with a policy that was learned before, in place of a random network.
    /// Critic, controller and plasticity are those of a newborn; feedback is that of
    /// `policy.birth`.
    void begin(const Genome& genome, Key key, const TrainedPolicy<Env, Net>& policy) {
        begin(genome, policy.birth);
        key_ = key;
        self_->agent.key = key / birth_branch / 2;
        self_->agent.state.params = self_->best = policy.params;
        self_->agent.normalizer = policy.normalizer;
    }

    /// One episode, with what is learned from it.
    ///
    /// @param watch called with the state after every step
    /// @return false where the budget ended it, or was spent before
    template <class Watch>
    bool act_once(const Settings& settings, const Budget& budget, Watch&& watch) {
        State& agent = self_->agent;
        if (returns_.episodes() >= budget.episodes || agent.steps >= budget.steps) return false;
        agent.command = Controller::command(agent.genome.template get<"clock">(), mood(budget),
                                            agent.controller);
        go_home();
        return run_episode(settings, key_ / episode_branch / returns_.episodes(), budget, watch);
    }
    bool act_once(const Settings& settings, const Budget& budget) {
        return act_once(settings, budget, [](const typename Env::State&) {});
    }

    /// Whether synapses change; without, a life shows what the genome is worth by itself.
    void set_plastic(bool plastic) noexcept { is_plastic_ = plastic; }

    /// The latest episode.
    [[nodiscard]] const Episode& last() const noexcept { return last_; }
    /// What has been learned so far: to be kept, or to act by without learning.
    [[nodiscard]] std::unique_ptr<TrainedPolicy<Env, Net>> policy() const {
        auto learned = std::make_unique<TrainedPolicy<Env, Net>>();
        learned->params = self_->agent.state.params;
        learned->normalizer = self_->agent.normalizer;
        learned->birth = birth_;
        return learned;
    }
    /// What lives, for those who want to look.
    [[nodiscard]] const State& state() const noexcept { return self_->agent; }

private:
    // Branches of a life's key.
    static constexpr std::uint64_t birth_branch = 0;
    static constexpr std::uint64_t episode_branch = 1;

    /// Steps for which normalizer are refreshed at once, while their first scales settle.
    static constexpr std::size_t infancy = 100;

    struct Self {
        State agent;
        Training training;
        typename Net::Params start;  ///< the network that the latest episode began with
        typename Net::Params best;   ///< the one that the best episode began with
    };

    [[nodiscard]] EpisodeMood mood(const Budget& budget) const noexcept {
        EpisodeMood now;
        const std::size_t episodes = returns_.episodes();
        now.fraction = std::min(budget.spent(episodes, self_->agent.steps), 1.0F);
        now.log_left = std::log(std::max(1 - now.fraction, 1e-4F)) / 3;
        returns_.tell(now);
        const float foreseen = episodes > 0
                                   ? static_cast<float>(episodes) / now.fraction
                                   : static_cast<float>(std::min(
                                         budget.episodes, budget.steps / Env::episode_limit + 1));
        now.log_budget = std::log10(foreseen) - 2;
        if (episodes > 0) {
            now.length = 2 * static_cast<float>(last_.steps) / Env::episode_limit - 1;
            now.cut = was_cut_ ? 1.0F : 0.0F;
        }
        now.certainty = certainty_;
        now.understood = self_->training.understood();
        now.continuous = Env::actions::is_discrete ? 0.0F : 1.0F;
        now.log_limit = State::log_limit();
        return now;
    }

    /// Whether weights and observations are. A network of NaNs goes on acting where actions are
    /// choices, and may even do well.
    [[nodiscard]] bool all_finite() const noexcept {
        return Net::all_finite(self_->agent.state.params) && self_->agent.normalizer.all_finite();
    }

    /// Each synapse returns some of the way to where it was in the best episode.
    void go_home() noexcept {
        auto& params = self_->agent.state.params;
        const float homing = is_plastic_ ? self_->agent.command.homing : 0.0F;
        Net::for_each_layer([&](auto i) {
            const auto now = std::get<i>(params).flat();
            const auto best = std::as_const(std::get<i>(self_->best)).flat();
            for (std::size_t s = 0; s < now.size(); ++s) now[s] += homing * (best[s] - now[s]);
        });
        self_->start = params;
    }

    template <class Watch>
    bool run_episode(const Settings& settings, Key key, const Budget& budget, Watch& watch) {
        State& agent = self_->agent;
        typename Env::State world;
        Env::reset(settings, key / 0, world);
        exploration_.begin(key / 1, agent.command.persistence);
        self_->training.begin_episode(agent);
        Net::template begin_sequence<1>(agent.eligibilities);
        agent.perceive(settings, world, true);
        last_ = {};
        float certainty = 0;
        bool is_broken = false;
        typename Env::scalar limit{1};
        if constexpr (!Env::actions::is_discrete) limit = Env::action_limit(settings);
        while (true) {
            exploration_.advance();
            const std::span<const float, State::inputs> seen(agent.seen);
            if constexpr (requires { self_->training.prepare_step(agent); }) {
                self_->training.prepare_step(agent);
            }
            if (is_plastic_) {
                // Training may learn from what this pass leaves.
                Net::template forward_training<1>(agent.state.params, seen, agent.activities,
                                                  agent.eligibilities, key / 2 / last_.steps);
            } else {
                Net::template forward<1>(agent.state.params, seen, agent.activities,
                                         agent.eligibilities);
            }
            ActionOf<Env> action;
            certainty += State::Head::act(
                std::as_const(agent.activities).template get<Net::depth - 1>(), agent.command,
                exploration_, limit, action, self_->training.begin_step(agent));
            // What a broken network asks for is no action; the world goes on without.
            if (!Env::actions::contains(action)) {
                action = {};
                is_broken = true;
            }
            const auto outcome = Env::step(settings, action, world);
            ++last_.steps;
            ++agent.steps;
            const Transition result{static_cast<float>(outcome.reward), outcome.terminated,
                                    !outcome.terminated && last_.steps >= Env::episode_limit};
            last_.total += result.reward;
            agent.perceive(settings, world, agent.steps < infancy);
            watch(std::as_const(world));
            if (result.is_over()) {
                if (is_broken || !all_finite()) {
                    last_.total = std::numeric_limits<float>::quiet_NaN();
                }
                certainty_ = certainty / static_cast<float>(last_.steps);
                was_cut_ = result.was_cut;
                if (returns_.note(last_.total)) self_->best = self_->start;
            }
            agent.spent = budget.spent(returns_.episodes(), agent.steps);
            self_->training.end_step(agent, result, is_plastic_);
            if (result.is_over()) {
                // A world that cannot say so in a step says it now.
                require_sound<Env>(settings);
                return true;
            }
            if (agent.steps >= budget.steps) return false;
        }
    }

    std::unique_ptr<Self> self_;
    ReturnStatistics returns_;
    Exploration<State::outputs> exploration_;
    Key key_{0};
    Key birth_{0};  // what the network and its feedback come of
    Episode last_;
    float certainty_ = 0;
    bool was_cut_ = false;
    bool is_plastic_ = true;
};

}  // namespace tdca
