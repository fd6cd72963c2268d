#include "support/statistics.hpp"

#include <boost/math/distributions/students_t.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "tdca/core/error.hpp"

namespace tdca::support {

double Summary::margin() const {
    if (n < 2) return 0;
    const boost::math::students_t student(static_cast<double>(n - 1));
    return boost::math::quantile(student, 0.975) * deviation / std::sqrt(static_cast<double>(n));
}

double quantile(std::vector<double> values, double where) {
    const auto is_nan = [](double value) { return std::isnan(value); };
    if (std::ranges::any_of(values, is_nan)) return std::numeric_limits<double>::quiet_NaN();
    std::ranges::sort(values);
    return values[static_cast<std::size_t>(where * static_cast<double>(values.size() - 1))];
}

Summary summarize(std::span<const double> values) {
    Summary summary{0, 0, values.size()};
    for (const double value : values) summary.mean += value / static_cast<double>(summary.n);
    for (const double value : values) {
        summary.deviation += (value - summary.mean) * (value - summary.mean);
    }
    summary.deviation =
        summary.n < 2 ? 0 : std::sqrt(summary.deviation / static_cast<double>(summary.n - 1));
    return summary;
}

Summary paired(std::span<const double> a, std::span<const double> b) {
    if (a.size() != b.size()) {
        throw Error("paired", "different numbers of seeds", a.size(), b.size());
    }
    std::vector<double> difference(a.size());
    for (std::size_t i = 0; i < a.size(); ++i) difference[i] = a[i] - b[i];
    return summarize(difference);
}

Json to_json(const Summary& summary) {
    return {{"mean", summary.mean},
            {"standard_deviation", summary.deviation},
            {"n", summary.n},
            {"confidence_95", {summary.mean - summary.margin(), summary.mean + summary.margin()}}};
}

Summary summary_from(const Json& json) {
    return {json.at("mean").get<double>(), json.at("standard_deviation").get<double>(),
            json.at("n").get<std::size_t>()};
}

}  // namespace tdca::support
