// The same network, taught by backpropagation in the same style: what a genome's memory and code
// are compared with. TDCA_RULE is the optimiser, Sgd or Adam.
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "baseline/compact_backprop.hpp"
#include "baseline/fixed_optimizers.hpp"
#include "device.hpp"
#include "minibatch.hpp"

using namespace tdca;
using namespace tdca::device;

namespace {

baseline::CompactBackprop<pixels, 32, classes, batch, baseline::TDCA_RULE> student;
Minibatch minibatch;

}  // namespace

void device_train(std::uint32_t seed, std::uint32_t updates, const float* pace) noexcept {
    const Key life(seed);
    student.begin(life / 0);
    for (std::uint32_t update = 0; update < updates; ++update) {
        minibatch.draw(life / 1, update);
        student.update(std::span(std::as_const(minibatch.inputs)),
                       std::span(std::as_const(minibatch.labels)), *pace,
                       static_cast<float>(update) / static_cast<float>(updates));
    }
}

void device_classify(const std::uint8_t* images, std::uint32_t count,
                     std::uint8_t* answers) noexcept {
    for (std::uint32_t s = 0; s < count; ++s) minibatch.set_image(s, images + s * pixels);
    answer(student.forward(std::span(std::as_const(minibatch.inputs))), count, answers);
}
