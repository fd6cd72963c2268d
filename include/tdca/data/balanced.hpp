// Samples of which those of rare classes count for more.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/data/dataset.hpp"
#include "tdca/data/subset.hpp"

namespace tdca::inline TDCA_ABI {

/// The same samples, of which those of rare classes count for more: samples / (classes that occur ·
/// samples of the class), so that all classes count alike, and a sample 1 on average.
///
/// @throws tdca::Error where there are no samples, or they have no labels
[[nodiscard]] inline Subset balanced(const Subset& samples) {
    require_some(samples.name(), "samples to balance", samples.size());
    std::vector<float> weights(samples.classes(), 0.0F);
    double count = 0;
    for (std::size_t i = 0; samples.dataset().has_labels() && i < samples.size(); ++i) {
        for (const std::uint16_t label : samples.dataset().labels(samples.indices()[i])) {
            if (label == Dataset::no_label && samples.dataset().steps() > 1) continue;
            weights[label] += 1;
            count += 1;
        }
    }
    const auto occur =
        static_cast<double>(std::ranges::count_if(weights, [](float own) { return own > 0; }));
    for (float& own : weights) {
        if (own > 0) own = static_cast<float>(count / (occur * static_cast<double>(own)));
    }
    return samples.weighted(std::move(weights));
}

}  // namespace tdca
