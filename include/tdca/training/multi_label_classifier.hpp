// MultiLabelClassifier: a network that learns which of several labels hold, ready to use.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include "tdca/bottom_up/activations.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/tensor.hpp"
#include "tdca/data/subset.hpp"
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

    /// As `Preset::fit`; of each sample every label is 0, 1 or between, or NaN where it is not
    /// known.
    ///
    /// @throws tdca::Error as `Preset::fit`, and where a number is no label
    void fit(const Subset& samples, std::size_t updates) {
        require_labels(samples);
        Base::fit(samples, updates);
    }

    /// As `Preset::evaluate`.
    ///
    /// @throws tdca::Error as `Preset::evaluate`, and where a number is no label
    [[nodiscard]] typename Base::Evaluation evaluate(const Subset& samples) {
        require_labels(samples);
        return Base::evaluate(samples);
    }

    /// The probability of each label: samples × labels.
    ///
    /// @throws tdca::Error as `Classifier::probabilities`
    [[nodiscard]] Matrix<float> probabilities(std::span<const float> inputs) {
        return this->answer(inputs);
    }

private:
    static void require_labels(const Subset& samples) {
        if (samples.dataset().has_labels()) return;  // told by what comes next
        for (std::size_t i = 0; i < samples.size(); ++i) {
            for (const float label : samples.numbers(i)) {
                if (std::isnan(label) || (label >= 0 && label <= 1)) continue;
                throw Error(samples.name(),
                            "sample " + to_text(i) + " has a number that is no label",
                            "from 0 to 1, or NaN", to_text(label));
            }
        }
    }

    static_assert(detail::OutputsBy<Net, Sigmoid>,
                  "a MultiLabelClassifier's output layer has Sigmoid: it predicts a probability of "
                  "each label");
};

}  // namespace tdca
