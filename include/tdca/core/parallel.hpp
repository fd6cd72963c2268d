// A parallel loop with a serial fallback: the only header that includes OpenMP.
#pragma once

#include <cstddef>
#include <exception>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "tdca/core/abi.hpp"

namespace tdca::inline TDCA_ABI {

/// Threads that a loop gets by default: all that OpenMP would use, 1 without OpenMP.
[[nodiscard]] inline int default_threads() noexcept {
#ifdef _OPENMP
    return omp_get_max_threads();
#else
    return 1;
#endif
}

/// Calls `body(index, thread)` for every index below `count`, each once, in no fixed order.
///
/// Indices are handed out one at a time, so that uneven bodies balance; low indices go first.
/// `thread` is below `threads` and no two bodies run under the same one at a time: use it to pick
/// a workspace. A body that depends on its index alone gives the same bits on any number of
/// threads. The first exception that a body throws is rethrown here when all have ended.
template <class Body>
void parallel_for(std::size_t count, int threads, Body&& body) {
#ifdef _OPENMP
    if (threads > 1) {
        std::exception_ptr failure;
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)
        for (std::size_t index = 0; index < count; ++index) {
            try {
                body(index, static_cast<std::size_t>(omp_get_thread_num()));
            } catch (...) {
#pragma omp critical(tdca_parallel_for)
                if (!failure) failure = std::current_exception();
            }
        }
        if (failure) std::rethrow_exception(failure);
        return;
    }
#else
    static_cast<void>(threads);
#endif
    for (std::size_t index = 0; index < count; ++index) body(index, std::size_t{0});
}

/// Calls `body(thread, team)` on every thread of a team, all at once: bodies may wait for each
/// other.
///
/// `team` is the number of threads at work, `threads` or as many as there are to be had, and
/// `thread` is below it. Bodies must not throw.
template <class Body>
void parallel_team(int threads, Body&& body) {
#ifdef _OPENMP
#pragma omp parallel num_threads(threads)
    body(static_cast<std::size_t>(omp_get_thread_num()),
         static_cast<std::size_t>(omp_get_num_threads()));
#else
    static_cast<void>(threads);
    body(std::size_t{0}, std::size_t{1});
#endif
}

}  // namespace tdca
