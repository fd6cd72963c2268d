// Samples that a small network can learn, for tests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "tdca/core/random.hpp"
#include "tdca/data/dataset.hpp"

namespace tdca::testing {

/// Points of a normal cloud of four features; label 1 where the first one is positive.
[[nodiscard]] inline Dataset halves(std::size_t samples, Key key = Key(1)) {
    Matrix<float> inputs = Matrix<float>::from_shape({samples, 4});
    Tensor<std::uint16_t, 1> labels = Tensor<std::uint16_t, 1>::from_shape({samples});
    key.fill_normal(std::span<float>(inputs.data(), inputs.size()));
    for (std::size_t s = 0; s < samples; ++s) labels(s) = inputs(s, 0) > 0 ? 1 : 0;
    return Dataset("halves", std::move(inputs), std::move(labels), 2);
}

}  // namespace tdca::testing
