// GridGame: what games on a grid of 10 × 10, in the manner of MinAtar, have in common.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/random.hpp"

namespace tdca::inline TDCA_ABI {

/// Pictures of channels × 10 × 10, and actions that now and then stick.
struct GridGame {
    static constexpr int side = 10;  ///< rows, and columns

    struct Settings {
        double sticky = 0.1;  ///< chance that the action before is done in place of this one
    };

    /// @throws tdca::Error where the chance is none
    static void check(std::string_view name, const Settings& settings) {
        require_within(name, "sticky", 0.0, 1.0, settings.sticky);
    }

    /// What is random about an episode.
    struct Luck {
        Key key{0};                   ///< of the episode
        std::uint64_t steps = 0;      ///< so far
        std::size_t last_action = 0;  ///< what was done in the step before

        /// The action that is done.
        std::size_t done(const Settings& settings, std::size_t action) noexcept {
            if (!((key / 0).uniform(steps++) < settings.sticky)) last_action = action;
            return last_action;
        }
    };

    /// Lights one cell.
    template <class Scalar, std::size_t Size>
    static void set(std::span<Scalar, Size> picture, std::int32_t channel, std::int32_t row,
                    std::int32_t column) noexcept {
        const std::int32_t at = (channel * side + row) * side + column;
        picture[static_cast<std::size_t>(at)] = Scalar{1};
    }

    /// The chance of sticking, by up to 2.
    struct Range {
        using Settings = GridGame::Settings;
        static Settings draw(Key key) noexcept {
            return {.sticky = 0.1 * std::exp2(2 * key.uniform(0) - 1)};
        }
    };
};

}  // namespace tdca
