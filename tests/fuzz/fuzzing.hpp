// What the fuzz targets share: a file in memory, a reader under watch, choices of a mutator.
#pragma once

#include <sanitizer/allocator_interface.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"

// libFuzzer's own mutation of some bytes: returns their new number, `most` or fewer.
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

// Little memory waits for use after it was freed, and few frames of its story are kept: twice as
// many inputs a second. ASAN_OPTIONS in the environment wins.
extern "C" const char* __asan_default_options() {
    return "quarantine_size_mb=2:malloc_context_size=2";
}

namespace tdca::testing {

/// Ends the program, which libFuzzer counts as a finding, where a promise is broken.
inline void require(bool kept, const char* promise) {
    if (kept) return;
    std::fprintf(stderr, "broken promise: %s\n", promise);
    std::abort();
}

/// Bytes of memory that this thread holds, zlib's and operator new's alike, while it counts.
struct Memory {
    bool counts = false;
    std::ptrdiff_t held = 0;
    std::ptrdiff_t peak = 0;

    static Memory& of_this_thread() {
        thread_local Memory memory;
        [[maybe_unused]] static const int hooks = __sanitizer_install_malloc_and_free_hooks(
            [](const volatile void* /*block*/, std::size_t bytes) {
                Memory& memory = of_this_thread();
                if (!memory.counts) return;
                memory.held += static_cast<std::ptrdiff_t>(bytes);
                memory.peak = std::max(memory.peak, memory.held);
            },
            [](const volatile void* block) {
                Memory& memory = of_this_thread();
                if (!memory.counts) return;
                memory.held -= static_cast<std::ptrdiff_t>(__sanitizer_get_allocated_size(block));
            });
        return memory;
    }
};

/// What a reader returned, or nothing where it threw tdca::Error; and the most memory that it held
/// at once.
template <class Value>
struct Outcome {
    std::optional<Value> value;
    std::size_t peak = 0;
};

/// The most memory that a reader held may be `factor` bytes for each of the file's and `more`.
inline void require_memory(std::size_t peak, std::size_t factor, std::size_t bytes,
                           std::size_t more) {
    if (peak <= factor * bytes + more) return;
    std::fprintf(stderr, "%zu bytes of memory for %zu bytes of a file\n", peak, bytes);
    require(false, "memory in proportion to the file");
}

/// Runs a reader, which may throw tdca::Error, of one readable line, and nothing else.
template <class Read>
[[nodiscard]] auto watched(const Read& read) {
    Outcome<std::invoke_result_t<Read>> outcome;
    Memory& memory = Memory::of_this_thread();
    memory = {true, 0, 0};
    std::string message;
    const std::clock_t start = std::clock();
    try {
        outcome.value.emplace(read());
    } catch (const Error& error) {
        memory.counts = false;
        message = error.what();
    }
    memory.counts = false;
    // libFuzzer's own limit is one of real time, which a busy machine may pass without a hang.
    require(std::clock() - start < 5 * CLOCKS_PER_SEC, "a reader takes seconds at most");
    outcome.peak = static_cast<std::size_t>(memory.peak);
    require(message.size() < 1000, "a message is short");
    require(std::ranges::none_of(message, [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; }),
            "a message has no control characters");
    return outcome;
}

/// A file that never reaches a disk, for readers that take a path.
class MemoryFile {
public:
    MemoryFile() : descriptor_(memfd_create("fuzz", MFD_CLOEXEC)) {
        require(descriptor_ >= 0, "the system has memfd_create");
        path_ = "/proc/self/fd/" + to_text(descriptor_);
    }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;
    ~MemoryFile() { ::close(descriptor_); }

    /// The path of the file, which holds `bytes` from now on.
    const std::string& holding(std::string_view bytes) {
        const auto size = static_cast<ssize_t>(bytes.size());
        require(::pwrite(descriptor_, bytes.data(), bytes.size(), 0) == size, "memory for a file");
        require(::ftruncate(descriptor_, size) == 0, "a file can be cut");
        return path_;
    }

private:
    int descriptor_;
    std::string path_;
};

/// What a mutator draws, from the seed that libFuzzer hands it.
class Choices {
public:
    explicit Choices(unsigned seed) : generator_(seed) {}

    /// A number from 0 to `count` - 1; 0 where `count` is.
    std::size_t below(std::size_t count) { return count == 0 ? 0 : generator_() % count; }
    bool one_in(std::size_t count) { return below(count) == 0; }
    template <class Range>
    auto& from(Range& range) {
        return range[below(std::size(range))];
    }

private:
    std::minstd_rand generator_;
};

/// libFuzzer's mutation of a text, which may grow by half and 16 bytes.
inline void mutate_bytes(std::string& text) {
    const std::size_t size = text.size();
    text.resize(size + size / 2 + 16);
    auto* const data = reinterpret_cast<std::uint8_t*>(text.data());
    text.resize(LLVMFuzzerMutate(data, size, text.size()));
}

/// An input as text, and back: whatever exceeds `most` is cut off.
[[nodiscard]] inline std::string text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}
inline std::size_t hand_back(std::string_view text, std::uint8_t* data, std::size_t most) {
    const std::size_t size = std::min(text.size(), most);
    if (size != 0) std::memcpy(data, text.data(), size);
    return size;
}

}  // namespace tdca::testing
