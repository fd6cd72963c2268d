// Direct evolution of a policy's weights within one life: SNES, one episode an evaluation.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <memory>
#include <span>
#include <tuple>
#include <vector>

#include "baseline/policy_gradient.hpp"
#include "tdca/concepts/environment.hpp"
#include "tdca/core/random.hpp"
#include "tdca/evolution/snes.hpp"
#include "tdca/learner/episode.hpp"

namespace tdca::baseline {

struct DirectEvolutionSetting {
    std::size_t members = 8;
    float sigma = 0.5F;
};

/// A population of weights, all layers as one vector from zero; each member acts for one episode
/// without chance (the likeliest choice, or the means), on hand-scaled observations. The episodes
/// are those of the life.
template <class Net, Environment Env>
std::vector<Episode> evolve_directly(const DirectEvolutionSetting& setting,
                                     const typename Env::Parameters& parameters, Key key,
                                     const Budget& budget) {
    constexpr std::size_t inputs = Env::observation_shape::size;
    constexpr std::size_t outputs = Env::actions::size;
    struct Body {
        typename Net::Params params;
        typename Net::template Activities<1> activities;
        typename Net::template Eligibilities<1> eligibilities;
    };
    const auto body = std::make_unique<Body>();
    std::size_t genes = 0;
    Net::for_each_layer([&](auto i) { genes += std::get<i>(body->params).flat().size(); });
    const Snes strategy({.members = setting.members, .initial_sigma = setting.sigma});
    auto state = strategy.init(std::vector<float>(genes, 0.0F));
    std::vector<float> member(genes);
    std::vector<Episode> episodes;
    std::size_t steps = 0;
    const auto act = [&](std::size_t number) {
        typename Env::State world;
        Env::reset(parameters, key / 0 / number, world);
        Episode episode;
        while (episode.steps < Env::episode_limit && steps < budget.steps) {
            alignas(64) std::array<float, inputs> seen;
            Env::observe(parameters, world, std::span<float, inputs>(seen));
            typical<Env>().apply(seen);
            Net::template forward<1>(body->params, std::span<const float, inputs>(seen),
                                     body->activities, body->eligibilities);
            const auto out = body->activities.template get<Net::depth - 1>();
            ActionOf<Env> action;
            if constexpr (Env::actions::is_discrete) {
                action = static_cast<std::size_t>(std::max_element(out.begin(), out.end()) -
                                                  out.begin());
            } else {
                for (std::size_t a = 0; a < outputs; ++a) {
                    action[a] = Env::action_limit(parameters) * std::clamp(out[a], -1.0F, 1.0F);
                }
            }
            const auto outcome = Env::step(parameters, action, world);
            ++episode.steps;
            ++steps;
            episode.total += static_cast<float>(outcome.reward);
            if (outcome.terminated || episode.steps == Env::episode_limit) {
                episodes.push_back(episode);
                return;
            }
        }
    };
    std::vector<double> fitness(setting.members);
    while (episodes.size() < budget.episodes && steps < budget.steps) {
        for (std::size_t m = 0; m < setting.members; ++m) {
            strategy.ask(state, key / 1, m, member);
            std::size_t at = 0;
            Net::for_each_layer([&](auto i) {
                for (float& weight : std::get<i>(body->params).flat()) weight = member[at++];
            });
            const std::size_t before = episodes.size();
            if (before < budget.episodes && steps < budget.steps) act(before);
            fitness[m] = episodes.size() > before ? episodes.back().total : -1e9;
        }
        strategy.tell(state, key / 1, fitness);
    }
    return episodes;
}

}  // namespace tdca::baseline
