// LunarLanderContinuous: the lander with engines that are turned up and down. Link tdca::box2d.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <span>
#include <string_view>

#include "tdca/concepts/environment.hpp"
#include "tdca/control/environments/lunar_lander.hpp"
#include "tdca/control/environments/setting_range.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/random.hpp"

namespace tdca::inline TDCA_ABI {

/// LunarLander-v2 of Gymnasium in its form with numbers: the main engine burns where the first is
/// above 0, with (1 + it) / 2 of its power; a side engine where the second is beyond ±0.5, the left
/// one below, with that share of its power. All else as @ref LunarLander.
struct LunarLanderContinuous {
    static constexpr std::string_view name = "lunar_lander_continuous";
    using scalar = float;
    using observation_shape = LunarLander::observation_shape;
    using actions = ContinuousActions<2>;
    static constexpr std::size_t episode_limit = LunarLander::episode_limit;
    using Settings = LunarLander::Settings;
    using State = LunarLander::State;

    static float action_limit(const Settings& /*settings*/) noexcept { return 1; }

    static void reset(const Settings& settings, Key key, State& state) {
        LunarLander::reset(settings, key, state);
    }

    static void observe(const Settings& settings, const State& state,
                        std::span<float, 8> out) noexcept {
        LunarLander::observe(settings, state, out);
    }

    static StepResult<float> step(const Settings& settings, const std::array<float, 2>& action,
                                  State& state) noexcept {
        assert(actions::contains(action));
        const float main = action[0] > 0 ? (1 + std::min(action[0], 1.0F)) / 2 : 0.0F;
        const float side = std::abs(action[1]) > 0.5F ? std::clamp(action[1], -1.0F, 1.0F) : 0.0F;
        return LunarLander::burn(settings, main, side, state);
    }
};

/// As of the form with choices.
template <>
struct SettingRange<LunarLanderContinuous> : SettingRange<LunarLander> {};

}  // namespace tdca
