// Lists as text, with something between their parts; text that is put together while compiling.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "tdca/core/abi.hpp"

namespace tdca::inline TDCA_ABI {

/// Adds `part` to `text`, after `separator` where something stands before it.
///
/// In place of `text += (text.empty() ? "" : ", ") + part`, of which g++ 12 warns at -O3 that the
/// sum might overlap itself (-Wrestrict, GCC PR 105329).
inline void append_part(std::string& text, std::string_view separator, std::string_view part) {
    if (!text.empty()) text += separator;
    text += part;
}

/// All `parts`, a range of texts, with `separator` between, around empty ones too.
template <class Parts>
    requires requires(const Parts& parts) { std::string_view(*parts.begin()); }
[[nodiscard]] std::string joined(const Parts& parts, std::string_view separator) {
    std::string text;
    bool first = true;
    for (const std::string_view part : parts) {
        if (!first) text += separator;
        first = false;
        text += part;
    }
    return text;
}

/// Text of at most `Room` characters, put together in a constant expression: the name of a type
/// that depends on its parameters.
template <std::size_t Room>
class StaticText {
public:
    /// Adds text.
    constexpr StaticText& operator<<(std::string_view more) {
        for (const char letter : more) characters_[size_++] = letter;
        return *this;
    }
    /// Adds a number, in decimal.
    constexpr StaticText& operator<<(std::size_t number) {
        if (number >= 10) *this << number / 10;
        characters_[size_++] = static_cast<char>('0' + number % 10);
        return *this;
    }
    /// What was added, as long as this object lives.
    [[nodiscard]] constexpr std::string_view view() const noexcept {
        return {characters_.data(), size_};
    }

private:
    std::array<char, Room> characters_{};
    std::size_t size_ = 0;
};

}  // namespace tdca
