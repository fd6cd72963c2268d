// Archetypes: the smallest type that meets each contract, in the hands of every caller. What a
// caller uses and the contract does not ask for would not compile here.
#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "support/halves.hpp"
#include "support/plain_genome.hpp"
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/concepts/learner.hpp"
#include "tdca/control/agent.hpp"
#include "tdca/control/control_task.hpp"
#include "tdca/control/environments/checked_environment.hpp"
#include "tdca/control/environments/environment_batch.hpp"
#include "tdca/control/reward_signal.hpp"
#include "tdca/control/trace_training.hpp"
#include "tdca/credit/diffusion.hpp"
#include "tdca/evolution/evolution.hpp"
#include "tdca/evolution/shared_state.hpp"
#include "tdca/evolution/snes.hpp"
#include "tdca/evolution/task_distribution.hpp"
#include "tdca/evolution/task_mixture.hpp"
#include "tdca/evolution/training_task.hpp"
#include "tdca/evolution/window_evolution.hpp"
#include "tdca/io/checkpoint.hpp"
#include "tdca/io/evolution_run.hpp"
#include "tdca/optimization/optimize.hpp"
#include "tdca/optimization/ranked_deviation.hpp"
#include "tdca/signal/classification.hpp"
#include "tdca/top_down/top_down_network.hpp"
#include "tdca/training/learner.hpp"
#include "tdca/training/lifetime.hpp"
#include "tdca/training/pipeline.hpp"
#include "unit/io/files.hpp"

using namespace tdca;
using namespace tdca::testing;

namespace {

using None = Genome<>;

struct Doubled {
    template <class T>
    static T apply(T x) {
        return x + x;
    }
    template <class T>
    static T slope(T /*output*/) {
        return T(2);
    }
};
static_assert(ElementwiseActivation<Doubled>);

/// A weight an input.
struct Scales {
    template <class Scalar, class InputShape>
    struct Bound {
        using input_shape = InputShape;
        using output_shape = InputShape;
        using Params = Parameters<Scalar, Parameter<"scale", Shape<InputShape::size>>>;
        static constexpr std::size_t fan_in = 1;
        static constexpr std::size_t units = InputShape::size;
        template <std::size_t Samples>
        using Eligibility = NoEligibility;

        static void initialize(Params& params, Key) {
            for (Scalar& scale : params.template get<"scale">()) scale = 1;
        }
        template <std::size_t Samples>
        static void forward(const Params& params, std::span<const Scalar, Samples * units> in,
                            std::span<Scalar, Samples * units> out, NoEligibility&) noexcept {
            const auto scale = params.template get<"scale">();
            for (std::size_t i = 0; i < in.size(); ++i) out[i] = scale[i % units] * in[i];
        }
        template <std::size_t Samples>
        static void correlate(std::span<const Scalar, Samples * units> in,
                              std::span<const Scalar, Samples * units> credit, const NoEligibility&,
                              Params& delta) noexcept {
            for (Scalar& value : delta.flat()) value = 0;
            const auto scale = delta.template get<"scale">();
            for (std::size_t i = 0; i < in.size(); ++i) {
                scale[i % units] += credit[i] * in[i] / Scalar{Samples};
            }
        }
        template <std::size_t Samples>
        static void gate(std::span<const Scalar, Samples * units>, const NoEligibility&,
                         std::span<Scalar, Samples * units>) noexcept {}
    };
};
/// Nothing to learn.
struct Halved {
    template <class Scalar, class InputShape>
    struct Bound {
        using input_shape = InputShape;
        using output_shape = InputShape;
        using Params = Parameters<Scalar>;
        static constexpr std::size_t units = InputShape::size;
        template <std::size_t Samples>
        using Eligibility = NoEligibility;
        static void initialize(Params&, Key) {}
        template <std::size_t Samples>
        static void forward(const Params&, std::span<const Scalar, Samples * units> in,
                            std::span<Scalar, Samples * units> out, NoEligibility&) noexcept {
            for (std::size_t i = 0; i < in.size(); ++i) out[i] = in[i] / 2;
        }
        template <std::size_t Samples>
        static void relay(std::span<const Scalar, Samples * units>,
                          std::span<const Scalar, Samples * units>, const NoEligibility&,
                          std::span<const Scalar, Samples * units> credit,
                          std::span<Scalar, Samples * units> below) noexcept {
            for (std::size_t i = 0; i < credit.size(); ++i) below[i] = credit[i] / 2;
        }
    };
};

/// Outputs should be as large as they are told, all of a sample alike.
struct AsLarge {
    using Target = std::uint16_t;
    static constexpr std::size_t width = 2;
    template <std::size_t Samples>
    static void observe(std::span<const float, Samples * width> outputs,
                        std::span<const Target, Samples> targets,
                        std::span<float, Samples * width> errors) noexcept {
        for (std::size_t i = 0; i < outputs.size(); ++i) {
            errors[i] = static_cast<float>(targets[i / width]) - outputs[i];
        }
    }
};

/// One source reaches all alike.
struct Alike {
    using Genome = None;
    template <std::size_t Neurons>
    static constexpr std::size_t sources = 1;
    static constexpr std::size_t genome_sources = 1;
    static constexpr bool is_identity = false;
    template <std::size_t Neurons>
    static void reach(const Genome&, std::size_t, std::span<float, 1> out) noexcept {
        out[0] = 1;
    }
};

struct Plainest {
    using Genome = None;
    struct Constants {};
    static constexpr std::size_t traces = 0;
    static void initialize(Genome&) {}
    static Constants decode(const Genome&, const Course&) { return {}; }
    static float width_factor(std::size_t) { return 0.01F; }
    struct Change {
        float step;
        template <class T>
        void operator()(T delta, std::array<T, 0>&, T& weight) const noexcept {
            weight = weight + T(step) * delta;
        }
    };
    static Change change(const Constants&, std::size_t, float step) noexcept { return {step}; }
};
struct Always {
    using Genome = None;
    static void initialize(Genome&, Key) {}
    static float step(const Genome&, SynapseRole, const Progress&, float) noexcept { return 1; }
};
struct Untouched {
    using Genome = None;
    struct Constants {};
    static void initialize(Genome&) {}
    static Constants decode(const Genome&) { return {}; }
    template <std::size_t Samples, std::size_t Units>
    static void apply(const Constants&, bool, std::span<float, Samples * Units>) noexcept {}
};

/// Gives every neuron the error of the first output unit.
template <class SignalType>
struct SameForAll {
    using signal = SignalType;
    using Genome = None;
    static constexpr bool is_plastic = false;
    template <class Net>
    struct State {};
    template <class Net>
    using FeedbackParams = std::tuple<>;
    template <class Net, std::size_t Samples>
    struct Workspace {
        std::array<float, Samples * SignalType::width> errors;
    };
    static void initialize(Genome&, Key) {}
    template <class Net>
    static void begin(const Genome&, Key, State<Net>&) {}
    template <class Net, std::size_t Samples>
    static float assign(const Genome&, const Progress&,
                        std::span<const typename SignalType::Target, Samples> targets,
                        const typename Net::template Activities<Samples>& activities,
                        const typename Net::template Eligibilities<Samples>&, const State<Net>&,
                        Workspace<Net, Samples>& workspace,
                        typename Net::template Activities<Samples>& credits) noexcept {
        const std::span<float, Samples * SignalType::width> errors(workspace.errors);
        SignalType::template observe<Samples>(activities.template get<Net::depth - 1>(), targets,
                                              errors);
        Net::for_each_layer([&](auto i) {
            const auto credit = credits.template get<i>();
            const std::size_t units = credit.size() / Samples;
            for (std::size_t n = 0; n < credit.size(); ++n) {
                credit[n] = errors[n / units * SignalType::width];
            }
        });
        return std::fabs(errors[0]);
    }
    /// Where the output layer is wired along: nowhere in particular.
    template <class Net, std::size_t I, class Use>
    static void with_weights(const State<Net>&, Use&& use) {
        static const std::array<float,
                                SignalType::width * Net::template layer<I>::output_shape::size>
            weights{};
        use(std::span<const float, weights.size()>(weights));
    }
};

/// The same with feedback weights, which learn and which nobody reads.
template <class SignalType>
struct LearnsForNobody : SameForAll<SignalType> {
    using Base = SameForAll<SignalType>;
    static constexpr bool is_plastic = true;
    template <class Net, class Index = std::make_index_sequence<Net::depth - 1>>
    struct Feedback;
    template <class Net, std::size_t... I>
    struct Feedback<Net, std::index_sequence<I...>> {
        using Params = std::tuple<Parameters<
            float, Parameter<"weights", Shape<Net::template layer<I>::output_shape::size>>>...>;
    };
    template <class Net>
    using FeedbackParams = typename Feedback<Net>::Params;
    template <class Net>
    struct State : Base::template State<Net> {
        FeedbackParams<Net> weights;
    };
    template <class Net, std::size_t Samples>
    using Workspace = typename Base::template Workspace<Net, Samples>;
    template <class Net>
    static void begin(const None&, Key, State<Net>& state) {
        std::apply([](auto&... block) { (std::ranges::fill(block.flat(), 0.0F), ...); },
                   state.weights);
    }
    template <class Net, std::size_t Samples>
    static void correlate_feedback(const typename Net::template Activities<Samples>&,
                                   const State<Net>&, Workspace<Net, Samples>&,
                                   FeedbackParams<Net>& deltas) noexcept {
        std::apply([](auto&... block) { (std::ranges::fill(block.flat(), 1.0F), ...); }, deltas);
    }
    template <class Net>
    static void for_each_hidden(auto&& visit) {
        Net::for_each_layer([&](auto i) {
            if constexpr (Net::template receives_credit<i>) visit(i);
        });
    }
    template <class Net, std::size_t I>
    static auto& feedback(State<Net>& state) {
        return std::get<I>(state.weights);
    }
};

/// The same, but its feedback can only be read.
struct HidesFeedback : LearnsForNobody<AsLarge> {
    template <class Net, std::size_t I>
    static const auto& feedback(const State<Net>& state) {
        return std::get<I>(state.weights);
    }
};

/// Counts updates and learns nothing.
template <class Net>
struct Counter {
    using network = Net;
    using Target = std::uint16_t;
    using Genome = None;
    struct State {
        typename Net::Params params;
        std::size_t age = 0;
        RunningError error;
    };
    template <std::size_t Samples>
    struct Workspace {
        typename Net::template Activities<Samples> activities;
        typename Net::template Eligibilities<Samples> eligibilities;
    };
    static void initialize(Genome&, Key) {}
    static void begin(const Genome& genome, Key key, const Course& course, State& state) {
        initialize_network(key, state.params);
        begin_initialized(genome, key, course, state);
    }
    static void initialize_network(Key key, typename Net::Params& params) {
        Net::initialize(params, key);
    }
    static void begin_initialized(const Genome&, Key, const Course&, State& state) {
        state.age = 0;
    }
    template <std::size_t Samples>
    static void update(const Genome&, const Course&,
                       std::span<const float, Samples * Net::input_shape::size>,
                       std::span<const Target, Samples>, State& state,
                       Workspace<Samples>&) noexcept {
        ++state.age;
    }
};

/// Ten steps, whatever one does.
struct Ten {
    static constexpr const char* name = "ten";
    using scalar = float;
    using observation_shape = Shape<2>;
    using actions = DiscreteActions<2>;
    static constexpr std::size_t episode_limit = 20;
    struct Settings {};
    struct State {
        int steps = 0;
    };
    static void reset(const Settings&, Key, State& state) { state.steps = 0; }
    static void observe(const Settings&, const State& state, std::span<float, 2> out) noexcept {
        out[0] = static_cast<float>(state.steps);
        out[1] = 1;
    }
    static StepResult<float> step(const Settings&, std::size_t, State& state) noexcept {
        return {1, ++state.steps == 10};
    }
};

/// The same, acted in by a number.
struct TenByNumbers : Ten {
    using actions = ContinuousActions<1>;
    static scalar action_limit(const Settings&) { return 2; }
    static StepResult<scalar> step(const Settings&, const std::array<scalar, 1>&,
                                   State& state) noexcept {
        return Ten::step({}, 0, state);
    }
};

/// Learns nothing of what it is told.
template <class State>
struct Deaf {
    typename State::Target told;
    void begin(State&) noexcept {}
    void begin_episode(State&) noexcept {}
    typename State::Target& begin_step(State&) noexcept { return told; }
    void end_step(State&, const Transition&, bool) noexcept {}
    float understood() const noexcept { return 0; }
};
/// One episode, however much is granted.
struct Brief {
    using environment = Ten;
    using Genome = None;
    static void initialize(Genome&, Key) {}
    void live(const Genome&, const Ten::Settings&, Key, const Budget&,
              std::vector<Episode>& episodes) {
        episodes.push_back({.total = 7, .steps = 7});
    }
};
/// Steps of one size along what the ranks say.
struct Steady {
    using Genome = None;
    struct State {};
    static void initialize(Genome&, Key) {}
    static SearchCommand command(const Genome&, const SearchMood&, State&) noexcept {
        return {1, 0, 0, -0.05F, 0, 0, 0, 1, 0};
    }
    static void weigh(const Genome&, const SearchCommand&, const SearchMood&,
                      std::span<const float> ranks, std::span<const float>, std::span<const float>,
                      std::size_t, std::span<float> bias_gains,
                      std::span<float> weight_gains) noexcept {
        std::ranges::fill(bias_gains, 0.0F);
        std::ranges::fill(weight_gains, 0.0F);
        for (std::size_t p = 0; p < ranks.size(); ++p) {
            if (ranks[p] > 0) bias_gains[p] = 2 / static_cast<float>(ranks.size());
        }
    }
};

/// Numbers as targets: what comes out should be as large as the first input.
struct Numbers {
    using Target = float;
    static constexpr std::size_t width = 1;
    template <std::size_t Samples>
    static void observe(std::span<const float, Samples> outputs,
                        std::span<const Target, Samples> targets,
                        std::span<float, Samples> errors) noexcept {
        for (std::size_t s = 0; s < Samples; ++s) errors[s] = targets[s] - outputs[s];
    }
};
struct FirstInput {
    void draw(std::size_t update, std::span<float> inputs, std::span<float, 8> targets) const {
        (Key(1) / update).fill_normal(inputs);
        for (std::size_t s = 0; s < 8; ++s) targets[s] = inputs[s * inputs.size() / 8];
    }
    void require_fit(std::size_t features, std::size_t outputs) const {
        if (features == 0 || outputs != 1) throw Error("FirstInput", "not for this network");
    }
};

struct Task2 {
    using Genome = PlainGenome<2>;
    struct Workspace {};
    static void initialize(Genome&, Key) {}
    std::size_t lifetimes() const { return 1; }
    Workspace workspace() const { return {}; }
    double lifetime(const LifetimeId&, const Genome& genome, Workspace&) const {
        return -std::fabs(double{genes_of(genome)[0]} - 1);
    }
};
/// What a distribution asks of a learner: how a genome starts.
struct Starts {
    using Genome = PlainGenome<2>;
    static void initialize(Genome&, Key) {}
};

struct Wanders {
    static constexpr const char* name = "wanders";
    struct State {
        std::vector<float> mean;
        std::size_t generation = 0;
        void for_each(auto&& visit) { visit("mean", mean); }
        void for_each(auto&& visit) const { visit("mean", mean); }
    };
    State init(std::span<const float> mean) const { return {{mean.begin(), mean.end()}, 0}; }
    std::size_t members() const { return 2; }
    void ask(const State& state, Key, std::size_t member, std::span<float> out) const {
        for (std::size_t i = 0; i < out.size(); ++i) {
            out[i] = state.mean[i] + static_cast<float>(member) * 0.1F;
        }
    }
    void tell(State& state, Key, std::span<const double> fitness) const {
        if (fitness[1] > fitness[0]) state.mean[0] += 0.1F;
        ++state.generation;
    }
};

/// A life is how often it was lived.
struct Going {
    using Genome = PlainGenome<2>;
    struct Workspace {};
    struct Life {
        std::size_t windows;
    };
    static void initialize(Genome&, Key) {}
    std::size_t lifetimes() const { return 1; }
    Workspace workspace() const { return {}; }
    Life life() const { return {0}; }
    double live_window(const LifetimeId&, const Window& window, const Genome& genome, Life& life,
                       Workspace&) const {
        life.windows = window.number + 1;
        return -std::fabs(double{genes_of(genome)[0]} - static_cast<double>(life.windows));
    }
};
/// All members are of one age.
struct Aging : Wanders {
    static constexpr std::size_t windows = 2;
    std::size_t age(std::size_t generation, std::size_t) const { return generation % 2; }
    void recall(const State& state, Key key, std::size_t member, std::size_t,
                std::span<float> out) const {
        ask(state, key, member, out);
    }
};

struct Alone {
    std::size_t rank() const { return 0; }
    std::size_t count() const { return 1; }
    void combine(std::span<double>) const {}
    bool any(bool flag) const { return flag; }
};

using Stack = Network<Input<4>, Dense<6, Doubled>, Scales, Halved, Dense<2, Softmax>>;

template <class LearnerType>
double life_of(const Dataset& data) {
    Lifetime<LearnerType, 8> life;
    life.live(typename LearnerType::Genome(), data, Key(1), 10);
    CHECK(life.state().age == 10);
    const double loss = life.evaluate(data).loss;
    CHECK(std::isfinite(loss));
    return loss;
}

}  // namespace

TEST_CASE("archetypes of layers and activations make a network that learns", "[concepts]") {
    const Dataset data = halves(64);
    using Teacher = TopDownNetwork<ClassificationSignal<2>, Hidden<2>, GaussianDiffusion<2>>;
    (void)life_of<Learner<Stack, Teacher>>(data);
    using Student = Learner<Stack, Teacher>;
    Lifetime<Student, 8> side_by_side;
    side_by_side.begin(Student::Genome(), Key(1), 10);
    Pipeline<Student, 8>().train(side_by_side, MinibatchSampler<8>(data, Key(2)), 10, 2);
    CHECK(side_by_side.state().age == 10);
}

TEST_CASE("archetypes of signal, diffusion, rule, schedule and centring make a learner",
          "[concepts]") {
    using Teacher = TopDownNetwork<AsLarge, Hidden<0>, Alike>;
    using Student = Learner<Stack, Teacher, Plainest, Always, Untouched>;
    (void)life_of<Student>(halves(64));
    using Fixed = TopDownNetwork<AsLarge, Hidden<2>, Alike, FixedFeedback>;
    (void)life_of<Learner<Stack, Fixed, Plainest, Always, Untouched>>(halves(64));
}

TEST_CASE("the archetype of a credit assigner serves learner and pipeline", "[concepts]") {
    const Dataset data = halves(64);
    using Student = Learner<Stack, SameForAll<AsLarge>>;
    static_assert(CreditAssigner<SameForAll<AsLarge>, Stack>);
    (void)life_of<Student>(data);
    Lifetime<Student, 8> life;
    life.begin(Student::Genome(), Key(1), 10);
    Pipeline<Student, 8>().train(life, MinibatchSampler<8>(data, Key(2)), 10, 2);
    CHECK(life.state().age == 10);
}

TEST_CASE("the archetype of a credit assigner whose feedback learns serves the same",
          "[concepts]") {
    const Dataset data = halves(64);
    using Assigner = LearnsForNobody<AsLarge>;
    using Student = Learner<Stack, Assigner>;
    static_assert(PlasticCreditAssigner<Assigner, Stack>);
    (void)life_of<Student>(data);
    Lifetime<Student, 8> life;
    life.begin(Student::Genome(), Key(1), 10);
    Pipeline<Student, 8>().train(life, MinibatchSampler<8>(data, Key(2)), 10, 2);
    CHECK(std::get<0>(life.state().top_down.weights).get<"weights">()[0] > 0);
    static_assert(CreditAssigner<HidesFeedback, Stack> &&
                  !PlasticCreditAssigner<HidesFeedback, Stack>);
}

TEST_CASE("the archetype of a learner serves lifetimes, cohorts and tasks", "[concepts]") {
    const Dataset data = halves(64);
    using Idle = Counter<Stack>;
    static_assert(LearnerLike<Idle>);
    (void)life_of<Idle>(data);
    Cohort<Idle, 8> cohort(2);
    const std::array<None, 2> genomes{};
    cohort.live(genomes, data, Key(1), 3);
    CHECK(cohort.state(1).age == 3);
    const TrainingTask<Idle, 8> task(data, data, {3, 5});
    auto workspace = task.workspace();
    CHECK(std::isfinite(task.lifetime({Key(1), 0}, None(), workspace)));
}

TEST_CASE("the archetype of a source of minibatches tells numbers, to lifetimes and pipelines",
          "[concepts]") {
    static_assert(MinibatchSource<FirstInput, 8, float>);
    using Net = Network<Input<4>, Dense<12, Tanh>, Dense<1, Identity, ScaledNormal>>;
    using Student = Learner<Net, TopDownNetwork<Numbers, Hidden<4>, GaussianDiffusion<4>>>;
    Student::Genome genome;
    Student::initialize(genome, Key(1));
    Lifetime<Student, 8> life;
    Lifetime<Student, 8> other;
    life.begin(genome, Key(2), 400);
    other.begin(genome, Key(2), 400);
    life.train(FirstInput(), 40);
    const float early = life.state().error.relative();
    life.train(FirstInput(), 360);
    CHECK(life.state().error.relative() < 0.5F * early);
    Pipeline<Student, 8>().train(other, FirstInput(), 400, 2);
    CHECK(
        std::ranges::equal(std::get<0>(life.params()).flat(), std::get<0>(other.params()).flat()));
    // Numbers are no labels.
    static_assert(!MinibatchSource<FirstInput, 8, std::uint16_t>);
    using Wide = Network<Input<4>, Dense<2, Identity>>;
    struct Three : FirstInput {
        void require_fit(std::size_t, std::size_t outputs) const {
            if (outputs != 1) throw Error("Three", "not for this network");
        }
    };
    using WideTeacher = TopDownNetwork<RankedDeviation<2>, Hidden<0>, Alike>;
    Lifetime<Learner<Wide, WideTeacher>, 8> wide;
    wide.begin({}, Key(1), 4);
    CHECK_THROWS_WITH(wide.train(Three(), 1), Catch::Contains("not for this network"));
}

TEST_CASE("the archetype of an environment is acted in, checked and batched", "[concepts]") {
    static_assert(Environment<Ten>);
    using Policy = Network<Input<2>, Dense<4, Tanh>, Dense<2, Softmax>>;
    using Actor =
        Learner<Policy,
                TopDownNetwork<RewardSignal<Ten::actions>, Hidden<2>, GaussianDiffusion<2>>>;
    ControlRange<Ten> range;
    range.fewest_episodes = range.most_episodes = 3;
    const auto fitness = [&]<class Life>(std::type_identity<Life>) {
        const ControlTask<Life> task(range);
        typename Life::Genome genome;
        Life::initialize(genome, Key(1));
        auto life = task.workspace();
        return task.lifetime({Key(2), 0}, genome, life);
    };
    CHECK(fitness(std::type_identity<Agent<Actor, Ten>>()) == 10);
    using ByTraces = Agent<Actor, Ten, TraceTraining<AgentState<Actor, Ten>>>;
    CHECK(fitness(std::type_identity<ByTraces>()) == 10);
    using Plastic = Learner<Policy, LearnsForNobody<RewardSignal<Ten::actions>>>;
    using PlasticByTraces = Agent<Plastic, Ten, TraceTraining<AgentState<Plastic, Ten>>>;
    CHECK(fitness(std::type_identity<PlasticByTraces>()) == 10);
    CHECK(fitness(std::type_identity<Agent<Actor, Ten, Deaf<AgentState<Actor, Ten>>>>()) == 10);
    static_assert(Environment<TenByNumbers>);
    using ByNumbers = Learner<
        Network<Input<2>, Dense<4, Tanh>, Dense<1>>,
        TopDownNetwork<RewardSignal<TenByNumbers::actions>, Hidden<2>, GaussianDiffusion<2>>>;
    ControlRange<TenByNumbers> of_numbers;
    of_numbers.fewest_episodes = of_numbers.most_episodes = 3;
    const ControlTask<Agent<ByNumbers, TenByNumbers>> steering(of_numbers);
    Agent<ByNumbers, TenByNumbers>::Genome steersman;
    Agent<ByNumbers, TenByNumbers>::initialize(steersman, Key(1));
    auto steered = steering.workspace();
    CHECK(steering.lifetime({Key(2), 0}, steersman, steered) == 10);
    static_assert(ActingLife<Brief>);
    CHECK(fitness(std::type_identity<Brief>()) == 7);
    CheckedEnvironment<Ten> checked;
    checked.reset({}, Key(1));
    CHECK(checked.step(0).reward == 1);
    CHECK_THROWS_AS(checked.step(2), Error);
    EnvironmentBatch<Ten, 3> batch;
    batch.reset({}, Key(1));
    batch.step(std::array<std::size_t, 3>{0, 1, 0});
}

TEST_CASE("archetypes of task, strategy and ranks evolve, and are kept in files", "[concepts]") {
    static_assert(Task<Task2> && EvolutionStrategy<Wanders> && Ranks<Alone>);
    const auto on = [](const auto&, const auto&) { return true; };
    Evolution<Wanders, Task2, Alone> evolution({}, {}, Key(1), 1);
    evolution.run(8, on);
    CHECK(evolution.genome().get<"only">().flat()[0] == Approx(0.8F));
    std::optional<Wanders::State> state = evolution.state();
    share_first(Alone(), 2, state);
    Evolution<Wanders, TaskMixture<Task2, Task2>, Alone> mixed({}, TaskMixture(Task2(), Task2()),
                                                               Key(1), 1);
    mixed.run(2, on);
    TaskDistribution<Starts> drawn;
    drawn.stratum("all", 1).add(Task2());
    Evolution<Wanders, TaskDistribution<Starts>> distribution({}, drawn, Key(1), 1);
    distribution.run(2, on);

    static_assert(WindowTask<Going> && WindowStrategy<Aging>);
    WindowEvolution<Aging, Going, Alone> windows({}, {}, Key(1), 1);
    windows.run(7, on);
    CHECK(windows.genome().get<"only">().flat()[0] == Approx(0.7F));
    windows.resume(windows.state());

    const TemporaryFolder folder;
    save_checkpoint<Wanders>(folder / "wanders.checkpoint", evolution.state(), Key(1), "");
    CHECK(load_checkpoint<Wanders>(folder / "wanders.checkpoint", 2, Key(1), "").mean ==
          evolution.state().mean);
    const EvolutionRun run{.output = folder / "genome.safetensors", .generations = 2, .threads = 1};
    const std::vector<EvolutionStage<Task2>> stages{{1.0, 4, [] { return Task2(); }}};
    CHECK(evolve_to_file(run, stages, {}, Alone()).generations == 2);
}

TEST_CASE("the archetype of an objective is minimised", "[concepts]") {
    struct Bowl {
        double operator()(std::span<const double> x) const { return x[0] * x[0]; }
    };
    struct SingleBowl {
        float operator()(std::span<const float> x) const { return x[0] * x[0]; }
    };
    CHECK(optimize(Bowl(), Box::cube(1, -1, 1), {.evaluations = 100}).value < 0.1);
    CHECK(optimize(SingleBowl(), Box::cube(1, -1, 1), {.evaluations = 100}).value < 0.1);
}

TEST_CASE("the archetype of what directs a search finds a minimum", "[concepts]") {
    static_assert(SearchAssigner<Steady>);
    using Plain = Search<Steady>;
    Plain search;
    Plain::Genome genome;
    Plain::initialize(genome, Key(1));
    search.begin(genome, Box::cube(3, -1, 1), {.evaluations = 2000, .start = {}, .restarts = false},
                 Key(2));
    std::vector<double> values;
    while (!search.done()) {
        const auto points = search.ask();
        values.resize(search.asked());
        for (std::size_t p = 0; p < values.size(); ++p) {
            values[p] = 0;
            for (const double x : points.subspan(3 * p, 3)) values[p] += (x - 0.3) * (x - 0.3);
        }
        search.tell(values);
    }
    CHECK(search.best_value() < 0.01);
}
