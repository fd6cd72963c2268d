// A device that learns in whole numbers, whoever says where credit comes from.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "device.hpp"
#include "device_arrays.hpp"
#include "integer_arrays.hpp"
#include "tdca/integer/order.hpp"
#include "tdca/integer/rounding.hpp"

namespace tdca::device {

/// All memory that learning takes, but for the stack, and what is done with it.
///
/// @tparam Student an `IntegerLearner`, or the like
template <class Student>
class IntegerDevice {
    static constexpr std::uint32_t batch = 16;
    static constexpr std::size_t pixels = 64;
    static constexpr std::size_t classes = 10;

public:
    void train(std::uint32_t seed, std::uint32_t updates) noexcept {
        // Decoded for lives of 100, 300 and 1,000 updates: the nearest.
        auto plan = integer_plans[updates < 173U ? 0U : updates < 548U ? 1U : 2U];
        plan.updates = updates;
        const SmallKey life(seed);
        const SmallOrder order(life / 1U, train_labels.size());
        Student::begin(plan, life / 0U, state_);
        for (std::uint32_t update = 0; update < updates; ++update) {
            for (std::uint32_t place = 0; place < batch; ++place) {
                const std::uint32_t sample = order[update * batch + place];
                set_image(place, train_images[sample].data());
                labels_[place] = train_labels[sample];
            }
            Student::template update<batch>(plan, inputs_, labels_, state_, workspace_);
        }
    }

    void classify(const std::uint8_t* images, std::uint32_t count, std::uint8_t* answers) noexcept {
        std::array<std::int32_t, batch * classes> sums;
        for (std::uint32_t s = 0; s < count; ++s) set_image(s, images + s * pixels);
        Student::template answer<batch>(state_.params, inputs_, workspace_, sums);
        for (std::uint32_t s = 0; s < count; ++s) {
            std::uint8_t best = 0;
            for (std::uint8_t c = 1; c < classes; ++c) {
                if (sums[s * classes + c] > sums[s * classes + best]) best = c;
            }
            answers[s] = best;
        }
    }

private:
    void set_image(std::size_t place, const std::uint8_t* image) noexcept {
        for (std::size_t i = 0; i < pixels; ++i) {
            inputs_[place * pixels + i] = pixel_bytes[image[i]];
        }
    }

    typename Student::State state_{};
    typename Student::template Workspace<batch> workspace_{};
    std::array<std::int8_t, batch * pixels> inputs_{};
    std::array<std::uint16_t, batch> labels_{};
};

}  // namespace tdca::device
