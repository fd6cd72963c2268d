// A device's whole program, for boards without files: it learns, and tells through `board_write`
// how many answers are right, and a sum over all answers that changes with any of them.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "board.hpp"
#include "device.hpp"
#include "device_arrays.hpp"

using namespace tdca::device;

namespace {

constexpr std::uint32_t updates = 300;
constexpr std::uint32_t lives = 2;

void write_number(std::uint32_t number) {
    std::array<char, 11> digits{};
    std::size_t at = digits.size() - 1;
    do {
        digits[--at] = static_cast<char>('0' + number % 10);
        number /= 10;
    } while (number != 0);
    board_write(&digits[at]);
}

}  // namespace

extern "C" void run_device() {
    for (std::uint32_t seed = 1; seed <= lives; ++seed) {
        const float pace = 1;
        device_train(seed, updates, &pace);
        std::uint32_t right = 0;
        std::uint32_t sum = 2166136261U;  // FNV-1a
        for (std::size_t first = 0; first < test_images.size(); first += 16) {
            const auto count =
                static_cast<std::uint32_t>(std::min<std::size_t>(16, test_images.size() - first));
            std::array<std::uint8_t, 16> answers{};
            device_classify(test_images[first].data(), count, answers.data());
            for (std::size_t s = 0; s < count; ++s) {
                right += answers[s] == test_labels[first + s] ? 1U : 0U;
                sum = (sum ^ answers[s]) * 16777619U;
            }
        }
        board_write("life ");
        write_number(seed);
        board_write(": ");
        write_number(right);
        board_write(" of ");
        write_number(static_cast<std::uint32_t>(test_images.size()));
        board_write(" right, answers ");
        write_number(sum);
        board_write("\n");
    }
    board_exit();
}
