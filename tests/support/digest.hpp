// FNV-1a of numbers, to compare runs bit by bit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace tdca::testing {

/// FNV-1a of the bytes of all that was added.
class Digest {
public:
    template <class T>
    void add(std::span<const T> values) noexcept {
        for (const std::byte byte : std::as_bytes(values)) {
            value_ = (value_ ^ std::to_integer<std::uint64_t>(byte)) * 0x100000001b3U;
        }
    }
    [[nodiscard]] std::uint64_t value() const noexcept { return value_; }

private:
    std::uint64_t value_ = 0xcbf29ce484222325U;
};

}  // namespace tdca::testing
