// MultiLabelClassifier: a network that learns which of several labels hold, ready to use.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "tdca/bottom_up/activations.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/tensor.hpp"
#include "tdca/training/preset.hpp"
#include "tdca/training/universal.hpp"

namespace tdca::inline TDCA_ABI {

/// A network that learns by credits which of several labels hold of a sample. The samples' numbers
/// are 1 where a label holds, 0 where it does not, and NaN where that is not known; loss and
/// accuracy are means over labels.
///
/// @tparam Net the network; its output layer has `Sigmoid` and a unit for each label
/// @tparam Samples minibatch size
template <class Net, std::size_t Samples = 64>
class MultiLabelClassifier : public Preset<MultiLabelLearner<Net>, Samples> {
    using Base = Preset<MultiLabelLearner<Net>, Samples>;

public:
    /// As `Classifier`'s.
    explicit MultiLabelClassifier(std::uint64_t seed = 1,
                                  const ClassifierGenome& genome = universal_genome())
        : Base("MultiLabelClassifier", seed, genome) {}

    /// The probability of each label: samples × labels.
    ///
    /// @throws tdca::Error as `Classifier::probabilities`
    [[nodiscard]] Matrix<float> probabilities(std::span<const float> inputs) {
        return this->answer(inputs);
    }

private:
    static_assert(detail::OutputsBy<Net, Sigmoid>,
                  "a MultiLabelClassifier's output layer has Sigmoid: it predicts a probability of "
                  "each label");
};

}  // namespace tdca
