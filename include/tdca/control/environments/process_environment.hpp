// ProcessEnvironment: a world that another program is, in any language. POSIX alone; the umbrella
// lacks it.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "tdca/concepts/environment.hpp"
#include "tdca/control/environments/world_process.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/shape.hpp"
#include "tdca/core/text.hpp"

namespace tdca::inline TDCA_ABI {

/// A connection to a world of `Inputs` observations. Numbers are decimal, between single blanks.
///
/// | we say | the world answers |
/// | --- | --- |
/// | nothing: it begins | `tdca-world 1 observations N choices K`, or `… numbers K` where actions are K numbers |
/// | `reset SEED` | the N observations of a new episode; all that is random in it follows from SEED |
/// | `step A` (a choice from 0 on, or K numbers in [−1, 1]) | the reward, `1` where the episode is over for good and `0` elsewhere, the N observations |
/// | the end of its input | it ends |
template <std::size_t Inputs, class Actions>
class WorldConnection {
public:
    /// Starts the program and waits for its first line.
    ///
    /// @param seconds how long it may take to answer
    /// @throws tdca::Error where it cannot be started, does not answer, or is another kind of world
    explicit WorldConnection(const std::string& command, double seconds = 60)
        : process_(command, seconds) {
        const std::string expected = "tdca-world 1 observations " + to_text(Inputs) +
                                     (Actions::is_discrete ? " choices " : " numbers ") +
                                     to_text(Actions::size);
        const std::string line = process_.read_line();
        if (line != expected) {
            throw Error(command, "is another kind of world", expected, shortened(line));
        }
    }

    /// What the world shows.
    [[nodiscard]] std::span<const float, Inputs> observation() const noexcept {
        return observation_;
    }

    /// A new episode.
    ///
    /// @throws tdca::Error where the world does not answer as it should; it has then failed for
    /// good
    void reset(Key key) {
        require_sound();
        guarded([&] {
            process_.send_line("reset " + to_text(key.value()));
            take(process_.read_line(), 0);
        });
        require_sound();
    }

    /// One step. Numbers beyond ±1 are cut off there. Where the world fails the episode is over
    /// with a reward of NaN, and @ref require_sound says why.
    template <class Action>
    StepResult<float> step(const Action& action) noexcept {
        StepResult<float> result{std::numeric_limits<float>::quiet_NaN(), true};
        if (is_broken_) return result;
        guarded([&] {
            std::string line = "step";
            if constexpr (Actions::is_discrete) {
                line += ' ' + to_text(action);
            } else {
                for (const float number : action) {
                    line += ' ' + to_text(std::clamp(number, -1.0F, 1.0F));
                }
            }
            process_.send_line(std::move(line));
            const auto told = take(process_.read_line(), 2);
            if (told[1] != 0 && told[1] != 1) {
                throw Error(process_.command(), "whether the episode is over is unclear", "0 or 1",
                            to_text(told[1]));
            }
            result = {told[0], told[1] == 1};
        });
        return result;
    }

    /// @throws tdca::Error, the first that happened, where the world has failed
    void require_sound() const {
        if (is_broken_) throw *problem_;
    }

private:
    template <class Work>
    void guarded(Work&& work) noexcept {
        try {
            work();
        } catch (const Error& error) {
            problem_.emplace(error);
            is_broken_ = true;
        }
    }

    [[nodiscard]] static std::string shortened(std::string_view text) {
        constexpr std::size_t most = 60;
        return '"' + std::string(text.substr(0, most)) + (text.size() > most ? "…\"" : "\"");
    }

    /// @param before numbers ahead of the observations
    std::array<float, 2> take(const std::string& line, std::size_t before) {
        std::array<float, 2> ahead{};
        std::array<float, Inputs> shown;
        std::string_view rest = line;
        std::size_t words = 0;
        while (!rest.empty()) {
            const std::string_view word = rest.substr(0, rest.find(' '));
            rest.remove_prefix(std::min(word.size() + 1, rest.size()));
            const auto number = to_real<float>(word);
            if (!number) {
                throw Error(process_.command(), "an answer that is no numbers",
                            to_text(before + Inputs) + " numbers", shortened(line));
            }
            if (!std::isfinite(*number)) {
                throw Error(process_.command(),
                            (words < before ? std::string(words == 0 ? "a reward" : "an end")
                                            : "observation " + to_text(words - before)) +
                                " that is not finite",
                            "a finite number", shortened(word));
            }
            if (words < before) {
                ahead[words] = *number;
            } else if (words - before < Inputs) {
                shown[words - before] = *number;
            }
            ++words;
        }
        if (words != before + Inputs) {
            throw Error(process_.command(), "an answer of another width: " + shortened(line),
                        to_text(before + Inputs) + " numbers", to_text(words));
        }
        observation_ = shown;
        return ahead;
    }

    WorldProcess process_;
    std::array<float, Inputs> observation_{};
    std::optional<Error> problem_;
    bool is_broken_ = false;
};

/// A world that another program is: settings hold the connection, and whoever acts in it is alone.
/// A step costs two passages between processes, some ten microseconds, and allocates.
///
/// @tparam Inputs observations
/// @tparam Actions `DiscreteActions<N>` or `ContinuousActions<N>`
/// @tparam Limit steps after which an episode is cut off, by us
template <std::size_t Inputs, class Actions, std::size_t Limit = 1'000>
struct ProcessEnvironment {
private:
    static constexpr auto text = [] {
        StaticText<80> all;
        all << "process_observations_" << Inputs
            << (Actions::is_discrete ? "_choices_" : "_numbers_") << std::size_t{Actions::size};
        return all;
    }();

public:
    /// Such as `process_observations_2_choices_2`: what the world says of itself when it begins.
    static constexpr std::string_view name = text.view();
    using scalar = float;
    using observation_shape = Shape<Inputs>;
    using actions = Actions;
    static constexpr std::size_t episode_limit = Limit;
    using Connection = WorldConnection<Inputs, Actions>;  ///< to the world

    struct Settings {
        std::shared_ptr<Connection> world;  ///< `std::make_shared<Connection>(command)`
    };
    /// The world keeps its own.
    struct State {};

    static float action_limit(const Settings& /*settings*/) noexcept
        requires(!Actions::is_discrete)
    {
        return 1;
    }

    /// @throws tdca::Error where there is no world, or it has failed
    static void reset(const Settings& settings, Key key, State& /*state*/) {
        if (settings.world == nullptr) throw Error(name, "there is no world to act in");
        settings.world->reset(key);
    }

    static void observe(const Settings& settings, const State& /*state*/,
                        std::span<float, Inputs> out) noexcept {
        std::ranges::copy(settings.world->observation(), out.begin());
    }

    static StepResult<float> step(const Settings& settings,
                                  const ActionOf<ProcessEnvironment>& action,
                                  State& /*state*/) noexcept {
        assert(actions::contains(action));
        return settings.world->step(action);
    }

    /// Asked at the end of every episode.
    ///
    /// @throws tdca::Error where the world has failed
    static void require_sound(const Settings& settings) { settings.world->require_sound(); }
};

}  // namespace tdca
