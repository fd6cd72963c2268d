// PolicyLife: a network's life of acting, and of learning from nothing but reward.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "tdca/concepts/environment.hpp"
#include "tdca/control/agent_state.hpp"
#include "tdca/control/episode.hpp"
#include "tdca/control/episode_controller.hpp"
#include "tdca/control/policy_head.hpp"
#include "tdca/control/replay_training.hpp"
#include "tdca/control/return_statistics.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/random.hpp"

namespace tdca::inline TDCA_ABI {

/// Lives of a policy network in an environment, one after the other, in memory that is allocated
/// once.
///
/// The network is born random. Before each episode the clock ticks; in the episode the network
/// acts, with exploration as the clock commands, and learns from credits that come of reward, and
/// of nothing else: at the end of the episode with @ref EpisodicStudy, at every step and without
/// memory of the steps before with @ref OnlineStudy.
///
/// @tparam LearnerType a `Learner` whose signal is the environment's `RewardSignal`
/// @tparam Env what it acts in
/// @tparam Study when and from what it learns
template <class LearnerType, class Env, class Study = EpisodicStudy<PolicyBody<LearnerType, Env>>>
class PolicyLife {
    using Clock = EpisodeClock<>;

public:
    using environment = Env;
    using Body = PolicyBody<LearnerType, Env>;  ///< what lives
    using Net = typename LearnerType::network;
    using Genome = typename Body::Genome;
    using Parameters = typename Env::Parameters;

    /// The genome before evolution.
    static void initialize(Genome& genome, Key key) noexcept {
        LearnerType::initialize(genome.template get<"learner">(), key / 0);
        ValueMemory<>::initialize(genome.template get<"values">());
        Clock::initialize(genome.template get<"clock">(), key / 1);
    }

    /// Allocates all that any life needs.
    PolicyLife() : self_(std::make_unique<Self>()) {}

    /// Lives from birth until the budget is spent. Allocates nothing where `episodes` has room.
    ///
    /// @param key birth, starts of episodes and exploration follow from it
    /// @param episodes every episode that came to its end is appended
    /// @throws tdca::Error where the budget has no end
    void live(const Genome& genome, const Parameters& parameters, Key key, const Budget& budget,
              std::vector<Episode>& episodes) {
        if (budget.is_endless()) {
            throw Error("PolicyLife::live", "a life without end",
                        "a number of episodes or of steps", "neither");
        }
        begin(genome, key);
        while (act_once(parameters, budget)) episodes.push_back(last_);
    }

    /// A new life: a random network, nothing remembered.
    void begin(const Genome& genome, Key key) {
        key_ = key;
        self_->body.begin(genome, key / birth_branch);
        self_->study.begin(self_->body);
        self_->best = self_->body.state.params;
        reputation_ = {};
        certainty_ = 0;
    }

    /// One episode, with what is learned from it.
    ///
    /// @param watch called with the state after every step
    /// @return false where the budget ended it, or was spent before
    template <class Watch>
    bool act_once(const Parameters& parameters, const Budget& budget, Watch&& watch) {
        Body& body = self_->body;
        if (reputation_.episodes() >= budget.episodes || body.steps >= budget.steps) return false;
        body.command =
            Clock::command(body.genome.template get<"clock">(), mood(budget), body.clock);
        go_home();
        return run_episode(parameters, key_ / episode_branch / reputation_.episodes(), budget,
                           watch);
    }
    bool act_once(const Parameters& parameters, const Budget& budget) {
        return act_once(parameters, budget, [](const typename Env::State&) {});
    }

    /// Whether synapses change; without, a life shows what the genome is worth by itself.
    void set_plastic(bool plastic) noexcept { is_plastic_ = plastic; }

    /// The latest episode.
    [[nodiscard]] const Episode& last() const noexcept { return last_; }
    /// What lives, for those who want to look.
    [[nodiscard]] const Body& body() const noexcept { return self_->body; }

private:
    // Branches of a life's key.
    static constexpr std::uint64_t birth_branch = 0;
    static constexpr std::uint64_t episode_branch = 1;

    /// Steps for which senses are refreshed at once, while their first scales settle.
    static constexpr std::size_t infancy = 100;

    struct Self {
        Body body;
        Study study;
        typename Net::Params start;  ///< the network that the latest episode began with
        typename Net::Params best;   ///< the one that the best episode began with
    };

    [[nodiscard]] EpisodeMood mood(const Budget& budget) const noexcept {
        EpisodeMood now;
        const std::size_t episodes = reputation_.episodes();
        now.fraction = std::min(budget.spent(episodes, self_->body.steps), 1.0F);
        now.log_left = std::log(std::max(1 - now.fraction, 1e-4F)) / 3;
        reputation_.tell(now);
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
        now.understood = self_->study.understood();
        now.continuous = Env::actions::is_discrete ? 0.0F : 1.0F;
        now.log_limit = Body::log_limit();
        return now;
    }

    /// Whether weights and observations are. A network of NaNs goes on acting where actions are
    /// choices, and may even do well.
    [[nodiscard]] bool all_finite() const noexcept {
        return Net::all_finite(self_->body.state.params) && self_->body.senses.all_finite();
    }

    /// Each synapse returns some of the way to where it was in the best episode.
    void go_home() noexcept {
        auto& params = self_->body.state.params;
        const float homing = is_plastic_ ? self_->body.command.homing : 0.0F;
        Net::for_each_layer([&](auto i) {
            const auto now = std::get<i>(params).flat();
            const auto best = std::as_const(std::get<i>(self_->best)).flat();
            for (std::size_t s = 0; s < now.size(); ++s) now[s] += homing * (best[s] - now[s]);
        });
        self_->start = params;
    }

    template <class Watch>
    bool run_episode(const Parameters& parameters, Key key, const Budget& budget, Watch& watch) {
        Body& body = self_->body;
        typename Env::State world;
        Env::reset(parameters, key / 0, world);
        exploration_.begin(key / 1, body.command.persistence);
        self_->study.begin_episode(body);
        body.perceive(parameters, world, true);
        last_ = {};
        float certainty = 0;
        bool is_broken = false;
        typename Env::scalar limit{1};
        if constexpr (!Env::actions::is_discrete) limit = Env::action_limit(parameters);
        while (true) {
            exploration_.advance();
            const std::span<const float, Body::inputs> seen(body.seen);
            if (is_plastic_) {
                // A study may learn from what this pass leaves.
                Net::template forward_training<1>(body.state.params, seen, body.activities,
                                                  body.eligibilities, key / 2 / last_.steps);
            } else {
                Net::template forward<1>(body.state.params, seen, body.activities,
                                         body.eligibilities);
            }
            ActionOf<Env> action;
            certainty += Body::Head::act(
                std::as_const(body.activities).template get<Net::depth - 1>(), body.command,
                exploration_, limit, action, self_->study.begin_step(body));
            // What a broken network asks for is no action; the world goes on without.
            if (!Env::actions::contains(action)) {
                action = {};
                is_broken = true;
            }
            const auto outcome = Env::step(parameters, action, world);
            ++last_.steps;
            ++body.steps;
            const StepResult result{static_cast<float>(outcome.reward), outcome.terminated,
                                    !outcome.terminated && last_.steps >= Env::episode_limit};
            last_.total += result.reward;
            body.perceive(parameters, world, body.steps < infancy);
            watch(std::as_const(world));
            if (result.is_over()) {
                if (is_broken || !all_finite()) {
                    last_.total = std::numeric_limits<float>::quiet_NaN();
                }
                certainty_ = certainty / static_cast<float>(last_.steps);
                was_cut_ = result.was_cut;
                if (reputation_.note(last_.total)) self_->best = self_->start;
            }
            body.spent = budget.spent(reputation_.episodes(), body.steps);
            self_->study.end_step(body, result, is_plastic_);
            if (result.is_over()) return true;
            if (body.steps >= budget.steps) return false;
        }
    }

    std::unique_ptr<Self> self_;
    Reputation reputation_;
    Exploration<Body::outputs> exploration_;
    Key key_{0};
    Episode last_;
    float certainty_ = 0;
    bool was_cut_ = false;
    bool is_plastic_ = true;
};

}  // namespace tdca
