// The FMA peak of the core that we run on, and medians of interleaved timings.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

#include "tdca/core/simd.hpp"

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

[[nodiscard]] inline double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

/// FLOP/s of one core that does nothing but independent single-precision FMAs on full packs: the
/// limit that kernels are measured against. Takes about 5 ms.
[[nodiscard]] inline double fma_peak() {
    constexpr std::size_t chains = 16;  // ample for latency 4 on two ports
    constexpr std::size_t rounds = 400'000;
    Pack<float> sums[chains];
    for (auto& sum : sums) sum = Pack<float>(1.0F);
    const Pack<float> factor(0.999F);
    const Pack<float> term(0.001F);
    const double seconds = seconds_of([&] {
        for (std::size_t round = 0; round < rounds; ++round) {
            TDCA_UNROLL
            for (auto& sum : sums) sum = simd::fma(sum, factor, term);
        }
        keep(sums);
    });
    return 2.0 * chains * lanes<float> * rounds / seconds;
}

}  // namespace tdca::measure
