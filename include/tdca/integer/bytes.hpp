// Plans and states as bytes: what a device keeps when its power goes, and what it is given.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>

#include "tdca/core/abi.hpp"

namespace tdca::inline TDCA_ABI {

namespace detail {

template <class T>
concept HasMembers = requires(T& whole) { T::members(whole); };

/// Bytes of a whole number, or of all that a part is made of.
template <class T>
struct ByteCount;
template <std::integral T>
    requires(sizeof(T) <= sizeof(std::uint32_t))
struct ByteCount<T> : std::integral_constant<std::size_t, sizeof(T)> {};
template <class T, std::size_t Count>
struct ByteCount<std::array<T, Count>>
    : std::integral_constant<std::size_t, Count * ByteCount<T>::value> {};
template <class... Parts>
struct ByteCount<std::tuple<Parts...>>
    : std::integral_constant<std::size_t, (std::size_t{0} + ... +
                                           ByteCount<std::remove_reference_t<Parts>>::value)> {};
template <HasMembers T>
struct ByteCount<T> : ByteCount<decltype(T::members(std::declval<T&>()))> {};

/// Calls `visit` with every number of `part`, first to last.
template <class T, class Visitor>
constexpr void for_each_number(T& part, Visitor& visit) noexcept {
    const auto each = [&](auto&... parts) { (for_each_number(parts, visit), ...); };
    if constexpr (std::integral<T>) {
        visit(part);
    } else if constexpr (HasMembers<T>) {
        std::apply(each, T::members(part));
    } else if constexpr (requires { part.begin(); }) {
        for (auto& one : part) for_each_number(one, visit);
    } else {
        std::apply(each, part);
    }
}

}  // namespace detail

/// Bytes that a plan or a state of an `IntegerLearner`, or an array of whole numbers, is kept in.
template <class T>
inline constexpr std::size_t byte_count = detail::ByteCount<T>::value;

/// Writes `part` as bytes: every number, low byte first, no gaps, so that all machines write and
/// read the same. What comes of bytes goes on to the same bits. Allocates nothing.
template <class T>
constexpr void write_bytes(
    const T& part, std::type_identity_t<std::span<std::uint8_t, byte_count<T>>> to) noexcept {
    std::size_t at = 0;
    auto write = [&](const auto& number) {
        const auto bits =
            static_cast<std::make_unsigned_t<std::remove_cvref_t<decltype(number)>>>(number);
        for (std::size_t byte = 0; byte < sizeof(number); ++byte) {
            to[at++] = static_cast<std::uint8_t>(bits >> (8U * byte));
        }
    };
    detail::for_each_number(part, write);
}

/// Reads what @ref write_bytes wrote. Bytes of anything else make a part of anything: a device that
/// may have lost power while it wrote keeps a checksum beside them.
template <class T>
constexpr void read_bytes(std::type_identity_t<std::span<const std::uint8_t, byte_count<T>>> from,
                          T& part) noexcept {
    std::size_t at = 0;
    auto read = [&](auto& number) {
        std::uint32_t bits = 0;
        for (std::size_t byte = 0; byte < sizeof(number); ++byte) {
            bits |= std::uint32_t{from[at++]} << (8U * byte);
        }
        number = static_cast<std::remove_reference_t<decltype(number)>>(bits);
    };
    detail::for_each_number(part, read);
}

}  // namespace tdca
