// ControlTask: lives of a policy network in an environment, judged by the reward they gather.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tdca/concepts/environment.hpp"
#include "tdca/concepts/task.hpp"
#include "tdca/control/acting.hpp"
#include "tdca/control/episode.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/random.hpp"

namespace tdca::inline TDCA_ABI {

/// What the lifetimes of a policy are drawn from.
///
/// @tparam Env an `Environment`
template <class Env>
struct ControlRange {
    static_assert(
        Environment<Env> || detail::tell_what_an_environment_lacks<Env>(),
        "lives of control take place in an environment; see tdca/concepts/environment.hpp "
        "for what one must offer");

    /// The world of a lifetime, from its key; none: as published.
    typename Env::Settings (*setting)(Key) = nullptr;
    /// A life is granted so many episodes, log-uniform …
    std::size_t fewest_episodes = 40;
    std::size_t most_episodes = 40;  ///< see `fewest_episodes`
    /// … or so many steps, where this is not 0; log-uniform from `fewest_steps` on.
    std::size_t most_steps = 0;
    std::size_t fewest_steps = 0;  ///< see `most_steps`
    std::size_t lifetimes = 1;     ///< of one evaluation
};

/// A policy is born random, acts, and learns from reward alone until its budget is spent. Fitness
/// is the mean return over its episodes; or, where steps are granted, the area under its learning
/// curve. Setting, budget and luck follow from the lifetime's key, so that all members of a
/// generation meet the same.
///
/// @tparam Life an `ActingLife`: an `Agent`, or one's own
template <class Life>
class ControlTask {
    static_assert(ActingLife<Life>,
                  "this is no life of acting; see ActingLife in tdca/control/acting.hpp for what "
                  "one must offer");

public:
    using environment = typename Life::environment;
    using Genome = typename Life::Genome;
    using Workspace = Life;

    /// @throws tdca::Error where the range holds no lifetime
    explicit ControlTask(ControlRange<environment> range) : range_(std::move(range)) {
        constexpr const char* name = "ControlTask";
        require_some(name, "lifetimes", range_.lifetimes);
        const auto check = [&](const std::string& what, std::size_t fewest, std::size_t most) {
            require_some(name, what + " in a life", fewest);
            if (fewest > most) {
                throw Error(name, "the fewest " + what + " are more than the most",
                            "at most " + to_text(most), to_text(fewest));
            }
        };
        if (range_.most_steps != 0) {
            if (range_.fewest_steps == 0) range_.fewest_steps = range_.most_steps;
            check("steps", range_.fewest_steps, range_.most_steps);
        } else {
            check("episodes", range_.fewest_episodes, range_.most_episodes);
        }
    }

    static void initialize(Genome& genome, Key key) noexcept { Life::initialize(genome, key); }

    [[nodiscard]] std::size_t lifetimes() const noexcept { return range_.lifetimes; }
    [[nodiscard]] Workspace workspace() const { return {}; }

    /// The world of that lifetime.
    [[nodiscard]] typename environment::Settings setting(const LifetimeId& id) const {
        if (range_.setting == nullptr) return {};
        return range_.setting(id.key / drawing_setting);
    }
    /// The lifetimes of an evaluation share the range out: number i of n falls into the i-th of n
    /// equal parts of its logarithm, so that every evaluation has short lives and long ones.
    [[nodiscard]] Budget budget(const LifetimeId& id) const noexcept {
        const double place = (static_cast<double>(id.index % range_.lifetimes) +
                              (id.key / drawing_budget).uniform(0)) /
                             static_cast<double>(range_.lifetimes);
        const auto between = [&](std::size_t fewest, std::size_t most) {
            const double ratio = static_cast<double>(most) / static_cast<double>(fewest);
            return static_cast<std::size_t>(
                std::lround(static_cast<double>(fewest) * std::pow(ratio, place)));
        };
        if (range_.most_steps != 0) {
            return {.steps = between(range_.fewest_steps, range_.most_steps)};
        }
        return {.episodes = between(range_.fewest_episodes, range_.most_episodes)};
    }

    [[nodiscard]] double lifetime(const LifetimeId& id, const Genome& genome,
                                  Workspace& life) const {
        std::vector<Episode> episodes;
        const Budget granted = budget(id);
        life.live(genome, setting(id), id.key / living, granted, episodes);
        return score(episodes, granted);
    }

private:
    // Branches of a lifetime's key.
    static constexpr std::uint64_t drawing_setting = 0;
    static constexpr std::uint64_t living = 1;
    static constexpr std::uint64_t drawing_budget = 2;

    ControlRange<environment> range_;
};

}  // namespace tdca
