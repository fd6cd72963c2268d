// Mean and deviation of the numbers of a column.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "tdca/core/abi.hpp"

namespace tdca::inline TDCA_ABI::detail {

/// What to subtract, and what to divide by, for mean 0 and deviation 1.
struct Moments {
    double mean = 0;  ///< 0 where there are no numbers
    /// The (population) deviation, or 1 where all are equal, but for rounding: as far as 4 units of
    /// the last place of the largest go.
    double scale = 1;
};

/// Over two passes, in `long double`: squares of the largest numbers are beyond double precision.
[[nodiscard]] inline Moments moments_of(std::span<const double> numbers) {
    if (numbers.empty()) return {};
    // The mean of equal numbers may be a rounding off.
    const auto is_first = [&](double x) { return x == numbers.front(); };
    if (std::ranges::all_of(numbers, is_first)) return {numbers.front(), 1.0};
    const auto mean_of = [&](auto&& term) {
        long double total = 0;
        for (const double x : numbers) total += term(static_cast<long double>(x));
        return total / static_cast<long double>(numbers.size());
    };
    const long double mean = mean_of([](long double x) { return x; });
    const long double square = mean_of([mean](long double x) { return (x - mean) * (x - mean); });
    const auto deviation = static_cast<double>(std::sqrt(square));
    const auto [least, most] = std::ranges::minmax(numbers);
    const double rounding =
        4 * std::numeric_limits<double>::epsilon() * std::fmax(std::fabs(least), std::fabs(most));
    return {static_cast<double>(mean), deviation > rounding ? deviation : 1.0};
}

/// (x − mean) / scale, also where the difference is beyond double precision.
[[nodiscard]] inline double standardized(double x, double mean, double scale) noexcept {
    const double difference = x - mean;
    return std::isinf(difference) ? x / scale - mean / scale : difference / scale;
}

}  // namespace tdca::detail
