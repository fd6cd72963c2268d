// Direct evolution of a policy's weights within one life, one episode an evaluation: SNES, CMA-ES.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <exception>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "baseline/policy_gradient.hpp"
#include "peers/minimizers.hpp"
#include "tdca/concepts/environment.hpp"
#include "tdca/control/episode.hpp"
#include "tdca/core/random.hpp"
#include "tdca/evolution/snes.hpp"

namespace tdca::baseline {

struct DirectEvolutionSetting {
    std::string strategy = "snes";  ///< or cmaes, which is pagmo2's
    std::size_t members = 8;
    float sigma = 0.5F;
};

/// A policy whose weights, all layers as one vector, are given from outside; it acts without chance
/// (the likeliest choice, or the means) on hand-scaled observations. The episodes are those of the
/// life.
template <class Net, Environment Env>
class DirectLife {
    static constexpr std::size_t inputs = Env::observation_shape::size;
    static constexpr std::size_t outputs = Env::actions::size;

public:
    /// What `episode` throws where nothing is left.
    struct BudgetSpent : std::exception {};

    DirectLife(const typename Env::Settings& settings, Key key, const Budget& budget)
        : settings_(settings), key_(key), budget_(budget) {}

    [[nodiscard]] std::size_t weight_count() const {
        std::size_t count = 0;
        Net::for_each_layer([&](auto i) { count += std::get<i>(body_->params).flat().size(); });
        return count;
    }

    /// The return of one episode. Throws BudgetSpent where the budget ends before the episode does.
    template <class Weight>
    double episode(const Weight* weights) {
        Net::for_each_layer([&](auto i) {
            for (float& weight : std::get<i>(body_->params).flat()) {
                weight = static_cast<float>(*weights++);
            }
        });
        if (episodes_.size() >= budget_.episodes) throw BudgetSpent();
        typename Env::State world;
        Env::reset(settings_, key_ / episodes_.size(), world);
        Episode episode;
        for (bool is_done = false; !is_done;) {
            if (steps_ >= budget_.steps) throw BudgetSpent();
            ActionOf<Env> action = action_in(world);
            hold_to_contract<Env>(action, episode);
            const auto outcome = Env::step(settings_, action, world);
            ++episode.steps;
            ++steps_;
            episode.total += static_cast<float>(outcome.reward);
            is_done = outcome.terminated || episode.steps == Env::episode_limit;
        }
        require_sound<Env>(settings_);
        episodes_.push_back(episode);
        return static_cast<double>(episode.total);
    }

    [[nodiscard]] const std::vector<Episode>& episodes() const noexcept { return episodes_; }

private:
    struct Body {
        typename Net::Params params;
        typename Net::template Activities<1> activities;
        typename Net::template Eligibilities<1> eligibilities;
    };

    ActionOf<Env> action_in(const typename Env::State& world) {
        alignas(64) std::array<float, inputs> seen;
        Env::observe(settings_, world, std::span<float, inputs>(seen));
        typical<Env>().apply(seen);
        Net::template forward<1>(body_->params, std::span<const float, inputs>(seen),
                                 body_->activities, body_->eligibilities);
        const auto out = body_->activities.template get<Net::depth - 1>();
        if constexpr (Env::actions::is_discrete) {
            return static_cast<std::size_t>(std::max_element(out.begin(), out.end()) - out.begin());
        } else {
            ActionOf<Env> action;
            for (std::size_t a = 0; a < outputs; ++a) {
                action[a] = Env::action_limit(settings_) * std::clamp(out[a], -1.0F, 1.0F);
            }
            return action;
        }
    }

    std::unique_ptr<Body> body_ = std::make_unique<Body>();
    typename Env::Settings settings_;
    Key key_;
    Budget budget_;
    std::vector<Episode> episodes_;
    std::size_t steps_ = 0;
};

/// SNES from zero.
template <class Life>
void evolve_by_snes(const DirectEvolutionSetting& setting, Key key, Life& life) {
    const Snes strategy({.members = setting.members, .initial_sigma = setting.sigma});
    auto state = strategy.init(std::vector<float>(life.weight_count(), 0.0F));
    std::vector<float> member(life.weight_count());
    std::vector<double> fitness(setting.members);
    while (true) {
        for (std::size_t m = 0; m < setting.members; ++m) {
            strategy.ask(state, key, m, member);
            fitness[m] = life.episode(member.data());
        }
        strategy.tell(state, key, fitness);
    }
}

/// CMA-ES, its first generation uniform within σ of zero; where it has converged, its best acts on.
template <class Life>
void evolve_by_cmaes(const DirectEvolutionSetting& setting, Key key, Life& life) {
    std::vector<double> best(life.weight_count(), 0.0);
    double most = -std::numeric_limits<double>::infinity();
    peers::Minimization problem;
    problem.dimension = life.weight_count();
    problem.low = -static_cast<double>(setting.sigma);
    problem.high = static_cast<double>(setting.sigma);
    problem.evaluations = std::size_t{1} << 20U;  // the budget ends it
    problem.seed = static_cast<unsigned>(key.below(std::size_t{1} << 31U, 0));
    problem.value = [&](const double* weights) {
        const double earned = life.episode(weights);
        if (earned > most) {
            most = earned;
            best.assign(weights, weights + problem.dimension);
        }
        return -earned;
    };
    if (!peers::run_pagmo(problem, {.algorithm = "cmaes",
                                    .population = setting.members,
                                    .spread = 0.5,
                                    .is_bounded = false})) {
        return;
    }
    while (true) life.episode(best.data());
}

/// The episodes of a life in which the weights are evolved; none where this build lacks the
/// strategy.
template <class Net, Environment Env>
std::vector<Episode> evolve_directly(const DirectEvolutionSetting& setting,
                                     const typename Env::Settings& settings, Key key,
                                     const Budget& budget) {
    DirectLife<Net, Env> life(settings, key / 0, budget);
    try {
        if (setting.strategy == "cmaes") {
            evolve_by_cmaes(setting, key / 1, life);
        } else {
            evolve_by_snes(setting, key / 1, life);
        }
    } catch (const typename DirectLife<Net, Env>::BudgetSpent&) {
        // as every life ends
    }
    return life.episodes();
}

}  // namespace tdca::baseline
