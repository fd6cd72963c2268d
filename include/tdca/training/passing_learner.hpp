// PassingLearner: layers learn as activity passes them, and keep none of it.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <tuple>
#include <utility>

#include "tdca/bottom_up/initializers.hpp"
#include "tdca/bottom_up/network_part.hpp"
#include "tdca/concepts/layer.hpp"
#include "tdca/concepts/plasticity_rule.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/course.hpp"
#include "tdca/core/random.hpp"
#include "tdca/credit/centring.hpp"
#include "tdca/plasticity/adam.hpp"
#include "tdca/plasticity/schedule.hpp"
#include "tdca/plasticity/synapses.hpp"
#include "tdca/top_down/local_credit.hpp"
#include "tdca/training/layer_learning.hpp"
#include "tdca/training/learner.hpp"
#include "tdca/training/passing_workspace.hpp"

namespace tdca::inline TDCA_ABI {

/// A `Learner` whose lower layers learn as soon as they are active, each from its own guess and the
/// label alone (@ref LocalCredit), and then forget: whatever the depth, they need room for the
/// activity of two layers and for the credit of one. The layers above them are a `Learner`'s: they
/// keep their activity until credit is fed back. Births, minibatches, step sizes and genome are a
/// `Learner`'s, too.
///
/// @tparam Net the bottom-up network
/// @tparam TopDown a `TopDownNetwork` with `PredictiveFeedback`
/// @tparam Passing lower layers that learn as activity passes: at most all hidden ones
template <class Net, class TopDown, std::size_t Passing = Net::depth - 1,
          class Rule = AdamPlasticity, class Schedule = StepSchedule<>,
          class Centring = CreditCentring>
struct PassingLearner {
    static_assert(Passing >= 1 && Passing < Net::depth,
                  "at least one layer learns as activity passes, and the output layer does not");

    using network = Net;
    using top_down = TopDown;  ///< the credit assigner
    using rule = Rule;         ///< the plasticity rule
    using Target = typename TopDown::signal::Target;
    using Genome = LearnerGenome<TopDown, Rule, Schedule, Centring>;
    static constexpr std::size_t passing = Passing;  ///< layers that learn as activity passes

    /// The layers that pass activity on, and the one above, which they do not ask; the others.
    using Lower = NetworkPart<Net, 0, Passing + 1>;
    using Upper = NetworkPart<Net, Passing, Net::depth>;  ///< the layers that are fed back to

    /// One lifetime's memory.
    struct State {
        typename Net::Params params;
        typename detail::TracesOf<Rule, typename Net::Params>::type traces;
        typename TopDown::template State<Lower> lower;  ///< feedback weights and kernels
        typename TopDown::template State<Upper> upper;  ///< of the layers that are fed back to
        typename detail::TracesOf<Rule, typename TopDown::template FeedbackParams<Lower>>::type
            lower_traces;  ///< of feedback weights
        typename detail::TracesOf<Rule, typename TopDown::template FeedbackParams<Upper>>::type
            upper_traces;  ///< of the feedback of upper layers
        typename Rule::Constants constants;
        typename Centring::Constants centring;  ///< what becomes of credits
        std::size_t age = 0;                    ///< updates done
        Key noise{0};                           ///< of layers that draw some
        RunningError error;                     ///< at the top
    };

    /// One update's scratch.
    template <std::size_t Samples>
    using Workspace = PassingWorkspace<Net, TopDown, Passing, Samples>;

    /// As `Learner::initialize`.
    static void initialize(Genome& genome, Key key) noexcept { Ordinary::initialize(genome, key); }

    /// As `Learner::begin`.
    static void begin(const Genome& genome, Key key, const Course& course, State& state) {
        initialize_network(key, state.params);
        begin_initialized(genome, key, course, state);
    }
    /// As `Learner::initialize_network`.
    static void initialize_network(Key key, typename Net::Params& params) {
        Net::initialize(params, key / 0);
    }
    /// As `Learner::begin_initialized`.
    static void begin_initialized(const Genome& genome, Key key, const Course& course,
                                  State& state) {
        TopDown::template begin<Lower>(genome.template get<"top_down">(), key / 1, state.lower);
        TopDown::template begin<Upper>(genome.template get<"top_down">(), key / 1, state.upper);
        const auto forget = [](auto&... traces) { (traces.forget(), ...); };
        std::apply(forget, state.traces);
        std::apply(forget, state.lower_traces);
        std::apply(forget, state.upper_traces);
        state.constants = Rule::decode(genome.template get<"plasticity">(), course);
        state.centring = Centring::decode(genome.template get<"centring">());
        state.age = 0;
        state.noise = key / 2;
        state.error = {};
        const auto& genes = genome.template get<"birth">();
        detail::scale_hidden_weights<Net>(std::exp(genes.template get<"log_hidden_gain">()[0]),
                                          state.params);
        wire_output(genes.template get<"output_gain">()[0], state);
    }

    /// One update on one minibatch; a sample at a time where `Samples` is 1. Allocates nothing.
    ///
    /// @param in `Samples` × input, row-major
    /// @param targets what the task says of each sample
    template <std::size_t Samples>
    static void update(const Genome& genome, const Course& course,
                       std::span<const float, Samples * Net::input_shape::size> in,
                       std::span<const Target, Samples> targets, State& state,
                       Workspace<Samples>& workspace) noexcept {
        const Progress progress = Progress::at(state.age, course, state.error.relative(), Samples);
        const Key noise = state.noise / state.age;
        ++state.age;
        for_each_passing([&](auto i) {
            auto& scratch = workspace.template begin<Scratch<i, Samples>>();
            const auto below = layer_below<i, Samples>(in, workspace);
            const auto out = workspace.template activity_of<i>();
            const auto credit = workspace.template credit_of<i>();
            run_layer<i, Samples>(std::get<i>(state.params), below, out, scratch.eligibility,
                                  noise);
            LocalCredit<TopDown, Lower, i>::template assign<Samples>(
                genome.template get<"top_down">(), progress, targets, out, scratch.eligibility,
                state.lower, scratch.credit, credit);
            teach_feedback<i>(genome, progress, scratch.credit.delta,
                              std::get<i>(state.lower_traces),
                              TopDown::template feedback<Lower, i>(state.lower), state);
            learn<i, Samples>(genome, progress, below, credit, scratch.eligibility, scratch.delta,
                              state);
        });
        learn_above<Samples>(genome, progress, targets, noise, state, workspace);
    }

    /// The outputs for `in`, `Samples` × output units, in the workspace: nothing is learned.
    template <std::size_t Samples>
    static std::span<const float, Samples * Net::output_shape::size> answer(
        const typename Net::Params& params,
        std::span<const float, Samples * Net::input_shape::size> in,
        Workspace<Samples>& workspace) noexcept {
        for_each_passing([&](auto i) {
            auto& scratch = workspace.template begin<Scratch<i, Samples>>();
            LayerAt<i>::template forward<Samples>(
                std::get<i>(params), layer_below<i, Samples>(in, workspace),
                workspace.template activity_of<i>(), scratch.eligibility);
        });
        auto& above = workspace.template begin<Above<Samples>>();
        const std::span<const float, Samples * width<Passing - 1>> seen =
            workspace.template activity_of<Passing - 1>();
        Upper::for_each_layer([&](auto i) {
            LayerAt<Passing + i>::template forward<Samples>(
                std::get<Passing + i>(params),
                Upper::template below<i, Samples>(seen, above.activities),
                above.activities.template get<i>(), std::get<i>(above.eligibilities));
        });
        return std::as_const(above.activities).template get<Upper::depth - 1>();
    }

private:
    template <std::size_t I>
    using LayerAt = typename Net::template layer<I>;
    template <std::size_t I>
    static constexpr std::size_t width = LayerAt<I>::output_shape::size;
    template <std::size_t I, std::size_t Samples>
    using Scratch = typename Workspace<Samples>::template Scratch<I>;
    template <std::size_t Samples>
    using Above = typename Workspace<Samples>::Above;
    using Ordinary = Learner<Net, TopDown, Rule, Schedule, Centring>;

    template <class Visitor>
    static constexpr void for_each_passing(Visitor&& visit) {
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            (visit(std::integral_constant<std::size_t, I>{}), ...);
        }(std::make_index_sequence<Passing>{});
    }

    template <std::size_t I, std::size_t Samples>
    static auto layer_below(std::span<const float, Samples * Net::input_shape::size> in,
                            Workspace<Samples>& workspace) noexcept {
        if constexpr (I == 0) {
            return in;
        } else {
            return std::span<const float, Samples * width<I - 1>>(
                workspace.template activity_of<I - 1>());
        }
    }

    template <std::size_t I, std::size_t Samples>
    static void run_layer(const typename LayerAt<I>::Params& params,
                          std::span<const float, Samples * LayerAt<I>::input_shape::size> in,
                          std::span<float, Samples * width<I>> out,
                          typename LayerAt<I>::template Eligibility<Samples>& eligibility,
                          Key noise) noexcept {
        if constexpr (TrainingLayer<LayerAt<I>>) {
            LayerAt<I>::template forward_training<Samples>(params, in, out, eligibility, noise / I);
        } else {
            LayerAt<I>::template forward<Samples>(params, in, out, eligibility);
        }
    }

    template <std::size_t I, class Delta, class TracesOfBlock, class Params>
    static void teach_feedback(const Genome& genome, const Progress& progress, const Delta& delta,
                               TracesOfBlock& traces, Params& params, const State& state) noexcept {
        const float step = Ordinary::template step_size<I>(genome, SynapseRole::feedback, progress);
        change_synapses(Rule::change(state.constants, state.age, step), delta.flat(), traces,
                        params.flat());
    }

    /// As `Learner::learn`.
    template <std::size_t I, std::size_t Samples>
    static void learn(const Genome& genome, const Progress& progress,
                      std::span<const float, Samples * LayerAt<I>::input_shape::size> below,
                      std::span<float, Samples * width<I>> credit,
                      const typename LayerAt<I>::template Eligibility<Samples>& eligibility,
                      detail::Deltas<LayerAt<I>, Samples>& delta, State& state) noexcept {
        constexpr bool is_output = I + 1 == Net::depth;
        Centring::template apply<Samples, width<I>>(state.centring, is_output, credit);
        constexpr auto role = is_output ? SynapseRole::output : SynapseRole::hidden;
        const float step = Rule::width_factor(LayerAt<I>::fan_in) *
                           Ordinary::template step_size<I>(genome, role, progress);
        detail::learn<Rule, LayerAt<I>, Samples>(
            Rule::change(state.constants, state.age, step), below,
            std::span<const float, Samples * width<I>>(credit), eligibility, delta,
            std::get<I>(state.traces), std::get<I>(state.params));
    }

    /// The layers that are fed back to: up, credits, and each one's learning.
    template <std::size_t Samples>
    static void learn_above(const Genome& genome, const Progress& progress,
                            std::span<const Target, Samples> targets, Key noise, State& state,
                            Workspace<Samples>& workspace) noexcept {
        auto& above = workspace.template begin<Above<Samples>>();
        const std::span<const float, Samples * width<Passing - 1>> seen =
            workspace.template activity_of<Passing - 1>();
        Upper::for_each_layer([&](auto i) {
            run_layer<Passing + i, Samples>(
                std::get<Passing + i>(state.params),
                Upper::template below<i, Samples>(seen, above.activities),
                above.activities.template get<i>(), std::get<i>(above.eligibilities), noise);
        });
        state.error.note(TopDown::template assign<Upper, Samples>(
            genome.template get<"top_down">(), progress, targets, above.activities,
            above.eligibilities, state.upper, above.top_down, above.credits));
        TopDown::template correlate_feedback<Upper, Samples>(above.activities, state.upper,
                                                             above.top_down, above.feedback_deltas);
        TopDown::template for_each_hidden<Upper>([&](auto i) {
            teach_feedback<Passing + i>(genome, progress,
                                        std::as_const(std::get<i>(above.feedback_deltas)),
                                        std::get<i>(state.upper_traces),
                                        TopDown::template feedback<Upper, i>(state.upper), state);
        });
        Upper::for_each_layer([&](auto i) {
            if constexpr (Upper::template has_synapses<i>) {
                learn<Passing + i, Samples>(
                    genome, progress, Upper::template below<i, Samples>(seen, above.activities),
                    above.credits.template get<i>(), std::get<i>(above.eligibilities),
                    std::get<i>(above.deltas), state);
            }
        });
    }

    /// As the `Learner` does it.
    static void wire_output(float gain, State& state) noexcept {
        constexpr std::size_t top = Net::depth - 1;
        constexpr std::size_t neurons = width<top - 1>;
        const auto wire = [&](auto feedback) {
            wire_topographically<neurons, width<top>>(
                feedback, gain / static_cast<float>(neurons),
                std::get<top>(state.params).template get<"weights">());
        };
        if constexpr (Passing == top) {
            TopDown::template with_weights<Lower, top - 1>(state.lower, wire);
        } else if constexpr (Net::template receives_credit<top - 1>) {
            TopDown::template with_weights<Upper, top - 1 - Passing>(state.upper, wire);
        }
    }
};

}  // namespace tdca
