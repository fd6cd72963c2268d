// What says how good a learner's outputs are, and how a minibatch of them is judged.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>

#include "tdca/concepts/learner.hpp"
#include "tdca/concepts/signal.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/signal/classification.hpp"

namespace tdca::inline TDCA_ABI::detail {

template <class LearnerType>
concept HasJudgingSignal = JudgingSignal<typename LearnerType::top_down::signal>;

/// Where nothing says how good outputs are: no `JudgingSignal`.
struct NoJudge {
    struct Evaluation {};
};

/// What says how good a learner's outputs are: its signal, or what judges classes where there are
/// labels, or nothing.
template <class LearnerType>
struct JudgeOf {
    using type =
        std::conditional_t<std::same_as<typename LearnerType::Target, std::uint16_t>,
                           ClassificationSignal<LearnerType::network::output_shape::size>, NoJudge>;
};
template <HasJudgingSignal LearnerType>
struct JudgeOf<LearnerType> {
    using type = typename LearnerType::top_down::signal;
};

/// Whether a learner is told something of every step of a sequence, as a `SequenceLearner` is.
template <class LearnerType>
concept LearnsSteps = requires {
    typename LearnerType::StepTarget;
    { LearnerType::steps } -> std::convertible_to<std::size_t>;
};

/// Steps of a sample: 1 where it is no sequence.
template <class LearnerType>
inline constexpr std::size_t steps_of = 1;
template <LearnsSteps LearnerType>
inline constexpr std::size_t steps_of<LearnerType> = LearnerType::steps;

/// Adds what the first `count` samples of a minibatch tell to `sums_of(step)`, an evaluation.
template <class LearnerType, std::size_t Samples, class Workspace, class SumsOf>
void judge_minibatch(
    const typename LearnerType::network::Params& params,
    std::span<const float, Samples * LearnerType::network::input_shape::size> inputs,
    std::span<const typename LearnerType::Target, Samples> targets, std::size_t count,
    Workspace& workspace, SumsOf&& sums_of) {
    using Judge = typename JudgeOf<LearnerType>::type;
    using Net = typename LearnerType::network;
    constexpr std::size_t width = Net::output_shape::size;
    const auto judge = [&](std::size_t step, auto outputs, const auto& target_of) {
        for (std::size_t s = 0; s < count; ++s) {
            Judge::judge(std::span<const float, width>(outputs.subspan(s * width, width)),
                         target_of(s), sums_of(step));
        }
    };
    if constexpr (LearnsSteps<LearnerType>) {
        LearnerType::template for_each_step<Samples>(
            params, inputs, workspace, [&](std::size_t t, auto outputs) {
                judge(t, outputs, [&](std::size_t s) { return targets[s][t]; });
            });
    } else if constexpr (AnsweringLearner<LearnerType>) {
        judge(0, LearnerType::template answer<Samples>(params, inputs, workspace),
              [&](std::size_t s) { return targets[s]; });
    } else {
        Net::template forward<Samples>(params, inputs, workspace.activities,
                                       workspace.eligibilities);
        judge(0, std::as_const(workspace.activities).template get<Net::depth - 1>(),
              [&](std::size_t s) { return targets[s]; });
    }
}

}  // namespace tdca::detail
