// Means, spreads and paired differences over seeds.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "tdca/io/json.hpp"

namespace tdca::support {

/// Mean, sample standard deviation and number of a set of values.
struct Summary {
    double mean = 0;
    double deviation = 0;
    std::size_t n = 0;

    /// Half the width of the 95 % confidence interval of the mean (Student's t), 0 for n < 2.
    [[nodiscard]] double margin() const;
};

/// The value below which a share `where` of the others lies, rounded down to one that was measured;
/// NaN where one is.
[[nodiscard]] double quantile(std::vector<double> values, double where);

[[nodiscard]] Summary summarize(std::span<const double> values);

/// Summary of a − b, seed by seed.
///
/// @throws tdca::Error where they are not equally many
[[nodiscard]] Summary paired(std::span<const double> a, std::span<const double> b);

[[nodiscard]] Json to_json(const Summary& summary);
/// What `to_json` wrote.
[[nodiscard]] Summary summary_from(const Json& json);

}  // namespace tdca::support
