// MinibatchOrder: which samples make up each minibatch of an endless, keyed stream.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "tdca/core/abi.hpp"
#include "tdca/core/random.hpp"

namespace tdca::inline TDCA_ABI {

/// A stream which visits each of a number of samples once per epoch, in a fresh order each epoch.
///
/// Position p of the stream holds sample π_e(p mod n), with n the number of samples, e = ⌊p / n⌋
/// and π_e the @ref Permutation of `key / e`. Minibatch u starts at position u · Samples, so it may
/// straddle two epochs, or span several where n is below Samples. Nothing is stored between draws:
/// any minibatch may be drawn at any time, by any thread. Allocates nothing.
///
/// @tparam Samples number of samples in a minibatch
template <std::size_t Samples>
    requires(Samples > 0)
class MinibatchOrder {
public:
    /// @param count samples to draw from, at least 1
    MinibatchOrder(Key key, std::size_t count) noexcept : key_(key), count_(count) {}

    /// The samples of minibatch number `update`.
    [[nodiscard]] std::array<std::size_t, Samples> positions(std::size_t update) const noexcept {
        const std::uint64_t start = std::uint64_t{update} * Samples;
        std::uint64_t epoch = start / count_;
        std::uint64_t next = start % count_;
        Permutation order(key_ / epoch, count_);
        std::array<std::size_t, Samples> drawn;
        for (std::size_t& position : drawn) {
            if (next == count_) {
                order = Permutation(key_ / ++epoch, count_);
                next = 0;
            }
            position = index(order(next++));
        }
        return drawn;
    }

private:
    /// The cast is one of some machines alone: a template may have it on all.
    template <class Count>
    static constexpr std::size_t index(Count position) noexcept {
        return static_cast<std::size_t>(position);
    }

    Key key_;
    std::uint64_t count_;
};

}  // namespace tdca
