// Mean and deviation of the numbers of a column.
#pragma once

#include <cmath>
#include <span>

#include "tdca/core/abi.hpp"

namespace tdca::inline TDCA_ABI::detail {

/// What to subtract, and what to divide by, for mean 0 and deviation 1.
struct Moments {
    double mean = 0;   ///< 0 where there are no numbers
    double scale = 1;  ///< the (population) deviation, or 1 where all are equal
};

/// Over two passes, in `long double`: squares of the largest numbers are beyond double precision.
[[nodiscard]] inline Moments moments_of(std::span<const double> numbers) {
    if (numbers.empty()) return {};
    const auto mean_of = [&](auto&& term) {
        long double total = 0;
        for (const double x : numbers) total += term(static_cast<long double>(x));
        return total / static_cast<long double>(numbers.size());
    };
    const long double mean = mean_of([](long double x) { return x; });
    const long double square = mean_of([mean](long double x) { return (x - mean) * (x - mean); });
    const auto deviation = static_cast<double>(std::sqrt(square));
    return {static_cast<double>(mean), deviation > 0 ? deviation : 1.0};
}

}  // namespace tdca::detail
