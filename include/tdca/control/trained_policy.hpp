// TrainedPolicy: what a life of acting has learned, to be kept and to be acted by.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tdca/concepts/environment.hpp"
#include "tdca/control/episode.hpp"
#include "tdca/control/observation_normalizer.hpp"
#include "tdca/control/policy_head.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/facts.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/random.hpp"

namespace tdca::inline TDCA_ABI {

/// A policy network, how it sees observations, and the key that it was born from. With `tdca::io`:
///   save_network<Net>(file, policy.params, policy.facts());
///   policy.read(load_network<Net>(file, policy.params));
/// Large; keep it on the heap.
template <Environment Env, class Net>
struct TrainedPolicy {
    using environment = Env;
    using network = Net;
    static constexpr std::size_t inputs = Env::observation_shape::size;

    typename Net::Params params;
    ObservationNormalizer<inputs> normalizer;  ///< how observations are seen
    Key birth{0};                              ///< feedback follows from it, where it learns on

    /// All but the parameters, as text that reads back to the same bits.
    [[nodiscard]] Facts facts() const {
        Facts all{{"environment", std::string(Env::name)}, {"birth", to_text(birth.value())}};
        auto seen = normalizer;
        seen.for_each([&](const std::string& name, auto numbers) {
            all["observation_" + name] = to_fact(numbers);
        });
        return all;
    }

    /// Takes in what @ref facts gave.
    ///
    /// @throws tdca::Error naming the fact that is missing, broken, or of another environment; the
    ///   policy then sees observations as before
    void read(const Facts& facts) {
        if (const auto& kind = require_fact(facts, "environment", Env::name, "policy");
            kind != Env::name) {
            throw Error(Env::name, "the policy acts in another environment", Env::name, kind);
        }
        const std::string& text = require_fact(facts, "birth", Env::name, "policy");
        const auto key = to_count<std::uint64_t>(text);
        if (!key) throw Error(Env::name, "the fact birth is no key", "a number", text);
        auto seen = normalizer;
        seen.for_each([&](const std::string& name, auto numbers) {
            read_fact(facts, "observation_" + name, Env::name, "policy", numbers);
        });
        normalizer = seen;
        birth = Key(*key);
    }
};

/// Acts by a policy, without exploration and without learning. Allocates when it is made, not when
/// it acts.
template <Environment Env, class Net>
class PolicyPlayer {
    using Policy = TrainedPolicy<Env, Net>;
    static constexpr std::size_t inputs = Policy::inputs;

public:
    /// @param policy is looked at, not copied: it must outlive the player
    explicit PolicyPlayer(const Policy& policy) : policy_(&policy) { begin_episode(); }

    /// What was remembered of the episode before goes.
    void begin_episode() noexcept { Net::template begin_sequence<1>(self_->eligibilities); }

    /// The action for what is observed.
    ///
    /// @param limit `Env::action_limit`, where actions are numbers
    [[nodiscard]] ActionOf<Env> act(std::span<const float, inputs> observation,
                                    typename Env::scalar limit = 1) noexcept {
        policy_->normalizer.normalize(observation, self_->seen);
        Net::template forward<1>(policy_->params, std::span<const float, inputs>(self_->seen),
                                 self_->activities, self_->eligibilities);
        ActionOf<Env> action;
        PolicyHead<typename Env::actions>::act_greedily(
            std::as_const(self_->activities).template get<Net::depth - 1>(), limit, action);
        return Env::actions::contains(action) ? action : ActionOf<Env>{};
    }

    /// One episode.
    ///
    /// @param watch called with the state after every step
    /// @throws tdca::Error where the settings make no world, or it has failed
    template <class Watch>
    Episode play(const typename Env::Settings& settings, Key key, Watch&& watch) {
        typename Env::State world;
        Env::reset(settings, key, world);
        begin_episode();
        Episode episode;
        typename Env::scalar limit{1};
        if constexpr (!Env::actions::is_discrete) limit = Env::action_limit(settings);
        for (bool is_over = false; !is_over && episode.steps < Env::episode_limit;) {
            std::array<typename Env::scalar, inputs> shown;
            Env::observe(settings, world, std::span<typename Env::scalar, inputs>(shown));
            std::array<float, inputs> seen;
            std::ranges::transform(shown, seen.begin(),
                                   [](auto x) { return static_cast<float>(x); });
            const auto outcome = Env::step(settings, act(seen, limit), world);
            episode.total += static_cast<float>(outcome.reward);
            ++episode.steps;
            is_over = outcome.terminated;
            watch(std::as_const(world));
        }
        require_sound<Env>(settings);
        return episode;
    }

private:
    struct Self {
        alignas(alignment) std::array<float, inputs> seen;
        typename Net::template Activities<1> activities;
        typename Net::template Eligibilities<1> eligibilities;
    };
    const Policy* policy_;
    std::unique_ptr<Self> self_ = std::make_unique<Self>();
};

namespace detail {

/// The 97.5 % quantile of Student's t: from a table where it is steep, by its expansion around the
/// normal one elsewhere (Abramowitz & Stegun, 26.7.5), to three digits.
[[nodiscard]] inline double student_quantile(double freedom) noexcept {
    constexpr std::array<double, 4> few{12.706, 4.303, 3.182, 2.776};
    if (freedom < 5) return few[static_cast<std::size_t>(std::max(freedom, 1.0)) - 1];
    constexpr double z = 1.959964;
    constexpr double first = (z * z * z + z) / 4;
    constexpr double second = (5 * z * z * z * z * z + 16 * z * z * z + 3 * z) / 96;
    constexpr double third =
        (3 * z * z * z * z * z * z * z + 19 * z * z * z * z * z + 17 * z * z * z - 15 * z) / 384;
    return z + (first + (second + third / freedom) / freedom) / freedom;
}

}  // namespace detail

/// How good a policy is, over episodes.
struct PolicyEvaluation {
    std::vector<Episode> episodes;  ///< one by one
    double mean = 0;                ///< return
    double deviation = 0;           ///< standard deviation of returns, of a sample
    double margin = 0;  ///< the mean is within ± this, with 95 % confidence; 0 of one episode
};

/// Plays episodes without exploration and without learning. The interval is Student's, which takes
/// returns for independent and their mean for normal; of returns that are nearly all the same but
/// for rare failures it is too narrow.
///
/// @param key episode i begins from `key / i`
/// @param episodes how many
/// @throws tdca::Error where there are none, the settings make no world, or it has failed
template <Environment Env, class Net>
[[nodiscard]] PolicyEvaluation evaluate_policy(const TrainedPolicy<Env, Net>& policy,
                                               const typename Env::Settings& settings, Key key,
                                               std::size_t episodes) {
    require_some("evaluate_policy", "episodes", episodes);
    PolicyEvaluation result;
    PolicyPlayer<Env, Net> player(policy);
    for (std::size_t i = 0; i < episodes; ++i) {
        result.episodes.push_back(player.play(settings, key / i, [](const auto& /*state*/) {}));
    }
    result.mean = mean_return(result.episodes);
    if (episodes == 1) return result;
    double squares = 0;
    for (const Episode& episode : result.episodes) {
        const double apart = static_cast<double>(episode.total) - result.mean;
        squares += apart * apart;
    }
    const auto freedom = static_cast<double>(episodes - 1);
    result.deviation = std::sqrt(squares / freedom);
    result.margin = detail::student_quantile(freedom) * result.deviation / std::sqrt(freedom + 1);
    return result;
}

}  // namespace tdca
