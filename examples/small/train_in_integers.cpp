// A network that learns in whole numbers of 8 bits, in static memory alone: no heap, no exceptions,
// no floating-point number. Compiled for a small machine, with -fno-exceptions -fno-rtti.
#include <cstdint>

#include "integer_device.hpp"
#include "tdca/integer/learner.hpp"

namespace {

// constinit: on a board nothing runs before the program.
constinit tdca::device::IntegerDevice<tdca::IntegerLearner<64, 32, 10>> device;

}  // namespace

void device_train(std::uint32_t seed, std::uint32_t updates, const float* /*pace*/) noexcept {
    device.train(seed, updates);
}

void device_classify(const std::uint8_t* images, std::uint32_t count,
                     std::uint8_t* answers) noexcept {
    device.classify(images, count, answers);
}
