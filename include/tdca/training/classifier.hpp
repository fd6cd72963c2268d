// Classifier: a network that learns labels, ready to use.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/tensor.hpp"
#include "tdca/data/balanced.hpp"
#include "tdca/training/preset.hpp"
#include "tdca/training/universal.hpp"

namespace tdca::inline TDCA_ABI {

/// A network that learns labels by credits, ready to use: nothing to tune, no file to read.
///
///     Classifier<Network<Input<784>, Dense<100, Relu>, Dense<10, Softmax, ScaledNormal>>> model;
///     model.fit(train, 1000);
///     double accuracy = model.evaluate(test).accuracy;
///
/// Where some classes are rare and all matter alike, `model.fit(balanced(train), 1000)` lets their
/// samples count for more.
///
/// Inputs should be standardised (`Standardization`, `FeatureStandardization`). The same seed gives
/// the same bits. Construction allocates; of the rest only what returns a container does.
///
/// @tparam Net the network; its output layer is a softmax over the classes
/// @tparam Samples minibatch size
template <class Net, std::size_t Samples = 64>
class Classifier : public Preset<WeightedClassifierLearner<Net>, Samples> {
    using Base = Preset<WeightedClassifierLearner<Net>, Samples>;

public:
    static constexpr std::size_t classes = Base::outputs;

    /// @param seed of the network's random weights and of the order of samples
    /// @param genome how it learns
    explicit Classifier(std::uint64_t seed = 1, const ClassifierGenome& genome = universal_genome())
        : Base("Classifier", seed, genome) {}

    /// What the network thinks of each sample: samples × classes, each row's sum 1.
    ///
    /// @param inputs samples × features, row-major
    /// @throws tdca::Error where that is no whole number of samples, and before the first `fit`
    [[nodiscard]] Matrix<float> probabilities(std::span<const float> inputs) {
        return this->answer(inputs);
    }

    /// The most probable class of each sample.
    ///
    /// @throws tdca::Error as `probabilities`
    [[nodiscard]] std::vector<std::uint16_t> predict(std::span<const float> inputs) {
        return detail::most_probable(probabilities(inputs));
    }

private:
    static_assert(detail::OutputsProbabilities<Net>,
                  "a Classifier's output layer has Softmax: it predicts probabilities of classes");
};

}  // namespace tdca
