// What LunarLander looks like, in both forms. Link tdca::box2d.
#pragma once

#include <array>
#include <cmath>
#include <span>

#include "tdca/control/environments/drawing.hpp"
#include "tdca/control/environments/lunar_lander.hpp"
#include "tdca/control/environments/lunar_lander_continuous.hpp"
#include "tdca/control/environments/text_picture.hpp"
#include "tdca/core/abi.hpp"

namespace tdca::inline TDCA_ABI {

/// The lander above the pad, which lies between two flags.
template <>
struct Drawing<LunarLander> {
    static void draw(const LunarLander::Settings& settings, const LunarLander::State& state,
                     TextPicture& picture) {
        std::array<float, 8> s;
        LunarLander::observe(settings, state, std::span<float, 8>(s));
        picture.clear({-1, 1, -0.4, 1.6});
        picture.line(-1, -0.1, 1, -0.1, '_');
        for (const double flag : {-0.2, 0.2}) picture.line(flag, -0.1, flag, 0.05, '|');
        const auto x = static_cast<double>(s[0]);
        const auto y = static_cast<double>(s[1]);
        const double across = std::cos(static_cast<double>(s[4]));
        const double up = std::sin(static_cast<double>(s[4]));
        for (const double leg : {-1.0, 1.0}) {
            const double out = leg * 0.08;
            const bool touches = (leg < 0 ? s[6] : s[7]) > 0;
            picture.line(x, y, x + out * across + 0.1 * up, y + out * up - 0.1 * across,
                         touches ? '*' : '/');
        }
        picture.line(x - 0.06 * across, y - 0.06 * up, x + 0.06 * across, y + 0.06 * up, '#');
        picture.put(x - 0.06 * up, y + 0.06 * across, 'o');
    }
};
/// The same.
template <>
struct Drawing<LunarLanderContinuous> : Drawing<LunarLander> {};

}  // namespace tdca
