// BackpropLearner: backpropagation by hand for stacks of Dense, the thing to beat.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <tuple>
#include <utility>

#include "baseline/descend.hpp"
#include "baseline/targets.hpp"
#include "tdca/concepts/plasticity_rule.hpp"
#include "tdca/concepts/signal.hpp"
#include "tdca/core/course.hpp"
#include "tdca/core/genome.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/random.hpp"
#include "tdca/credit/centring.hpp"
#include "tdca/math/gemm.hpp"
#include "tdca/plasticity/schedule.hpp"
#include "tdca/signal/classification.hpp"
#include "tdca/training/learner.hpp"
#include "tdca/training/update.hpp"

namespace tdca::baseline {

/// The top level of backpropagation: the signal alone. Nothing is wired downwards.
template <class SignalType>
struct ExactFeedback {
    using signal = SignalType;
    static constexpr bool is_plastic = false;
    template <class Net>
    using FeedbackParams = std::tuple<>;
};

/// The exact gradient through a stack of Dense layers, with any rule and schedule, in the shape of
/// `tdca::Learner`: it runs in the same lifetimes, on the same births and minibatches, and can be
/// evolved by the same outer loop.
///
/// Credit of the top: the signal's error. With a softmax on top that is minus the gradient of mean
/// cross-entropy, or the policy gradient of the advantages told. Credit below: (credit above · Wᵀ)
/// ⊙ slope. This reads forward weights downwards, which is just what nothing under include/ may do.
///
/// @tparam Net a network of Dense layers
/// @tparam Rule how a gradient becomes a change: the library's plasticity rules are optimisers
/// @tparam Schedule step sizes over the lifetime
/// @tparam Centring of what stands for credits
/// @tparam SignalType what is told of the outputs
/// @tparam Targets what the top is taught
template <class Net, PlasticityRule Rule, class Schedule, class Centring = NoCentring,
          Signal SignalType = ClassificationSignal<Net::output_shape::size>,
          class Targets = PlainTargets>
struct BackpropLearner {
    using network = Net;
    using top_down = ExactFeedback<SignalType>;
    using rule = Rule;
    using targets = Targets;
    using Target = typename SignalType::Target;

    /// Scales of the hidden layers' and of the output layer's weights at birth.
    using Birth =
        Genes<float, Parameter<"log_hidden_gain", Shape<1>>, Parameter<"output_gain", Shape<1>>>;
    using Genome = tdca::Genome<Part<"schedule", typename Schedule::Genome>,
                                Part<"plasticity", typename Rule::Genome>,
                                Part<"centring", typename Centring::Genome>, Part<"birth", Birth>,
                                Part<"targets", typename Targets::Genome>>;

    struct State {
        typename Net::Params params;
        typename tdca::detail::TracesOf<Rule, typename Net::Params>::type traces;
        typename Rule::Constants constants;
        typename Centring::Constants centring;
        std::size_t age = 0;
        RunningError error;
    };

    template <std::size_t Samples>
    struct Assignment {
        typename Net::template Activities<Samples> credits;
        typename tdca::detail::DeltasOf<Net, Samples>::type deltas;
        typename Net::Params transposed;
    };

    template <std::size_t Samples>
    struct Workspace {
        typename Net::template Activities<Samples> activities;
        typename Net::template Eligibilities<Samples> eligibilities;
        Assignment<Samples> assignment;
    };

    static void initialize(Genome& genome, Key key) noexcept {
        Schedule::initialize(genome.template get<"schedule">(), key / 1);
        Rule::initialize(genome.template get<"plasticity">());
        Centring::initialize(genome.template get<"centring">());
        genome.template get<"birth">().template get<"output_gain">()[0] = 1.0F;
    }

    static void begin(const Genome& genome, Key key, const Course& course, State& state) {
        initialize_network(key, state.params);
        begin_initialized(genome, key, course, state);
    }
    static void initialize_network(Key key, typename Net::Params& params) {
        Net::initialize(params, key / 0);
    }
    static void begin_initialized(const Genome& genome, Key /*key*/, const Course& course,
                                  State& state) {
        const auto& genes = genome.template get<"birth">();
        const float gain = genes.template get<"output_gain">()[0];
        tdca::detail::scale_hidden_weights<Net>(
            std::exp(genes.template get<"log_hidden_gain">()[0]), state.params);
        for (float& weight : std::get<top>(state.params).template get<"weights">()) weight *= gain;
        std::apply([](auto&... traces) { (traces.forget(), ...); }, state.traces);
        state.constants = Rule::decode(genome.template get<"plasticity">(), course);
        state.centring = Centring::decode(genome.template get<"centring">());
        state.age = 0;
        state.error = {};
    }

    /// As `Learner::adopt`.
    static void adopt(const Genome& genome, const Course& course, State& state) noexcept {
        state.constants = Rule::decode(genome.template get<"plasticity">(), course);
        state.centring = Centring::decode(genome.template get<"centring">());
    }

    /// Fills `assignment.credits` with minus the gradient of the summed loss with respect to each
    /// layer's pre-activations. Returns the batch mean of ‖error‖.
    template <std::size_t Samples>
    static float backpropagate(std::span<const Target, Samples> told,
                               const typename Net::template Activities<Samples>& activities,
                               const typename Net::Params& params, Assignment<Samples>& assignment,
                               const typename Targets::Genome& targets = {}) noexcept {
        constexpr std::size_t width = Net::output_shape::size;
        const auto errors = assignment.credits.template get<top>();
        SignalType::template observe<Samples>(activities.template get<top>(), told, errors);
        Targets::template amend<Samples, width>(targets, told, errors);
        const float mean_norm =
            mean_row_norm<Samples, width>(std::span<const float, Samples * width>(errors));
        descend_from_top<Net, Samples>(params, activities, assignment.transposed,
                                       assignment.credits);
        return mean_norm;
    }

    /// As `Learner::credit`.
    template <std::size_t Samples>
    static void credit(const Genome& genome, const Progress& /*progress*/,
                       std::span<const Target, Samples> told,
                       const typename Net::template Activities<Samples>& activities,
                       const typename Net::template Eligibilities<Samples>& /*eligibilities*/,
                       State& state, Assignment<Samples>& assignment) noexcept {
        state.error.note(backpropagate<Samples>(told, activities, std::as_const(state.params),
                                                assignment, genome.template get<"targets">()));
    }

    template <std::size_t Samples>
    static void update(const Genome& genome, const Course& course,
                       std::span<const float, Samples * Net::input_shape::size> in,
                       std::span<const Target, Samples> told, State& state,
                       Workspace<Samples>& workspace) noexcept {
        update_network<BackpropLearner, Samples>(
            genome, course, in, [told](auto /*outputs*/) noexcept { return told; }, state,
            workspace);
    }

    /// As `Learner::forward`.
    template <std::size_t Samples>
    static void forward(std::span<const float, Samples * Net::input_shape::size> in, State& state,
                        typename Net::template Activities<Samples>& activities,
                        typename Net::template Eligibilities<Samples>& eligibilities) noexcept {
        Net::template forward<Samples>(state.params, in, activities, eligibilities);
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
        return progress;
    }

    /// As `Learner::learn`; all credits are there before the first layer changes.
    template <std::size_t I, std::size_t Samples>
    static void learn(const Genome& genome, const Progress& progress,
                      std::span<const float, Samples * Net::input_shape::size> in,
                      const typename Net::template Activities<Samples>& activities,
                      const typename Net::template Eligibilities<Samples>& eligibilities,
                      State& state, Assignment<Samples>& assignment) noexcept {
        using L = typename Net::template layer<I>;
        Centring::template apply<Samples, L::output_shape::size>(
            state.centring, I == top, assignment.credits.template get<I>());
        const auto role = I == top ? SynapseRole::output : SynapseRole::hidden;
        const float step = Rule::width_factor(L::fan_in) * step_size<I>(genome, role, progress);
        tdca::detail::learn<Rule, L, Samples>(
            Rule::change(state.constants, state.age, step),
            Net::template below<I, Samples>(in, activities),
            std::as_const(assignment.credits).template get<I>(), std::get<I>(eligibilities),
            std::get<I>(assignment.deltas), std::get<I>(state.traces), std::get<I>(state.params));
    }

    /// As `Learner::step_size`.
    template <std::size_t I>
    [[nodiscard]] static float step_size(const Genome& genome, SynapseRole role,
                                         const Progress& progress) noexcept {
        return progress.pace *
               Schedule::step(genome.template get<"schedule">(), role, progress,
                              static_cast<float>(I + 1) / static_cast<float>(Net::depth));
    }

private:
    static constexpr std::size_t top = Net::depth - 1;
};

}  // namespace tdca::baseline
