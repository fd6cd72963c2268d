// The networks and top-down networks that our programs compare.
#pragma once

#include <cstddef>

#include "baseline/backprop.hpp"
#include "support/controls.hpp"
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/credit/diffusion.hpp"
#include "tdca/plasticity/adam.hpp"
#include "tdca/plasticity/schedule.hpp"
#include "tdca/presets.hpp"
#include "tdca/signal/classification.hpp"
#include "tdca/top_down/top_down_network.hpp"
#include "tdca/training/learner.hpp"

namespace tdca::support {

/// Dense layers with a softmax on top: `Mlp<13, 3, Tanh, 16>` is 13-16-3 with tanh.
template <std::size_t Inputs, std::size_t Classes, class Function, std::size_t... Widths>
using Mlp =
    Network<Input<Inputs>, Dense<Widths, Function>..., Dense<Classes, Softmax, ScaledNormal>>;

/// A classifier of ten classes: `DenseClassifier<784, 32>` is 784-32-10 with ReLU.
template <std::size_t Inputs, std::size_t... Widths>
using DenseClassifier = Mlp<Inputs, 10, Relu, Widths...>;

/// `ClassifierTopDown` with evolved feedback in place of plastic: diffused from sources, or with a
/// head for each of `Width` neurons.
using DiffusedHeads =
    TopDownNetwork<ClassificationSignal<10>, Hidden<8>, GaussianDiffusion<32>, EvolvedFeedback>;
template <std::size_t Width>
using NeuronHeads =
    TopDownNetwork<ClassificationSignal<10>, Hidden<8>, NoDiffusion<Width>, EvolvedFeedback>;

/// The strongest baseline: backpropagation's gradients with the same plasticity, schedule, centring
/// and births, to be evolved at the same cost; for what a signal takes, or for labels.
template <class Net, class SignalType>
using EvolvedBackpropFor =
    baseline::BackpropLearner<Net, AdamPlasticity, StepSchedule<>, CreditCentring, SignalType>;
template <class Net>
using EvolvedBackprop = EvolvedBackpropFor<Net, ClassificationSignal<Net::output_shape::size>>;

/// The demo's learner with its credits tampered with.
template <class Net, Tampering What>
using TamperedLearner = Learner<Net, Tampered<ClassifierTopDown<10>, What>>;

}  // namespace tdca::support
