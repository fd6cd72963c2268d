// LocalCredit: the credit of a layer that has its own guess and the label to go by, and no more.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <tuple>

#include "tdca/core/abi.hpp"
#include "tdca/core/course.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/math/gemm.hpp"
#include "tdca/math/simd.hpp"

namespace tdca::inline TDCA_ABI {

/// Hidden layer `I` of `Net` under a `TopDownNetwork` that it trusts in nothing: μ = ν = 1 in
/// @ref LocalPrediction, and restrained by the batch mean ē of its own ‖e‖ in place of the top's:
///   credit = slope ⊙ (exp(g₀ + g₁ d) e F − h ē a).
/// Nothing in it comes from above the layer, so that it can be had as soon as the layer is active,
/// and the activity forgotten after.
///
/// @tparam TopDown a `TopDownNetwork` with `PredictiveFeedback`
template <class TopDown, class Net, std::size_t I>
struct LocalCredit {
    static_assert(TopDown::is_predictive,
                  "a layer that has its own guess alone to go by needs PredictiveFeedback");
    static_assert(
        Net::template has_synapses<I> && Net::template receives_credit<I>,
        "a layer that learns as activity passes needs synapses, and a layer with synapses "
        "above it: where a pool comes between, fed back credit serves");

    static constexpr std::size_t classes = TopDown::classes;
    static constexpr std::size_t neurons =
        Net::template layer<I>::output_shape::size;  ///< of the layer
    using Layer = typename Net::template layer<I>;   ///< whose credit it is
    using Target = typename TopDown::signal::Target;
    using Prediction = typename TopDown::Prediction;  ///< how it guesses
    /// The layer's feedback weights, or what they learn.
    using Feedback = std::tuple_element_t<I, typename TopDown::template FeedbackParams<Net>>;
    using PathwayOf =
        std::tuple_element_t<I,
                             decltype(TopDown::template State<Net>::pathways)>;  ///< its feedback

    template <std::size_t Samples>
    struct Workspace {
        typename Prediction::template Workspace<Samples, neurons>
            guess;                              ///< what it takes to guess
        typename PathwayOf::Workspace pathway;  ///< and to read its feedback
        Feedback delta;                         ///< what feedback weights learn
        alignas(alignment) std::array<float, Samples * classes> sent;  ///< exp(g₀ + g₁ d) e
    };

    /// Fills `credit`, and `workspace.delta` with what the feedback weights learn.
    ///
    /// @param activity, credit `Samples` × the layer's neurons
    template <std::size_t Samples>
    static void assign(const typename TopDown::Genome& genome, const Progress& progress,
                       std::span<const Target, Samples> targets,
                       std::span<const float, Samples * neurons> activity,
                       const typename Layer::template Eligibility<Samples>& eligibility,
                       const typename TopDown::template State<Net>& state,
                       Workspace<Samples>& workspace,
                       std::span<float, Samples * neurons> credit) noexcept {
        const auto& pathway = std::get<I>(state.pathways);
        const auto weights = pathway.weights(workspace.pathway);
        Prediction::template predict_alone<Samples, neurons>(
            Prediction::decode(genome.template get<"prediction">(), Net::template relative_depth<I>,
                               progress),
            activity, weights, targets, workspace.guess);
        const std::span<const float, Samples * classes> local(workspace.guess.local);
        const std::span<float, Samples * classes> sent(workspace.sent);
        const float gain = state.gains[I];
        simd::map(
            sent, [gain](auto error) { return error * decltype(error)(gain); }, local);
        multiply<Samples, classes, neurons>(std::span<const float, Samples * classes>(sent),
                                            weights, credit);
        simd::axpy(-state.restraint * mean_row_norm<Samples, classes>(local), activity, credit);
        Layer::template gate<Samples>(activity, eligibility, credit);
        pathway.template correlate<Samples>(
            std::span<const float, Samples * classes>(workspace.guess.lesson), activity,
            workspace.pathway, workspace.delta);
    }
};

}  // namespace tdca
