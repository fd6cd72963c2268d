// MinibatchSampler: every minibatch of an endless, keyed stream over a subset, in any order.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/random.hpp"
#include "tdca/data/dataset.hpp"

namespace tdca::inline TDCA_ABI {

/// Minibatches of a stream which visits each sample once per epoch, in a fresh order each epoch.
///
/// Position p of the stream holds sample π_e(p mod n), with n the number of samples, e = ⌊p / n⌋
/// and π_e the @ref Permutation of `key / e`. Minibatch u starts at position u · Samples, so it may
/// straddle two epochs, or span several where n is below Samples. Nothing is stored between draws:
/// threads may share one sampler, and any minibatch may be drawn at any time.
///
/// @tparam Samples number of samples in a minibatch
template <std::size_t Samples>
    requires(Samples > 0)
class MinibatchSampler {
public:
    /// Allocates nothing; the subset's dataset must outlive the sampler.
    ///
    /// @throws tdca::Error where there is nothing to draw from
    MinibatchSampler(Subset data, Key key) : data_(std::move(data)), key_(key) {
        if (data_.size() == 0) throw Error(data_.name(), "no samples to draw minibatches from");
    }

    /// Copies minibatch number `update`.
    ///
    /// @param inputs Samples × features, row-major
    void draw(std::size_t update, std::span<float> inputs,
              std::span<std::uint16_t, Samples> labels) const noexcept {
        const std::size_t features = data_.features();
        assert(inputs.size() == Samples * features);
        const std::array<std::size_t, Samples> drawn = positions(update);
        for (std::size_t s = 0; s < Samples; ++s) {
            if (s + 2 < Samples) prefetch(data_.sample(drawn[s + 2]));
            std::copy_n(data_.sample(drawn[s]).data(), features, inputs.data() + s * features);
            labels[s] = data_.label(drawn[s]);
        }
    }

    /// Which samples of the subset make up minibatch number `update`.
    [[nodiscard]] std::array<std::size_t, Samples> positions(std::size_t update) const noexcept {
        const std::uint64_t count = data_.size();
        const std::uint64_t start = std::uint64_t{update} * Samples;
        std::uint64_t epoch = start / count;
        std::uint64_t next = start % count;
        Permutation order(key_ / epoch, count);
        std::array<std::size_t, Samples> drawn;
        for (std::size_t& position : drawn) {
            if (next == count) {
                order = Permutation(key_ / ++epoch, count);
                next = 0;
            }
            position = static_cast<std::size_t>(order(next++));
        }
        return drawn;
    }

private:
    /// Drawn rows lie anywhere in a dataset larger than the caches: asking for one while others are
    /// being copied lets their ways from memory overlap, which saves a tenth to a fifth of a draw.
    static void prefetch(std::span<const float> row) noexcept {
        constexpr std::size_t cache_line = alignment / sizeof(float);
        for (std::size_t f = 0; f < row.size(); f += cache_line) __builtin_prefetch(&row[f]);
    }

    Subset data_;
    Key key_;
};

}  // namespace tdca
