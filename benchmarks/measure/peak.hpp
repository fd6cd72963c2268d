// The FMA peak of the core that we run on, and medians of interleaved timings.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <iterator>
#include <vector>

#include "tdca/math/simd.hpp"

namespace tdca::measure {

/// Keeps the compiler from dropping or moving a computation whose result nobody reads.
inline void keep(const void* result) noexcept { asm volatile("" : : "g"(result) : "memory"); }

/// Seconds that `work()` takes.
template <class Work>
[[nodiscard]] double seconds_of(Work&& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// The value below which a `fraction` of the values lie, the nearest one that was measured.
[[nodiscard]] inline double quantile(std::vector<double> values, double fraction) {
    const auto rank = static_cast<std::ptrdiff_t>(fraction * static_cast<double>(values.size()));
    const auto at = values.begin() + std::min(rank, std::ssize(values) - 1);
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

[[nodiscard]] inline double median(const std::vector<double>& values) {
    return quantile(values, 0.5);
}

/// Nothing but independent single-precision FMAs on full packs: what one core can do at most.
///
/// @return the FLOPs done
inline double fma_work(std::size_t rounds) {
    constexpr std::size_t chains = 16;  // ample for latency 4 on two ports
    Pack<float> sums[chains];
    // Chains that differ, or the compiler makes one of several.
    for (std::size_t c = 0; c < chains; ++c) sums[c] = Pack<float>(static_cast<float>(c));
    const Pack<float> factor(0.999F);
    const Pack<float> term(0.001F);
    for (std::size_t round = 0; round < rounds; ++round) {
        TDCA_UNROLL
        for (auto& sum : sums) sum = simd::fma(sum, factor, term);
    }
    keep(sums);
    return 2.0 * chains * lanes<float> * static_cast<double>(rounds);
}

/// FLOP/s of one core at @ref fma_work: the limit that kernels are measured against. Takes about
/// 3 ms.
[[nodiscard]] inline double fma_peak() {
    double flops = 0;
    const double seconds = seconds_of([&] { flops = fma_work(400'000); });
    return flops / seconds;
}

}  // namespace tdca::measure
