// SequenceLearner: one update of a network that is told something at every step of a sequence.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <tuple>
#include <utility>

#include "tdca/bottom_up/every_step.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/course.hpp"
#include "tdca/core/memory.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/targets.hpp"
#include "tdca/credit/centring.hpp"
#include "tdca/math/simd.hpp"
#include "tdca/plasticity/adam.hpp"
#include "tdca/plasticity/schedule.hpp"
#include "tdca/plasticity/synapses.hpp"
#include "tdca/training/learner.hpp"

namespace tdca::inline TDCA_ABI {

/// A `Learner` on sequences that have a target at every step, or at some.
///
/// One update is: every layer's neurons and traces forget; at each step forward, then, where
/// anything is told, signal and credits of this step, which meet activities and traces as they are
/// now, and each layer's credit × activity is added up; after the last step each layer on its own
/// learns the mean over all that was told, through the plasticity rule. So nothing is unrolled in
/// time: what is kept does not depend on the number of steps.
///
/// Where a sample tells nothing at a step it teaches nothing there: its neurons have no credit.
/// Where the last step alone tells something, an update is that of `Learner` on `Net`.
///
/// Owns nothing, as `Learner`. 2 · the parameters more scratch than a `Learner` on one step.
///
/// @tparam Net the network on the whole sequence; it is run as `EveryStep<Net>`
/// @tparam TopDown the credit assigner; its signal is a `StepSignal`
/// @tparam Rule, Schedule, Centring as `Learner`'s
template <class Net, class TopDown, class Rule = AdamPlasticity, class Schedule = StepSchedule<>,
          class Centring = CreditCentring>
struct SequenceLearner {
    using network = EveryStep<Net>;
    using Step = typename network::step;  ///< the network that runs at each step
    /// What learns of one step.
    using step_learner = Learner<Step, TopDown, Rule, Schedule, Centring>;
    using top_down = TopDown;  ///< the credit assigner
    using rule = Rule;         ///< the plasticity rule
    using Genome = typename step_learner::Genome;
    using State = typename step_learner::State;

    static constexpr std::size_t steps = network::steps;  ///< of a sequence
    using StepTarget = typename TopDown::signal::Target;  ///< of one step
    using Target = std::array<StepTarget, steps>;         ///< of a sequence

    static_assert(
        requires(const StepTarget& target) { is_told(target); },
        "what a SequenceLearner is told of a step may be nothing: its top-down network's "
        "signal is a StepSignal");

    /// One update's scratch, for minibatches of `Samples` sequences. All but the sums is of one
    /// step.
    template <std::size_t Samples>
    struct Workspace {
        typename Step::template Activities<Samples> activities;
        typename Step::template Eligibilities<Samples> eligibilities;  ///< states and traces
        typename Step::template Activities<Samples> credits;           ///< of every neuron
        typename TopDown::template Workspace<Step, Samples> top_down;  ///< of the credit assigner
        typename TopDown::template FeedbackParams<Step> feedback_deltas;  ///< of this step
        typename TopDown::template FeedbackParams<Step> feedback_sums;    ///< over steps
        typename Step::Params deltas;  ///< credit × activity of this step
        typename Step::Params sums;    ///< of deltas, over steps
        alignas(alignment) std::array<float, Samples * Step::input_shape::size> inputs;
        std::array<StepTarget, Samples> targets;  ///< of this step
    };

    static void initialize(Genome& genome, Key key) noexcept {
        step_learner::initialize(genome, key);
    }
    /// As `Learner`'s.
    static void begin(const Genome& genome, Key key, const Course& course, State& state) {
        step_learner::begin(genome, key, course, state);
    }
    /// As `Learner`'s.
    static void initialize_network(Key key, typename network::Params& params) {
        step_learner::initialize_network(key, params);
    }
    /// As `Learner`'s.
    static void begin_initialized(const Genome& genome, Key key, const Course& course,
                                  State& state) {
        step_learner::begin_initialized(genome, key, course, state);
    }

    /// One update on one minibatch of sequences, number `state.age` of the course. Allocates
    /// nothing.
    ///
    /// @param in `Samples` × steps × features, row-major
    /// @param targets of each sequence, one a step
    template <std::size_t Samples>
    static void update(const Genome& genome, const Course& course,
                       std::span<const float, Samples * network::input_shape::size> in,
                       std::span<const Target, Samples> targets, State& state,
                       Workspace<Samples>& workspace) noexcept {
        const Progress progress = Progress::at(state.age, course, state.error.relative(), Samples);
        const Key noise = state.noise / state.age;
        std::size_t told = 0;
        float error = 0;
        begin_update<Samples>(workspace);
        for (std::size_t t = 0; t < steps; ++t) {
            take_step<Samples>(in, t, workspace);
            for (std::size_t s = 0; s < Samples; ++s) workspace.targets[s] = targets[s][t];
            // A single step draws what a `Learner` draws.
            Step::template forward_step_training<Samples>(
                state.params, now<Samples>(workspace), workspace.activities,
                workspace.eligibilities, t + 1 == steps ? noise : noise / t);
            std::size_t here = 0;
            for (const StepTarget& target : workspace.targets) here += is_told(target) ? 1 : 0;
            if (here == 0) continue;
            told += here;
            error += TopDown::template assign<Step, Samples>(
                genome.template get<"top_down">(), progress,
                std::span<const StepTarget, Samples>(workspace.targets), workspace.activities,
                workspace.eligibilities, state.top_down, workspace.top_down, workspace.credits);
            add_up<Samples>(state, here < Samples, workspace);
        }
        ++state.age;
        if (told == 0) return;
        // Sums are of means over samples; what is learned is the mean over what was told.
        const float share = static_cast<float>(Samples) / static_cast<float>(told);
        state.error.note(share * error);
        learn<Samples>(genome, progress, share, state, workspace);
    }

    /// Runs the network over sequences, and calls `visit(t, outputs)` after each step t, with
    /// `Samples` × output units. Nothing is learned. Allocates nothing.
    template <std::size_t Samples, class Visit>
    static void for_each_step(const typename network::Params& params,
                              std::span<const float, Samples * network::input_shape::size> in,
                              Workspace<Samples>& workspace, Visit&& visit) {
        Step::template begin_sequence<Samples>(workspace.eligibilities);
        for (std::size_t t = 0; t < steps; ++t) {
            take_step<Samples>(in, t, workspace);
            Step::template forward_step<Samples>(params, now<Samples>(workspace),
                                                 workspace.activities, workspace.eligibilities);
            visit(t, std::as_const(workspace.activities).template get<Step::depth - 1>());
        }
    }

private:
    template <std::size_t Samples>
    static auto now(const Workspace<Samples>& workspace) noexcept {
        return std::span<const float, Samples * Step::input_shape::size>(workspace.inputs);
    }

    /// Step `t` of all samples, whose sequences lie one after the other.
    template <std::size_t Samples>
    static void take_step(std::span<const float, Samples * network::input_shape::size> in,
                          std::size_t t, Workspace<Samples>& workspace) noexcept {
        constexpr std::size_t features = Step::input_shape::size;
        for (std::size_t s = 0; s < Samples; ++s) {
            std::copy_n(in.data() + (s * steps + t) * features, features,
                        workspace.inputs.data() + s * features);
        }
    }

    static void clear(auto&... blocks) noexcept { (std::ranges::fill(blocks.flat(), 0.0F), ...); }

    template <std::size_t Samples>
    static void begin_update(Workspace<Samples>& workspace) noexcept {
        Step::template begin_sequence<Samples>(workspace.eligibilities);
        std::apply([](auto&... blocks) { clear(blocks...); }, workspace.sums);
        std::apply([](auto&... blocks) { clear(blocks...); }, workspace.feedback_sums);
    }

    /// Adds what each layer and its feedback would learn from the credits of this step.
    ///
    /// @param is_partial whether some samples tell nothing
    template <std::size_t Samples>
    static void add_up(const State& state, bool is_partial, Workspace<Samples>& w) noexcept {
        const auto silence_untold = [&](auto rows) {
            if (!is_partial) return;
            constexpr std::size_t width = decltype(rows)::extent / Samples;
            for (std::size_t s = 0; s < Samples; ++s) {
                if (!is_told(w.targets[s])) std::ranges::fill(rows.subspan(s * width, width), 0.0F);
            }
        };
        Step::for_each_layer([&](auto i) { silence_untold(w.activities.template get<i>()); });
        if constexpr (TopDown::is_plastic) {
            TopDown::template correlate_feedback<Step, Samples>(w.activities, state.top_down,
                                                                w.top_down, w.feedback_deltas);
            TopDown::template for_each_hidden<Step>([&](auto i) {
                simd::axpy(1.0F, std::as_const(std::get<i>(w.feedback_deltas)).flat(),
                           std::get<i>(w.feedback_sums).flat());
            });
        }
        Step::for_each_layer([&](auto i) {
            if constexpr (Step::template has_synapses<i>) {
                using L = typename Step::template layer<i>;
                const auto credit = w.credits.template get<i>();
                silence_untold(credit);
                Centring::template apply<Samples, L::output_shape::size>(
                    state.centring, i + 1 == Step::depth, credit);
                silence_untold(credit);
                auto& delta = std::get<i>(w.deltas);
                L::template correlate<Samples>(
                    Step::template below<i, Samples>(now<Samples>(w), std::as_const(w.activities)),
                    std::as_const(w.credits).template get<i>(), std::get<i>(w.eligibilities),
                    delta);
                simd::axpy(1.0F, std::as_const(delta).flat(), std::get<i>(w.sums).flat());
            }
        });
    }

    /// Every layer and its feedback learn `share` times the sums.
    template <std::size_t Samples>
    static void learn(const Genome& genome, const Progress& progress, float share, State& state,
                      Workspace<Samples>& w) noexcept {
        const auto scale = [share](auto&... blocks) {
            (simd::map(
                 blocks.flat(), [share](auto sum) { return sum * decltype(sum)(share); },
                 std::as_const(blocks).flat()),
             ...);
        };
        if constexpr (TopDown::is_plastic) {
            std::apply(scale, w.feedback_sums);
            step_learner::change_feedback(genome, progress, w.feedback_sums, state);
        }
        std::apply(scale, w.sums);
        Step::for_each_layer([&](auto i) {
            if constexpr (Step::template has_synapses<i>) {
                change_synapses(step_learner::template change<i>(genome, progress, state),
                                std::as_const(std::get<i>(w.sums)).flat(),
                                std::get<i>(state.traces), std::get<i>(state.params).flat());
            }
        });
    }
};

}  // namespace tdca
