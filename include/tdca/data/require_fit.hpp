// require_fit: whether samples can be put into the minibatches of a network.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/targets.hpp"
#include "tdca/data/subset.hpp"

namespace tdca::inline TDCA_ABI {

namespace detail {

/// Whether what a signal is told is a label, and at how many steps of a sample.
template <class Target>
struct KindOfTarget {
    static constexpr bool is_label =
        std::same_as<Target, std::uint16_t> || std::same_as<Target, WeightedLabel>;
    static constexpr std::size_t steps = 1;
};
template <class Target, std::size_t Steps>
struct KindOfTarget<StepTargets<Target, Steps>> {
    static constexpr bool is_label = KindOfTarget<Target>::is_label;
    static constexpr std::size_t steps = Steps;
};

}  // namespace detail

/// Whether samples can be put into the minibatches of a network: what does not fit would be written
/// past their end.
///
/// @tparam Target what the network's signal is told of a sample
/// @throws tdca::Error where there are none, or where they have another number of features than the
///   network has inputs, more classes or numbers than it has output units, or labels where numbers
///   are to be learned, or the reverse
template <ToldTarget Target = std::uint16_t>
void require_fit(const Subset& data, std::size_t features, std::size_t outputs) {
    require_some(data.name(), "samples", data.size());
    if (data.features() != features) {
        throw Error(data.name(), "features per sample differ from the network's inputs", features,
                    data.features());
    }
    using Kind = detail::KindOfTarget<Target>;
    constexpr bool labels = Kind::is_label;
    if (data.dataset().has_labels() != labels) {
        throw Error(data.name(), "not what the network's signal is told of a sample",
                    labels ? "a label" : "numbers", labels ? "numbers" : "a label");
    }
    if (labels && data.dataset().steps() != Kind::steps) {
        throw Error(data.name(), "steps with a label differ from those that the network is told of",
                    Kind::steps, data.dataset().steps());
    }
    if (!labels && data.targets() % Kind::steps != 0) {
        throw Error(data.name(), "the numbers of a sample are no whole number for each step",
                    "a multiple of " + to_text(Kind::steps), to_text(data.targets()));
    }
    const std::size_t targets = labels ? data.targets() : data.targets() / Kind::steps;
    if (targets > outputs) {
        throw Error(data.name(),
                    std::string("more ") + (labels ? "classes" : "numbers for each sample") +
                        " than the network has outputs",
                    outputs, targets);
    }
}

}  // namespace tdca
