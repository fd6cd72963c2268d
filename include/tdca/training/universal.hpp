// The design that the shipped genomes of training belong to, for every network and kind of target.
#pragma once

#include <cstddef>

#include "tdca/bottom_up/every_step.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/targets.hpp"
#include "tdca/credit/diffusion.hpp"
#include "tdca/signal/classification.hpp"
#include "tdca/signal/multi_label.hpp"
#include "tdca/signal/regression.hpp"
#include "tdca/signal/steps.hpp"
#include "tdca/top_down/top_down_network.hpp"
#include "tdca/training/architectures_genome.hpp"
#include "tdca/training/learner.hpp"
#include "tdca/training/sequence_learner.hpp"
#include "tdca/training/universal_genome.hpp"

namespace tdca::inline TDCA_ABI {

/// The TDCA-network that serves: feedback that learns to predict, diffused from 32 sources when the
/// network is born, read by 8 hidden neurons.
template <class SignalType>
using UniversalTopDown =
    TopDownNetwork<SignalType, Hidden<8>, GaussianDiffusion<32>, PredictiveFeedback<>>;

/// The learner that the shipped genomes of training belong to, on a network of one's own, for what
/// this signal takes as targets.
template <class Net, class SignalType>
using UniversalLearner = Learner<Net, UniversalTopDown<SignalType>>;

/// The same for labels: its top level.
template <std::size_t Classes>
using ClassifierTopDown = UniversalTopDown<ClassificationSignal<Classes>>;
/// The learner for labels.
template <class Net>
using ClassifierLearner = UniversalLearner<Net, ClassificationSignal<Net::output_shape::size>>;
/// The same for labels some of which count for more; where none does it lives the same lives.
template <class Net>
using WeightedClassifierLearner =
    UniversalLearner<Net, ClassificationSignal<Net::output_shape::size, WeightedLabel>>;
/// For numbers.
template <class Net>
using RegressorLearner = UniversalLearner<Net, RegressionSignal<Net::output_shape::size>>;
/// For several labels.
template <class Net>
using MultiLabelLearner = UniversalLearner<Net, MultiLabelSignal<Net::output_shape::size>>;

/// For what this signal takes as targets at every step of a sequence, or at some: see
/// `SequenceLearner`.
template <class Net, class SignalType>
using UniversalSequenceLearner = SequenceLearner<Net, UniversalTopDown<StepSignal<SignalType>>>;
/// For a label at every step.
template <class Net>
using SequenceClassifierLearner =
    UniversalSequenceLearner<Net, ClassificationSignal<EveryStep<Net>::output_shape::size>>;
/// The same for labels some of which count for more; where none does it lives the same lives.
template <class Net>
using WeightedSequenceClassifierLearner = UniversalSequenceLearner<
    Net, ClassificationSignal<EveryStep<Net>::output_shape::size, WeightedLabel>>;
/// For numbers at every step.
template <class Net>
using SequenceRegressorLearner =
    UniversalSequenceLearner<Net, RegressionSignal<EveryStep<Net>::output_shape::size>>;

/// Their genome: one type for every network and every kind of target.
using ClassifierGenome = LearnerGenome<ClassifierTopDown<2>>;

/// The genome that was evolved on six kinds of data, on networks of one to five layers:
/// examples/genomes/universal.safetensors. It trains any width and kind of layer, and depths up to
/// some twenty layers; forty are unreliable (docs/limits.md).
[[nodiscard]] inline ClassifierGenome universal_genome() noexcept {
    ClassifierGenome genome;
    genome.read(detail::universal_genes);
    return genome;
}

/// The genome that began as a universal one and was evolved on convolutions, recurrent units,
/// attention and ways around as well: examples/genomes/architectures.safetensors. Of text with a
/// target at every step, which its evolution never saw, it learns more than the universal one does
/// (docs/results/targets.md).
[[nodiscard]] inline ClassifierGenome architectures_genome() noexcept {
    ClassifierGenome genome;
    genome.read(detail::architectures_genes);
    return genome;
}

}  // namespace tdca
