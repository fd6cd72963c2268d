// Samples for tests: every input tells which sample and feature it is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "tdca/data/dataset.hpp"

namespace tdca::testing {

/// Input (i, f) is i + f / features, label i is i mod classes.
[[nodiscard]] inline Dataset numbered_samples(std::size_t samples, std::size_t features,
                                              std::size_t classes, std::size_t rows = 0,
                                              std::size_t columns = 0) {
    auto inputs = Matrix<float>::from_shape({samples, features});
    auto labels = Tensor<std::uint16_t, 1>::from_shape({samples});
    for (std::size_t i = 0; i < samples; ++i) {
        labels(i) = static_cast<std::uint16_t>(i % classes);
        for (std::size_t f = 0; f < features; ++f) {
            inputs(i, f) =
                static_cast<float>(i) + static_cast<float>(f) / static_cast<float>(features);
        }
    }
    return {"numbered", std::move(inputs), std::move(labels), classes, rows, columns};
}

}  // namespace tdca::testing
