// Numbers as text that hides nothing; numbers and counts out of text, checked.
#pragma once

#include <algorithm>
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

namespace detail {

/// Of a decimal number that is beyond any floating-point type's range: whether it is too small,
/// not too large.
[[nodiscard]] inline bool is_too_small(std::string_view number) noexcept {
    const std::string_view digits = number.substr(0, number.find_first_of("eE"));
    std::string_view exponent_text = number.substr(digits.size());
    exponent_text.remove_prefix(std::min<std::size_t>(exponent_text.size(), 1));
    const bool negative = exponent_text.starts_with('-');
    if (exponent_text.starts_with('+')) exponent_text.remove_prefix(1);
    std::int64_t exponent = 0;
    const auto problem =
        std::from_chars(exponent_text.data(), exponent_text.data() + exponent_text.size(), exponent)
            .ec;
    if (problem == std::errc::result_out_of_range) return negative;
    // The first digit that counts, from the point on: the power of ten but for one.
    const auto first = static_cast<std::int64_t>(digits.find_first_of("123456789"));
    const auto point = static_cast<std::int64_t>(std::min(digits.find('.'), digits.size()));
    return exponent < first - point;
}

}  // namespace detail

/// All of `text` as the nearest value of type `Real`, rounded once, or nothing where it is no
/// decimal number: no blank, no leading plus, no locale. What is too small becomes 0 with its sign,
/// what is too large infinite, as in IEEE 754; "nan" and "inf" are read as what they say.
template <std::floating_point Real>
[[nodiscard]] std::optional<Real> to_real(std::string_view text) noexcept {
    Real value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, problem] = std::from_chars(text.data(), end, value);
    if (stop != end || problem == std::errc::invalid_argument) return std::nullopt;
    if (problem != std::errc::result_out_of_range) return value;
    const Real size = detail::is_too_small(text) ? 0 : std::numeric_limits<Real>::infinity();
    return text.starts_with('-') ? -size : size;
}

}  // namespace tdca
