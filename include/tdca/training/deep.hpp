// The design for deep plain networks, and its genome.
#pragma once

#include <cstddef>

#include "tdca/core/abi.hpp"
#include "tdca/credit/centring.hpp"
#include "tdca/plasticity/adam.hpp"
#include "tdca/plasticity/depth_schedule.hpp"
#include "tdca/signal/classification.hpp"
#include "tdca/training/learner.hpp"
#include "tdca/training/universal.hpp"

namespace tdca::inline TDCA_ABI {

/// The learner for networks of tens of layers without ways around, on births that keep activity's
/// size, such as `Mirrored`: it is the universal one, but that `log_hidden_gain` scales the first
/// layer alone and that steps get smaller with the number of layers.
template <class Net, class SignalType>
using DeepLearner = Learner<Net, UniversalTopDown<SignalType>, AdamPlasticity, DepthSchedule<>,
                            CreditCentring, HiddenBirth::first_layer>;
/// The same for labels.
template <class Net>
using DeepClassifierLearner = DeepLearner<Net, ClassificationSignal<Net::output_shape::size>>;

/// Its genome: one type for every network and every kind of target.
using DeepGenome = LearnerGenome<ClassifierTopDown<2>, AdamPlasticity, DepthSchedule<>>;

/// What a deep network begins evolution with, or does without: the genes of shallow ones, hidden
/// steps falling with the square of the number of layers.
[[nodiscard]] inline DeepGenome deepened(const ClassifierGenome& genome) noexcept {
    DeepGenome deep;
    DepthSchedule<>::initialize(deep.get<"schedule">(), Key(0));
    deep.get<"top_down">() = genome.get<"top_down">();
    deep.get<"schedule">().get<"course">() = genome.get<"schedule">();
    deep.get<"plasticity">() = genome.get<"plasticity">();
    deep.get<"centring">() = genome.get<"centring">();
    deep.get<"birth">() = genome.get<"birth">();
    return deep;
}

}  // namespace tdca
