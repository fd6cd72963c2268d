// The contract of a top-level signal.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>

#include "tdca/core/abi.hpp"

namespace tdca::inline TDCA_ABI {

/// What the top level sees of one batch: an error for each output unit of each sample, from the
/// network's output and the task's feedback only, zero where there is nothing to learn.
///
/// | member | meaning |
/// | --- | --- |
/// | `width` | output units |
/// | `Target` | what the task says of one sample: a label, a return |
/// | `observe<Samples>(outputs, targets, errors)` | fills errors, `Samples` × `width` |
/// | `has_limited_features` | optional: where true, the TDCA-network sees errors, their norm and outputs as far as ±1; for what has no bounds |
template <class S>
concept Signal =
    requires(std::span<const float, S::width> outputs,
             std::span<const typename S::Target, 1> targets, std::span<float, S::width> errors) {
        { S::width } -> std::convertible_to<std::size_t>;
        { S::template observe<1>(outputs, targets, errors) } noexcept;
    };

/// A signal whose layers below the top can guess for themselves.
///
/// | member | meaning |
/// | --- | --- |
/// | `interpret<Samples>(sums)` | turns sums over a layer's own synapses into what the network's outputs would look like, in place |
template <class S>
concept InterpretingSignal = Signal<S> && requires(std::span<float, S::width> sums) {
    { S::template interpret<1>(sums) } noexcept;
};

/// A signal that says how good outputs are.
///
/// | member | meaning |
/// | --- | --- |
/// | `Evaluation` | sums, and then means: `loss`, lower is better, and others; `finish()` |
/// | `judge(output, target, evaluation)` | adds one sample |
template <class S>
concept JudgingSignal =
    Signal<S> && std::default_initializable<typename S::Evaluation> &&
    requires(std::span<const float, S::width> output, const typename S::Target& target,
             typename S::Evaluation& evaluation) {
        { S::judge(output, target, evaluation) } noexcept;
        { evaluation.loss } -> std::convertible_to<double>;
        evaluation.finish();
    };

namespace detail {

/// What a signal says of `has_limited_features`, or false.
template <class S>
inline constexpr bool has_limited_features = false;
template <class S>
    requires(S::has_limited_features)
inline constexpr bool has_limited_features<S> = true;

/// Tells of something that is no signal which member it lacks, a sentence each.
template <class S>
consteval bool tell_what_a_signal_lacks() {
    static_assert(
        requires { typename S::Target; }, "a signal needs Target: what the task says of a sample");
    static_assert(
        requires {
            { S::width } -> std::convertible_to<std::size_t>;
        }, "a signal needs width: its number of output units");
    if constexpr (requires {
                      typename S::Target;
                      std::size_t{S::width};
                  }) {
        static_assert(
            requires(std::span<const float, S::width> outputs,
                     std::span<const typename S::Target, 1> targets,
                     std::span<float, S::width> errors) {
                { S::template observe<1>(outputs, targets, errors) } noexcept;
            },
            "a signal needs observe<Samples>(outputs, targets, errors), noexcept");
    }
    return false;
}

}  // namespace detail

}  // namespace tdca
