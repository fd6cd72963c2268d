// Replaces operator new by one that counts.
#include "unit/learner/allocations.hpp"

#include <cstdlib>
#include <new>

std::atomic<std::size_t> testing::allocations{0};

void* operator new(std::size_t size) {
    ++testing::allocations;
    if (void* memory = std::malloc(size)) return memory;
    throw std::bad_alloc();
}
void* operator new(std::size_t size, std::align_val_t align) {
    ++testing::allocations;
    const auto unit = static_cast<std::size_t>(align);
    if (void* memory = std::aligned_alloc(unit, (size + unit - 1) / unit * unit)) return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
