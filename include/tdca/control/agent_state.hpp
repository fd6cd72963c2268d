// AgentState: what acts and what remembers in a life of acting, and what it is told.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <tuple>

#include "tdca/concepts/environment.hpp"
#include "tdca/control/episode_controller.hpp"
#include "tdca/control/lstd_critic.hpp"
#include "tdca/control/observation_normalizer.hpp"
#include "tdca/control/policy_head.hpp"
#include "tdca/core/abi.hpp"
#include "tdca/core/course.hpp"
#include "tdca/core/genome.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/random.hpp"

namespace tdca::inline TDCA_ABI {

/// Everything that evolution may change of a life of acting. It depends on neither the environment
/// nor the size of the policy network.
template <class LearnerType, class Critic = LstdCritic<>, class Controller = EpisodeController<>>
using PolicyGenome =
    Genome<Part<"learner", typename LearnerType::Genome>, Part<"values", typename Critic::Genome>,
           Part<"clock", typename Controller::Genome>,
           Part<"senses", Genes<float, Parameter<"logit_centring", Shape<1>>>>>;

/// The policy network, its normalizer and its critic: what acting and every way of learning from
/// it share. Large; keep it on the heap.
///
/// @tparam LearnerType a `Learner` whose signal is the environment's `RewardSignal`
/// @tparam Env what it acts in
template <class LearnerType, class Env, class Critic = LstdCritic<>,
          class Controller = EpisodeController<>>
struct AgentState {
    static_assert(Environment<Env> || detail::tell_what_an_environment_lacks<Env>(),
                  "a policy acts in an environment; see tdca/concepts/environment.hpp for what one "
                  "must offer");

    using learner = LearnerType;
    using Net = typename LearnerType::network;
    using Head = PolicyHead<typename Env::actions>;  ///< from outputs to actions
    using Target = typename Head::Signal::Target;
    using Genome = PolicyGenome<LearnerType, Critic, Controller>;
    using Scalar = typename Env::scalar;

    static constexpr std::size_t inputs = Env::observation_shape::size;
    static constexpr std::size_t outputs = Env::actions::size;
    static constexpr std::size_t features = std::tuple_size_v<typename Critic::Vector>;
    static_assert(Net::input_shape::size == inputs,
                  "the network's input differs from what the environment shows");
    static_assert(Net::output_shape::size == outputs,
                  "the network needs one output for each of the environment's actions");

    Genome genome;
    typename LearnerType::State state;
    typename Critic::template State<inputs> critic;  ///< what it expects of a state
    typename Controller::State controller;           ///< what the controller remembers
    ObservationNormalizer<inputs> normalizer;        ///< how observations are normalised
    EpisodeCommand command;  ///< what the controller asks for in this episode
    Key key{0};              ///< of what is random about learning
    std::size_t steps = 0;   ///< of the life so far
    float spent = 0;         ///< share of the budget

    std::array<float, inputs> raw;                                    ///< the latest observation
    alignas(alignment) std::array<float, inputs> seen;                ///< as the network sees it
    alignas(alignment) std::array<float, features> described;         ///< as the critic does
    alignas(alignment) std::array<float, features> described_before;  ///< that of the step before
    typename Net::template Activities<1> activities;
    typename Net::template Eligibilities<1> eligibilities;

    /// A new life: a random network, nothing remembered.
    void begin(const Genome& inherited, Key birth) {
        genome = inherited;
        LearnerType::begin(genome.template get<"learner">(), birth / 0, Course(1), state);
        critic.begin(genome.template get<"values">(), log_limit(), birth / 1);
        controller = {};
        const float gene = genome.template get<"senses">().template get<"logit_centring">()[0];
        normalizer.begin(1 / (1 + std::exp(-gene)));
        key = birth / 2;
        steps = 0;
        spent = 0;
    }

    /// Looks at the world; if `refresh`, the normalizer first takes in what it has seen so far.
    void perceive(const typename Env::Settings& settings, const typename Env::State& world,
                  bool refresh) noexcept {
        std::array<Scalar, inputs> shown;
        Env::observe(settings, world, std::span<Scalar, inputs>(shown));
        std::transform(shown.begin(), shown.end(), raw.begin(),
                       [](Scalar x) { return static_cast<float>(x); });
        normalizer.observe(raw);
        if (refresh) normalizer.refresh();
        normalizer.normalize(raw, seen);
        described_before = described;
        critic.describe(seen, described);
    }

    /// The course as foreseen: at the present pace, `updates` of which `done` are behind.
    [[nodiscard]] Course course(std::size_t done) const noexcept {
        const float foreseen = static_cast<float>(done) / std::clamp(spent, 1e-4F, 1.0F);
        Course course(std::max(static_cast<std::size_t>(foreseen), done + 1));
        course.pace = command.pace;
        return course;
    }

    /// log₁₀(steps of the longest episode / 500).
    [[nodiscard]] static float log_limit() noexcept {
        return std::log10(static_cast<float>(Env::episode_limit) / 500.0F);
    }
};

/// What a step brought, as a way of learning is told.
struct Transition {
    float reward = 0;         ///< of this step
    bool terminated = false;  ///< the episode is over
    bool was_cut = false;     ///< the episode ended here by its limit alone
    /// Whether the episode ends here, in either way.
    [[nodiscard]] bool is_over() const noexcept { return terminated || was_cut; }
};

}  // namespace tdca
