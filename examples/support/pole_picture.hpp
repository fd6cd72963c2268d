// A pole on a cart as pictures: one frame on a terminal, and episodes side by side as PNG.
#pragma once

#include <gnuplot-iostream.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "support/gnuplot.hpp"
#include "tdca/control/environments/cart_pole.hpp"

namespace tdca::support {

/// One frame, some lines of text: the track, the cart on it and the pole.
[[nodiscard]] inline std::string draw_pole(const CartPole<>::State& state) {
    constexpr int columns = 72;
    constexpr int rows = 9;
    std::array<std::string, rows> lines;
    lines.fill(std::string(columns, ' '));
    const float limit = CartPole<>::position_limit;
    const float middle = (state.position / limit + 1) / 2 * (columns - 1);
    const auto put = [&](float column, int row, char mark) {
        const int at = static_cast<int>(std::lround(column));
        if (at >= 0 && at < columns) {
            lines[static_cast<std::size_t>(row)][static_cast<std::size_t>(at)] = mark;
        }
    };
    for (int column = 0; column < columns; ++column) put(static_cast<float>(column), rows - 1, '_');
    // A character is about twice as high as wide; angles are drawn three times as large.
    constexpr int height = rows - 2;
    for (int row = 0; row < height; ++row) {
        const auto up = static_cast<float>(row + 1);
        put(middle + 2 * up * std::tan(3 * std::clamp(state.angle, -0.4F, 0.4F)), rows - 2 - row,
            row + 1 == height ? 'o'
                              : (state.angle < -0.05F ? '\\' : (state.angle > 0.05F ? '/' : '|')));
    }
    for (int offset = -3; offset <= 3; ++offset) {
        put(middle + static_cast<float>(offset), rows - 1, '#');
    }
    std::string frame;
    for (const std::string& line : lines) frame += line + "\n";
    return frame;
}

/// Shows a frame on the terminal in place of the one before, and waits: `seconds` of the pole's
/// time, `speed` times as fast as real time.
inline void show_pole(const CartPole<>::State& state, const std::string& title, double seconds,
                      double speed) {
    std::printf("\x1b[H\x1b[2J%s\n%s", title.c_str(), draw_pole(state).c_str());
    std::fflush(stdout);
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds / speed));
}

/// An episode to be drawn.
struct DrawnEpisode {
    std::size_t number;                     ///< from 1
    std::vector<CartPole<>::State> states;  ///< one per step
};

/// Episodes side by side: time runs upwards, and the pole stands where it was every 0.2 s. Returns
/// false where gnuplot is not installed.
[[nodiscard]] inline bool draw_episodes(const std::filesystem::path& file, const std::string& title,
                                        const std::vector<DrawnEpisode>& episodes) {
    if (!has_gnuplot()) return false;
    Gnuplot gnuplot("gnuplot > /dev/null 2>&1");
    gnuplot << "set terminal pngcairo size " << 230 * episodes.size()
            << ",560 font 'sans,12' noenhanced\nset output " << gnuplot_text(file.string()) << "\n"
            << "set multiplot layout 1," << episodes.size() << " title '" << title << "'\n"
            << "set xrange [-2.4:2.4]\nset xtics 1\nset yrange [0:11]\nset grid\nset xlabel "
               "'position (m)'\n";
    bool first = true;
    for (const DrawnEpisode& episode : episodes) {
        std::ostringstream poles;
        std::ostringstream carts;
        for (std::size_t step = 0; step < episode.states.size(); step += 10) {
            const auto& state = episode.states[step];
            const double seconds = 0.02 * static_cast<double>(step);
            poles << state.position << ' ' << seconds << ' '
                  << 1.5 * std::sin(3 * static_cast<double>(state.angle)) << ' '
                  << 0.9 * std::cos(3 * static_cast<double>(state.angle)) << '\n';
            carts << state.position << ' ' << seconds << '\n';
        }
        gnuplot << "set ylabel '" << (first ? "time (s)" : "") << "'\nset title 'episode "
                << episode.number << ": " << episode.states.size() << " steps'\n"
                << "$poles << EOD\n"
                << poles.str() << "EOD\n$carts << EOD\n"
                << carts.str()
                << "EOD\nplot $poles using 1:2:3:4 with vectors nohead lw 2 lc rgb '#D55E00' "
                   "notitle, $carts with linespoints pt 5 ps 0.7 lc rgb '#0072B2' notitle\n";
        first = false;
    }
    gnuplot << "unset multiplot\nunset output\n";
    gnuplot.flush();
    return true;
}

}  // namespace tdca::support
