// Policy gradients by exact backpropagation: REINFORCE with a baseline, A2C and PPO.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <numbers>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "baseline/gradient_network.hpp"
#include "baseline/policy_loss.hpp"
#include "tdca/bottom_up/activations.hpp"
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/initializers.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/concepts/environment.hpp"
#include "tdca/control/episode.hpp"
#include "tdca/control/observation_normalizer.hpp"
#include "tdca/control/policy_head.hpp"
#include "tdca/core/random.hpp"

namespace tdca::baseline {

/// How observations reach the networks.
enum class Sight {
    raw,
    running,   ///< less their running mean, over their running deviation
    relative,  ///< over the root of their running mean square
    scaled     ///< by hand, with what is known of the environment: see @ref typical
};

/// Offsets and factors that bring an environment's observations to the order of 1: what a
/// practitioner would put in by hand. Chosen for the published setting.
template <Environment Env>
struct Typical {
    std::array<float, Env::observation_shape::size> offset{};
    std::array<float, Env::observation_shape::size> factor{};

    /// Observations, in place.
    void apply(std::span<float, Env::observation_shape::size> observation) const noexcept {
        for (std::size_t i = 0; i < factor.size(); ++i) {
            observation[i] = factor[i] * (observation[i] - offset[i]);
        }
    }
};
template <Environment Env>
[[nodiscard]] constexpr Typical<Env> typical() {
    if constexpr (Env::name == std::string_view("cart_pole")) {
        return {{0, 0, 0, 0}, {1, 1, 8, 1}};
    } else if constexpr (Env::name == std::string_view("acrobot")) {
        return {{0, 0, 0, 0, 0, 0}, {1, 1, 1, 1, 0.3F, 0.2F}};
    } else if constexpr (Env::name == std::string_view("pendulum")) {
        return {{0, 0, 0}, {1, 1, 0.3F}};
    } else if constexpr (Env::name == std::string_view("lunar_lander")) {
        return {{}, {1, 1, 1, 1, 1, 1, 1, 1}};  // are of that order as they come
    } else if constexpr (Env::observation_shape::size != 2) {
        Typical<Env> as_it_comes;  // zeros and ones
        as_it_comes.factor.fill(1);
        return as_it_comes;
    } else {
        return {{-0.5F, 0}, {2, 30}};
    }
}

/// Holds a network's action to the environment's contract: where it is not finite the world goes on
/// without one, and the episode's return is NaN.
template <Environment Env>
void hold_to_contract(ActionOf<Env>& action, Episode& episode) {
    if (Env::actions::contains(action)) return;
    action = {};
    episode.total = std::numeric_limits<float>::quiet_NaN();
}

/// One way of learning by the policy gradient. REINFORCE is λ = 1 and one step on whole episodes,
/// A2C one step on a batch of steps, PPO several passes of clipped steps over it.
struct PolicyGradientSetting {
    std::string algorithm = "ppo";        ///< reinforce, a2c or ppo
    float rate = 3e-3F;                   ///< of Adam, for policy and values alike
    bool decays = false;                  ///< linearly to zero over the budget
    float discount = 0.99F;               ///< γ
    float lambda = 0.95F;                 ///< of generalised advantages
    std::size_t episodes_per_update = 0;  ///< 0: after steps
    std::size_t steps_per_update = 256;
    std::size_t epochs = 4;
    float entropy = 0;  ///< weight of the bonus
    float clip = 0.2F;
    std::size_t value_epochs = 4;  ///< passes of the value network over a batch
    float value_rate = 1;          ///< its rate, relative to the policy's
    bool centres = true;           ///< advantages, over each batch
    Sight sight = Sight::scaled;
    float output_gain = 1;  ///< of the policy's output layer at birth
};

/// A policy and a value network of one shape, and their lives. Rewards are multiplied by 1 − γ, so
/// that values are of the size of one reward; advantages are normalised over a batch; where an
/// episode is cut off, or a batch ends, what is to come is estimated by the value network.
///
/// @tparam Net the policy: softmax outputs for choices; for numbers, identity outputs, the means in
///   units of the action limit, beside a learned deviation
template <class Net, Environment Env>
class PolicyGradientLife {
    static constexpr std::size_t inputs = Env::observation_shape::size;
    static constexpr std::size_t outputs = Env::actions::size;
    static constexpr bool is_discrete = Env::actions::is_discrete;
    static constexpr std::size_t width = Net::template layer<0>::output_shape::size;
    static constexpr std::size_t minibatch = 64;
    using ValueNet =
        Network<Input<inputs>, Dense<width, Tanh, ScaledNormal>, Dense<1, Identity, ScaledNormal>>;

public:
    std::vector<Episode> live(const PolicyGradientSetting& setting,
                              const typename Env::Settings& settings, Key key,
                              const Budget& budget) {
        begin(setting, key);
        std::vector<Episode> episodes;
        std::size_t steps = 0;
        while (episodes.size() < budget.episodes && steps < budget.steps) {
            typename Env::State world;
            const Key episode_key = key / 2 / episodes.size();
            Env::reset(settings, episode_key / 0, world);
            Episode episode;
            perceive(settings, world);
            bool over = false;
            while (!over && steps < budget.steps) {
                Step step = decide(episode_key / 1 / episode.steps);
                ActionOf<Env> action = to_action(settings, step);
                hold_to_contract<Env>(action, episode);
                const auto outcome = Env::step(settings, action, world);
                ++episode.steps;
                ++steps;
                episode.total += static_cast<float>(outcome.reward);
                const bool cut = !outcome.terminated && episode.steps >= Env::episode_limit;
                over = outcome.terminated || cut;
                if (over) require_sound<Env>(settings);
                step.reward = (1 - setting_.discount) * static_cast<float>(outcome.reward);
                step.terminated = outcome.terminated;
                perceive(settings, world);
                step.is_last = over;
                step.next_value = over && !outcome.terminated ? value_of_seen() : 0.0F;
                batch_.push_back(step);
                finished_ += over ? 1 : 0;
                const bool due = setting.episodes_per_update > 0
                                     ? finished_ >= setting.episodes_per_update
                                     : batch_.size() >= setting.steps_per_update;
                if (due) {
                    const auto done = episodes.size() + (over ? 1 : 0);
                    learn(over ? 0.0F : value_of_seen(), budget.spent(done, steps));
                }
            }
            if (over) episodes.push_back(episode);
        }
        return episodes;
    }

private:
    struct Step {
        std::array<float, inputs> seen;
        std::array<float, outputs> action{};  ///< numbers, in units of the limit
        std::size_t choice = 0;
        float log_likelihood = 0;
        float value = 0;
        float reward = 0;
        float next_value = 0;  ///< where the episode was cut off
        float advantage = 0;
        float target = 0;
        bool terminated = false;
        bool is_last = false;
    };

    void begin(const PolicyGradientSetting& setting, Key key) {
        setting_ = setting;
        policy_->begin(key / 0, setting.output_gain);
        values_->begin(key / 1, 1);
        log_deviation_.fill(-0.5F);
        deviation_adam_ = {};
        normalizer_.begin(setting.sight == Sight::running ? 1.0F : 0.0F);
        batch_.clear();
        finished_ = updates_ = 0;
        key_ = key / 3;
    }

    void perceive(const typename Env::Settings& settings, const typename Env::State& world) {
        Env::observe(settings, world, std::span<float, inputs>(seen_));
        if (setting_.sight == Sight::scaled) {
            typical<Env>().apply(seen_);
        } else if (setting_.sight != Sight::raw) {
            normalizer_.observe(seen_);
            normalizer_.refresh();
            normalizer_.normalize(seen_, seen_);
        }
    }

    float value_of_seen() { return values_->answer(seen_)[0]; }

    Step decide(Key key) {
        Step step;
        step.seen = seen_;
        step.value = value_of_seen();
        const auto out = policy_->answer(seen_);
        if constexpr (is_discrete) {
            step.choice = choose(out, static_cast<float>(key.uniform(0)));
            step.log_likelihood = std::log(out[step.choice] + 1e-20F);
        } else {
            std::array<float, outputs> noise;
            key.fill_normal(std::span<float>(noise));
            for (std::size_t a = 0; a < outputs; ++a) {
                step.action[a] = out[a] + std::exp(log_deviation_[a]) * noise[a];
            }
            step.log_likelihood = log_likelihood<outputs>(out, step.action, log_deviation_);
        }
        return step;
    }

    static ActionOf<Env> to_action(const typename Env::Settings& settings, const Step& step) {
        if constexpr (is_discrete) {
            return step.choice;
        } else {
            ActionOf<Env> action;
            for (std::size_t a = 0; a < outputs; ++a) {
                action[a] = Env::action_limit(settings) * std::clamp(step.action[a], -1.0F, 1.0F);
            }
            return action;
        }
    }

    /// Generalised advantages (Schulman et al., arXiv:1506.02438), and the values' targets.
    void assess(float next_value) {
        float ahead = 0;
        float next = next_value;
        for (std::size_t i = batch_.size(); i-- > 0;) {
            Step& step = batch_[i];
            if (step.is_last) {
                ahead = 0;
                next = step.terminated ? 0.0F : step.next_value;
            }
            const float surprise = step.reward + setting_.discount * next - step.value;
            ahead = surprise + setting_.discount * setting_.lambda * ahead;
            step.advantage = ahead;
            step.target = ahead + step.value;
            next = step.value;
        }
        const auto count = static_cast<double>(batch_.size());
        double sum = 0;
        for (const Step& step : batch_) sum += static_cast<double>(step.advantage);
        const double mean = setting_.centres ? sum / count : 0.0;
        double power = 0;
        for (const Step& step : batch_) {
            power += (step.advantage - mean) * (step.advantage - mean) / count;
        }
        // Small batches are judged by what is usual, not by themselves.
        power_ = updates_ == 0 ? power : power_ + 0.1 * (power - power_);
        const double deviation = std::sqrt(setting_.centres ? power : power_) + 1e-8;
        for (Step& step : batch_) {
            step.advantage = static_cast<float>((step.advantage - mean) / deviation);
        }
    }

    void learn(float next_value, float spent) {
        assess(next_value);
        const float rate = setting_.rate * (setting_.decays ? std::max(1 - spent, 0.0F) : 1.0F);
        const std::size_t count = batch_.size();
        const bool is_clipped = setting_.algorithm == "ppo";
        for (std::size_t epoch = 0; epoch < (is_clipped ? setting_.epochs : 1); ++epoch) {
            const Permutation order(key_ / 0 / updates_ / epoch, count);
            for (std::size_t first = 0; first < count; first += minibatch) {
                gather(order, first, is_clipped);
                // Clipped steps are made at once; otherwise gradients add up over the batch.
                improve_policy(
                    is_clipped,
                    is_clipped ? 1.0F : static_cast<float>(minibatch) / static_cast<float>(count));
                if (is_clipped || first + minibatch >= count) step_policy(rate);
            }
        }
        for (std::size_t epoch = 0; epoch < setting_.value_epochs; ++epoch) {
            const Permutation order(key_ / 1 / updates_ / epoch, count);
            for (std::size_t first = 0; first < count; first += minibatch) {
                gather(order, first, true);
                improve_values();
                values_->step(rate * setting_.value_rate);
            }
        }
        batch_.clear();
        finished_ = 0;
        ++updates_;
    }

    /// The next minibatch of the batch in random order: the last one filled up from its beginning,
    /// or padded with samples that weigh nothing.
    void gather(const Permutation& order, std::size_t first, bool fills_up) {
        for (std::size_t s = 0; s < minibatch; ++s) {
            const bool is_padding = !fills_up && first + s >= batch_.size();
            take(s, batch_[order((first + s) % batch_.size())], is_padding ? 0.0F : 1.0F);
        }
    }

    void take(std::size_t s, const Step& step, float weight) {
        std::copy(step.seen.begin(), step.seen.end(),
                  inputs_.begin() + static_cast<std::ptrdiff_t>(s * inputs));
        taken_[s] = &step;
        weights_[s] = weight;
    }

    void improve_policy(bool is_clipped, float share) {
        const auto out = policy_->forward(inputs_);
        const auto credits = policy_->output_credits();
        std::array<float, outputs> deviation{};
        for (std::size_t s = 0; s < minibatch; ++s) {
            const std::span<const float, outputs> p(out.data() + s * outputs, outputs);
            const std::span<float, outputs> credit(credits.data() + s * outputs, outputs);
            blame(p, *taken_[s], weights_[s], is_clipped, credit, deviation);
        }
        policy_->accumulate(inputs_, share);
        for (std::size_t a = 0; a < outputs; ++a) {
            deviation_gradient_[a] += share * deviation[a] / minibatch;
        }
    }

    void step_policy(float rate) {
        policy_->step(rate);
        if constexpr (!is_discrete) step_deviation(rate);
        deviation_gradient_.fill(0);
    }

    void improve_values() {
        const auto estimates = values_->forward(inputs_);
        const auto errors = values_->output_credits();
        for (std::size_t s = 0; s < minibatch; ++s) {
            errors[s] = taken_[s]->target - estimates[s];
        }
        values_->accumulate(inputs_, 1);
    }

    /// The gradient with respect to the output units' sums; padding weighs nothing.
    void blame(std::span<const float, outputs> out, const Step& step, float weight, bool is_clipped,
               std::span<float, outputs> credit, std::array<float, outputs>& deviation) const {
        const PolicyObjective objective{is_clipped, setting_.clip, weight * setting_.entropy};
        if constexpr (is_discrete) {
            choice_gradient<outputs>(objective, out, step.choice, weight * step.advantage,
                                     step.log_likelihood, credit);
        } else {
            number_gradient<outputs>(objective, out, step.action, log_deviation_,
                                     weight * step.advantage, step.log_likelihood, credit,
                                     deviation);
        }
    }

    void step_deviation(float rate) {
        ++deviation_adam_.age;
        const auto change = Adam::change({0.9F, 0.999F, 0}, deviation_adam_.age, rate);
        for (std::size_t a = 0; a < outputs; ++a) {
            std::array<float, 2> memory{deviation_adam_.mean[a], deviation_adam_.power[a]};
            change(deviation_gradient_[a], memory, log_deviation_[a]);
            deviation_adam_.mean[a] = memory[0];
            deviation_adam_.power[a] = memory[1];
            log_deviation_[a] = std::clamp(log_deviation_[a], -4.0F, 1.0F);
        }
    }

    struct ScalarAdam {
        std::array<float, outputs> mean{};
        std::array<float, outputs> power{};
        std::size_t age = 0;
    };

    std::unique_ptr<GradientNetwork<Net, minibatch>> policy_ =
        std::make_unique<GradientNetwork<Net, minibatch>>();
    std::unique_ptr<GradientNetwork<ValueNet, minibatch>> values_ =
        std::make_unique<GradientNetwork<ValueNet, minibatch>>();
    PolicyGradientSetting setting_;
    ObservationNormalizer<inputs> normalizer_;
    Key key_{0};
    std::vector<Step> batch_;
    std::array<const Step*, minibatch> taken_{};
    std::array<float, minibatch> weights_{};
    alignas(64) std::array<float, minibatch * inputs> inputs_{};
    alignas(64) std::array<float, inputs> seen_{};
    std::array<float, outputs> log_deviation_{};
    std::array<float, outputs> deviation_gradient_{};
    ScalarAdam deviation_adam_;
    double power_ = 0;  ///< usual square of advantages
    std::size_t finished_ = 0;
    std::size_t updates_ = 0;
};

}  // namespace tdca::baseline
