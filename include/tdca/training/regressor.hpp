// Regressor: a network that learns to predict numbers, ready to use.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "tdca/bottom_up/activations.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/tensor.hpp"
#include "tdca/training/number_preset.hpp"
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
class Regressor : public NumberPreset<Preset<RegressorLearner<Net>, Samples>, Samples> {
    using Base = NumberPreset<Preset<RegressorLearner<Net>, Samples>, Samples>;

public:
    /// As `Classifier`'s.
    explicit Regressor(std::uint64_t seed = 1, const ClassifierGenome& genome = universal_genome())
        : Base("Regressor", seed, genome) {}

    /// The numbers of each sample, in their own units: samples × numbers.
    ///
    /// @param inputs samples × features, row-major
    /// @throws tdca::Error as `Classifier::probabilities`
    [[nodiscard]] Matrix<float> predict(std::span<const float> inputs) {
        Matrix<float> rows = this->answer(inputs);
        this->scaling_.undo(std::span<float>(rows.data(), rows.size()));
        return rows;
    }

private:
    static_assert(detail::OutputsBy<Net, Identity>,
                  "a Regressor's output layer has Identity: it predicts numbers of any size");
};

}  // namespace tdca
