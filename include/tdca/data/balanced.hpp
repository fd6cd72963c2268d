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
    std::vector<double> counts(samples.classes(), 0.0);
    double count = 0;
    for (std::size_t i = 0; samples.dataset().has_labels() && i < samples.size(); ++i) {
        for (const std::uint16_t label : samples.dataset().labels(samples.indices()[i])) {
            if (label == Dataset::no_label && samples.dataset().steps() > 1) continue;
            counts[label] += 1;
            count += 1;
        }
    }
    const auto occur =
        static_cast<double>(std::ranges::count_if(counts, [](double own) { return own > 0; }));
    std::vector<float> weights;
    for (const double own : counts) {
        weights.push_back(own > 0 ? static_cast<float>(count / (occur * own)) : 0.0F);
    }
    return samples.weighted(std::move(weights));
}

}  // namespace tdca
