// BackpropLearner: backpropagation by hand for stacks of Dense, the thing to beat.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>

#include "baseline/descend.hpp"
#include "tdca/core/genome.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/progress.hpp"
#include "tdca/core/random.hpp"
#include "tdca/learner/learner.hpp"

namespace tdca::baseline {

/// The exact gradient of mean cross-entropy through a stack of Dense layers with a softmax on top,
/// with any rule and schedule, in the shape of `tdca::Learner`: it runs in the same lifetimes, on
/// the same births and minibatches, and can be evolved by the same outer loop.
///
/// Credit of the top: target − output. Credit below: (credit above · Wᵀ) ⊙ slope. This reads
/// forward weights downwards, which is just what nothing under include/ may do.
///
/// @tparam Net a network of Dense layers
/// @tparam Rule how a gradient becomes a change: the library's plasticity rules are optimisers
/// @tparam Schedule step sizes over the lifetime
/// @tparam Centring of what stands for credits
template <class Net, PlasticityRule Rule, class Schedule, class Centring = NoCentring>
struct BackpropLearner {
    using network = Net;
    using Feedback = std::uint16_t;

    /// Scales of the hidden layers' and of the output layer's weights at birth.
    using Birth =
        Genes<float, Parameter<"log_hidden_gain", Shape<1>>, Parameter<"output_gain", Shape<1>>>;
    using Genome = tdca::Genome<Part<"schedule", typename Schedule::Genome>,
                                Part<"plasticity", typename Rule::Genome>,
                                Part<"centring", typename Centring::Genome>, Part<"birth", Birth>>;

    struct State {
        typename Net::Params params;
        typename tdca::detail::TracesOf<Rule, typename Net::Params>::type traces;
        typename Rule::Constants constants;
        std::size_t age = 0;
        RunningError error;
    };

    template <std::size_t Samples>
    struct Workspace {
        typename Net::template Activities<Samples> activities;
        typename Net::template Activities<Samples> credits;
        typename Net::template Eligibilities<Samples> eligibilities;
        typename Net::Params deltas;
        typename Net::Params transposed;
    };

    static void initialize(Genome& genome, Key key) noexcept {
        Schedule::initialize(genome.template get<"schedule">(), key / 1);
        Rule::initialize(genome.template get<"plasticity">());
        Centring::initialize(genome.template get<"centring">());
        genome.template get<"birth">().template get<"output_gain">()[0] = 1.0F;
    }

    static void birth(const Genome& genome, Key key, const Course& course, State& state) {
        Net::initialize(state.params, key / 0);
        const auto& genes = genome.template get<"birth">();
        const float gain = genes.template get<"output_gain">()[0];
        tdca::detail::scale_hidden_weights<Net>(
            std::exp(genes.template get<"log_hidden_gain">()[0]), state.params);
        for (float& weight : std::get<top>(state.params).template get<"weights">()) weight *= gain;
        std::apply([](auto&... traces) { (traces.forget(), ...); }, state.traces);
        state.constants = Rule::express(genome.template get<"plasticity">(), course);
        state.age = 0;
        state.error = {};
    }

    /// Fills `workspace.credits` with minus the gradient of the summed cross-entropy with respect
    /// to each layer's pre-activations. Returns the batch mean of ‖error‖.
    template <std::size_t Samples>
    static float backpropagate(std::span<const std::uint16_t, Samples> labels, const State& state,
                               Workspace<Samples>& workspace) noexcept {
        constexpr std::size_t classes = Net::output_shape::size;
        const auto outputs = workspace.activities.template get<top>();
        const auto errors = workspace.credits.template get<top>();
        float total = 0;
        for (std::size_t s = 0; s < Samples; ++s) {
            float power = 0;
            for (std::size_t c = 0; c < classes; ++c) {
                const float target = c == labels[s] ? 1.0F : 0.0F;
                const float error = target - outputs[s * classes + c];
                errors[s * classes + c] = error;
                power += error * error;
            }
            total += std::sqrt(power);
        }
        descend_from_top<Net, Samples>(state.params, workspace.activities, workspace.transposed,
                                       workspace.credits);
        return total / static_cast<float>(Samples);
    }

    template <std::size_t Samples>
    static void update(const Genome& genome, const Course& course,
                       std::span<const float, Samples * Net::input_shape::size> in,
                       std::span<const std::uint16_t, Samples> labels, State& state,
                       Workspace<Samples>& workspace) noexcept {
        const Progress progress = Progress::at(state.age, course, state.error.relative(), Samples);
        Net::template forward<Samples>(state.params, in, workspace.activities,
                                       workspace.eligibilities);
        state.error.note(backpropagate<Samples>(labels, state, workspace));
        ++state.age;
        Net::for_each_layer([&](auto i) {
            using L = typename Net::template layer<i>;
            Centring::template apply<Samples, L::output_shape::size>(
                genome.template get<"centring">(), i == top, workspace.credits.template get<i>());
            const float step =
                Rule::width_factor(L::fan_in) *
                Schedule::step(genome.template get<"schedule">(),
                               i == top ? SynapseRole::output : SynapseRole::hidden, progress,
                               static_cast<float>(i + 1) / static_cast<float>(Net::depth));
            tdca::detail::learn<Rule, L, Samples>(
                Rule::change(state.constants, state.age, step),
                Net::template below<i, Samples>(in, workspace.activities),
                workspace.credits.template get<i>(), std::get<i>(workspace.eligibilities),
                std::get<i>(workspace.deltas), std::get<i>(state.traces),
                std::get<i>(state.params));
        });
    }

private:
    static constexpr std::size_t top = Net::depth - 1;
};

}  // namespace tdca::baseline
