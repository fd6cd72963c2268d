// Learner: one update of a bottom-up network by the credits of a top-down network.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>

#include "tdca/bottom_up/initializers.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/concepts/centring.hpp"
#include "tdca/concepts/credit_assigner.hpp"
#include "tdca/concepts/plasticity_rule.hpp"
#include "tdca/concepts/schedule.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/course.hpp"
#include "tdca/core/random.hpp"
#include "tdca/credit/centring.hpp"
#include "tdca/plasticity/adam.hpp"
#include "tdca/plasticity/schedule.hpp"
#include "tdca/plasticity/synapses.hpp"
#include "tdca/training/layer_learning.hpp"
#include "tdca/training/learner_genome.hpp"
#include "tdca/training/update.hpp"

namespace tdca::inline TDCA_ABI {

/// Composes a network, a top-down network, a plasticity rule and a schedule into the inner loop.
///
/// One update is: forward; signal and credits; then, each layer on its own, credit × presynaptic
/// activity through the plasticity rule. No loss gradient, no backward pass: no layer's update
/// reads another layer's weights or waits for another layer's credit.
///
/// A learner owns nothing. `State` is what lives through a lifetime, `Workspace` what one update
/// scribbles on; both are large (keep them on the heap) and are reused without allocation.
///
/// @tparam Net the bottom-up network
/// @tparam TopDown the credit assigner
/// @tparam Rule how a synapse uses its delta
/// @tparam Schedule step sizes over the lifetime
/// @tparam Centring `CreditCentring`, or `NoCentring`
/// @tparam Births which hidden layers are born with the genome's gain
template <class Net, class TopDown, class Rule = AdamPlasticity, class Schedule = StepSchedule<>,
          class Centring = CreditCentring, HiddenBirth Births = HiddenBirth::every_layer>
struct Learner {
    static_assert(PlasticityRule<Rule> || detail::tell_what_a_rule_lacks<Rule>(),
                  "this is no plasticity rule; see tdca/concepts/plasticity_rule.hpp for what one "
                  "must offer");
    static_assert(CreditAssigner<TopDown, Net> ||
                      detail::tell_what_a_credit_assigner_lacks<TopDown, Net>(),
                  "this does not assign credit to this network; see "
                  "tdca/concepts/credit_assigner.hpp for what one must offer");
    static_assert(!TopDown::is_plastic || PlasticCreditAssigner<TopDown, Net> ||
                      detail::tell_what_a_plastic_credit_assigner_lacks<TopDown, Net>(),
                  "feedback weights that learn need more members; see PlasticCreditAssigner in "
                  "tdca/concepts/credit_assigner.hpp");

    static_assert(tdca::Schedule<Schedule> || detail::tell_what_a_schedule_lacks<Schedule>(),
                  "this is no schedule; see tdca/concepts/schedule.hpp for what one must offer");
    static_assert(tdca::Centring<Centring> || detail::tell_what_centring_lacks<Centring>(),
                  "this does not centre credits; see tdca/concepts/centring.hpp for what one must "
                  "offer");

    using network = Net;
    using top_down = TopDown;  ///< the credit assigner
    using rule = Rule;         ///< the plasticity rule
    using Target = typename TopDown::signal::Target;

    using Genome = LearnerGenome<TopDown, Rule, Schedule, Centring>;

    /// One lifetime's memory.
    struct State {
        typename Net::Params params;
        typename detail::TracesOf<Rule, typename Net::Params>::type traces;
        typename TopDown::template State<Net> top_down;  ///< feedback weights and kernels
        typename detail::TracesOf<Rule, typename TopDown::template FeedbackParams<Net>>::type
            feedback_traces;
        typename Rule::Constants constants;
        typename Centring::Constants centring;  ///< what becomes of credits
        std::size_t age = 0;                    ///< updates done
        Key noise{0};        ///< of layers that draw some; `noise / age` is an update's
        RunningError error;  ///< running error of the lifetime
    };

    /// What assigning credits and learning from them scribble on.
    template <std::size_t Samples>
    struct Assignment {
        /// Of every neuron, laid out as the activities are.
        typename Net::template Activities<Samples> credits;
        /// Scratch of the credit assigner.
        typename TopDown::template Workspace<Net, Samples> top_down;
        /// What feedback weights learn.
        typename TopDown::template FeedbackParams<Net> feedback_deltas;
        /// Credit × activity, where a layer cannot stream it.
        typename detail::DeltasOf<Net, Samples>::type deltas;
    };

    /// One update's scratch, for minibatches of `Samples`.
    template <std::size_t Samples>
    struct Workspace {
        typename Net::template Activities<Samples> activities;
        typename Net::template Eligibilities<Samples> eligibilities;
        Assignment<Samples> assignment;  ///< the rest of the update
    };

    /// The genome before evolution.
    static void initialize(Genome& genome, Key key) noexcept {
        TopDown::initialize(genome.template get<"top_down">(), key / 0);
        Schedule::initialize(genome.template get<"schedule">(), key / 1);
        Rule::initialize(genome.template get<"plasticity">());
        Centring::initialize(genome.template get<"centring">());
        genome.template get<"birth">().template get<"output_gain">()[0] = 6.0F;
    }

    /// A new lifetime: random bottom-up and feedback weights from `key`, empty traces. The output
    /// layer is wired along the last hidden layer's feedback, with the genome's birth gain.
    static void begin(const Genome& genome, Key key, const Course& course, State& state) {
        initialize_network(key, state.params);
        begin_initialized(genome, key, course, state);
    }

    /// The part of @ref begin that is the same under every genome, and that costs the most.
    static void initialize_network(Key key, typename Net::Params& params) {
        Net::initialize(params, key / 0);
    }

    /// The rest of @ref begin, with the network initialised from the same key. Genes that mean the
    /// same all through a lifetime are decoded here, once.
    static void begin_initialized(const Genome& genome, Key key, const Course& course,
                                  State& state) {
        TopDown::template begin<Net>(genome.template get<"top_down">(), key / 1, state.top_down);
        const auto forget = [](auto&... traces) { (traces.forget(), ...); };
        std::apply(forget, state.traces);
        std::apply(forget, state.feedback_traces);
        state.constants = Rule::decode(genome.template get<"plasticity">(), course);
        state.centring = Centring::decode(genome.template get<"centring">());
        state.age = 0;
        state.noise = key / 2;
        state.error = {};
        const auto& genes = genome.template get<"birth">();
        detail::scale_hidden_weights<Net, Births>(
            std::exp(genes.template get<"log_hidden_gain">()[0]), state.params);
        if constexpr (Net::template receives_credit<top - 1> && is_as_wide) {
            wire_output(genes.template get<"output_gain">()[0], state);
        }
    }

    /// Goes on under another genome: what was decoded at birth is decoded anew.
    static void adopt(const Genome& genome, const Course& course, State& state) noexcept {
        if constexpr (requires {
                          TopDown::template adopt<Net>(genome.template get<"top_down">(),
                                                       state.top_down);
                      }) {
            TopDown::template adopt<Net>(genome.template get<"top_down">(), state.top_down);
        }
        state.constants = Rule::decode(genome.template get<"plasticity">(), course);
        state.centring = Centring::decode(genome.template get<"centring">());
    }

    /// One update on one minibatch, number `state.age` of the course: `update_network`.
    /// Allocates nothing.
    ///
    /// @param in `Samples` × input, row-major
    /// @param targets what the task says of each sample
    template <std::size_t Samples>
    static void update(const Genome& genome, const Course& course,
                       std::span<const float, Samples * Net::input_shape::size> in,
                       std::span<const Target, Samples> targets, State& state,
                       Workspace<Samples>& workspace) noexcept {
        update_network<Learner, Samples>(
            genome, course, in, [targets](auto /*outputs*/) noexcept { return targets; }, state,
            workspace);
    }

    /// The way up of an update: every layer's activity, and what it keeps for its own learning.
    template <std::size_t Samples>
    static void forward(std::span<const float, Samples * Net::input_shape::size> in, State& state,
                        typename Net::template Activities<Samples>& activities,
                        typename Net::template Eligibilities<Samples>& eligibilities) noexcept {
        Net::template forward_training<Samples>(state.params, in, activities, eligibilities,
                                                state.noise / state.age);
    }

    /// The part of an update between the forward pass and the layers' own: every layer's credit,
    /// and what feedback weights learn. Counts the update.
    ///
    /// @return the progress that the layers' step sizes follow from
    template <std::size_t Samples>
    static Progress assign(const Genome& genome, const Course& course,
                           std::span<const Target, Samples> targets,
                           const typename Net::template Activities<Samples>& activities,
                           const typename Net::template Eligibilities<Samples>& eligibilities,
                           State& state, Assignment<Samples>& assignment) noexcept {
        const Progress progress = Progress::at(state.age, course, state.error.relative(), Samples);
        credit<Samples>(genome, progress, targets, activities, eligibilities, state, assignment);
        ++state.age;
        if constexpr (TopDown::is_plastic) {
            TopDown::template correlate_feedback<Net, Samples>(
                activities, state.top_down, assignment.top_down, assignment.feedback_deltas);
            change_feedback(genome, progress, assignment.feedback_deltas, state);
        }
        return progress;
    }

    /// Feedback weights learn what is in `deltas`; the update is counted already.
    static void change_feedback(const Genome& genome, const Progress& progress,
                                const typename TopDown::template FeedbackParams<Net>& deltas,
                                State& state) noexcept
        requires(TopDown::is_plastic)
    {
        TopDown::template for_each_hidden<Net>([&](auto i) {
            const float step = step_size<i>(genome, SynapseRole::feedback, progress);
            change_synapses(Rule::change(state.constants, state.age, step),
                            std::get<i>(deltas).flat(), std::get<i>(state.feedback_traces),
                            TopDown::template feedback<Net, i>(state.top_down).flat());
        });
    }

    /// Every layer's credit, and nothing else of an update: no synapse changes.
    template <std::size_t Samples>
    static void credit(const Genome& genome, const Progress& progress,
                       std::span<const Target, Samples> targets,
                       const typename Net::template Activities<Samples>& activities,
                       const typename Net::template Eligibilities<Samples>& eligibilities,
                       State& state, Assignment<Samples>& assignment) noexcept {
        if constexpr (is_as_wide) {
            state.error.note(TopDown::template assign<Net, Samples>(
                genome.template get<"top_down">(), progress, targets, activities, eligibilities,
                state.top_down, assignment.top_down, assignment.credits));
        }
    }

    /// Layer `I`'s part of an update, once credits are assigned. Layers wait for nothing of each
    /// other here: any order, or all at once.
    template <std::size_t I, std::size_t Samples>
    static void learn(const Genome& genome, const Progress& progress,
                      std::span<const float, Samples * Net::input_shape::size> in,
                      const typename Net::template Activities<Samples>& activities,
                      const typename Net::template Eligibilities<Samples>& eligibilities,
                      State& state, Assignment<Samples>& assignment) noexcept {
        if constexpr (Net::template has_synapses<I>) {
            using L = typename Net::template layer<I>;
            Centring::template apply<Samples, L::output_shape::size>(
                state.centring, I == top, assignment.credits.template get<I>());
            detail::learn<Rule, L, Samples>(
                change<I>(genome, progress, state), Net::template below<I, Samples>(in, activities),
                std::as_const(assignment.credits).template get<I>(), std::get<I>(eligibilities),
                std::get<I>(assignment.deltas), std::get<I>(state.traces),
                std::get<I>(state.params));
        }
    }

    /// What the synapses of layer `I` do with a delta now; the update is counted already.
    template <std::size_t I>
    [[nodiscard]] static auto change(const Genome& genome, const Progress& progress,
                                     const State& state) noexcept {
        constexpr auto role = I == top ? SynapseRole::output : SynapseRole::hidden;
        const float step = Rule::width_factor(Net::template layer<I>::fan_in) *
                           step_size<I>(genome, role, progress);
        return Rule::change(state.constants, state.age, step);
    }

    /// How large the steps of layer `I` are now; those of its synapses also follow its fan-in.
    template <std::size_t I>
    [[nodiscard]] static float step_size(const Genome& genome, SynapseRole role,
                                         const Progress& progress) noexcept {
        Progress here = progress;
        here.log_depth = Net::log_depth();
        return progress.pace * Schedule::step(genome.template get<"schedule">(), role, here,
                                              Net::template relative_depth<I>);
    }

private:
    static constexpr std::size_t top = Net::depth - 1;
    // Where it is not, the last assertion says so, and is all that need be said.
    static constexpr bool is_as_wide = TopDown::signal::width == Net::output_shape::size;
    static_assert(Net::template has_synapses<top>, "the top layer of a network must have synapses");

    static void wire_output(float gain, State& state) noexcept {
        static_assert(WiringCreditAssigner<TopDown, Net, top - 1>,
                      "the output layer is wired along the last hidden layer's feedback: see "
                      "WiringCreditAssigner in tdca/concepts/credit_assigner.hpp");
        constexpr std::size_t neurons = Net::template layer<top - 1>::output_shape::size;
        constexpr std::size_t classes = Net::output_shape::size;
        TopDown::template with_weights<Net, top - 1>(state.top_down, [&](auto feedback) {
            wire_topographically<neurons, classes>(
                feedback, gain / static_cast<float>(neurons),
                std::get<top>(state.params).template get<"weights">());
        });
    }

    // Down here, since clang goes on with no class behind an assertion that fails.
    static_assert(!CreditAssigner<TopDown, Net> ||
                      detail::is_as_wide<typename TopDown::signal, Net>,
                  "the signal's width differs from the network's number of outputs");
};

}  // namespace tdca
