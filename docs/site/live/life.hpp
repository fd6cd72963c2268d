// Life: one network that learns digits, as the page's worker sees it, whoever teaches it.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <tuple>
#include <utility>

#include "tdca/core/course.hpp"
#include "tdca/core/random.hpp"
#include "tdca/data/minibatch_order.hpp"

namespace live {

constexpr std::size_t pixels = 64;
constexpr std::size_t classes = 10;
constexpr std::size_t batch = 64;
constexpr std::size_t most_samples = 4096;
constexpr std::size_t most_layers = 6;
constexpr std::size_t most_neurons = 64;

/// Digits with their labels.
struct Samples {
    std::array<float, most_samples * pixels> inputs;
    std::array<std::uint16_t, most_samples> labels;
    std::size_t count = 0;
};

/// What the page draws of a network: ten samples, one of each digit.
struct View {
    std::array<std::array<float, classes * most_neurons>, most_layers> credits;
    std::array<std::array<float, classes * most_neurons>, most_layers> activities;
    std::array<float, classes * classes> errors;       ///< what is sent down to the layers
    std::array<float, pixels * most_neurons> weights;  ///< of the first layer, pixels × neurons
};

class Life {
public:
    Life() = default;
    Life(const Life&) = delete;
    Life& operator=(const Life&) = delete;
    virtual ~Life() = default;

    /// `count` updates, as far as the course goes.
    virtual void train(const Samples& samples, std::size_t count) = 0;
    /// The share of `samples` that the network names rightly.
    virtual float accuracy(const Samples& samples) = 0;
    /// Probabilities of the classes for one sample.
    virtual void answer(std::span<const float> input, std::span<float> outputs) = 0;
    /// Fills `view` from the first ten samples; nothing is learned from them.
    virtual void look(const Samples& examples, View& view) = 0;
    [[nodiscard]] virtual std::size_t age() const = 0;
};

template <class Learner>
class LifeOf final : public Life {
    using Net = typename Learner::network;
    static constexpr std::size_t top = Net::depth - 1;
    static_assert(Net::depth <= most_layers);

public:
    LifeOf(const typename Learner::Genome& genome, std::uint64_t seed, std::size_t updates,
           std::size_t samples)
        : genome_(genome), key_(seed), course_(tdca::Course::over(updates, batch, samples)) {
        Learner::begin(genome_, key_ / 0, course_, *state_);
    }

    void train(const Samples& samples, std::size_t count) override {
        const tdca::MinibatchOrder<batch> order(key_ / 1, samples.count);
        for (; count > 0 && state_->age < course_.updates; --count) {
            const auto positions = order.positions(state_->age);
            for (std::size_t s = 0; s < batch; ++s) take(samples, positions[s], s);
            Learner::template update<batch>(genome_, course_, in(), labels_, *state_, *workspace_);
        }
    }

    float accuracy(const Samples& samples) override {
        std::size_t right = 0;
        for (std::size_t first = 0; first < samples.count; first += batch) {
            const std::size_t here = std::min(batch, samples.count - first);
            for (std::size_t s = 0; s < here; ++s) take(samples, first + s, s);
            forward();
            for (std::size_t s = 0; s < here; ++s) {
                const float* const row = outputs().data() + s * classes;
                right += std::max_element(row, row + classes) - row == labels_[s] ? 1U : 0U;
            }
        }
        return static_cast<float>(right) / static_cast<float>(samples.count);
    }

    void answer(std::span<const float> input, std::span<float> answered) override {
        std::copy(input.begin(), input.end(), inputs_.begin());
        forward();
        std::copy_n(outputs().data(), answered.size(), answered.begin());
    }

    void look(const Samples& examples, View& view) override {
        for (std::size_t s = 0; s < batch; ++s) take(examples, s % classes, s);
        forward();
        const auto error = state_->error;  // what is only looked at is not noted
        const auto progress = tdca::Progress::at(state_->age, course_, error.relative(), batch);
        Learner::template credit<batch>(genome_, progress, std::span(labels_).first<batch>(),
                                        workspace_->activities, workspace_->eligibilities, *state_,
                                        workspace_->assignment);
        state_->error = error;
        Net::for_each_layer([&](auto i) {
            constexpr std::size_t neurons = Net::template layer<i>::output_shape::size;
            const auto keep = [&](const auto& all, auto& to) {
                std::copy_n(all.template get<i>().data(), classes * neurons, to[i].begin());
            };
            keep(workspace_->assignment.credits, view.credits);
            keep(workspace_->activities, view.activities);
        });
        const auto& assignment = workspace_->assignment;
        if constexpr (requires { assignment.top_down.modulated; }) {
            std::copy_n(assignment.top_down.modulated.data(), classes * classes,
                        view.errors.begin());
        } else {
            std::copy_n(assignment.credits.template get<top>().data(), classes * classes,
                        view.errors.begin());
        }
        const auto weights = std::get<0>(state_->params).template get<"weights">();
        std::copy(weights.begin(), weights.end(), view.weights.begin());
    }

    [[nodiscard]] std::size_t age() const override { return state_->age; }
    [[nodiscard]] const typename Learner::State& state() const { return *state_; }

private:
    using Inputs = std::span<const float, batch * pixels>;
    [[nodiscard]] Inputs in() const { return Inputs(inputs_); }
    [[nodiscard]] std::span<const float, batch * classes> outputs() const {
        return std::as_const(workspace_->activities).template get<top>();
    }
    void take(const Samples& samples, std::size_t from, std::size_t to) {
        std::copy_n(samples.inputs.begin() + static_cast<std::ptrdiff_t>(from * pixels), pixels,
                    inputs_.begin() + static_cast<std::ptrdiff_t>(to * pixels));
        labels_[to] = samples.labels[from];
    }
    void forward() {
        Net::template forward<batch>(state_->params, in(), workspace_->activities,
                                     workspace_->eligibilities);
    }

    typename Learner::Genome genome_;
    tdca::Key key_;
    tdca::Course course_;
    std::unique_ptr<typename Learner::State> state_ = std::make_unique<typename Learner::State>();
    std::unique_ptr<typename Learner::template Workspace<batch>> workspace_ =
        std::make_unique<typename Learner::template Workspace<batch>>();
    alignas(64) std::array<float, batch * pixels> inputs_{};
    std::array<std::uint16_t, batch> labels_{};
};

}  // namespace live
