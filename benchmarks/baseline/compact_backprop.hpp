// CompactBackprop: backpropagation through one hidden layer in as little memory and code as it
// needs.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <span>

#include "tdca/bottom_up/initializers.hpp"
#include "tdca/core/course.hpp"
#include "tdca/core/random.hpp"

namespace tdca::baseline {

/// ReLU below, softmax and cross-entropy on top; plain loops over statically sized arrays.
///
/// Memory: parameters, the optimiser's traces, and for each sample of a minibatch the activities
/// and the errors that come down. A gradient has no memory of its own: that of one row of synapses
/// is summed over the minibatch and spent at once. The output layer is born zero and steps follow a
/// cosine, which is what an earlier, weaker sweep of this data set chose
/// (docs/results/supervised.md).
///
/// @tparam Rule the optimiser, in the shape of a PlasticityRule
template <std::size_t Inputs, std::size_t Hidden, std::size_t Classes, std::size_t Samples,
          class Rule>
class CompactBackprop {
public:
    /// Born as `BackpropLearner` is from the same key.
    void begin(Key key) noexcept {
        hidden_ = {};
        output_ = {};
        age_ = 0;
        typename Rule::Genome genome;
        Rule::initialize(genome);
        constants_ = Rule::decode(genome, Course());
        HeNormal::fill(std::span<float>(hidden_.weights), Inputs, Hidden, key / 0 / 0);
    }

    /// The classes' probabilities, `Samples` × `Classes`.
    std::span<const float, Samples * Classes> forward(
        std::span<const float, Samples * Inputs> in) noexcept {
        affine<Inputs, Hidden>(in.data(), hidden_, activity_.data());
        for (float& value : activity_) value = value > 0 ? value : 0.0F;
        affine<Hidden, Classes>(activity_.data(), output_, answers_.data());
        for (std::size_t s = 0; s < Samples; ++s) {
            float* const row = &answers_[s * Classes];
            float top = row[0];
            for (std::size_t c = 1; c < Classes; ++c) top = row[c] > top ? row[c] : top;
            float total = 0;
            for (std::size_t c = 0; c < Classes; ++c) {
                row[c] = std::exp(row[c] - top);
                total += row[c];
            }
            for (std::size_t c = 0; c < Classes; ++c) row[c] /= total;
        }
        return answers_;
    }

    /// @param rate the first step size
    /// @param fraction of the planned updates that are done
    void update(std::span<const float, Samples * Inputs> in,
                std::span<const std::uint16_t, Samples> labels, float rate,
                float fraction) noexcept {
        forward(in);
        // Errors, target − answer, take the answers' place.
        for (float& value : answers_) value = -value;
        for (std::size_t s = 0; s < Samples; ++s) answers_[s * Classes + labels[s]] += 1.0F;
        for (std::size_t s = 0; s < Samples; ++s) {
            for (std::size_t h = 0; h < Hidden; ++h) {
                float error = 0;
                for (std::size_t c = 0; c < Classes; ++c) {
                    error += answers_[s * Classes + c] * output_.weights[h * Classes + c];
                }
                errors_[s * Hidden + h] = activity_[s * Hidden + h] > 0 ? error : 0.0F;
            }
        }
        const float step = rate * 0.5F * (1 + std::cos(std::numbers::pi_v<float> * fraction));
        const auto change = Rule::change(constants_, ++age_, step * Rule::width_factor(Inputs));
        descend<Inputs, Hidden>(change, in.data(), errors_.data(), hidden_);
        descend<Hidden, Classes>(change, activity_.data(), answers_.data(), output_);
    }

private:
    /// Weights as in `Dense`, one row for each input; the last row is the bias.
    template <std::size_t In, std::size_t Out>
    struct Layer {
        std::array<float, In * Out> weights;
        std::array<float, Out> bias;
        std::array<float, Rule::traces*(In + 1) * Out> traces;
    };

    template <std::size_t In, std::size_t Out>
    static void affine(const float* in, const Layer<In, Out>& layer, float* out) noexcept {
        for (std::size_t s = 0; s < Samples; ++s) {
            for (std::size_t o = 0; o < Out; ++o) out[s * Out + o] = layer.bias[o];
            for (std::size_t i = 0; i < In; ++i) {
                const float x = in[s * In + i];
                for (std::size_t o = 0; o < Out; ++o) {
                    out[s * Out + o] += x * layer.weights[i * Out + o];
                }
            }
        }
    }

    /// Every synapse follows the batch mean of its input times the error.
    template <std::size_t In, std::size_t Out>
    static void descend(const typename Rule::Change& change, const float* in, const float* errors,
                        Layer<In, Out>& layer) noexcept {
        for (std::size_t i = 0; i <= In; ++i) {
            std::array<float, Out> gradient{};
            for (std::size_t s = 0; s < Samples; ++s) {
                const float x = (i < In ? in[s * In + i] : 1.0F) / Samples;
                for (std::size_t o = 0; o < Out; ++o) gradient[o] += x * errors[s * Out + o];
            }
            float* const row = i < In ? &layer.weights[i * Out] : layer.bias.data();
            for (std::size_t o = 0; o < Out; ++o) {
                float* const traces = layer.traces.data() + Rule::traces * (i * Out + o);
                std::array<float, Rule::traces> memory;
                std::copy_n(traces, Rule::traces, memory.begin());
                change(gradient[o], memory, row[o]);
                std::copy_n(memory.begin(), Rule::traces, traces);
            }
        }
    }

    Layer<Inputs, Hidden> hidden_;
    Layer<Hidden, Classes> output_;
    typename Rule::Constants constants_;
    std::array<float, Samples * Hidden> activity_;
    std::array<float, Samples * Hidden> errors_;
    std::array<float, Samples * Classes> answers_;
    std::size_t age_ = 0;
};

}  // namespace tdca::baseline
