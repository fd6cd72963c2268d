// How straight a line is: does a cost grow linearly?
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

namespace tdca::measure {

/// The line cost = fixed + each · size with the least relative errors, and the largest of them.
struct Line {
    double fixed = 0;
    double each = 0;
    double deviation = 0;  ///< relative to the cost at that size

    static Line through(std::span<const double> sizes, std::span<const double> costs) {
        // Least squares of the relative errors: weights 1 / cost².
        double w = 0;
        double wx = 0;
        double wy = 0;
        double wxx = 0;
        double wxy = 0;
        for (std::size_t i = 0; i < sizes.size(); ++i) {
            const double weight = 1 / (costs[i] * costs[i]);
            w += weight;
            wx += weight * sizes[i];
            wy += weight * costs[i];
            wxx += weight * sizes[i] * sizes[i];
            wxy += weight * sizes[i] * costs[i];
        }
        Line line;
        line.each = (w * wxy - wx * wy) / (w * wxx - wx * wx);
        line.fixed = (wy - line.each * wx) / w;
        for (std::size_t i = 0; i < sizes.size(); ++i) {
            const double predicted = line.fixed + line.each * sizes[i];
            line.deviation = std::max(line.deviation, std::abs(predicted / costs[i] - 1));
        }
        return line;
    }
};

}  // namespace tdca::measure
