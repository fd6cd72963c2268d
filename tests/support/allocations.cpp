// Counts this program's allocations. In a file of its own, lest g++ inlines one half of a pair and
// takes it for a mismatch.
#include "support/allocations.hpp"

#include <cstdlib>
#include <new>

#ifdef __has_feature
#if __has_feature(thread_sanitizer)
#define TDCA_THREAD_SANITIZER
#include <sanitizer/allocator_interface.h>
#endif
#endif

std::atomic<std::size_t> tdca::testing::allocations{0};

#ifdef TDCA_THREAD_SANITIZER
// It brings every operator new itself, and lets nobody replace them.
namespace {

void count(const volatile void* /*memory*/, std::size_t /*size*/) { ++tdca::testing::allocations; }
void ignore(const volatile void* /*memory*/) {}

[[maybe_unused]] const int hooks = __sanitizer_install_malloc_and_free_hooks(count, ignore);

}  // namespace
#else
// The array forms come through here. The nothrow form would too, but a sanitizer brings its own.
void* operator new(std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
    ++tdca::testing::allocations;
    return std::malloc(size == 0 ? 1 : size);
}
void* operator new(std::size_t size) {
    if (void* const memory = operator new(size, std::nothrow)) return memory;
    throw std::bad_alloc();
}
void* operator new(std::size_t size, std::align_val_t align) {
    ++tdca::testing::allocations;
    const auto unit = static_cast<std::size_t>(align);
    if (void* const memory = std::aligned_alloc(unit, (size + unit) / unit * unit)) return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t /*size*/) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t /*align*/) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t /*size*/, std::align_val_t /*align*/) noexcept {
    std::free(memory);
}
#endif
