// StepSignal: a signal that is told nothing of some samples, as of steps without a target.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include "tdca/concepts/signal.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/targets.hpp"

namespace tdca::inline TDCA_ABI {

namespace detail {

/// What a signal's evaluation tells, if there is one.
template <class SignalType>
struct EvaluationOf {
    struct None {};
    using type = None;
};
template <JudgingSignal SignalType>
struct EvaluationOf<SignalType> {
    using type = typename SignalType::Evaluation;
};

}  // namespace detail

/// The errors of another signal where something is told, and 0 where nothing is.
///
/// @tparam SignalType what is seen of a target that is told
template <Signal SignalType>
struct StepSignal {
    static constexpr std::size_t width = SignalType::width;
    using Target = Told<typename SignalType::Target>;  ///< or nothing
    /// As the other signal's, if it judges.
    using Evaluation = typename detail::EvaluationOf<SignalType>::type;
    /// As the other signal's.
    static constexpr bool has_limited_features = detail::has_limited_features<SignalType>;
    /// As the other signal's.
    static constexpr bool has_weighted_errors = detail::has_weighted_errors<SignalType>;

    /// @param outputs `Samples` × `width`
    /// @param targets one per sample
    /// @param errors `Samples` × `width`
    template <std::size_t Samples, class Scalar>
    static void observe(std::span<const Scalar, Samples * width> outputs,
                        std::span<const Target, Samples> targets,
                        std::span<Scalar, Samples * width> errors) noexcept {
        std::array<typename SignalType::Target, Samples> plain;
        for (std::size_t s = 0; s < Samples; ++s) plain[s] = targets[s].target;
        SignalType::template observe<Samples>(
            outputs, std::span<const typename SignalType::Target, Samples>(plain), errors);
        for (std::size_t s = 0; s < Samples; ++s) {
            if (!targets[s].is_told) std::ranges::fill(errors.subspan(s * width, width), Scalar{0});
        }
    }

    /// As the other signal's.
    template <std::size_t Samples, class Scalar>
    static void interpret(std::span<Scalar, Samples * width> sums) noexcept
        requires(InterpretingSignal<SignalType>)
    {
        SignalType::template interpret<Samples>(sums);
    }

    /// As the other signal's; adds nothing where nothing is told.
    static void judge(std::span<const float, width> output, const Target& target,
                      Evaluation& sums) noexcept
        requires(JudgingSignal<SignalType>)
    {
        if (target.is_told) SignalType::judge(output, target.target, sums);
    }
};

}  // namespace tdca
