// What property tests are about: small learners, lives, and a task that keeps count.
#pragma once

#include <atomic>
#include <cmath>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/concepts/environment.hpp"
#include "tdca/concepts/task.hpp"
#include "tdca/control/agent.hpp"
#include "tdca/control/reward_signal.hpp"
#include "tdca/control/trace_training.hpp"
#include "tdca/core/random.hpp"
#include "tdca/credit/diffusion.hpp"
#include "tdca/plasticity/adam.hpp"
#include "tdca/signal/classification.hpp"
#include "tdca/top_down/top_down_network.hpp"
#include "tdca/training/learner.hpp"

namespace tdca::testing {

constexpr std::size_t seeds = 8;

using SmallNet = Network<Input<4>, Dense<11, Relu>, Dense<6, Tanh>, Dense<2, Softmax>>;
template <class Rule = AdamPlasticity>
using SmallLearner = Learner<
    SmallNet,
    TopDownNetwork<ClassificationSignal<2>, Hidden<2>, GaussianDiffusion<4>, PredictiveFeedback<>>,
    Rule>;

template <class Env, class Output = Softmax>
using Actor =
    Learner<Network<Input<Env::observation_shape::size>, Dense<8, Tanh, ScaledNormal>,
                    Dense<Env::actions::size, Output, ScaledNormal>>,
            TopDownNetwork<RewardSignal<typename Env::actions>, Hidden<2>, GaussianDiffusion<4>>>;
template <class Env, class Output = Softmax>
using EpisodicLife = Agent<Actor<Env, Output>, Env>;
template <class Env>
using OnlineLife = Agent<Actor<Env>, Env, TraceTraining<AgentState<Actor<Env>, Env>>>;

/// A genome before evolution, every gene moved by normal noise of this size.
template <class Subject>
[[nodiscard]] typename Subject::Genome noisy_genome(Key key, float noise = 0.1F) {
    using Genome = typename Subject::Genome;
    Genome genome;
    Subject::initialize(genome, key / 0);
    std::vector<float> genes(Genome::count);
    std::vector<float> moves(Genome::count);
    genome.write(std::span<float, Genome::count>(genes));
    (key / 1).fill_normal(std::span<float>(moves));
    for (std::size_t i = 0; i < genes.size(); ++i) genes[i] += noise * moves[i];
    genome.read(std::span<const float, Genome::count>(genes));
    return genome;
}

/// Sets gene number `index`.
template <class Genome>
void set_gene(Genome& genome, std::size_t index, float value) {
    std::vector<float> genes(Genome::count);
    genome.write(std::span<float, Genome::count>(genes));
    genes[index] = value;
    genome.read(std::span<const float, Genome::count>(genes));
}

/// A task, and how many of its lifetimes came out NaN or infinite.
template <Task T>
struct Counted : T {
    explicit Counted(T task) : T(std::move(task)) {}

    [[nodiscard]] double lifetime(const LifetimeId& id, const typename T::Genome& genome,
                                  typename T::Workspace& workspace) const {
        double fitness = 0;
        lifetimes(id, {&genome, 1}, {&fitness, 1}, workspace);
        return fitness;
    }
    [[nodiscard]] std::size_t lifetimes() const { return T::lifetimes(); }
    [[nodiscard]] std::size_t side_by_side() const {
        return tdca::side_by_side(static_cast<const T&>(*this));
    }
    void lifetimes(const LifetimeId& id, std::span<const typename T::Genome> genomes,
                   std::span<double> fitness, typename T::Workspace& workspace) const {
        live_together(static_cast<const T&>(*this), id, genomes, fitness, workspace);
        for (const double value : fitness) *broken += std::isfinite(value) ? 0 : 1;
    }

    std::shared_ptr<std::atomic<std::size_t>> broken =
        std::make_shared<std::atomic<std::size_t>>(0);
};

/// A world of ten steps that rewards taking turns, and in which one step may go wrong.
struct Fickle {
    static constexpr std::string_view name = "fickle";
    using scalar = float;
    using observation_shape = Shape<2>;
    using actions = DiscreteActions<2>;
    static constexpr std::size_t episode_limit = 10;

    enum class Fault { none, reward, observation };
    struct Settings {
        Fault fault = Fault::none;
        float value = 0;  ///< what step number 7 brings, or shows
    };
    struct State {
        std::size_t step = 0;
    };

    static void reset(const Settings& /*settings*/, Key /*key*/, State& state) noexcept {
        state = {};
    }
    static void observe(const Settings& settings, const State& state,
                        std::span<float, 2> out) noexcept {
        out[0] = state.step % 2 == 0 ? 1.0F : -1.0F;
        out[1] = 0.1F * static_cast<float>(state.step);
        if (settings.fault == Fault::observation && state.step == 7) out[1] = settings.value;
    }
    static StepResult<float> step(const Settings& settings, std::size_t action,
                                  State& state) noexcept {
        const bool in_turn = action == state.step++ % 2;
        if (settings.fault == Fault::reward && state.step == 7) return {settings.value, false};
        return {in_turn ? 1.0F : 0.0F, false};
    }
};

}  // namespace tdca::testing
