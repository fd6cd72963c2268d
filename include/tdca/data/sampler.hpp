// MinibatchSampler: every minibatch of an endless, keyed stream over a subset, in any order.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/random.hpp"
#include "tdca/data/minibatch_order.hpp"
#include "tdca/data/require_fit.hpp"
#include "tdca/data/subset.hpp"

namespace tdca::inline TDCA_ABI {

/// Minibatches of those samples of a subset of which something is told (`Subset::told`), so that
/// the others teach nothing; in the order of @ref MinibatchOrder. Nothing is stored between draws:
/// threads may share one sampler, and any minibatch may be drawn at any time.
///
/// @tparam Samples number of samples in a minibatch
/// @tparam Target what is told of a sample: a label, or `std::array<float, N>`
template <std::size_t Samples, ToldTarget Target = std::uint16_t>
    requires(Samples > 0)
class MinibatchSampler {
public:
    /// Allocates as `Subset::told`; the subset's dataset must outlive the sampler.
    ///
    /// @throws tdca::Error where there is nothing to draw from
    MinibatchSampler(const Subset& data, Key key) : data_(data.told()), order_(key, data_.size()) {
        require_some(data.name(), "samples to draw minibatches from", data.size());
        require_some(data.name(), "samples of which something is told", data_.size());
    }

    /// Copies minibatch number `update`.
    ///
    /// @param inputs Samples × features, row-major
    void draw(std::size_t update, std::span<float> inputs,
              std::span<Target, Samples> targets) const noexcept {
        const std::size_t features = data_.features();
        assert(inputs.size() == Samples * features);
        const std::array<std::size_t, Samples> drawn = positions(update);
        for (std::size_t s = 0; s < Samples; ++s) {
            if (s + 2 < Samples) prefetch(data_.sample(drawn[s + 2]));
            std::copy_n(data_.sample(drawn[s]).data(), features, inputs.data() + s * features);
            data_.tell(drawn[s], targets[s]);
        }
    }

    /// Which samples of `data()` make up minibatch number `update`.
    [[nodiscard]] std::array<std::size_t, Samples> positions(std::size_t update) const noexcept {
        return order_.positions(update);
    }

    /// @throws tdca::Error as the function of that name
    void require_fit(std::size_t features, std::size_t outputs) const {
        tdca::require_fit<Target>(data_, features, outputs);
    }

    /// What is drawn from: the samples of which something is told.
    [[nodiscard]] const Subset& data() const noexcept { return data_; }

private:
    /// Drawn rows lie anywhere in a dataset larger than the caches: asking for one while others are
    /// being copied lets their ways from memory overlap, which saves a tenth to a fifth of a draw.
    static void prefetch(std::span<const float> row) noexcept {
        constexpr std::size_t cache_line = alignment / sizeof(float);
        for (std::size_t f = 0; f < row.size(); f += cache_line) __builtin_prefetch(&row[f]);
    }

    Subset data_;
    MinibatchOrder<Samples> order_;
};

}  // namespace tdca
