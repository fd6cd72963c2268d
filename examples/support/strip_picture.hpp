// What an episode looks like: on the terminal, and as a strip of pictures.
#pragma once

#include <gnuplot-iostream.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "support/gnuplot.hpp"
#include "tdca/control/environments/drawing.hpp"
#include "tdca/control/environments/text_picture.hpp"
#include "tdca/control/trained_policy.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/random.hpp"

namespace tdca::support {

/// A picture and what stands above it.
using Moment = std::pair<std::string, TextPicture>;

/// One strip of pictures; each kind of character has a colour. Returns false where gnuplot is not
/// installed.
[[nodiscard]] inline bool draw_strip(const std::filesystem::path& file, const std::string& title,
                                     const std::vector<Moment>& moments) {
    if (!has_gnuplot() || moments.empty()) return false;
    constexpr std::string_view kinds = " ._#|/o@$x=+*";
    Gnuplot gnuplot("gnuplot > /dev/null 2>&1");
    gnuplot << "set terminal pngcairo size " << 220 * moments.size()
            << ",260 font 'sans,11' noenhanced\nset output " << gnuplot_text(file.string())
            << "\nset multiplot layout 1," << moments.size() << " title '" << title
            << "'\nunset key\nunset tics\nunset colorbox\nset cbrange [0:" << kinds.size() - 1
            << "]\nset palette maxcolors " << kinds.size()
            << "\nset palette defined (0 '#FFFFFF', 1 '#BBBBBB', 2 '#888888', 3 '#0072B2', 4 "
               "'#D55E00', 5 '#E69F00', 6 '#000000', 7 '#0072B2', 8 '#E69F00', 9 '#D55E00', 10 "
               "'#009E73', 11 '#000000', 12 '#CC79A7')\n";
    std::size_t number = 0;
    for (const auto& [label, picture] : moments) {
        std::ostringstream rows;
        for (std::size_t row = picture.rows(); row-- > 0;) {
            for (std::size_t column = 0; column < picture.columns(); ++column) {
                const std::size_t kind = kinds.find(picture.at(column, row));
                rows << (kind == std::string_view::npos ? kinds.size() - 1 : kind) << ' ';
            }
            rows << '\n';
        }
        ++number;
        gnuplot << "set title '" << label << "'\nset xrange [-0.5:" << picture.columns()
                << "-0.5]\n"
                << "set yrange [-0.5:" << picture.rows() << "-0.5]\n$moment" << number
                << " << EOD\n"
                << rows.str() << "EOD\nplot $moment" << number << " matrix with image\n";
    }
    gnuplot << "unset multiplot\nunset output\n";
    gnuplot.flush();
    return true;
}

/// Plays one episode in the published world: on the terminal, 25 steps a second, and as a strip of
/// six moments where there is a file for it.
template <class Env, class Net>
void show_episode(const TrainedPolicy<Env, Net>& policy, Key key, bool on_terminal,
                  const std::filesystem::path& strip) {
    if (!on_terminal && strip.empty()) return;
    TextPicture picture(60, 20);
    std::vector<Moment> moments;
    const auto watch = [&](const typename Env::State& state) {
        Drawing<Env>::draw({}, state, picture);
        moments.emplace_back("step " + to_text(moments.size() + 1), picture);
        if (!on_terminal) return;
        std::printf("\x1b[H\x1b[2J%s, %s\n%s", std::string(Env::name).c_str(),
                    moments.back().first.c_str(), picture.text().c_str());
        std::fflush(stdout);
        std::this_thread::sleep_for(std::chrono::milliseconds(40));
    };
    PolicyPlayer<Env, Net>(policy).play({}, key, watch);
    if (strip.empty()) return;
    constexpr std::size_t shown = 6;
    std::vector<Moment> some;
    for (std::size_t i = 0; i < std::min(shown, moments.size()); ++i) {
        some.push_back(moments[i * (moments.size() - 1) / (shown - 1)]);
    }
    if (!draw_strip(strip, std::string(Env::name), some)) {
        std::fprintf(stderr, "no picture: gnuplot is not installed\n");
    }
}

}  // namespace tdca::support
