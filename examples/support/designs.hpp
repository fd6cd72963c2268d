// The networks and top-down networks that our programs compare.
#pragma once

#include <cstddef>

#include "baseline/backprop.hpp"
#include "support/controls.hpp"
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/credit/diffusion.hpp"
#include "tdca/learner/learner.hpp"
#include "tdca/plasticity/adam.hpp"
#include "tdca/plasticity/schedule.hpp"
#include "tdca/signal/classification.hpp"
#include "tdca/top_down/top_down_network.hpp"

namespace tdca::support {

/// A classifier of ten classes: `Classifier<784, 32>` is 784-32-10 with ReLU.
template <std::size_t Inputs, std::size_t... Widths>
using Classifier = Network<Input<Inputs>, Dense<Widths, Relu>..., Dense<10, Softmax, ScaledNormal>>;

/// The TDCA-network of the demo: plastic feedback, credit diffused from 32 sources.
using Diffused = TopDownNetwork<ClassificationSignal<10>, Hidden<8>, GaussianDiffusion<32>>;

/// The same with evolved feedback in place of plastic: diffused from sources, or with a head for
/// each of `Width` neurons.
using DiffusedHeads =
    TopDownNetwork<ClassificationSignal<10>, Hidden<8>, GaussianDiffusion<32>, EvolvedFeedback>;
template <std::size_t Width>
using NeuronHeads =
    TopDownNetwork<ClassificationSignal<10>, Hidden<8>, NoDiffusion<Width>, EvolvedFeedback>;

/// The demo's learner on a network.
template <class Net>
using TdcaLearner = Learner<Net, Diffused, AdamPlasticity, StepSchedule<>>;

/// The strongest baseline: backpropagation's gradients with the same plasticity and schedule, to
/// be evolved at the same cost.
template <class Net>
using EvolvedBackprop = baseline::BackpropLearner<Net, AdamPlasticity, StepSchedule<>>;

/// The demo's learner with its credits tampered with.
template <class Net, Tampering What>
using TamperedLearner = Learner<Net, Tampered<Diffused, What>, AdamPlasticity, StepSchedule<>>;

}  // namespace tdca::support
