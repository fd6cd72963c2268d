// What a device that learns offers to whoever runs it.
#pragma once

#include <cstdint>

extern "C" {

/// A network is born from `seed` and learns for `updates` minibatches of the samples on board.
///
/// @param pace factor on every step size: 1 under a genome, which knows its steps; the step size
///   itself under backpropagation, which must be told; by its address, since there are devices
///   without floating-point numbers
void device_train(std::uint32_t seed, std::uint32_t updates, const float* pace) noexcept;

/// What the network takes each image for.
///
/// @param images `count` × 64 bytes
/// @param count at most a minibatch
/// @param classes filled, `count`
void device_classify(const std::uint8_t* images, std::uint32_t count,
                     std::uint8_t* classes) noexcept;

}  // extern "C"
