// SequencePreset: what presets that are told something at every step of a sequence have in common.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/memory.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/tensor.hpp"
#include "tdca/training/preset.hpp"
#include "tdca/training/universal.hpp"

namespace tdca::inline TDCA_ABI {

/// A preset that learns a target at every step of sequences, or at some, and may then be shown a
/// sequence of any length, step by step.
///
/// @tparam LearnerType one of `UniversalSequenceLearner`
/// @tparam Samples minibatch size, in sequences
template <class LearnerType, std::size_t Samples>
class SequencePreset : public Preset<LearnerType, Samples> {
    using Base = Preset<LearnerType, Samples>;
    using Step = typename LearnerType::Step;

public:
    using Base::outputs;

    static constexpr std::size_t step_features = Step::input_shape::size;  ///< of one step

    /// The next step is the first of a sequence: what was remembered of another goes.
    void begin_sequence() noexcept { Step::template begin_sequence<1>(now().memory); }

protected:
    /// A network that has not learned yet; `name` is the class that errors name.
    SequencePreset(const char* name, std::uint64_t seed, const ClassifierGenome& genome)
        : Base(name, seed, genome), now_(1) {
        begin_sequence();
    }

    /// The network's outputs after one more step, until the next one. Allocates nothing.
    ///
    /// @throws tdca::Error where `inputs` are not `step_features`, and before the first `fit`
    [[nodiscard]] std::span<float, outputs> answer_step(std::span<const float> inputs) {
        this->require_fit();
        if (inputs.size() != step_features) {
            throw Error(this->name_, "a step has another number of features", step_features,
                        inputs.size());
        }
        std::ranges::copy(inputs, now().inputs.begin());
        Step::template forward_step<1>(std::as_const(this->life_).params(),
                                       std::span<const float, step_features>(now().inputs),
                                       now().activities, now().memory);
        // Not in place: a layer may go on from its own outputs.
        std::ranges::copy(std::as_const(now().activities).template get<Step::depth - 1>(),
                          now().said.begin());
        return now().said;
    }

    /// `answer(inputs)`, a function of a step's inputs, at each step of one sequence: steps ×
    /// output units. The next step is the first of a sequence.
    ///
    /// @throws tdca::Error where that is no whole number of steps, and before the first `fit`
    template <class Answer>
    [[nodiscard]] Matrix<float> answer_sequence(std::span<const float> sequence, Answer&& answer) {
        this->require_fit();
        if (sequence.size() % step_features != 0) {
            throw Error(this->name_, "the inputs are no whole number of steps",
                        "a multiple of " + to_text(step_features), to_text(sequence.size()));
        }
        const std::size_t length = sequence.size() / step_features;
        auto result = Matrix<float>::from_shape({length, outputs});
        begin_sequence();
        for (std::size_t t = 0; t < length; ++t) {
            const std::span<const float, outputs> row =
                answer(sequence.subspan(t * step_features, step_features));
            std::ranges::copy(row, result.data() + t * outputs);
        }
        begin_sequence();
        return result;
    }

private:
    /// One sequence, at one step.
    struct Now {
        alignas(alignment) std::array<float, step_features> inputs;
        typename Step::template Activities<1> activities;
        typename Step::template Eligibilities<1> memory;
        std::array<float, Base::outputs> said;
    };
    [[nodiscard]] Now& now() noexcept { return now_.front(); }

    std::vector<Now, LargePages<Now>> now_;  // one
};

}  // namespace tdca
