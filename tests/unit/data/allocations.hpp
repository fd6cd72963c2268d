// How often this test program has allocated.
#pragma once

#include <atomic>
#include <cstddef>

namespace tdca::testing {

extern std::atomic<std::size_t> allocations;

}  // namespace tdca::testing
