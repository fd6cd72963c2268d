// SequenceRegressor: a network that learns numbers at every step of sequences, ready to use.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "tdca/bottom_up/activations.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/tensor.hpp"
#include "tdca/data/subset.hpp"
#include "tdca/signal/regression.hpp"
#include "tdca/training/number_preset.hpp"
#include "tdca/training/preset.hpp"
#include "tdca/training/sequence_preset.hpp"
#include "tdca/training/universal.hpp"

namespace tdca::inline TDCA_ABI {

/// A network that learns by credits to predict numbers at every step of a sequence: what is
/// measured next, what cannot be measured.
///
///     using Net = Network<Input<16, 3>, Gru<32>, Dense<1, Identity, ScaledNormal>>;
///     SequenceRegressor<Net> model;                     // learns from 16 steps of 3 numbers
///     model.fit(train, 1000);
///     double error = model.evaluate(test).rmse();       // absolute_error, r2() beside it
///     Matrix<float> said = model.predict(sequence);     // of any number of steps
///
/// The samples are a `Dataset` with steps × numbers of each, NaN where one is not known, which
/// teaches nothing and is not judged. Targets are standardised for the network, those of all steps
/// alike; whoever predicts or evaluates gets their own units. Inputs should be standardised.
///
/// @tparam Net the network of a whole sequence; its output layer has `Identity` and a unit for each
///   number of a step
/// @tparam Samples minibatch size, in sequences
template <class Net, std::size_t Samples = 64>
class SequenceRegressor
    : public NumberPreset<SequencePreset<SequenceRegressorLearner<Net>, Samples>, Samples> {
    using Base = NumberPreset<SequencePreset<SequenceRegressorLearner<Net>, Samples>, Samples>;

public:
    using Base::outputs;
    using Base::steps;

    /// As `SequenceClassifier`'s.
    explicit SequenceRegressor(std::uint64_t seed = 1,
                               const ClassifierGenome& genome = architectures_genome())
        : Base("SequenceRegressor", seed, genome) {}

    /// As `evaluate`, each step of the sequences by itself; means are NaN of a step of which
    /// nothing is known.
    ///
    /// @throws tdca::Error as `evaluate`
    [[nodiscard]] std::array<RegressionEvaluation, steps> evaluate_steps(const Subset& samples) {
        std::array<RegressionEvaluation, steps> sums;
        this->judge(samples, [&sums](std::size_t t) -> RegressionEvaluation& { return sums[t]; });
        for (RegressionEvaluation& each : sums) {
            each.finish();
            each = this->unless_broken(each);
        }
        return sums;
    }

    /// The numbers after one more step, begun by `begin_sequence`, there until the next step.
    /// Allocates nothing.
    ///
    /// @throws tdca::Error where `inputs` are not those of one step, and before the first `fit`
    [[nodiscard]] std::span<const float, outputs> step(std::span<const float> inputs) {
        const auto row = this->answer_step(inputs);
        this->scaling_.undo(row);
        return row;
    }

    /// The same at each step of a whole sequence, of any length: steps × numbers.
    ///
    /// @param sequence steps × features of a step, row-major
    /// @throws tdca::Error where that is no whole number of steps, and before the first `fit`
    [[nodiscard]] Matrix<float> predict(std::span<const float> sequence) {
        return this->answer_sequence(sequence, [this](auto inputs) { return step(inputs); });
    }

private:
    static_assert(detail::OutputsBy<Net, Identity>,
                  "a SequenceRegressor's output layer has Identity: it predicts numbers of any "
                  "size");
};

}  // namespace tdca
