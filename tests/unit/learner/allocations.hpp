// The number of allocations that this test program has made so far.
#pragma once

#include <atomic>
#include <cstddef>

namespace testing {

/// Counts every call of every operator new; see allocations.cpp.
extern std::atomic<std::size_t> allocations;

}  // namespace testing
