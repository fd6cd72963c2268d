// TargetScaling: numbers to be predicted in the units of a network, and back.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>

#include "tdca/core/abi.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/targets.hpp"
#include "tdca/data/sampler.hpp"
#include "tdca/data/subset.hpp"

namespace tdca::inline TDCA_ABI {

/// What is known of the numbers of samples: each number's mean, (population) variance and count, in
/// double precision, over two passes. Of sequences over all steps.
///
/// @tparam Numbers of a sample, or of a step
template <std::size_t Numbers>
struct TargetMoments {
    std::array<double, Numbers> mean{};      ///< 0 where nothing is known
    std::array<double, Numbers> variance{};  ///< 0 where nothing is known
    std::array<double, Numbers> count{};     ///< how often it is known

    /// @param steps of a sample that is a sequence, or 1
    [[nodiscard]] static TargetMoments of(const Subset& samples, std::size_t steps = 1) {
        return over(samples.size(), steps, [&](std::size_t i) { return samples.numbers(i); });
    }

    /// Of numbers that stand elsewhere.
    ///
    /// @param count of samples
    /// @param row_of the numbers of a sample, those of its steps one after the other
    template <class RowOf>
    [[nodiscard]] static TargetMoments over(std::size_t count, std::size_t steps, RowOf&& row_of) {
        TargetMoments moments;
        const auto for_each_known = [&](auto&& visit) {
            for (std::size_t i = 0; i < count; ++i) {
                const std::span<const float> numbers = row_of(i);
                const std::size_t each = numbers.size() / steps;
                for (std::size_t t = 0; t < steps; ++t) {
                    for (std::size_t k = 0; k < each && k < Numbers; ++k) {
                        const float y = numbers[t * each + k];
                        if (!std::isnan(y)) visit(k, static_cast<double>(y));
                    }
                }
            }
        };
        const auto make_means = [&](std::array<double, Numbers>& totals) {
            for (std::size_t k = 0; k < Numbers; ++k) {
                if (moments.count[k] > 0) totals[k] /= moments.count[k];
            }
        };
        for_each_known([&](std::size_t k, double y) {
            moments.mean[k] += y;
            ++moments.count[k];
        });
        make_means(moments.mean);
        for_each_known([&](std::size_t k, double y) {
            const double distance = y - moments.mean[k];
            moments.variance[k] += distance * distance;
        });
        make_means(moments.variance);
        return moments;
    }

    /// Mean squared distance of all that is known to its number's own mean; NaN of nothing.
    [[nodiscard]] double mean_variance() const noexcept {
        double distances = 0;
        double known = 0;
        for (std::size_t k = 0; k < Numbers; ++k) {
            distances += count[k] * variance[k];
            known += count[k];
        }
        return distances / known;
    }
};

/// One affine map for each number: y → (y − mean) / scale, so that targets have mean 0 and
/// deviation 1. What is not known stays so.
///
/// @tparam Numbers of a sample, or of a step
template <std::size_t Numbers>
struct TargetScaling {
    std::array<double, Numbers> mean{};   ///< of each number
    std::array<double, Numbers> scale{};  ///< what each, less its mean, is divided by

    /// By mean and deviation of what is known; a number that never changes is centred alone.
    ///
    /// @param steps of a sample that is a sequence, or 1
    [[nodiscard]] static TargetScaling fit(const Subset& samples, std::size_t steps = 1) {
        const auto moments = TargetMoments<Numbers>::of(samples, steps);
        TargetScaling scaling{moments.mean, {}};
        std::ranges::transform(moments.variance, scaling.scale.begin(), [](double variance) {
            return variance > 0 ? std::sqrt(variance) : 1.0;
        });
        return scaling;
    }

    /// From the units of the targets to those of the network.
    void apply(std::array<float, Numbers>& target) const noexcept {
        for (std::size_t k = 0; k < Numbers; ++k) {
            target[k] = static_cast<float>((static_cast<double>(target[k]) - mean[k]) / scale[k]);
        }
    }

    /// The same of every step of a sequence.
    template <std::size_t Steps>
    void apply(StepTargets<std::array<float, Numbers>, Steps>& targets) const noexcept {
        for (auto& told : targets) apply(told.target);
    }

    /// From the units of the network to those of the targets, in place.
    ///
    /// @param rows samples × `Numbers`
    void undo(std::span<float> rows) const noexcept {
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const std::size_t k = i % Numbers;
            rows[i] = static_cast<float>(mean[k] + scale[k] * static_cast<double>(rows[i]));
        }
    }
};

/// A @ref MinibatchSampler of samples with numbers, which it tells in the units of the network.
///
/// @tparam Samples number of samples in a minibatch
/// @tparam Numbers of a sample, or of a step
/// @tparam TargetType what is told of a sample: numbers, NaN where one is not known; or those of
/// steps
template <std::size_t Samples, std::size_t Numbers,
          ToldTarget TargetType = std::array<float, Numbers>>
class ScaledSampler {
public:
    using Target = TargetType;

    /// As `MinibatchSampler`'s.
    ScaledSampler(const Subset& data, Key key, const TargetScaling<Numbers>& scaling)
        : sampler_(data, key), scaling_(scaling) {}

    /// Copies minibatch number `update`.
    ///
    /// @param inputs Samples × features, row-major
    void draw(std::size_t update, std::span<float> inputs,
              std::span<Target, Samples> targets) const noexcept {
        sampler_.draw(update, inputs, targets);
        for (Target& target : targets) scaling_.apply(target);
    }

    /// @throws tdca::Error as the function of that name
    void require_fit(std::size_t features, std::size_t outputs) const {
        sampler_.require_fit(features, outputs);
    }

    /// What is drawn from.
    [[nodiscard]] const Subset& data() const noexcept { return sampler_.data(); }

private:
    MinibatchSampler<Samples, Target> sampler_;
    TargetScaling<Numbers> scaling_;
};

}  // namespace tdca
