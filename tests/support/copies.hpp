// Sequences to be copied with a delay of one step: samples for tests of targets at every step.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "tdca/core/random.hpp"
#include "tdca/core/tensor.hpp"
#include "tdca/data/dataset.hpp"

namespace tdca::testing {

/// One of four tokens a step, and at each but the first the one before; sequences end anywhere.
inline Dataset copies(std::size_t count, Key key = Key(5)) {
    auto inputs = Matrix<float>::from_shape({count, std::size_t{32}});
    auto labels = Matrix<std::uint16_t>::from_shape({count, std::size_t{8}});
    for (std::size_t s = 0; s < count; ++s) {
        const std::size_t end = 5 + key.below(4, 100'000 + s);
        std::uint16_t before = Dataset::no_label;
        for (std::size_t t = 0; t < 8; ++t) {
            const auto token = static_cast<std::uint16_t>(key.below(4, s * 8 + t));
            for (std::size_t f = 0; f < 4; ++f) inputs(s, 4 * t + f) = f == token ? 1.7F : -0.6F;
            labels(s, t) = t < end ? before : Dataset::no_label;
            before = token;
        }
    }
    return {"copies", std::move(inputs), labels, 4};
}

}  // namespace tdca::testing
