// The same network of bytes, taught by backpropagation in bytes: what credits in whole numbers are
// compared with.
#include <cstdint>

#include "baseline/integer_backprop.hpp"
#include "integer_device.hpp"

namespace {

constinit tdca::device::IntegerDevice<tdca::baseline::IntegerBackprop<64, 32, 10>> device;

}  // namespace

void device_train(std::uint32_t seed, std::uint32_t updates, const float* /*pace*/) noexcept {
    device.train(seed, updates);
}

void device_classify(const std::uint8_t* images, std::uint32_t count,
                     std::uint8_t* answers) noexcept {
    device.classify(images, count, answers);
}
