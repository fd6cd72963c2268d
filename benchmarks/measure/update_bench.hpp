// One learner with a minibatch in place, ready for a contest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "tdca/core/random.hpp"
#include "tdca/training/lifetime.hpp"

namespace tdca::measure {

/// FLOPs that an update of a stack of Dense layers cannot do without: the forward product and the
/// batch mean of credit × activity, two per synapse and sample each.
template <class Net>
[[nodiscard]] constexpr double useful_flops(std::size_t samples) {
    double synapses = 0;
    Net::for_each_layer([&](auto i) {
        using L = typename Net::template layer<i>;
        synapses += static_cast<double>(L::fan_in * L::output_shape::size);
    });
    return 4 * synapses * static_cast<double>(samples);
}

/// A newborn network under an unevolved genome, with a minibatch of random samples: what an update
/// costs does not depend on what the samples show.
template <class LearnerType, std::size_t Samples>
[[nodiscard]] Lifetime<LearnerType, Samples> ready_to_update() {
    typename LearnerType::Genome genome;
    LearnerType::initialize(genome, Key(1));
    Lifetime<LearnerType, Samples> life;
    life.begin(genome, Key(1), 1'000'000);
    Key(2).fill_normal(std::span<float>(life.inputs()));
    for (std::size_t s = 0; s < Samples; ++s) {
        life.labels()[s] = static_cast<std::uint16_t>(s % LearnerType::network::output_shape::size);
    }
    return life;
}

}  // namespace tdca::measure
