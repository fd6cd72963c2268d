// SequenceClassifier: a network that learns a label at every step of sequences, ready to use.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/tensor.hpp"
#include "tdca/data/subset.hpp"
#include "tdca/training/preset.hpp"
#include "tdca/training/sequence_preset.hpp"
#include "tdca/training/universal.hpp"

namespace tdca::inline TDCA_ABI {

/// A network that learns by credits which class each step of a sequence is of: the next character,
/// whether a machine is about to fail.
///
///     using Net = Network<Input<8, 4>, Gru<24>, Dense<4, Softmax, ScaledNormal>>;
///     SequenceClassifier<Net> model;                        // learns from 8 steps of 4 numbers
///     model.fit(train, 1000);
///     double accuracy = model.evaluate(test).accuracy;      // over all steps that have a label
///     std::vector<std::uint16_t> said = model.predict(sequence);  // of any number of steps
///
/// The samples are a `Dataset` with labels of steps; a step without one (`Dataset::no_label`)
/// teaches nothing and is not judged. `balanced` lets steps of rare classes count for more. Inputs
/// should be standardised, tokens one-hot or below an `Embedding`. The same seed gives the same
/// bits. Construction allocates; of the rest only what returns a container does.
///
/// @tparam Net the network of a whole sequence; its output layer is a softmax over the classes
/// @tparam Samples minibatch size, in sequences
template <class Net, std::size_t Samples = 64>
class SequenceClassifier : public SequencePreset<WeightedSequenceClassifierLearner<Net>, Samples> {
    using Base = SequencePreset<WeightedSequenceClassifierLearner<Net>, Samples>;

public:
    static constexpr std::size_t classes = Base::outputs;
    using Base::steps;
    using Evaluation = typename Base::Evaluation;  ///< of labels

    /// @param seed of the network's random weights and of the order of samples
    /// @param genome how it learns
    explicit SequenceClassifier(std::uint64_t seed = 1,
                                const ClassifierGenome& genome = architectures_genome())
        : Base("SequenceClassifier", seed, genome) {}

    /// As `evaluate`, each step of the sequences by itself; means are NaN of a step that never has
    /// a label.
    ///
    /// @throws tdca::Error as `evaluate`
    [[nodiscard]] std::array<Evaluation, steps> evaluate_steps(const Subset& samples) {
        this->require_fit();
        this->require_fit_of(samples);
        return this->life_.evaluate_steps(samples);
    }

    /// What the network thinks after one more step, begun by `begin_sequence`: a probability of
    /// each class, there until the next step. Allocates nothing.
    ///
    /// @throws tdca::Error where `inputs` are not those of one step, and before the first `fit`
    [[nodiscard]] std::span<const float, classes> step(std::span<const float> inputs) {
        return this->answer_step(inputs);
    }

    /// The same at each step of a whole sequence, of any length: steps × classes.
    ///
    /// @param sequence steps × features of a step, row-major
    /// @throws tdca::Error where that is no whole number of steps, and before the first `fit`
    [[nodiscard]] Matrix<float> probabilities(std::span<const float> sequence) {
        return this->answer_sequence(sequence, [this](auto inputs) { return step(inputs); });
    }

    /// The most probable class at each step.
    ///
    /// @throws tdca::Error as `probabilities`
    [[nodiscard]] std::vector<std::uint16_t> predict(std::span<const float> sequence) {
        return detail::most_probable(probabilities(sequence));
    }

private:
    static_assert(detail::OutputsProbabilities<Net>,
                  "a SequenceClassifier's output layer has Softmax: it predicts probabilities of "
                  "classes");
};

}  // namespace tdca
