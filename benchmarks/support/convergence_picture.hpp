// Convergence of minimisers as pictures: median errors with quartile bands, a panel per function.
#pragma once

#include <gnuplot-iostream.h>

#include <filesystem>
#include <string>
#include <tuple>
#include <vector>

#include "support/gnuplot.hpp"

namespace tdca::support {

/// One method: quartiles of the lowest error so far, after some evaluations.
struct ConvergenceBand {
    std::string label;
    std::vector<double> evaluations;
    std::vector<double> lower;
    std::vector<double> median;
    std::vector<double> upper;
};

struct ConvergencePanel {
    std::string title;
    std::vector<ConvergenceBand> bands;
};

/// Draws the panels, `columns` to a row, in Okabe & Ito's colours. Returns false where gnuplot is
/// not installed.
[[nodiscard]] inline bool draw_convergence(const std::filesystem::path& file,
                                           const std::vector<ConvergencePanel>& panels,
                                           std::size_t columns) {
    if (!has_gnuplot()) return false;
    static const std::vector<std::string> colours{"#D55E00", "#0072B2", "#009E73", "#CC79A7"};
    const std::size_t rows = (panels.size() + columns - 1) / columns;
    Gnuplot gnuplot("gnuplot > /dev/null 2>&1");
    gnuplot << "set terminal pngcairo size " << 520 * columns << ',' << 330 * rows
            << " font 'sans,12' noenhanced\nset output " << gnuplot_text(file.string()) << "\n"
            << "set multiplot layout " << rows << ',' << columns << "\nset logscale y\n"
            << "set format y '%.0e'\nset xlabel 'evaluations'\n"
            << "set ylabel 'error, median and quartiles'\nset grid\nset key bottom left\n"
            << "set style fill transparent solid 0.15 noborder\n";
    for (std::size_t p = 0; p < panels.size(); ++p) {
        const std::vector<ConvergenceBand>& bands = panels[p].bands;
        gnuplot << "set title '" << panels[p].title << "'\n"
                << (p == 0 ? "set key\n" : "unset key\n") << "plot ";
        for (std::size_t b = 0; b < bands.size(); ++b) {
            const std::string colour = "lc rgb '" + colours[b % colours.size()] + "'";
            gnuplot << (b == 0 ? "" : ", ") << "'-' with filledcurves notitle " << colour
                    << ", '-' with lines lw 2.5 " << colour << " title '" << bands[b].label << "'";
        }
        gnuplot << "\n";
        for (const ConvergenceBand& band : bands) {
            gnuplot.send1d(std::make_tuple(band.evaluations, band.lower, band.upper));
            gnuplot.send1d(std::make_tuple(band.evaluations, band.median));
        }
    }
    gnuplot << "unset multiplot\nunset output\n";
    gnuplot.flush();
    return true;
}

}  // namespace tdca::support
