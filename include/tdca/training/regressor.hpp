// Regressor: a network that learns to predict numbers, ready to use.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "tdca/bottom_up/activations.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/course.hpp"
#include "tdca/core/tensor.hpp"
#include "tdca/data/subset.hpp"
#include "tdca/data/target_scaling.hpp"
#include "tdca/signal/regression.hpp"
#include "tdca/training/preset.hpp"
#include "tdca/training/universal.hpp"

namespace tdca::inline TDCA_ABI {

/// A network that learns by credits to predict numbers.
///
///     Regressor<Network<Input<8>, Dense<64, Relu>, Dense<1, Identity, ScaledNormal>>> model;
///     model.fit(train, 1000);
///     double error = model.evaluate(test).rmse();
///
/// Targets are standardised for the network; whoever predicts or evaluates gets their own units.
/// Inputs should be standardised, without outliers (`FeatureStandardization`).
///
/// @tparam Net the network; its output layer has `Identity` and a unit for each number
/// @tparam Samples minibatch size
template <class Net, std::size_t Samples = 64>
class Regressor : public Preset<RegressorLearner<Net>, Samples> {
    using Base = Preset<RegressorLearner<Net>, Samples>;
    using Target = typename Base::learner::Target;

public:
    /// Between the units of the targets and those of the network.
    using Scaling = TargetScaling<Base::outputs>;

    /// As `Classifier`'s.
    explicit Regressor(std::uint64_t seed = 1, const ClassifierGenome& genome = universal_genome())
        : Base("Regressor", seed, genome) {}

    /// As `Preset::fit`, on standardised targets.
    ///
    /// @throws tdca::Error as `Preset::fit`
    void fit(const Subset& samples, std::size_t updates) {
        require_fit_of(samples);
        scaling_ = Scaling::fit(samples);
        const ScaledSampler<Samples, Base::outputs> sampler(samples, this->key_ / 1, scaling_);
        this->life_.begin(this->genome_, this->key_ / 0,
                          Course::over(updates, Samples, samples.size()));
        this->life_.train(sampler, updates);
        this->is_fit_ = true;
    }

    /// Errors in the units of the targets. Allocates nothing.
    ///
    /// @throws tdca::Error as `fit`, and before the first `fit`
    [[nodiscard]] RegressionEvaluation evaluate(const Subset& samples) {
        this->require_fit();
        require_fit_of(samples);
        RegressionEvaluation sums;
        for (std::size_t first = 0; first < samples.size(); first += Samples) {
            const std::size_t count =
                samples.copy(first, this->life_.inputs(), this->life_.targets());
            const auto rows = this->answer_minibatch();
            scaling_.undo(rows);
            for (std::size_t s = 0; s < count; ++s) {
                Base::learner::top_down::signal::judge(
                    std::span<const float, Base::outputs>(
                        rows.subspan(s * Base::outputs, Base::outputs)),
                    this->life_.targets()[s], sums);
            }
        }
        sums.finish();
        return sums;
    }

    /// The numbers of each sample, in their own units: samples × numbers.
    ///
    /// @param inputs samples × features, row-major
    /// @throws tdca::Error as `Classifier::probabilities`
    [[nodiscard]] Matrix<float> predict(std::span<const float> inputs) {
        Matrix<float> rows = this->answer(inputs);
        scaling_.undo(std::span<float>(rows.data(), rows.size()));
        return rows;
    }

    /// Between the units of the targets and those of the network; goes with `params`.
    [[nodiscard]] const Scaling& scaling() const noexcept { return scaling_; }
    [[nodiscard]] Scaling& scaling() noexcept { return scaling_; }

private:
    static void require_fit_of(const Subset& samples) {
        tdca::require_fit<Target>(samples, Base::features, Base::outputs);
    }

    Scaling scaling_;

    static_assert(detail::OutputsBy<Net, Identity>,
                  "a Regressor's output layer has Identity: it predicts numbers of any size");
};

}  // namespace tdca
