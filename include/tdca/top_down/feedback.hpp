// Feedback wiring: how the error reaches the sources, and whether the wires learn.
#pragma once

#include <cstddef>

#include "tdca/core/abi.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/shape.hpp"

namespace tdca::inline TDCA_ABI {

/// Where feedback weights come from, and what becomes of them within a lifetime.
enum class FeedbackOrigin {
    born,    ///< drawn at random with each lifetime: no gene, any number of classes
    evolved  ///< part of the genome: Sources × Classes genes, the same for every lifetime
};

/// Whose synapses feedback weights are.
enum class FeedbackSynapses {
    per_source,  ///< output units × sources: diffused to the neurons at every update
    per_neuron   ///< output units × neurons: diffused at birth, and the neuron's own from then on
};

/// Feedback weights are born random and stay so: feedback alignment (Lillicrap et al.,
/// doi:10.1038/ncomms13276), to every layer directly (Nøkland, arXiv:1609.01596).
struct FixedFeedback {
    static constexpr FeedbackOrigin origin = FeedbackOrigin::born;
    static constexpr FeedbackSynapses synapses = FeedbackSynapses::per_source;
    static constexpr bool is_plastic = false;
    static constexpr bool is_predictive = false;
};

/// Feedback weights are born random and learn: the rule that changes the output synapses also
/// changes the feedback synapses, from the same two activities (Kolen & Pollack, "Backpropagation
/// without weight transport", 1994; Akrout et al., arXiv:1904.05391). No weight is ever copied,
/// yet forward and feedback weights align.
struct PlasticFeedback {
    static constexpr FeedbackOrigin origin = FeedbackOrigin::born;
    static constexpr FeedbackSynapses synapses = FeedbackSynapses::per_source;
    static constexpr bool is_plastic = true;
    static constexpr bool is_predictive = false;
};

/// Plastic feedback weights that a layer also reads upwards, for a guess of its own: the local
/// error, target − guess, joins the top-level error in the layer's credit and in what its feedback
/// learns. See @ref LocalPrediction. Deep layers then learn from an error that they can mend
/// themselves, in place of one that many layers share (the idea of local classifiers: Mostafa,
/// Ramesh & Cauwenberghs, arXiv:1711.06756; Nøkland & Eidnes, arXiv:1901.06656).
///
/// @tparam Where with one synapse per neuron, credit is diffused from few sources once, at birth;
///   per source, neighbours share what feedback learns for good
template <FeedbackSynapses Where = FeedbackSynapses::per_neuron>
struct PredictiveFeedback {
    static constexpr FeedbackOrigin origin = FeedbackOrigin::born;
    static constexpr FeedbackSynapses synapses = Where;
    static constexpr bool is_plastic = true;
    static constexpr bool is_predictive = true;
};

/// Feedback weights are genes. With `NoDiffusion` these are the per-neuron heads.
struct EvolvedFeedback {
    static constexpr FeedbackOrigin origin = FeedbackOrigin::evolved;
    static constexpr FeedbackSynapses synapses = FeedbackSynapses::per_source;
    static constexpr bool is_plastic = false;
    static constexpr bool is_predictive = false;
};

namespace detail {

/// Genes of the wiring: with evolved feedback, the feedback weights are among them.
template <class FeedbackWeights, std::size_t Classes, std::size_t Sources>
struct WiringGenes {
    using type =
        Genes<float, Parameter<"credit_gain", Shape<2>>, Parameter<"log_restraint", Shape<1>>>;
};
template <std::size_t Classes, std::size_t Sources>
struct WiringGenes<EvolvedFeedback, Classes, Sources> {
    using type =
        Genes<float, Parameter<"credit_gain", Shape<2>>, Parameter<"log_restraint", Shape<1>>,
              Parameter<"feedback", Shape<Classes, Sources>>>;
};

}  // namespace detail

}  // namespace tdca
