// Alignment: what synapses are told by credits, beside the derivative of the loss by differences.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "tdca/bottom_up/network.hpp"
#include "tdca/core/course.hpp"
#include "tdca/credit/centring.hpp"
#include "tdca/training/lifetime.hpp"

namespace tdca::support {

namespace detail {

template <class Net>
struct InDouble;
template <class In, class... Layers>
struct InDouble<BasicNetwork<float, In, Layers...>> {
    using type = BasicNetwork<double, In, Layers...>;
};

/// The loss of one minibatch, in double precision, as a function of the parameters.
template <class Net, std::size_t Samples>
class LossOf {
    using Wide = typename InDouble<Net>::type;

public:
    LossOf(const typename Net::Params& params, std::span<const float> in,
           std::span<const std::uint16_t> labels)
        : memory_(std::make_unique<Memory>()), labels_(labels.begin(), labels.end()) {
        std::ranges::copy(in, memory_->in.begin());
        Net::for_each_layer([&](auto i) {
            std::vector<std::span<const float>> blocks;
            std::get<i>(params).for_each(
                [&](const auto&, auto, auto values) { blocks.emplace_back(values); });
            std::size_t next = 0;
            std::get<i>(memory_->params).for_each([&](const auto&, auto, auto values) {
                std::ranges::copy(blocks[next++], values.begin());
            });
        });
    }

    [[nodiscard]] typename Wide::Params& params() { return memory_->params; }

    [[nodiscard]] double operator()() {
        constexpr std::size_t classes = Net::output_shape::size;
        Wide::template forward<Samples>(memory_->params, memory_->in, memory_->activities,
                                        memory_->eligibilities);
        const auto outputs = memory_->activities.template get<Net::depth - 1>();
        double loss = 0;
        for (std::size_t s = 0; s < Samples; ++s) {
            loss -= std::log(outputs[s * classes + labels_[s]]) / Samples;
        }
        return loss;
    }

private:
    struct Memory {
        typename Wide::Params params;
        typename Wide::template Activities<Samples> activities;
        typename Wide::template Eligibilities<Samples> eligibilities;
        std::array<double, Samples * Net::input_shape::size> in;
    };
    std::unique_ptr<Memory> memory_;
    std::vector<std::uint16_t> labels_;
};

}  // namespace detail

/// How well the credits of a minibatch of `data` point: for each of the tensors of layer `I`, the
/// cosine between the change that its synapses are told and the direction in which the loss falls
/// fastest, by central differences over every `stride`-th synapse. Credits are centred as they are
/// in learning. A life that is looked at goes on with the same bits.
///
/// @tparam I a layer with synapses that receives credit
/// @returns names of the tensors, and cosines
template <std::size_t I, class LearnerType, std::size_t Samples>
[[nodiscard]] std::vector<std::pair<std::string, double>> credit_alignment(
    Lifetime<LearnerType, Samples>& life, const Subset& data, Key key, std::size_t stride = 3) {
    using Net = typename LearnerType::network;
    using L = typename Net::template layer<I>;
    require_fit(data, Net::input_shape::size, Net::output_shape::size);
    MinibatchSampler<Samples>(data, key).draw(0, life.inputs(), life.labels());
    const auto state = std::make_unique<typename LearnerType::State>(life.state());
    auto& workspace = life.workspace();
    Net::template forward_training<Samples>(state->params, life.inputs(), workspace.activities,
                                            workspace.eligibilities, state->noise / state->age);
    const std::size_t now = std::min(state->age, life.course().updates - 1);
    LearnerType::template credit<Samples>(
        life.genome(), Progress::at(now, life.course(), state->error.relative(), Samples),
        life.labels(), workspace.activities, workspace.eligibilities, *state, workspace.assignment);
    auto& credits = workspace.assignment.credits;
    CreditCentring::apply<Samples, L::output_shape::size>(
        life.state().centring, I + 1 == Net::depth, credits.template get<I>());
    const auto delta = std::make_unique<typename L::Params>();
    L::template correlate<Samples>(
        Net::template below<I, Samples>(
            std::span<const float, Samples * Net::input_shape::size>(life.inputs()),
            std::as_const(workspace.activities)),
        std::as_const(credits).template get<I>(), std::get<I>(workspace.eligibilities), *delta);

    detail::LossOf<Net, Samples> loss(state->params, life.inputs(), life.labels());
    std::vector<std::span<double>> parameters;
    std::get<I>(loss.params()).for_each([&](const auto&, auto, auto values) {
        parameters.emplace_back(values);
    });
    std::vector<std::pair<std::string, double>> cosines;
    delta->for_each([&](const auto& name, auto, auto told) {
        const auto synapses = parameters[cosines.size()];
        constexpr double step = 1e-4;
        double both = 0;
        double ours = 0;
        double falls = 0;
        for (std::size_t i = 0; i < told.size(); i += stride) {
            const double saved = synapses[i];
            synapses[i] = saved + step;
            const double up = loss();
            synapses[i] = saved - step;
            const double fall = (loss() - up) / (2 * step);
            synapses[i] = saved;
            both += fall * static_cast<double>(told[i]);
            ours += static_cast<double>(told[i]) * static_cast<double>(told[i]);
            falls += fall * fall;
        }
        cosines.emplace_back(std::string(name), both / std::sqrt(ours * falls));
    });
    return cosines;
}

}  // namespace tdca::support
