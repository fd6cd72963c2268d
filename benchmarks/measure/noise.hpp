// Random samples, for what costs time but does not depend on what the samples show.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "tdca/core/random.hpp"
#include "tdca/core/tensor.hpp"
#include "tdca/data/dataset.hpp"

namespace tdca::measure {

/// `samples` standard normal samples of `features`, labelled 0 … 9 in turn.
[[nodiscard]] inline Dataset noise(std::size_t samples, std::size_t features) {
    Matrix<float> inputs = Matrix<float>::from_shape({samples, features});
    Tensor<std::uint16_t, 1> labels = Tensor<std::uint16_t, 1>::from_shape({samples});
    Key(3).fill_normal(std::span<float>(inputs.data(), inputs.size()));
    for (std::size_t s = 0; s < samples; ++s) labels(s) = static_cast<std::uint16_t>(s % 10);
    return Dataset("noise", std::move(inputs), std::move(labels), 10);
}

}  // namespace tdca::measure
