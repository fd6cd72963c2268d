// The minibatches of a device: bytes from its read-only memory, standardised.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "device_arrays.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/random.hpp"
#include "tdca/data/minibatch_order.hpp"

namespace tdca::device {

/// Samples in a minibatch.
inline constexpr std::size_t batch = 16;
inline constexpr std::size_t pixels = 64;
inline constexpr std::size_t classes = 10;

/// What a network learns from, or looks at.
struct Minibatch {
    alignas(alignment) std::array<float, batch * pixels> inputs;
    std::array<std::uint16_t, batch> labels;

    void set_image(std::size_t place, const std::uint8_t* image) noexcept {
        for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
            inputs[place * pixels + pixel] =
                (static_cast<float>(image[pixel]) - pixel_mean) / pixel_deviation;
        }
    }

    /// Minibatch number `update` of the training samples on board.
    void draw(Key key, std::size_t update) noexcept {
        const MinibatchOrder<batch> order(key, train_labels.size());
        std::size_t place = 0;
        for (const std::size_t sample : order.positions(update)) {
            set_image(place, train_images[sample].data());
            labels[place++] = train_labels[sample];
        }
    }
};

/// The most probable class of each row of `outputs`.
inline void answer(std::span<const float, batch * classes> outputs, std::uint32_t count,
                   std::uint8_t* answers) noexcept {
    for (std::size_t s = 0; s < count; ++s) {
        const float* const row = &outputs[s * classes];
        std::uint8_t best = 0;
        for (std::uint8_t c = 1; c < classes; ++c) {
            if (row[c] > row[best]) best = c;
        }
        answers[s] = best;
    }
}

}  // namespace tdca::device
