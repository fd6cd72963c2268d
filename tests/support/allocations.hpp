// How often this test program has allocated.
#pragma once

#include <atomic>
#include <cstddef>

namespace tdca::testing {

/// Counts every call of every operator new, aligned ones included; see allocations.cpp.
extern std::atomic<std::size_t> allocations;

}  // namespace tdca::testing
