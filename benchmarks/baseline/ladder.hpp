// The ladder from exact gradients to credits: exact gradients with what credits have beside.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>

#include "baseline/descend.hpp"
#include "tdca/core/course.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/math/simd.hpp"
#include "tdca/plasticity/adam.hpp"
#include "tdca/plasticity/schedule.hpp"
#include "tdca/plasticity/synapses.hpp"
#include "tdca/training/learner.hpp"
#include "tdca/training/universal.hpp"
#include "tdca/training/update.hpp"

namespace tdca::baseline {

/// Steps of the ladder; each has what the one before it has.
///
/// | step | credit of hidden layers |
/// | --- | --- |
/// | L1 `exact` | minus the gradient of the loss |
/// | L2 `error` | the same of the error that the unit network has modulated; the output's as well |
/// | L3 `gates` | times exp(g₀ + g₁ d), less the restraint h ē a |
/// | L4 `guesses` | the gradient of the layers' own losses added, L = L_top + Σ αₗ Lₗ, through all layers |
///
/// All have evolved plasticity, schedule, centring and births.
///
/// `chosen` is the one that `chosen_step` names when the program runs: compiled once for all.
enum class Step { exact, error, gates, guesses, chosen };

/// L1 to L4 by their names on command lines; L4 where there is no other of that name.
[[nodiscard]] inline Step step_of(std::string_view name) {
    if (name == "exact") return Step::exact;
    if (name == "error") return Step::error;
    return name == "gates" ? Step::gates : Step::guesses;
}

/// The choice of the program, made before anything is lived.
inline Step chosen_step = Step::exact;

/// Exact gradients in the shape, and with the genome, of the learner by credits: it is born alike,
/// lives the same lives, and what it does not use of the genome is idle. L4's losses are the
/// cross-entropies of the layers' guesses p = softmax(r / N · a Fᵀ), with α = exp(t₀ + t₁ d + t₂ τ)
/// by the genes `trust`: there, μ / (1 − μ). F learns from its own loss.
///
/// Transport reads forward weights downwards, which is just what nothing under include/ may do.
///
/// @tparam Net a network of Dense layers
/// @tparam SignalType what is told of the outputs
/// @tparam Rung the step
/// @tparam Steps, Births schedule and births, as `Learner` has them
template <class Net, class SignalType, Step Rung, class Steps = StepSchedule<>,
          HiddenBirth Births = HiddenBirth::every_layer>
struct LadderLearner
    : Learner<Net, UniversalTopDown<SignalType>, AdamPlasticity, Steps, CreditCentring, Births> {
    using Base =
        Learner<Net, UniversalTopDown<SignalType>, AdamPlasticity, Steps, CreditCentring, Births>;
    using TopDown = typename Base::top_down;
    using Genome = typename Base::Genome;
    using State = typename Base::State;
    using Target = typename Base::Target;

    template <std::size_t Samples>
    struct Assignment : Base::template Assignment<Samples> {
        /// Minus the gradient of the loss, all through: `credits` has each layer's own gates.
        typename Net::template Activities<Samples> carried;
        typename Net::Params transposed;
    };

    template <std::size_t Samples>
    struct Workspace {
        typename Net::template Activities<Samples> activities;
        typename Net::template Eligibilities<Samples> eligibilities;
        Assignment<Samples> assignment;
    };

    template <std::size_t Samples>
    static void update(const Genome& genome, const Course& course,
                       std::span<const float, Samples * Net::input_shape::size> in,
                       std::span<const Target, Samples> told, State& state,
                       Workspace<Samples>& workspace) noexcept {
        update_network<LadderLearner, Samples>(
            genome, course, in, [told](auto /*outputs*/) noexcept { return told; }, state,
            workspace);
    }

    /// As `Learner::assign`.
    template <std::size_t Samples>
    static Progress assign(const Genome& genome, const Course& course,
                           std::span<const Target, Samples> told,
                           const typename Net::template Activities<Samples>& activities,
                           const typename Net::template Eligibilities<Samples>& eligibilities,
                           State& state, Assignment<Samples>& assignment) noexcept {
        const Progress progress = Progress::at(state.age, course, state.error.relative(), Samples);
        credit<Samples>(genome, progress, told, activities, eligibilities, state, assignment);
        ++state.age;
        if (step() == Step::guesses) {
            TopDown::template correlate_feedback<Net, Samples>(
                activities, state.top_down, assignment.top_down, assignment.feedback_deltas);
            Base::change_feedback(genome, progress, assignment.feedback_deltas, state);
        }
        return progress;
    }

    /// As `Learner::credit`.
    template <std::size_t Samples>
    static void credit(const Genome& genome, const Progress& progress,
                       std::span<const Target, Samples> told,
                       const typename Net::template Activities<Samples>& activities,
                       const typename Net::template Eligibilities<Samples>& eligibilities,
                       State& state, Assignment<Samples>& assignment) noexcept {
        auto& scratch = assignment.top_down;
        const std::span<float, Samples * classes> errors(scratch.errors);
        const std::span<float, Samples * classes> sent(scratch.modulated);
        const auto out = assignment.credits.template get<top>();
        SignalType::template observe<Samples>(activities.template get<top>(), told, errors);
        TopDown::Unit::template modulate<Samples>(
            genome.template get<"top_down">().template get<"unit">(), errors,
            activities.template get<top>(), progress, scratch.unit, out, sent);
        if (step() == Step::exact) {
            std::ranges::copy(errors, out.begin());
            std::ranges::copy(errors, sent.begin());
        }
        std::ranges::copy(sent, assignment.carried.template get<top>().begin());
        float total = 0;
        for (std::size_t s = 0; s < Samples; ++s) total += scratch.unit.norms[s];
        const float mean_error = total / static_cast<float>(Samples);
        state.error.note(mean_error);
        [&]<std::size_t... Index>(std::index_sequence<Index...>) {
            (credit_layer<Samples, top - 1 - Index>(genome, progress, told, activities,
                                                    eligibilities, state, assignment, mean_error),
             ...);
        }(std::make_index_sequence<top>{});
    }

    /// αₗ, the weight of layer `I`'s own loss.
    template <std::size_t I>
    [[nodiscard]] static float guess_weight(const Genome& genome,
                                            const Progress& progress) noexcept {
        const auto trust =
            genome.template get<"top_down">().template get<"prediction">().template get<"trust">();
        return std::exp(std::fmin(
            trust[0] + trust[1] * Net::template relative_depth<I> + trust[2] * progress.fraction,
            10.0F));
    }

private:
    [[nodiscard]] static Step step() noexcept { return Rung == Step::chosen ? chosen_step : Rung; }

    static constexpr std::size_t top = Net::depth - 1;
    static constexpr std::size_t classes = Net::output_shape::size;

    template <std::size_t Samples, std::size_t I>
    static void credit_layer(const Genome& genome, const Progress& progress,
                             std::span<const Target, Samples> told,
                             const typename Net::template Activities<Samples>& activities,
                             const typename Net::template Eligibilities<Samples>& eligibilities,
                             State& state, Assignment<Samples>& assignment,
                             float mean_error) noexcept {
        using L = typename Net::template layer<I>;
        constexpr std::size_t neurons = L::output_shape::size;
        const auto carried = assignment.carried.template get<I>();
        const auto credit = assignment.credits.template get<I>();
        const auto activity = activities.template get<I>();
        transport<Net, Samples, I>(state.params, assignment.transposed, assignment.carried);
        if (step() == Step::guesses) {
            auto& scratch = assignment.top_down;
            const auto& genes = genome.template get<"top_down">().template get<"prediction">();
            auto mixture =
                TopDown::Prediction::decode(genes, Net::template relative_depth<I>, progress);
            // Its own error, and nothing else, in the layer's credit and in its feedback's lesson.
            mixture.trust = 1;
            mixture.lesson = 1;
            mixture.centring = 0;
            const auto weights =
                std::get<I>(state.top_down.pathways).weights(std::get<I>(scratch.pathways));
            const std::span<float, Samples * classes> sent(scratch.sent);
            TopDown::Prediction::template predict<Samples, neurons>(
                mixture, activity, weights,
                std::span<const float, Samples * classes>(scratch.modulated), told,
                std::get<I>(scratch.guesses), sent);
            multiply<Samples, classes, neurons>(std::span<const float, Samples * classes>(sent),
                                                weights, credit);
            const float weight =
                guess_weight<I>(genome, progress) * mixture.gain / static_cast<float>(neurons);
            simd::axpy(weight, std::span<const float, Samples * neurons>(credit), carried);
        }
        const float gain = step() >= Step::gates ? state.top_down.gains[I] : 1.0F;
        simd::map(
            credit, [gain](auto c) { return c * decltype(c)(gain); },
            std::span<const float, Samples * neurons>(carried));
        if (step() >= Step::gates) {
            simd::axpy(-mean_error * state.top_down.restraint, activity, credit);
        }
        const auto& eligibility = std::get<I>(eligibilities);
        L::template gate<Samples>(activity, eligibility, carried);
        L::template gate<Samples>(activity, eligibility, credit);
    }
};

}  // namespace tdca::baseline
