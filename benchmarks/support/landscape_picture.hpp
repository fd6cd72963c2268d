// Landscapes as pictures: a surface from above, with contours and the paths that were taken on it.
#pragma once

#include <gnuplot-iostream.h>

#include <filesystem>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "support/gnuplot.hpp"
#include "tdca/core/number.hpp"

namespace tdca::support {

/// A path on a landscape, in the coordinates of its picture.
struct DrawnPath {
    std::string label;
    std::vector<std::pair<double, double>> points;
    std::size_t colour = 0;  ///< of four
};

/// One picture: heights for every y of a row of all x, and paths.
struct LandscapePanel {
    std::string title;
    std::string x_label;
    std::string y_label;
    std::string height_label;
    std::vector<double> x;
    std::vector<double> y;
    std::vector<double> height;
    std::vector<DrawnPath> paths;
};

namespace detail {

inline std::string block(const std::string& name, const LandscapePanel& panel) {
    std::ostringstream out;
    out << name << " << EOD\n";
    for (std::size_t row = 0; row < panel.y.size(); ++row) {
        for (std::size_t column = 0; column < panel.x.size(); ++column) {
            out << panel.x[column] << ' ' << panel.y[row] << ' '
                << panel.height[row * panel.x.size() + column] << '\n';
        }
        out << '\n';
    }
    out << "EOD\n";
    return out.str();
}

inline std::string block(const std::string& name, const DrawnPath& path) {
    std::ostringstream out;
    out << name << " << EOD\n";
    for (const auto& [x, y] : path.points) out << x << ' ' << y << '\n';
    out << "EOD\n";
    return out.str();
}

}  // namespace detail

/// Draws the panels side by side, `columns` to a row. Paths are in colours that colour-blind
/// readers can tell apart from each other and from the grey of the surface; a ring marks where they
/// begin, a filled disc where they end. Returns false where gnuplot is not installed.
[[nodiscard]] inline bool draw_landscapes(const std::filesystem::path& file,
                                          const std::vector<LandscapePanel>& panels,
                                          std::size_t columns) {
    if (!has_gnuplot()) return false;
    static const std::vector<std::string> colours{"#D55E00", "#0072B2", "#009E73", "#CC79A7"};
    const std::size_t rows = (panels.size() + columns - 1) / columns;
    Gnuplot gnuplot("gnuplot > /dev/null 2>&1");
    gnuplot << "set terminal pngcairo size " << 640 * columns << ',' << 560 * rows
            << " font 'sans,13' noenhanced\nset output " << gnuplot_text(file.string()) << "\n"
            << "set palette defined (0 '#404040', 1 '#ffffff')\nset key below\n"
            << "set multiplot layout " << rows << ',' << columns << "\n";
    for (const LandscapePanel& panel : panels) {
        gnuplot << detail::block("$grid", panel);
        for (std::size_t p = 0; p < panel.paths.size(); ++p) {
            gnuplot << detail::block("$path" + to_text(p), panel.paths[p]);
        }
        gnuplot << "set contour base\nset cntrparam levels auto 14\nunset surface\n"
                << "set table $lines\nsplot $grid using 1:2:3\nunset table\nunset contour\n"
                << "set surface\nset title '" << panel.title << "'\nset xlabel '" << panel.x_label
                << "'\nset ylabel '" << panel.y_label << "'\nset cblabel '" << panel.height_label
                << "'\nset xrange [" << panel.x.front() << ':' << panel.x.back()
                << "]\nset yrange [" << panel.y.front() << ':' << panel.y.back()
                << "]\nset size square\nplot $grid using 1:2:3 with image notitle, $lines using "
                   "1:2 with lines lw "
                   "0.6 lc rgb '#606060' notitle";
        for (std::size_t p = 0; p < panel.paths.size(); ++p) {
            const std::string name = "$path" + to_text(p);
            const std::string colour =
                "lc rgb '" + colours[panel.paths[p].colour % colours.size()] + "'";
            const std::string last = to_text(panel.paths[p].points.size() - 1);
            gnuplot << ", " << name << " with linespoints lw 2 pt 7 ps 0.35 " << colour
                    << " title '" << panel.paths[p].label << "', " << name
                    << " every ::0::0 with points pt 6 ps 2 lw 2 " << colour << " notitle, " << name
                    << " every ::" << last << "::" << last << " with points pt 7 ps 1.7 " << colour
                    << " notitle";
        }
        gnuplot << "\n";
    }
    gnuplot << "unset multiplot\nunset output\n";
    gnuplot.flush();
    return true;
}

}  // namespace tdca::support
