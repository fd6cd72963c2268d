// Runs a device on a system with files and a terminal: accuracies on held-out samples, speed, and
// how much stack learning takes, one line of JSON for each seed.
#include <ucontext.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "device.hpp"
#include "minibatch.hpp"
#include "tdca/core/number.hpp"

namespace {

using namespace tdca::device;

/// What is to be run, for a function that takes no arguments.
struct Life {
    std::uint32_t seed = 0;
    std::uint32_t updates = 1000;
    float pace = 1;
};
Life life;

void train() { device_train(life.seed, life.updates, &life.pace); }

/// Runs `function` on a stack of its own, painted before; returns how many bytes lost their paint.
std::size_t stack_of(void (*function)()) {
    static std::array<unsigned char, 1U << 18U> stack;
    constexpr unsigned char paint = 0xa5;
    stack.fill(paint);
    static ucontext_t here;
    static ucontext_t there;
    if (getcontext(&there) != 0) std::abort();
    there.uc_stack.ss_sp = stack.data();
    there.uc_stack.ss_size = stack.size();
    there.uc_link = &here;
    makecontext(&there, function, 0);
    if (swapcontext(&here, &there) != 0) std::abort();
    const auto* const deepest =
        std::find_if(stack.begin(), stack.end(), [](unsigned char byte) { return byte != paint; });
    return static_cast<std::size_t>(stack.end() - deepest);
}

template <std::size_t Count>
double accuracy(const std::array<std::array<std::uint8_t, pixels>, Count>& images,
                const std::array<std::uint8_t, Count>& labels) {
    std::size_t hits = 0;
    for (std::size_t first = 0; first < Count; first += batch) {
        const auto count = static_cast<std::uint32_t>(std::min(batch, Count - first));
        std::array<std::uint8_t, batch> answers{};
        device_classify(images[first].data(), count, answers.data());
        for (std::size_t s = 0; s < count; ++s) hits += answers[s] == labels[first + s] ? 1 : 0;
    }
    return static_cast<double>(hits) / static_cast<double>(Count);
}

int refused(const char* what, const char* text) {
    std::fprintf(stderr, "%s: '%s' is out of range, or no number\n", what, text);
    return 2;
}

}  // namespace

/// Arguments: first seed, seeds, updates, pace.
int main(int argc, char** argv) {
    if (argc != 5) {
        std::fprintf(stderr, "usage: %s FIRST_SEED SEEDS UPDATES PACE\n", argv[0]);
        return 2;
    }
    const auto first = tdca::to_count<std::uint32_t>(argv[1]);
    const auto seeds = tdca::to_count<std::uint32_t>(argv[2]);
    const auto updates = tdca::to_count<std::uint32_t>(argv[3]);
    const auto pace = tdca::to_real<float>(argv[4]);
    if (!first) return refused("FIRST_SEED", argv[1]);
    // The last seed and one more have to be numbers, too.
    if (!seeds || *seeds > UINT32_MAX - *first) return refused("SEEDS", argv[2]);
    if (!updates) return refused("UPDATES", argv[3]);  // none: what a network is born with
    if (!pace || !(*pace > 0 && *pace <= 1000)) return refused("PACE", argv[4]);
    life.updates = *updates;
    life.pace = *pace;
    for (life.seed = *first; life.seed < *first + *seeds; ++life.seed) {
        const std::clock_t start = std::clock();  // of the processor: others may use it too
        const std::size_t stack = stack_of(train);
        const double seconds =
            static_cast<double>(std::max<std::clock_t>(std::clock() - start, 1)) /
            static_cast<double>(CLOCKS_PER_SEC);
        std::printf(
            "{\"seed\": %u, \"validation_accuracy\": %.6f, \"test_accuracy\": %.6f, "
            "\"samples_per_second\": %.0f, \"stack_bytes\": %zu}\n",
            static_cast<unsigned>(life.seed), accuracy(validation_images, validation_labels),
            accuracy(test_images, test_labels),
            static_cast<double>(life.updates) * static_cast<double>(batch) / seconds, stack);
        std::fflush(stdout);
    }
    return 0;
}
