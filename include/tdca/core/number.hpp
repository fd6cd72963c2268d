// Numbers as text that hides nothing, counts out of what must be a count, differences that
// overflow.
#pragma once

#include <array>
#include <charconv>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "tdca/core/abi.hpp"

namespace tdca::inline TDCA_ABI {

/// The shortest text that reads back as the same number: two different numbers look different, in
/// every locale. "nan", "inf" and "-inf" for what is not finite.
template <class Number>
    requires std::integral<Number> || std::floating_point<Number>
[[nodiscard]] std::string to_text(Number value) {
    if constexpr (std::floating_point<Number>) {
        if (std::isnan(value)) return "nan";  // of either sign
    }
    std::array<char, 64> text;  // the longest is a long double
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    return {text.data(), end};
}

/// (a − b) / scale, also where the difference of the two, both finite, overflows.
[[nodiscard]] inline float ratio_of_difference(float a, float b, float scale) noexcept {
    const float difference = a - b;
    if (std::isfinite(difference)) return difference / scale;
    return static_cast<float>((double{a} - double{b}) / double{scale});
}

/// The largest count: up to here every whole number has a `double` of its own, and sums and
/// products with small numbers stay within a `std::uint64_t`.
inline constexpr std::uint64_t most_countable = std::uint64_t{1} << 53U;

/// `value` as a count, or nothing where it is no whole number from 0 to @ref most_countable, or
/// more than this machine can index. The one way from a `double` to a count: a cast of NaN,
/// infinity or 1e30 is undefined.
[[nodiscard]] constexpr std::optional<std::size_t> to_count(double value) noexcept {
    constexpr auto most = static_cast<double>(most_countable);
    if (!(value >= 0 && value <= most)) return std::nullopt;
    const auto whole = static_cast<std::uint64_t>(value);
    if (static_cast<double>(whole) != value) return std::nullopt;
    if (whole > std::numeric_limits<std::size_t>::max()) return std::nullopt;
    return static_cast<std::size_t>(whole);
}

/// All of `text` as a whole number of type `Count`, or nothing: no sign, no blank, no point, no
/// exponent, and nothing that wraps.
template <std::unsigned_integral Count = std::size_t>
[[nodiscard]] std::optional<Count> to_count(std::string_view text) noexcept {
    Count value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, problem] = std::from_chars(text.data(), end, value);
    if (problem != std::errc{} || stop != end) return std::nullopt;
    return value;
}

}  // namespace tdca
