// Learning curves as PNG: the only header that includes gnuplot-iostream.
#pragma once

#include <gnuplot-iostream.h>

#include <cmath>
#include <cstddef>
#include <filesystem>
#include <numeric>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "support/gnuplot.hpp"

namespace tdca::support {

/// One curve: mean and standard deviation of a figure at some updates.
struct Curve {
    std::string label;
    std::vector<double> x;
    std::vector<double> mean;
    std::vector<double> deviation;

    /// One more point: mean and sample standard deviation of these values at `at`.
    void add(double at, std::span<const double> values) {
        const auto count = static_cast<double>(values.size());
        const double middle = std::accumulate(values.begin(), values.end(), 0.0) / count;
        double squares = 0;
        for (const double value : values) squares += (value - middle) * (value - middle);
        x.push_back(at);
        mean.push_back(middle);
        deviation.push_back(count > 1 ? std::sqrt(squares / (count - 1)) : 0);
    }
};

/// Draws curves with bands of one standard deviation. Colours are Okabe & Ito's, which colour-blind
/// readers can tell apart; `x_axis` holds gnuplot's settings of the axis and the key. Returns false
/// where gnuplot is not installed: a run is worth more than its picture.
[[nodiscard]] inline bool plot_curves(
    const std::filesystem::path& file, const std::string& title, const std::string& x_label,
    const std::string& y_label, const std::vector<Curve>& curves, const std::string& y_range,
    const std::string& x_axis = "set logscale x\nset xrange [2:]\nset key bottom right") {
    if (!has_gnuplot()) return false;
    static const std::vector<std::string> colours{"#0072B2", "#56B4E9", "#D55E00", "#E69F00",
                                                  "#009E73", "#CC79A7", "#F0E442", "#000000"};
    Gnuplot gnuplot("gnuplot > /dev/null 2>&1");
    gnuplot << "set terminal pngcairo size 1000,640 font 'sans,13' noenhanced\n"
            << "set output " << gnuplot_text(file.string()) << "\n"
            << "set title " << gnuplot_text(title) << "\n"
            << "set xlabel " << gnuplot_text(x_label) << "\nset ylabel " << gnuplot_text(y_label)
            << "\n"
            << x_axis << "\nset grid\n"
            << "set style fill transparent solid 0.15 noborder\n"
            << "set yrange " << y_range << "\nplot ";
    for (std::size_t i = 0; i < curves.size(); ++i) {
        const std::string& colour = colours[i % colours.size()];
        gnuplot << (i == 0 ? "" : ", ") << "'-' with filledcurves notitle lc rgb '" << colour
                << "', '-' with lines lw 2.5 lc rgb '" << colour << "' title "
                << gnuplot_text(curves[i].label);
    }
    gnuplot << "\n";
    for (const Curve& curve : curves) {
        std::vector<double> low;
        std::vector<double> high;
        for (std::size_t k = 0; k < curve.x.size(); ++k) {
            low.push_back(curve.mean[k] - curve.deviation[k]);
            high.push_back(curve.mean[k] + curve.deviation[k]);
        }
        gnuplot.send1d(std::make_tuple(curve.x, low, high));
        gnuplot.send1d(std::make_tuple(curve.x, curve.mean));
    }
    gnuplot << "unset output\n";
    gnuplot.flush();
    return true;
}

}  // namespace tdca::support
