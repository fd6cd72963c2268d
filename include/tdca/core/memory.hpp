// Memory in large pages, where the system has them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>

#ifdef __linux__
#include <sys/mman.h>
#endif

#include "tdca/core/abi.hpp"
#include "tdca/core/parameters.hpp"

namespace tdca::inline TDCA_ABI {

/// Size of a large page, in bytes.
inline constexpr std::size_t large_page = std::size_t{2} << 20U;

/// Asks the system to keep `bytes` from `start` on in pages of 2 MiB. Random access over more
/// memory than the processor knows pages of costs a walk through the page table for every sample or
/// row; with large pages there is little to know. A hint: nothing is lost where it is refused.
inline void prefer_large_pages([[maybe_unused]] const void* start,
                               [[maybe_unused]] std::size_t bytes) noexcept {
#ifdef __linux__
    const auto address = reinterpret_cast<std::uintptr_t>(start);
    const std::uintptr_t first = (address + large_page - 1) / large_page * large_page;
    const std::uintptr_t last = (address + bytes) / large_page * large_page;
    if (first >= last) return;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the first whole large page of the block
    void* const whole = reinterpret_cast<void*>(first);
    static_cast<void>(madvise(whole, last - first, MADV_HUGEPAGE));
    constexpr int collapse = 25;  // MADV_COLLAPSE, Linux 6.1: also pages that are in use already
    static_cast<void>(madvise(whole, last - first, collapse));
#endif
}

/// An allocator for objects that live long and are used hard: in large pages from a quarter of one
/// on, at a cache line below that.
template <class T>
struct LargePages {
    using value_type = T;  ///< what is allocated

    LargePages() = default;
    /// An allocator of another type: there is nothing to take over.
    template <class U>
    explicit LargePages(const LargePages<U>& /*other*/) noexcept {}

    /// Room for `count` objects, on large pages where that pays.
    [[nodiscard]] T* allocate(std::size_t count) {
        const std::size_t bytes = size_of(count);
        void* const block = ::operator new(bytes, alignment_of(bytes));
        if (bytes >= large_page) prefer_large_pages(block, bytes);
        return static_cast<T*>(block);
    }
    /// Gives back what `allocate` returned.
    void deallocate(T* block, std::size_t count) noexcept {
        ::operator delete(block, alignment_of(size_of(count)));
    }

    /// Always equal: what one allocates, another may free.
    friend bool operator==(const LargePages& /*a*/, const LargePages& /*b*/) noexcept {
        return true;
    }

private:
    static std::size_t size_of(std::size_t count) noexcept {
        const std::size_t bytes = count * sizeof(T);
        return bytes < large_page / 4 ? bytes : (bytes + large_page - 1) / large_page * large_page;
    }
    static std::align_val_t alignment_of(std::size_t bytes) noexcept {
        return std::align_val_t{bytes < large_page ? alignment : large_page};
    }
};

}  // namespace tdca
