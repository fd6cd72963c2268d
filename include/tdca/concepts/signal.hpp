// The contract of a top-level signal.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <type_traits>

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
/// | `has_weighted_errors` | optional: where true, it sees them as far as ±1.5, beyond which errors of probabilities come by weights alone |
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

/// What a signal says of `has_weighted_errors`, or false.
template <class S>
inline constexpr bool has_weighted_errors = false;
template <class S>
    requires(S::has_weighted_errors)
inline constexpr bool has_weighted_errors<S> = true;

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

/// Width and target of what is no signal, as far as it has them.
template <class S>
struct WidthOf {
    static constexpr std::size_t value = 1;
};
template <class S>
    requires requires { std::size_t{S::width}; }
struct WidthOf<S> {
    static constexpr std::size_t value = S::width;
};
template <class S>
struct TargetOf {
    using type = float;
};
template <class S>
    requires requires { typename S::Target; }
struct TargetOf<S> {
    using type = typename S::Target;
};

/// Takes the place of what is no signal, once that was said, so that what it lacks is not told
/// again of all that would use it. It has the members of `S` that there are.
template <class S>
struct StandInSignal {
    static constexpr std::size_t width = WidthOf<S>::value;
    using Target = typename TargetOf<S>::type;
    template <std::size_t Samples>
    static void observe(std::span<const float, Samples * width> /*outputs*/,
                        std::span<const Target, Samples> /*targets*/,
                        std::span<float, Samples * width> /*errors*/) noexcept {}
    template <std::size_t Samples>
    static void interpret(std::span<float, Samples * width> /*sums*/) noexcept {}
};

/// `S` itself, where it is a signal.
template <class S>
using SignalOrStandIn = std::conditional_t<Signal<S>, S, StandInSignal<S>>;

/// Whether a signal is as wide as the outputs of a network, or nothing is known of its width.
template <class S, class Net>
inline constexpr bool is_as_wide = S::width == Net::output_shape::size;
template <class S, class Net>
inline constexpr bool is_as_wide<StandInSignal<S>, Net> = true;

}  // namespace detail

}  // namespace tdca
