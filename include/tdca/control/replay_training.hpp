// EpisodicStudy: learning from remembered steps, between episodes.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>

#include "tdca/control/agent_state.hpp"
#include "tdca/control/replay_buffer.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/random.hpp"

namespace tdca::inline TDCA_ABI {

/// At the end of an episode, and every `round_steps` steps of a long one: the value memory is
/// solved, every remembered step is told its advantage, and the learner updates on minibatches of
/// fresh steps and old ones.
///
/// @tparam Samples minibatch
/// @tparam Capacity steps that are remembered
template <class Body, std::size_t Samples = 64, std::size_t Capacity = 2048>
class EpisodicStudy {
    using Feedback = typename Body::Feedback;
    static constexpr std::size_t inputs = Body::inputs;

public:
    /// Steps after which it learns, if no episode ends.
    static constexpr std::size_t round_steps = 256;
    static_assert(round_steps < Capacity, "a study must remember more steps than a round has");

    /// A new life: nothing is remembered.
    void begin(Body& /*body*/) noexcept {
        experience_.clear();
        rounds_ = 0;
        understood_ = 0;
    }

    /// A new episode.
    void begin_episode(Body& body) noexcept { body.values.begin(); }

    /// The network has answered to what the body sees; the action that follows is told to what is
    /// returned.
    Feedback& begin_step(Body& body) noexcept {
        return experience_.begin(body.raw, body.described);
    }

    /// @param learns whether synapses may change
    void end_step(Body& body, const StepResult& result, bool learns) noexcept {
        experience_.conclude(result.reward, result.terminated, result.is_over());
        body.values.note(body.described_before, result.reward, body.described, result.terminated);
        if (result.was_cut) experience_.begin(body.raw, body.described);
        if (result.is_over() || experience_.fresh() >= round_steps) study(body, learns);
    }

    /// Share of the variance of returns that the values expected.
    [[nodiscard]] float understood() const noexcept { return understood_; }

private:
    static constexpr std::size_t most_updates = 400;  // of one round

    void study(Body& body, bool learns) noexcept {
        const auto fresh = static_cast<float>(experience_.fresh());
        body.values.solve();
        body.senses.refresh();
        understood_ =
            experience_.assess([&](auto described) { return body.values.value(described); },
                               body.values.value(body.described), body.values.discount(),
                               body.command.horizon, body.command.caution);
        const auto updates =
            std::min(static_cast<std::size_t>(std::ceil(body.command.passes * fresh / Samples)),
                     most_updates);
        if (learns) {
            const Course course = body.course(body.state.age + updates);
            for (std::size_t u = 0; u < updates; ++u) update(body, course, body.key / rounds_ / u);
        }
        ++rounds_;
        experience_.settle();
    }

    void update(Body& body, const Course& course, Key key) noexcept {
        experience_.template recall<Samples>(
            key, body.command.recall,
            [&](std::size_t s, auto raw, const Feedback& feedback, float advantage) {
                body.senses.normalize(raw,
                                      std::span<float, inputs>(batch_.data() + s * inputs, inputs));
                told_[s] = feedback;
                told_[s].advantage = advantage;
                told_[s].reach = body.command.reach;
            });
        Body::learner::template update<Samples>(body.genome.template get<"learner">(), course,
                                                std::span<const float, Samples * inputs>(batch_),
                                                std::span<const Feedback, Samples>(told_),
                                                body.state, workspace_);
    }

    Experience<inputs, Body::features, Feedback, Capacity> experience_;
    typename Body::learner::template Workspace<Samples> workspace_;
    alignas(alignment) std::array<float, Samples * inputs> batch_;
    std::array<Feedback, Samples> told_;
    std::size_t rounds_ = 0;
    float understood_ = 0;
};

}  // namespace tdca
