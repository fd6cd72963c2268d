// TargetScaling: numbers to be predicted in the units of a network, and back.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>

#include "tdca/core/abi.hpp"
#include "tdca/core/random.hpp"
#include "tdca/data/sampler.hpp"
#include "tdca/data/subset.hpp"

namespace tdca::inline TDCA_ABI {

/// One affine map for each number: y → (y − mean) / scale, so that targets have mean 0 and
/// deviation 1. What is not known stays so.
///
/// @tparam Numbers of a sample
template <std::size_t Numbers>
struct TargetScaling {
    std::array<double, Numbers> mean{};   ///< of each number
    std::array<double, Numbers> scale{};  ///< what each, less its mean, is divided by

    /// Mean and (population) standard deviation of what is known, in double precision, over two
    /// passes; a number that never changes is centred alone.
    [[nodiscard]] static TargetScaling fit(const Subset& samples) {
        TargetScaling scaling;
        const auto sum = [&samples](std::size_t k, auto&& term) {
            double total = 0;
            double count = 0;
            for (std::size_t i = 0; i < samples.size(); ++i) {
                const float y = samples.numbers(i)[k];
                if (std::isnan(y)) continue;
                total += term(static_cast<double>(y));
                ++count;
            }
            return count > 0 ? total / count : 0.0;
        };
        scaling.scale.fill(1);
        for (std::size_t k = 0; k < samples.targets() && k < Numbers; ++k) {
            const double mean = sum(k, [](double y) { return y; });
            const double square = sum(k, [mean](double y) { return (y - mean) * (y - mean); });
            scaling.mean[k] = mean;
            scaling.scale[k] = square > 0 ? std::sqrt(square) : 1.0;
        }
        return scaling;
    }

    /// From the units of the targets to those of the network.
    void apply(std::array<float, Numbers>& target) const noexcept {
        for (std::size_t k = 0; k < Numbers; ++k) {
            target[k] = static_cast<float>((static_cast<double>(target[k]) - mean[k]) / scale[k]);
        }
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
/// @tparam Numbers of a sample
template <std::size_t Samples, std::size_t Numbers>
class ScaledSampler {
public:
    using Target = std::array<float, Numbers>;  ///< numbers; NaN where one is not known

    /// Allocates nothing; the subset's dataset must outlive the sampler.
    ///
    /// @throws tdca::Error where there is nothing to draw from
    ScaledSampler(Subset data, Key key, const TargetScaling<Numbers>& scaling)
        : sampler_(std::move(data), key), scaling_(scaling) {}

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

private:
    MinibatchSampler<Samples, Target> sampler_;
    TargetScaling<Numbers> scaling_;
};

}  // namespace tdca
