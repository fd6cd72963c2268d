// How much of what layers learn goes down the loss: by differences, for any architecture.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "tdca/core/course.hpp"
#include "tdca/core/random.hpp"
#include "tdca/training/lifetime.hpp"

namespace tdca::measure {

/// Cosine between what each layer is about to learn from a minibatch, credit × activity, and
/// steepest descent of the loss on that minibatch; 1 is backpropagation's direction. NaN for layers
/// without synapses.
///
/// No gradient is computed. The slope along a direction is a central difference, and the size of
/// the gradient follows from slopes along random directions: of n parameters, E (∇ · u)² = ‖∇‖² / n
/// for a random unit vector u. With 200 of them the size is known to 5 %.
///
/// @tparam LearnerType `Learner<…>` on any network that classifies
template <class LearnerType, std::size_t Samples = 64>
class Descent {
    using Net = typename LearnerType::network;

public:
    /// The life's minibatch is in its `inputs()` and `labels()`; it learns nothing here.
    [[nodiscard]] std::array<double, Net::depth> cosines(Lifetime<LearnerType, Samples>& life,
                                                         Key key, std::size_t directions = 200) {
        auto& m = *memory_;
        const auto& state = life.state();
        const std::span<const float, Samples * Net::input_shape::size> in(life.inputs());
        Net::template forward_training<Samples>(state.params, in, m.activities, m.eligibilities,
                                                state.noise / state.age);
        const std::size_t horizon = life.course().updates;
        (void)LearnerType::top_down::template assign<Net, Samples>(
            life.genome().template get<"top_down">(),
            Progress::at(std::min(state.age, horizon - 1), life.course(), state.error.relative(),
                         Samples),
            life.labels(), m.activities, m.eligibilities, state.top_down, m.top_down, m.credits);
        std::array<double, Net::depth> result;
        result.fill(std::numeric_limits<double>::quiet_NaN());
        Net::for_each_layer([&](auto i) {
            if constexpr (Net::template has_synapses<i>) {
                result[i] = cosine<i>(life, key / i, directions);
            }
        });
        return result;
    }

private:
    struct Memory {
        typename Net::template Activities<Samples> activities;
        typename Net::template Eligibilities<Samples> eligibilities;
        typename Net::template Activities<Samples> credits;
        typename LearnerType::top_down::template Workspace<Net, Samples> top_down;
        typename Net::Params params;
        typename Net::Params deltas;
        // Of differences, which must not disturb what credits were made from.
        typename Net::template Activities<Samples> tried;
        typename Net::template Eligibilities<Samples> left;
    };

    template <std::size_t I>
    double cosine(Lifetime<LearnerType, Samples>& life, Key key, std::size_t directions) {
        using L = typename Net::template layer<I>;
        auto& m = *memory_;
        auto& delta = std::get<I>(m.deltas);
        L::template correlate<Samples>(
            Net::template below<I, Samples>(
                std::span<const float, Samples * Net::input_shape::size>(life.inputs()),
                std::as_const(m.activities)),
            std::as_const(m.credits).template get<I>(), std::get<I>(m.eligibilities), delta);
        const double descent = -slope<I>(life, delta.flat());
        std::vector<float> direction(delta.flat().size());
        double squares = 0;
        for (std::uint64_t d = 0; d < directions; ++d) {
            (key / d).fill_normal(std::span<float>(direction));
            const double each = slope<I>(life, direction);
            squares += each * each;
        }
        const auto count = static_cast<double>(L::Params::count);
        return descent / std::sqrt(count * squares / static_cast<double>(directions));
    }

    /// Of the loss along a direction, which is brought to unit length, in layer I's parameters.
    template <std::size_t I>
    double slope(Lifetime<LearnerType, Samples>& life, std::span<const float> direction) {
        auto& m = *memory_;
        double power = 0;
        double size = 0;
        const auto weights = std::as_const(std::get<I>(life.params())).flat();
        for (std::size_t i = 0; i < weights.size(); ++i) {
            power += double{direction[i]} * double{direction[i]};
            size += double{weights[i]} * double{weights[i]};
        }
        // Far enough for single precision, near enough for a straight line.
        const double step = 0.01 * std::sqrt(size) + 1e-3;
        double ends[2];
        for (int end = 0; end < 2; ++end) {
            m.params = life.params();
            const auto moved = std::get<I>(m.params).flat();
            const auto stride = static_cast<float>((end == 0 ? step : -step) / std::sqrt(power));
            for (std::size_t i = 0; i < moved.size(); ++i) moved[i] += stride * direction[i];
            ends[end] = loss(life);
        }
        return (ends[0] - ends[1]) / (2 * step);
    }

    /// Mean cross-entropy of the minibatch under `params`.
    double loss(Lifetime<LearnerType, Samples>& life) {
        auto& m = *memory_;
        Net::template forward<Samples>(
            m.params, std::span<const float, Samples * Net::input_shape::size>(life.inputs()),
            m.tried, m.left);
        const auto out = std::as_const(m.tried).template get<Net::depth - 1>();
        double total = 0;
        for (std::size_t s = 0; s < Samples; ++s) {
            total -= std::log(double{out[s * Net::output_shape::size + life.labels()[s]]});
        }
        return total / static_cast<double>(Samples);
    }

    std::unique_ptr<Memory> memory_ = std::make_unique<Memory>();
};

}  // namespace tdca::measure
