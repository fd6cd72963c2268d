// InputSampler: minibatches of samples that are told their own inputs.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <utility>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/random.hpp"
#include "tdca/data/minibatch_order.hpp"
#include "tdca/data/subset.hpp"

namespace tdca::inline TDCA_ABI {

/// A @ref MinibatchSampler for autoencoders: what is told of a sample is its inputs; its label or
/// numbers are not looked at.
///
/// @tparam Samples number of samples in a minibatch
/// @tparam Features of a sample
template <std::size_t Samples, std::size_t Features>
class InputSampler {
public:
    using Target = std::array<float, Features>;  ///< a sample's own inputs

    /// Allocates nothing; the subset's dataset must outlive the sampler.
    ///
    /// @throws tdca::Error where there is nothing to draw from, or samples of another number of
    ///   features
    InputSampler(Subset data, Key key) : data_(std::move(data)), order_(key, data_.size()) {
        require_samples(data_);
    }

    /// Copies minibatch number `update`.
    ///
    /// @param inputs Samples × features, row-major
    void draw(std::size_t update, std::span<float> inputs,
              std::span<Target, Samples> targets) const noexcept {
        const auto drawn = order_.positions(update);
        for (std::size_t s = 0; s < Samples; ++s) {
            const std::span<const float> sample = data_.sample(drawn[s]);
            std::ranges::copy(sample, inputs.begin() + static_cast<std::ptrdiff_t>(s * Features));
            std::ranges::copy(sample, targets[s].begin());
        }
    }

    /// @throws tdca::Error where there are none, or they have another number of features
    static void require_samples(const Subset& data) {
        require_some(data.name(), "samples", data.size());
        require_features(data, Features);
    }

    /// @throws tdca::Error where the network has another number of inputs, or of outputs
    void require_fit(std::size_t features, std::size_t outputs) const {
        require_features(data_, features);
        require_features(data_, outputs);
    }

private:
    static void require_features(const Subset& data, std::size_t expected) {
        if (data.features() == expected) return;
        throw Error(data.name(), "features per sample differ from the network's inputs", expected,
                    data.features());
    }

    Subset data_;
    MinibatchOrder<Samples> order_;
};

}  // namespace tdca
