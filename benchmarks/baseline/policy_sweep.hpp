// The tuned sweep of policy gradients: each algorithm at its best, for one environment and budget.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "baseline/policy_gradient.hpp"
#include "tdca/core/parallel.hpp"
#include "tdca/core/random.hpp"

namespace tdca::baseline {

/// A setting and its mean objective over the lives that it was tuned on.
struct TunedPolicy {
    PolicyGradientSetting setting;
    double score = 0;
};

/// How many settings, on how many lives each, and how many of them go on.
struct SweepRound {
    std::size_t settings;
    std::size_t lives;
};

/// A random setting of an algorithm: rates log-uniform over four decades, far wider than any that
/// was ever best.
inline PolicyGradientSetting random_setting(const std::string& algorithm, Key key) {
    const auto pick = [&](std::uint64_t what, const auto& choices) {
        return choices[(key / what).below(std::size(choices), 0)];
    };
    PolicyGradientSetting setting;
    setting.algorithm = algorithm;
    setting.rate = static_cast<float>(1e-4 * std::pow(10'000.0, (key / 0).uniform(0)));
    setting.decays = pick(1, std::array{false, true});
    setting.discount = pick(2, std::array{0.95F, 0.98F, 0.99F, 0.995F, 0.999F});
    setting.lambda = pick(3, std::array{0.8F, 0.9F, 0.95F, 0.98F, 1.0F});
    setting.entropy = pick(4, std::array{0.0F, 0.001F, 0.01F, 0.03F});
    setting.sight = pick(
        5, std::array{Sight::raw, Sight::running, Sight::relative, Sight::scaled, Sight::scaled});
    setting.output_gain = pick(6, std::array{0.01F, 1.0F});
    setting.epochs = pick(7, std::array<std::size_t, 5>{2, 4, 8, 16, 30});
    setting.clip = pick(8, std::array{0.1F, 0.2F, 0.3F});
    setting.centres = pick(13, std::array{false, true});
    setting.value_epochs = pick(11, std::array<std::size_t, 4>{1, 4, 10, 30});
    setting.value_rate = pick(12, std::array{0.3F, 1.0F, 3.0F});
    if (algorithm == "reinforce") {
        setting.lambda = 1;
        setting.episodes_per_update = pick(9, std::array<std::size_t, 3>{1, 2, 4});
    } else if (algorithm == "a2c") {
        setting.steps_per_update = pick(9, std::array<std::size_t, 5>{5, 16, 32, 64, 128});
    } else {
        setting.steps_per_update = pick(9, std::array<std::size_t, 5>{64, 128, 256, 512, 1024});
        setting.episodes_per_update = pick(10, std::array<std::size_t, 3>{0, 0, 1});
    }
    return setting;
}

/// Successive halving over random settings: all on a few lives, the best on more, the finalists on
/// many. Returns the finalists, best first; lives of tuning are `key / …`, so keep those of
/// reporting elsewhere.
///
/// @param lived_through objective of one life: episodes to a figure, higher is better
template <class Net, Environment Env>
std::vector<TunedPolicy> tune_policy(
    const std::string& algorithm, const std::vector<SweepRound>& rounds, Key key,
    const Budget& budget, const std::function<double(std::span<const Episode>)>& objective,
    const typename Env::Settings& world, int threads) {
    std::vector<TunedPolicy> field(rounds.front().settings);
    for (std::size_t i = 0; i < field.size(); ++i) {
        field[i].setting = random_setting(algorithm, key / 0 / i);
    }
    std::size_t first_life = 0;
    for (const SweepRound& round : rounds) {
        field.resize(std::min(field.size(), round.settings));
        std::vector<double> scores(field.size() * round.lives);
        parallel_for(scores.size(), threads, [&](std::size_t unit, std::size_t) {
            PolicyGradientLife<Net, Env> life;
            const auto episodes = life.live(field[unit / round.lives].setting, world,
                                            key / 1 / (first_life + unit % round.lives), budget);
            scores[unit] = objective(episodes);
        });
        for (std::size_t i = 0; i < field.size(); ++i) {
            field[i].score = 0;
            for (std::size_t l = 0; l < round.lives; ++l) {
                const double score = scores[i * round.lives + l];
                field[i].score +=
                    (std::isfinite(score) ? score : -1e9) / static_cast<double>(round.lives);
            }
        }
        std::stable_sort(field.begin(), field.end(),
                         [](const auto& a, const auto& b) { return a.score > b.score; });
        first_life += round.lives;
    }
    return field;
}

}  // namespace tdca::baseline
