// Whether a text is UTF-8, and what it is where it is not.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"

namespace tdca::inline TDCA_ABI::detail {

/// Bytes of the character that starts here, or 0 where there is none (RFC 3629).
[[nodiscard]] inline std::size_t utf8_length(std::string_view text) {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
    const unsigned first = byte(0);
    if (first < 0x80U) return 1;
    if (first >= 0xC2U && first < 0xE0U) return follows(1) ? 2 : 0;
    if (first >= 0xE0U && first < 0xF0U) {
        const bool shortest = first != 0xE0U || byte(1) >= 0xA0U;
        const bool no_surrogate = first != 0xEDU || byte(1) < 0xA0U;
        return follows(1) && follows(2) && shortest && no_surrogate ? 3 : 0;
    }
    if (first >= 0xF0U && first < 0xF5U) {
        const bool shortest = first != 0xF0U || byte(1) >= 0x90U;
        const bool within = first != 0xF4U || byte(1) < 0x90U;
        return follows(1) && follows(2) && follows(3) && shortest && within ? 4 : 0;
    }
    return 0;
}

/// @throws tdca::Error naming the file, and the line of the first byte that is wrong
inline void require_utf8(const std::string& file, std::string_view text) {
    if (text.find('\0') != std::string_view::npos) {
        throw Error(file, "holds zero bytes: UTF-16 or no text at all; save it as UTF-8");
    }
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = utf8_length(text.substr(i));
        if (length == 0) {
            const auto line = 1 + std::ranges::count(text.substr(0, i), '\n');
            throw Error(file + ":" + to_text(line),
                        "is not UTF-8; save it as such, or run: iconv -f latin1 -t utf-8");
        }
        i += length;
    }
}

}  // namespace tdca::detail
