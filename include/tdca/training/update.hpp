// The order of one update, written once for every learner.
#pragma once

#include <cstddef>
#include <span>
#include <utility>

#include "tdca/core/abi.hpp"
#include "tdca/core/course.hpp"

namespace tdca::inline TDCA_ABI {

/// Which layers learn in an update: all of them.
struct EveryLayer {
    /// Whether layer `I` of `Net` does.
    template <class Net, std::size_t I>
    static constexpr bool learns = true;
};
/// The output layer alone: the others stay as they are.
struct OutputLayerAlone {
    /// Whether layer `I` of `Net` does.
    template <class Net, std::size_t I>
    static constexpr bool learns = I + 1 == Net::depth;
};

/// One update of a learner on one minibatch: forward → targets → credits → each layer's learning.
/// Whoever trains calls this, or `Learner::update`, which is this; a `Pipeline` keeps the same
/// order with several layers at work at a time.
///
/// Allocates nothing, where `answer` does not.
///
/// @tparam LearnerType has `forward`, `assign` and `learn` as `Learner` has them
/// @tparam Which layers learn
/// @param in `Samples` × input, row-major
/// @param answer called with the outputs, `Samples` × output units; returns the targets, a
///   `std::span<const Target, Samples>`. So who knows them only after seeing the outputs, as a
///   search or an agent does, learns by the same call as who has labels.
/// @param seen what the first layer learns from: `in`, but for experiments
template <class LearnerType, std::size_t Samples, class Which = EveryLayer, class Answer>
void update_network(
    const typename LearnerType::Genome& genome, const Course& course,
    std::span<const float, Samples * LearnerType::network::input_shape::size> in, Answer&& answer,
    typename LearnerType::State& state,
    typename LearnerType::template Workspace<Samples>& workspace,
    std::span<const float, Samples * LearnerType::network::input_shape::size> seen) {
    using Net = typename LearnerType::network;
    LearnerType::template forward<Samples>(in, state, workspace.activities,
                                           workspace.eligibilities);
    const std::span<const typename LearnerType::Target, Samples> targets =
        answer(std::as_const(workspace.activities).template get<Net::depth - 1>());
    const Progress progress =
        LearnerType::template assign<Samples>(genome, course, targets, workspace.activities,
                                              workspace.eligibilities, state, workspace.assignment);
    Net::for_each_layer([&](auto i) {
        if constexpr (Which::template learns<Net, i>) {
            LearnerType::template learn<i, Samples>(genome, progress, seen, workspace.activities,
                                                    workspace.eligibilities, state,
                                                    workspace.assignment);
        }
    });
}

/// The same; every layer learns from what it saw.
template <class LearnerType, std::size_t Samples, class Which = EveryLayer, class Answer>
void update_network(const typename LearnerType::Genome& genome, const Course& course,
                    std::span<const float, Samples * LearnerType::network::input_shape::size> in,
                    Answer&& answer, typename LearnerType::State& state,
                    typename LearnerType::template Workspace<Samples>& workspace) {
    update_network<LearnerType, Samples, Which>(genome, course, in, std::forward<Answer>(answer),
                                                state, workspace, in);
}

}  // namespace tdca
