// LearnerGenome: everything of a learner that evolution may change.
#pragma once

#include "tdca/core/abi.hpp"
#include "tdca/core/genome.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/shape.hpp"
#include "tdca/credit/centring.hpp"
#include "tdca/plasticity/adam.hpp"
#include "tdca/plasticity/schedule.hpp"

namespace tdca::inline TDCA_ABI {

/// How a network is born: the hidden layers' weights, or the first one's alone (@ref HiddenBirth),
/// times exp `log_hidden_gain`; the output layer's along the feedback, of size `output_gain` /
/// neurons.
using BirthGenes =
    Genes<float, Parameter<"log_hidden_gain", Shape<1>>, Parameter<"output_gain", Shape<1>>>;

/// Everything of a @ref Learner that evolution may change. It depends on no network, unless the
/// feedback is evolved without diffusion.
template <class TopDown, class Rule = AdamPlasticity, class Schedule = StepSchedule<>,
          class Centring = CreditCentring>
using LearnerGenome =
    Genome<Part<"top_down", typename TopDown::Genome>, Part<"schedule", typename Schedule::Genome>,
           Part<"plasticity", typename Rule::Genome>, Part<"centring", typename Centring::Genome>,
           Part<"birth", BirthGenes>>;

}  // namespace tdca
