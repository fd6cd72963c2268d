// Feedback wiring: how the error reaches the sources, and whether the wires learn.
#pragma once

#include <cstddef>

namespace tdca {

/// Where feedback weights come from, and what becomes of them within a lifetime.
enum class FeedbackOrigin {
    born,    ///< drawn at random with each lifetime: no gene, any number of classes
    evolved  ///< part of the genome: Sources × Classes genes, the same for every lifetime
};

/// Feedback weights are born random and stay so: feedback alignment (Lillicrap et al.,
/// doi:10.1038/ncomms13276), to every layer directly (Nøkland, arXiv:1609.01596).
struct FixedFeedback {
    static constexpr FeedbackOrigin origin = FeedbackOrigin::born;
    static constexpr bool is_plastic = false;
};

/// Feedback weights are born random and learn: the rule that changes the output synapses also
/// changes the feedback synapses, from the same two activities (Kolen & Pollack, "Backpropagation
/// without weight transport", 1994; Akrout et al., arXiv:1904.05391). No weight is ever copied,
/// yet forward and feedback weights align.
struct PlasticFeedback {
    static constexpr FeedbackOrigin origin = FeedbackOrigin::born;
    static constexpr bool is_plastic = true;
};

/// Feedback weights are genes. With `NoDiffusion` these are the per-neuron heads.
struct EvolvedFeedback {
    static constexpr FeedbackOrigin origin = FeedbackOrigin::evolved;
    static constexpr bool is_plastic = false;
};

}  // namespace tdca
