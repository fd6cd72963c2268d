// Probe: what is going on in a network that learns by credits, told layer by layer.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <numbers>
#include <span>
#include <utility>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/course.hpp"
#include "tdca/data/sampler.hpp"
#include "tdca/math/gemm.hpp"
#include "tdca/math/softmax.hpp"
#include "tdca/training/cohort.hpp"
#include "tdca/training/lifetime.hpp"

namespace tdca::inline TDCA_ABI {

/// One layer at one moment. Nothing here is seen by what learns.
struct LayerMeasures {
    /// Root mean square of the credits, before centring.
    double credit = 0;
    /// Root mean square of the activity.
    double activity = 0;
    /// Share of neurons that no sample of the minibatch activates.
    double dead = 0;
    /// Cosine between the layer's feedback weights and the forward path from it to the outputs,
    /// W_{l+1} ⋯ W_top (slopes left out); NaN for the output layer.
    double alignment = std::numeric_limits<double>::quiet_NaN();
    /// Share of samples that the layer's own guess gets right; NaN where it makes none.
    double guess_accuracy = std::numeric_limits<double>::quiet_NaN();
};

namespace detail {

[[nodiscard]] inline double inner_product(std::span<const float> a,
                                          std::span<const float> b) noexcept {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
    }
    return sum;
}

/// NaN where either is zero everywhere.
[[nodiscard]] inline double cosine(std::span<const float> a, std::span<const float> b) noexcept {
    return inner_product(a, b) / std::sqrt(inner_product(a, a) * inner_product(b, b));
}

[[nodiscard]] inline double root_mean_square(std::span<const float> values) noexcept {
    return std::sqrt(inner_product(values, values) / static_cast<double>(values.size()));
}

}  // namespace detail

/// The angle between two credit fields, layer by layer, in degrees: between credits and minus the
/// gradient of the loss, for instance, which whoever measures has to supply. NaN where a field is
/// zero.
template <class Net, std::size_t Samples>
[[nodiscard]] std::array<double, Net::depth> angles(
    const typename Net::template Activities<Samples>& credits,
    const typename Net::template Activities<Samples>& reference) noexcept {
    std::array<double, Net::depth> result{};
    Net::for_each_layer([&](auto i) {
        const double cosine =
            detail::cosine(credits.template get<i>(), reference.template get<i>());
        result[i] = std::acos(std::clamp(cosine, -1.0, 1.0)) * 180 / std::numbers::pi;
    });
    return result;
}

/// Looks at a lifetime through a minibatch of its own: a forward pass and an assignment of credits
/// that nothing learns from. A life that is looked at goes on with the same bits as one that is
/// not.
///
/// The measures read forward weights; nothing that learns ever includes this header.
///
/// @tparam LearnerType `Learner<…>` on a network of Dense layers
/// @tparam Samples minibatch size
template <class LearnerType, std::size_t Samples = 64>
class Probe {
    using Net = typename LearnerType::network;
    using Workspace = typename LearnerType::template Workspace<Samples>;

public:
    using Activities = typename Net::template Activities<Samples>;  ///< one tensor a layer
    using Measures = std::array<LayerMeasures, Net::depth>;         ///< one entry a layer

    /// @param data what the minibatch is drawn from
    /// @throws tdca::Error as `require_fit`
    Probe(const Subset& data, Key key) : memory_(std::make_unique<Memory>()) {
        require_fit(data, Net::input_shape::size, Net::output_shape::size);
        MinibatchSampler<Samples>(data, key).draw(0, memory_->inputs, memory_->labels);
    }

    /// Every layer of `life` as it is now.
    [[nodiscard]] Measures look(Lifetime<LearnerType, Samples>& life) {
        const auto& state = life.state();
        Workspace& workspace = memory_->workspace;
        Net::template forward_training<Samples>(state.params, inputs(), workspace.activities,
                                                workspace.eligibilities, state.noise / state.age);
        const std::size_t horizon = life.course().updates;
        const std::size_t next = std::min(state.age, horizon == 0 ? 0 : horizon - 1);
        (void)LearnerType::top_down::template assign<Net, Samples>(
            life.genome().template get<"top_down">(),
            Progress::at(next, life.course(), state.error.relative(), Samples), labels(),
            workspace.activities, workspace.eligibilities, state.top_down,
            workspace.assignment.top_down, workspace.assignment.credits);
        Measures measures;
        Net::for_each_layer([&](auto i) { measures[i] = layer<i>(); });
        measure_alignment(state, measures);
        return measures;
    }

    /// Of the latest look: `Samples` × units a layer.
    [[nodiscard]] const Activities& activities() const noexcept {
        return memory_->workspace.activities;
    }
    /// Of the latest look, laid out as activities are.
    [[nodiscard]] const Activities& credits() const noexcept {
        return memory_->workspace.assignment.credits;
    }
    [[nodiscard]] std::span<const float, Samples * Net::input_shape::size> inputs() const noexcept {
        return memory_->inputs;
    }
    [[nodiscard]] std::span<const std::uint16_t, Samples> labels() const noexcept {
        return memory_->labels;
    }

private:
    struct Memory {
        alignas(alignment) std::array<float, Samples * Net::input_shape::size> inputs;
        std::array<std::uint16_t, Samples> labels;
        Workspace workspace;
    };

    template <std::size_t I>
    [[nodiscard]] LayerMeasures layer() const {
        constexpr std::size_t units = Net::template layer<I>::output_shape::size;
        constexpr std::size_t classes = Net::output_shape::size;
        const auto activity = activities().template get<I>();
        LayerMeasures measures;
        measures.credit = detail::root_mean_square(credits().template get<I>());
        measures.activity = detail::root_mean_square(activity);
        std::size_t dead = 0;
        for (std::size_t j = 0; j < units; ++j) {
            bool silent = true;
            for (std::size_t s = 0; s < Samples; ++s) silent &= activity[s * units + j] == 0.0F;
            dead += silent ? 1 : 0;
        }
        measures.dead = static_cast<double>(dead) / static_cast<double>(units);
        if constexpr (I + 1 < Net::depth && LearnerType::top_down::is_predictive) {
            const auto& guess = std::get<I>(memory_->workspace.assignment.top_down.guesses).guess;
            std::size_t right = 0;
            for (std::size_t s = 0; s < Samples; ++s) {
                const auto* const row = guess.data() + s * classes;
                const std::span<const float> guessed(row, classes);
                if (simd::is_largest(guessed, labels()[s])) ++right;
            }
            measures.guess_accuracy = static_cast<double>(right) / static_cast<double>(Samples);
        }
        return measures;
    }

    void measure_alignment(const typename LearnerType::State& state, Measures& measures) {
        constexpr std::size_t classes = Net::output_shape::size;
        constexpr std::size_t top = Net::depth - 1;
        const auto out = std::get<top>(state.params).template get<"weights">();
        std::vector<float> path(out.begin(), out.end());  // units of layer i × classes
        [&]<std::size_t... Up>(std::index_sequence<Up...>) {
            const auto descend = [&](auto i) {
                constexpr std::size_t units = Net::template layer<i>::output_shape::size;
                if constexpr (i + 1 < top) {
                    constexpr std::size_t above = Net::template layer<i + 1>::output_shape::size;
                    std::vector<float> longer(units * classes);
                    multiply<units, above, classes>(
                        std::get<i + 1>(state.params).template get<"weights">(),
                        std::span<const float, above * classes>(path.data(), above * classes),
                        std::span<float, units * classes>(longer.data(), units * classes));
                    path = std::move(longer);
                }
                const auto weights =
                    std::get<i>(state.top_down.pathways).weights(std::get<i>(scratch().pathways));
                std::vector<float> feedback(units * classes);
                for (std::size_t j = 0; j < units; ++j) {
                    for (std::size_t c = 0; c < classes; ++c) {
                        feedback[j * classes + c] = weights[c * units + j];
                    }
                }
                measures[i].alignment = detail::cosine(feedback, path);
            };
            (descend(std::integral_constant<std::size_t, top - 1 - Up>{}), ...);
        }(std::make_index_sequence<top>{});
    }

    [[nodiscard]] auto& scratch() noexcept { return memory_->workspace.assignment.top_down; }

    std::unique_ptr<Memory> memory_;
};

/// Trains `life` to each of `marks` (ages, rising) and calls `callback(age)` there.
///
/// @throws tdca::Error as `life.train`
template <class LearnerType, std::size_t Samples, class Callback>
void train_with_marks(Lifetime<LearnerType, Samples>& life,
                      const MinibatchSampler<Samples>& sampler, std::span<const std::size_t> marks,
                      Callback&& callback) {
    for (const std::size_t mark : marks) {
        const std::size_t age = life.state().age;
        if (mark > age) life.train(sampler, mark - age);
        callback(mark);
    }
}

}  // namespace tdca
