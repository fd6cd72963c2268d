// The Ranks contract: processes that evaluate one population together.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>

#include "tdca/core/abi.hpp"

namespace tdca::inline TDCA_ABI {

/// Processes that all run the same program on the same key, each on a part of the work.
///
/// | member | meaning |
/// | --- | --- |
/// | `rank()` | which process this is, below `count()` |
/// | `count()` | how many there are |
/// | `combine(values)` | every entry was filled by one process and is +0 in all others; afterwards every process holds all of them, bit for bit |
/// | `any(flag)` | whether `flag` is true in any process: the same answer for all |
///
/// `combine` and `any` wait for all processes, which must call them in the same order.
template <class R>
concept Ranks = std::copyable<R> && requires(const R& ranks, std::span<double> values, bool flag) {
    { ranks.rank() } -> std::convertible_to<std::size_t>;
    { ranks.count() } -> std::convertible_to<std::size_t>;
    ranks.combine(values);
    { ranks.any(flag) } -> std::convertible_to<bool>;
};

/// One process alone.
struct OneRank {
    [[nodiscard]] static constexpr std::size_t rank() noexcept { return 0; }
    [[nodiscard]] static constexpr std::size_t count() noexcept { return 1; }
    static constexpr void combine(std::span<double> /*values*/) noexcept {}
    [[nodiscard]] static constexpr bool any(bool flag) noexcept { return flag; }
};

namespace detail {

/// Tells of what are no ranks which member they lack, a sentence each.
template <class R>
consteval bool tell_what_ranks_lack() {
    static_assert(std::copyable<R>, "ranks need to be copyable");
    static_assert(
        requires(const R& ranks) {
            { ranks.rank() } -> std::convertible_to<std::size_t>;
            { ranks.count() } -> std::convertible_to<std::size_t>;
        }, "ranks need rank() and count(), const: which process this is, and how many there are");
    static_assert(
        requires(const R& ranks, std::span<double> values) { ranks.combine(values); },
        "ranks need combine(values), const: every entry as the process that filled it has it");
    static_assert(
        requires(const R& ranks, bool flag) {
            { ranks.any(flag) } -> std::convertible_to<bool>;
        }, "ranks need any(flag), const: whether it is true in any process");
    return false;
}

}  // namespace detail

}  // namespace tdca
