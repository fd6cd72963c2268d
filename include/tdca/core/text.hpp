// Lists as text, with something between their parts.
#pragma once

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

}  // namespace tdca
