// A network that learns in whole numbers of 8 bits, in static memory alone: no heap, no exceptions,
// no floating-point number. Compiled for a small machine, with -fno-exceptions -fno-rtti.
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "device.hpp"
#include "device_arrays.hpp"
#include "integer_arrays.hpp"
#include "tdca/integer/learner.hpp"
#include "tdca/integer/order.hpp"

using namespace tdca;
using namespace tdca::device;

namespace {

constexpr std::size_t batch = 16;
constexpr std::size_t pixels = 64;
constexpr std::size_t classes = 10;
using Student = IntegerLearner<pixels, 32, classes>;

// All memory that learning takes, but for the stack.
Student::State state;
Student::Workspace<batch> workspace;
std::array<std::int8_t, batch * pixels> inputs;
std::array<std::uint16_t, batch> labels;

void set_image(std::size_t place, const std::uint8_t* image) noexcept {
    for (std::size_t i = 0; i < pixels; ++i) inputs[place * pixels + i] = pixel_bytes[image[i]];
}

}  // namespace

void device_train(std::uint32_t seed, std::uint32_t updates, const float* /*pace*/) noexcept {
    // Decoded for lives of 100, 300 and 1,000 updates: the nearest.
    Student::Plan plan = integer_plans[updates < 173U ? 0U : updates < 548U ? 1U : 2U];
    plan.updates = updates;
    const SmallKey life(seed);
    const SmallOrder order(life / 1U, train_labels.size());
    Student::begin(plan, life / 0U, state);
    for (std::uint32_t update = 0; update < updates; ++update) {
        for (std::uint32_t place = 0; place < batch; ++place) {
            const std::uint32_t sample = order[update * batch + place];
            set_image(place, train_images[sample].data());
            labels[place] = train_labels[sample];
        }
        Student::update<batch>(plan, inputs, labels, state, workspace);
    }
}

void device_classify(const std::uint8_t* images, std::uint32_t count,
                     std::uint8_t* answers) noexcept {
    std::array<std::int32_t, batch * classes> sums;
    for (std::uint32_t s = 0; s < count; ++s) set_image(s, images + s * pixels);
    Student::answer<batch>(state.params, inputs, workspace, sums);
    for (std::uint32_t s = 0; s < count; ++s) {
        std::uint8_t best = 0;
        for (std::uint8_t c = 1; c < classes; ++c) {
            if (sums[s * classes + c] > sums[s * classes + best]) best = c;
        }
        answers[s] = best;
    }
}
