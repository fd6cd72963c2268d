// The copy problem and the adding problem (Hochreiter & Schmidhuber, "Long short-term memory",
// 1997) as questions that are answered after the last step.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "support/sequence_data.hpp"
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/core/random.hpp"

namespace tdca::support {

/// `Shown` symbols of eight, then `Delay` blanks, then a cue that names one of the places: which
/// symbol stood there?
///
/// In the classic form the network writes all symbols down, one a step, after the delay. A
/// recurrent layer of ours speaks once, after the last step, so it is asked for one of them; which
/// one, it learns only then, so it must have kept all.
///
/// Steps × features: one of the symbols, the blank or one of the cues is 1, the others are 0.
template <std::size_t Delay, std::size_t Shown = 3>
struct CopyProblem {
    static constexpr std::size_t symbols = 8;
    static constexpr std::size_t classes = symbols;
    static constexpr std::size_t steps = Shown + Delay + 1;
    static constexpr std::size_t features = symbols + 1 + Shown;
    static constexpr std::size_t delay = Delay;
    static constexpr const char* name = "copy";

    /// One sequence, all of it from `key`; returns its label.
    static std::uint16_t write(Key key, std::span<float> numbers) noexcept {
        std::ranges::fill(numbers, 0.0F);
        std::array<std::uint16_t, Shown> shown{};
        for (std::size_t t = 0; t < Shown; ++t) {
            shown[t] = static_cast<std::uint16_t>(key.below(symbols, t));
            numbers[t * features + shown[t]] = 1;
        }
        for (std::size_t t = Shown; t < Shown + Delay; ++t) numbers[t * features + symbols] = 1;
        const std::size_t asked = key.below(Shown, Shown);
        numbers[(steps - 1) * features + symbols + 1 + asked] = 1;
        return shown[asked];
    }

    /// The best accuracy of who remembers the last symbol alone.
    [[nodiscard]] static double half_known() noexcept {
        return (1 + (Shown - 1) / static_cast<double>(symbols)) / Shown;
    }
};

/// `Delay` random numbers in (−1, 1), two of them marked, the first in the first tenth and the
/// second before the middle: into which of eight equally likely ranges does their sum fall?
///
/// In the classic form the network says the sum itself. The numbers after the middle carry nothing,
/// so the second must be kept for half of the steps or longer.
///
/// Steps × features: the number, and 1 where it is marked.
template <std::size_t Delay>
struct AddingProblem {
    static_assert(Delay >= 10, "the first tenth holds at least one number");
    static constexpr std::size_t classes = 8;
    static constexpr std::size_t steps = Delay;
    static constexpr std::size_t features = 2;
    static constexpr std::size_t delay = Delay;
    static constexpr const char* name = "adding";

    /// One sequence, all of it from `key`; returns its label.
    static std::uint16_t write(Key key, std::span<float> numbers) noexcept {
        for (std::size_t t = 0; t < Delay; ++t) {
            numbers[t * features] = static_cast<float>(2 * (key / 0).uniform(t) - 1);
            numbers[t * features + 1] = 0;
        }
        constexpr std::size_t tenth = Delay / 10;
        const std::size_t first = (key / 1).below(tenth, 0);
        const std::size_t second = tenth + (key / 1).below(Delay / 2 - tenth, 1);
        numbers[first * features + 1] = numbers[second * features + 1] = 1;
        const float sum = numbers[first * features] + numbers[second * features];
        return static_cast<std::uint16_t>(
            std::min<double>(classes * share_below(sum), classes - 1));
    }

    /// The best accuracy of who remembers one of the two: of the ranges within reach of it, the
    /// likeliest.
    [[nodiscard]] static double half_known() noexcept {
        constexpr int grid = 2000;
        double total = 0;
        for (int i = 0; i < grid; ++i) {
            const double known = 2 * (i + 0.5) / grid - 1;
            std::array<int, classes> hits{};
            for (int j = 0; j < grid; ++j) {
                const double sum = known + 2 * (j + 0.5) / grid - 1;
                ++hits[static_cast<std::size_t>(
                    std::min<double>(classes * share_below(sum), classes - 1))];
            }
            total += *std::ranges::max_element(hits);
        }
        return total / (double{grid} * grid);
    }

private:
    /// The share of sums below this one: they are distributed as a triangle on (−2, 2).
    static double share_below(double sum) noexcept {
        const double tail = (2 - std::abs(sum)) * (2 - std::abs(sum)) / 8;
        return sum < 0 ? tail : 1 - tail;
    }
};

/// A layer that reads a problem's sequences, and the answer.
template <class Problem, class Layer>
using Reader = Network<Input<Problem::steps, Problem::features>, Layer,
                       Dense<Problem::classes, Softmax, ScaledNormal>>;

/// Sequences of a problem; of each, the last `seen` steps.
template <class Problem>
[[nodiscard]] SequenceData sequences(Key key, const PartSizes& sizes,
                                     std::size_t seen = Problem::steps) {
    std::vector<float> whole(Problem::steps * Problem::features);
    return {Problem::name, sizes, seen * Problem::features, Problem::classes,
            [&](std::size_t i, std::span<float> numbers) {
                const std::uint16_t label = Problem::write(key / i, whole);
                std::ranges::copy(std::span(whole).last(numbers.size()), numbers.begin());
                return label;
            }};
}

}  // namespace tdca::support
