// ThroughTimeLearner: backpropagation through time by hand, with a target at every step.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <tuple>
#include <utility>

#include "baseline/backprop.hpp"
#include "tdca/bottom_up/cells.hpp"
#include "tdca/bottom_up/embedding.hpp"
#include "tdca/bottom_up/every_step.hpp"
#include "tdca/core/course.hpp"
#include "tdca/core/memory.hpp"
#include "tdca/core/random.hpp"
#include "tdca/math/gemm.hpp"
#include "tdca/math/simd.hpp"
#include "tdca/plasticity/synapses.hpp"
#include "tdca/signal/steps.hpp"
#include "tdca/training/learner.hpp"

namespace tdca::baseline {

/// Which ways a gradient goes back in time: all, or through each neuron's own memory alone. The
/// second is what traces keep (e-prop) where the credit that meets them is exact.
enum class WaysBack : bool { all, own_memory };

/// The exact gradient of the mean cross-entropy over all steps that have a label, through
/// `Embedding`, `Gru` and a dense softmax, with any rule and schedule, in the shape of
/// `tdca::SequenceLearner`: same births, same lifetimes. Keeps every step of a minibatch, which is
/// what nothing under include/ may do.
///
/// @tparam Net `Network<Input<steps>, Embedding<vocabulary, width>, Gru<units>, Dense<classes,
///   Softmax, …>>`
/// @tparam Rule, Schedule as `BackpropLearner`'s
/// @tparam Ways the ways back
template <class Net, PlasticityRule Rule, class Schedule, WaysBack Ways = WaysBack::all>
struct ThroughTimeLearner {
    using network = EveryStep<Net>;
    using Step = typename network::step;
    static constexpr std::size_t steps = network::steps;
    static constexpr std::size_t width = Step::template layer<0>::output_shape::size;
    static constexpr std::size_t units = Step::template layer<1>::output_shape::size;
    static constexpr std::size_t classes = network::output_shape::size;
    static constexpr std::size_t sums = 3 * units;
    static_assert(Step::depth == 3 && Step::template layer<1>::sums == sums);

    using Plain = StepSignal<ClassificationSignal<classes>>;
    using top_down = ExactFeedback<Plain>;
    using rule = Rule;
    using targets = PlainTargets;
    using StepTarget = typename Plain::Target;
    using Target = std::array<StepTarget, steps>;
    using Base = BackpropLearner<Step, Rule, Schedule, NoCentring, Plain>;
    using Genome = typename Base::Genome;
    using State = typename Base::State;

    /// What one step leaves for the way back.
    template <std::size_t Samples>
    struct Kept {
        alignas(alignment) std::array<float, Samples * width> read;       ///< x
        alignas(alignment) std::array<float, Samples * units> reset;      ///< r
        alignas(alignment) std::array<float, Samples * units> update;     ///< z
        alignas(alignment) std::array<float, Samples * units> candidate;  ///< n
        alignas(alignment) std::array<float, Samples * units> recurrent;  ///< b_n
        alignas(alignment) std::array<float, Samples * units> state;      ///< h after the step
        alignas(alignment) std::array<float, Samples * classes> errors;
    };

    template <std::size_t Samples>
    struct Workspace {
        typename Step::template Activities<Samples> activities;
        typename Step::template Eligibilities<Samples> eligibilities;
        alignas(alignment) std::array<float, Samples * Step::input_shape::size> inputs;
        std::array<StepTarget, Samples> targets;
        std::array<Kept<Samples>, steps> kept;
        alignas(alignment) std::array<float, Samples * sums> from_input;
        alignas(alignment) std::array<float, Samples * sums> from_state;
        alignas(alignment) std::array<float, Samples * units> credit;
        alignas(alignment) std::array<float, Samples * units> below;
        alignas(alignment) std::array<float, Samples * width> to_rows;
        alignas(alignment) std::array<float, Samples * units> nothing;
        typename Net::Params deltas;
        typename Net::Params gradient;  ///< uphill
        typename Net::Params turned;    ///< weights, transposed
    };

    static void initialize(Genome& genome, Key key) noexcept { Base::initialize(genome, key); }
    static void begin(const Genome& genome, Key key, const Course& course, State& state) {
        Base::begin(genome, key, course, state);
    }
    static void initialize_network(Key key, typename network::Params& params) {
        Base::initialize_network(key, params);
    }
    static void begin_initialized(const Genome& genome, Key key, const Course& course,
                                  State& state) {
        Base::begin_initialized(genome, key, course, state);
    }

    /// Fills `workspace.gradient`; returns how many labels were told, and adds ‖errors‖.
    template <std::size_t Samples>
    static std::size_t backpropagate(
        const typename network::Params& params,
        std::span<const float, Samples * network::input_shape::size> in,
        std::span<const Target, Samples> told, Workspace<Samples>& w, float& norms) noexcept {
        std::size_t count = 0;
        forward<Samples>(params, in, told, w, count, norms);
        turn(params, w.turned);
        std::apply([](auto&... blocks) { (std::ranges::fill(blocks.flat(), 0.0F), ...); },
                   w.gradient);
        std::ranges::fill(w.credit, 0.0F);
        for (std::size_t t = steps; t-- > 0;) step_back<Samples>(in, t, w);
        if (count == 0) return 0;
        const float share = static_cast<float>(Samples) / static_cast<float>(count);
        std::apply(
            [share](auto&... blocks) {
                ((std::ranges::for_each(blocks.flat(), [share](float& x) { x *= share; })), ...);
            },
            w.gradient);
        return count;
    }

    template <std::size_t Samples>
    static void update(const Genome& genome, const Course& course,
                       std::span<const float, Samples * network::input_shape::size> in,
                       std::span<const Target, Samples> told, State& state,
                       Workspace<Samples>& w) noexcept {
        const Progress progress = Progress::at(state.age, course, state.error.relative(), Samples);
        float norms = 0;
        const std::size_t count = backpropagate<Samples>(state.params, in, told, w, norms);
        ++state.age;
        if (count == 0) return;
        state.error.note(norms / static_cast<float>(count));
        Step::for_each_layer([&](auto i) {
            const auto role = i + 1 == Step::depth ? SynapseRole::output : SynapseRole::hidden;
            const float step = Rule::width_factor(Step::template layer<i>::fan_in) *
                               Base::template step_size<i>(genome, role, progress);
            change_synapses(Rule::change(state.constants, state.age, step),
                            std::as_const(std::get<i>(w.gradient)).flat(),
                            std::get<i>(state.traces), std::get<i>(state.params).flat());
        });
    }

    /// As `SequenceLearner::for_each_step`.
    template <std::size_t Samples, class Visit>
    static void for_each_step(const typename network::Params& params,
                              std::span<const float, Samples * network::input_shape::size> in,
                              Workspace<Samples>& w, Visit&& visit) {
        Step::template begin_sequence<Samples>(w.eligibilities);
        for (std::size_t t = 0; t < steps; ++t) {
            for (std::size_t s = 0; s < Samples; ++s) w.inputs[s] = in[s * steps + t];
            Step::template forward_step<Samples>(params, w.inputs, w.activities, w.eligibilities);
            visit(t, std::as_const(w.activities).template get<2>());
        }
    }

private:
    template <std::size_t Samples>
    static void forward(const typename network::Params& params,
                        std::span<const float, Samples * network::input_shape::size> in,
                        std::span<const Target, Samples> told, Workspace<Samples>& w,
                        std::size_t& count, float& norms) noexcept {
        const auto& gru = std::get<1>(params);
        std::ranges::fill(w.nothing, 0.0F);
        const float* before = w.nothing.data();
        for (std::size_t t = 0; t < steps; ++t) {
            Kept<Samples>& kept = w.kept[t];
            for (std::size_t s = 0; s < Samples; ++s) {
                w.inputs[s] = in[s * steps + t];
                w.targets[s] = told[s][t];
            }
            NoEligibility none;
            Step::template layer<0>::template forward<Samples>(
                std::get<0>(params), std::span<const float, Samples>(w.inputs),
                std::span<float, Samples * width>(kept.read), none);
            affine_rows<Samples, width, sums, width>(
                std::as_const(kept).read.data(), gru.template get<"input">(),
                gru.template get<"input_bias">(), std::span<float, Samples * sums>(w.from_input));
            affine_rows<Samples, units, sums, units>(
                before, gru.template get<"recurrent">(), gru.template get<"recurrent_bias">(),
                std::span<float, Samples * sums>(w.from_state));
            for (std::size_t s = 0; s < Samples; ++s) {
                const float* const a = &w.from_input[s * sums];
                const float* const b = &w.from_state[s * sums];
                for (std::size_t j = 0; j < units; ++j) {
                    const std::size_t at = s * units + j;
                    const float r = 1.0F / (1.0F + std::exp(-(a[j] + b[j])));
                    const float z = 1.0F / (1.0F + std::exp(-(a[units + j] + b[units + j])));
                    const float n = std::tanh(a[2 * units + j] + r * b[2 * units + j]);
                    kept.reset[at] = r;
                    kept.update[at] = z;
                    kept.candidate[at] = n;
                    kept.recurrent[at] = b[2 * units + j];
                    kept.state[at] = n + z * (before[at] - n);
                }
            }
            const std::span<float, Samples* classes> out = w.activities.template get<2>();
            Step::template layer<2>::template forward<Samples>(
                std::get<2>(params), std::span<const float, Samples * units>(kept.state), out,
                none);
            const std::span<float, Samples * classes> errors(kept.errors);
            Plain::template observe<Samples>(std::span<const float, Samples * classes>(out),
                                             std::span<const StepTarget, Samples>(w.targets),
                                             errors);
            for (std::size_t s = 0; s < Samples; ++s) {
                count += w.targets[s].is_told ? 1 : 0;
                float power = 0;
                for (std::size_t c = 0; c < classes; ++c) {
                    power += errors[s * classes + c] * errors[s * classes + c];
                }
                norms += std::sqrt(power);
            }
            before = kept.state.data();
        }
    }

    template <std::size_t Rows, std::size_t Columns>
    static void turn(std::span<const float, Rows * Columns> from,
                     std::span<float, Rows * Columns> to) noexcept {
        for (std::size_t i = 0; i < Rows; ++i) {
            for (std::size_t j = 0; j < Columns; ++j) to[j * Rows + i] = from[i * Columns + j];
        }
    }
    static void turn(const typename network::Params& params,
                     typename network::Params& turned) noexcept {
        turn<width, sums>(std::get<1>(params).template get<"input">(),
                          std::get<1>(turned).template get<"input">());
        turn<units, sums>(std::get<1>(params).template get<"recurrent">(),
                          std::get<1>(turned).template get<"recurrent">());
        turn<units, classes>(std::get<2>(params).template get<"weights">(),
                             std::get<2>(turned).template get<"weights">());
    }

    /// `w.credit` comes as what later steps say of this one's state, and goes as what it says of
    /// the one before.
    template <std::size_t Samples>
    static void step_back(std::span<const float, Samples * network::input_shape::size> in,
                          std::size_t t, Workspace<Samples>& w) noexcept {
        Kept<Samples>& kept = w.kept[t];
        const auto& before = t == 0 ? w.nothing : w.kept[t - 1].state;
        const std::span<const float, Samples * classes> errors(std::as_const(kept).errors);
        const std::span<const float, Samples * units> state(std::as_const(kept).state);
        auto& delta = w.deltas;
        Step::template layer<2>::template correlate<Samples>(state, errors, {}, std::get<2>(delta));
        const std::span<float, Samples * units> from_above(w.below);
        multiply<Samples, classes, units>(
            errors, std::as_const(std::get<2>(w.turned)).template get<"weights">(), from_above);
        for (std::size_t s = 0; s < Samples; ++s) {
            float* const a = &w.from_input[s * sums];
            float* const b = &w.from_state[s * sums];
            for (std::size_t j = 0; j < units; ++j) {
                const std::size_t at = s * units + j;
                const float c = w.credit[at] + w.below[at];
                const float r = kept.reset[at];
                const float z = kept.update[at];
                const float n = kept.candidate[at];
                const float of_n = c * (1 - z) * (1 - n * n);
                a[j] = b[j] = of_n * kept.recurrent[at] * r * (1 - r);
                a[units + j] = b[units + j] = c * (before[at] - n) * z * (1 - z);
                a[2 * units + j] = of_n;
                b[2 * units + j] = of_n * r;
                w.credit[at] = c * z;
            }
        }
        const std::span<const float, Samples * sums> a(std::as_const(w).from_input);
        const std::span<const float, Samples * sums> b(std::as_const(w).from_state);
        auto& gru = std::get<1>(delta);
        mean_outer<Samples, width, sums>(
            std::span<const float, Samples * width>(std::as_const(kept).read), a,
            gru.template get<"input">());
        mean_rows<Samples, sums>(a, gru.template get<"input_bias">());
        mean_outer<Samples, units, sums>(std::span<const float, Samples * units>(before), b,
                                         gru.template get<"recurrent">());
        mean_rows<Samples, sums>(b, gru.template get<"recurrent_bias">());
        const std::span<float, Samples * width> to_rows(w.to_rows);
        multiply<Samples, sums, width>(
            a, std::as_const(std::get<1>(w.turned)).template get<"input">(), to_rows);
        for (std::size_t s = 0; s < Samples; ++s) w.inputs[s] = in[s * steps + t];
        Step::template layer<0>::template correlate<Samples>(
            std::span<const float, Samples>(w.inputs),
            std::span<const float, Samples * width>(to_rows), {}, std::get<0>(delta));
        if constexpr (Ways == WaysBack::all) {
            multiply<Samples, sums, units>(
                b, std::as_const(std::get<1>(w.turned)).template get<"recurrent">(), from_above);
            simd::axpy(1.0F, std::span<const float, Samples * units>(from_above),
                       std::span<float, Samples * units>(w.credit));
        }
        Step::for_each_layer([&](auto i) {
            simd::axpy(1.0F, std::as_const(std::get<i>(delta)).flat(),
                       std::get<i>(w.gradient).flat());
        });
    }
};

}  // namespace tdca::baseline
