// A target at every step of a sequence: updates against a plain loop, masks, lives, files, tasks.
#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "baseline/through_time.hpp"
#include "support/allocations.hpp"
#include "support/copies.hpp"
#include "tdca/bottom_up/cells.hpp"
#include "tdca/bottom_up/every_step.hpp"
#include "tdca/bottom_up/flatten.hpp"
#include "tdca/data/balanced.hpp"
#include "tdca/data/transform.hpp"
#include "tdca/evolution/training_task.hpp"
#include "tdca/io/network_file.hpp"
#include "tdca/plasticity/plain.hpp"
#include "tdca/presets.hpp"
#include "tdca/training/sequence_learner.hpp"
#include "unit/io/files.hpp"

using namespace tdca;
using Catch::Contains;
using tdca::testing::copies;

namespace {

constexpr std::size_t steps = 5;
constexpr std::size_t features = 3;
constexpr std::size_t units = 4;
constexpr std::size_t classes = 3;
constexpr std::size_t samples = 6;

template <std::size_t Steps>
using NetOf = Network<Input<Steps, features>, Gru<units>, Dense<classes, Softmax, ScaledNormal>>;
using Net = NetOf<steps>;
template <class SignalType>
using PlainTopDown = TopDownNetwork<SignalType, Hidden<0>, NoDiffusion<>, PlasticFeedback>;
template <class N>
using PlainLearner = SequenceLearner<N, PlainTopDown<StepSignal<ClassificationSignal<classes>>>,
                                     PlainPlasticity, StepSchedule<>, NoCentring>;
using L = PlainLearner<Net>;

/// One update of a `PlainLearner`, written plainly and in double precision.
struct PlainLoop {
    using Numbers = std::vector<double>;

    template <class Values>
    static Numbers doubles(const Values& values) {
        return {values.begin(), values.end()};
    }

    PlainLoop(const L::State& state, float restraint_gene)
        : input(doubles(std::get<0>(state.params).get<"input">())),
          input_bias(doubles(std::get<0>(state.params).get<"input_bias">())),
          recurrent(doubles(std::get<0>(state.params).get<"recurrent">())),
          recurrent_bias(doubles(std::get<0>(state.params).get<"recurrent_bias">())),
          weights(doubles(std::get<1>(state.params).get<"weights">())),
          bias(doubles(std::get<1>(state.params).get<"bias">())),
          feedback(doubles(std::get<0>(state.top_down.pathways).params.get<"feedback">())),
          restraint(std::exp(2.0 * static_cast<double>(restraint_gene))) {}

    void update(std::span<const float> in, std::span<const L::Target, samples> targets,
                double hidden_step, double output_step, double feedback_step) {
        constexpr std::size_t sources = features + units + 2;
        const auto logistic = [](double x) { return 1 / (1 + std::exp(-x)); };
        Numbers h(samples * units);
        Numbers traces(samples * sources * 3 * units);
        Numbers d_gru(sources * 3 * units);
        Numbers d_weights(units * classes);
        Numbers d_bias(classes);
        Numbers d_feedback(classes * units);
        double count = 0;
        for (std::size_t t = 0; t < steps; ++t) {
            Numbers errors(samples * classes);
            double norms = 0;
            for (std::size_t s = 0; s < samples; ++s) {
                const float* const x = in.data() + (s * steps + t) * features;
                const Numbers before(&h[s * units], &h[s * units] + units);
                for (std::size_t j = 0; j < units; ++j) {
                    double a[3];
                    double b[3];
                    for (std::size_t g = 0; g < 3; ++g) {
                        a[g] = input_bias[g * units + j];
                        b[g] = recurrent_bias[g * units + j];
                        for (std::size_t i = 0; i < features; ++i) {
                            a[g] += double{x[i]} * input[i * 3 * units + g * units + j];
                        }
                        for (std::size_t i = 0; i < units; ++i) {
                            b[g] += before[i] * recurrent[i * 3 * units + g * units + j];
                        }
                    }
                    const double r = logistic(a[0] + b[0]);
                    const double z = logistic(a[1] + b[1]);
                    const double n = std::tanh(a[2] + r * b[2]);
                    const double slope = (1 - z) * (1 - n * n);
                    const double gain[3] = {slope * b[2] * r * (1 - r),
                                            (before[j] - n) * z * (1 - z), slope};
                    for (std::size_t i = 0; i < sources; ++i) {
                        const bool from_input = i <= features;
                        const double activity = i < features ? double{x[i]}
                                                : i == features || i + 1 == sources
                                                    ? 1
                                                    : before[i - features - 1];
                        for (std::size_t g = 0; g < 3; ++g) {
                            double& e = traces[((s * sources + i) * 3 + g) * units + j];
                            const double own = g == 2 && !from_input ? gain[g] * r : gain[g];
                            e = z * e + own * activity;
                        }
                    }
                    h[s * units + j] = (1 - z) * n + z * before[j];
                }
                if (!targets[s][t].is_told) continue;
                double p[classes];
                double total = 0;
                for (std::size_t c = 0; c < classes; ++c) {
                    p[c] = bias[c];
                    for (std::size_t j = 0; j < units; ++j) {
                        p[c] += h[s * units + j] * weights[j * classes + c];
                    }
                    total += p[c] = std::exp(p[c]);
                }
                double power = 0;
                for (std::size_t c = 0; c < classes; ++c) {
                    const double e = (c == targets[s][t].target ? 1 : 0) - p[c] / total;
                    errors[s * classes + c] = e;
                    power += e * e;
                }
                norms += std::sqrt(power);
                count += 1;
            }
            for (std::size_t s = 0; s < samples; ++s) {
                if (!targets[s][t].is_told) continue;
                const double* const e = &errors[s * classes];
                for (std::size_t j = 0; j < units; ++j) {
                    const double activity = h[s * units + j];
                    double credit = -norms / samples * restraint * activity;
                    for (std::size_t c = 0; c < classes; ++c) {
                        credit += e[c] * feedback[c * units + j];
                        d_weights[j * classes + c] += e[c] * activity;
                        d_feedback[c * units + j] += e[c] * activity;
                    }
                    for (std::size_t i = 0; i < sources; ++i) {
                        for (std::size_t g = 0; g < 3; ++g) {
                            d_gru[(i * 3 + g) * units + j] +=
                                credit * traces[((s * sources + i) * 3 + g) * units + j];
                        }
                    }
                }
                for (std::size_t c = 0; c < classes; ++c) d_bias[c] += e[c];
            }
        }
        const auto change = [count](Numbers& all, const double* deltas, double step) {
            for (std::size_t i = 0; i < all.size(); ++i) all[i] += step * deltas[i] / count;
        };
        change(input, d_gru.data(), hidden_step);
        change(input_bias, &d_gru[features * 3 * units], hidden_step);
        change(recurrent, &d_gru[(features + 1) * 3 * units], hidden_step);
        change(recurrent_bias, &d_gru[(features + 1 + units) * 3 * units], hidden_step);
        change(weights, d_weights.data(), output_step);
        change(bias, d_bias.data(), output_step);
        change(feedback, d_feedback.data(), feedback_step);
    }

    Numbers input, input_bias, recurrent, recurrent_bias, weights, bias, feedback;
    double restraint;
};

template <class Values>
void check_close(const Values& found, const std::vector<double>& expected) {
    REQUIRE(found.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        CHECK(double{found[i]} == Approx(expected[i]).margin(2e-6));
    }
}

/// Sequences of normal numbers and labels, some of which are not told.
struct Scene {
    explicit Scene(std::uint64_t seed) {
        (Key(seed) / 0).fill_normal(std::span<float>(in));
        for (std::size_t s = 0; s < samples; ++s) {
            for (std::size_t t = 0; t < steps; ++t) {
                // Nothing of step 1; of others two in three.
                targets[s][t] = {
                    static_cast<std::uint16_t>((Key(seed) / 1).below(classes, s * steps + t)),
                    t != 1 && (Key(seed) / 2).below(3, s * steps + t) != 0};
            }
        }
    }

    std::vector<float> in = std::vector<float>(samples * steps * features);
    std::array<L::Target, samples> targets{};
    [[nodiscard]] auto inputs() const {
        return std::span<const float, samples * steps * features>(in);
    }
    [[nodiscard]] auto told() const { return std::span<const L::Target, samples>(targets); }
};

using CopyNet = Network<Input<8, 4>, Gru<24>, Dense<4, Softmax, ScaledNormal>>;
using CopyLearner = SequenceClassifierLearner<CopyNet>;

template <class Params>
std::vector<float> flat(const Params& params) {
    std::vector<float> all;
    std::apply(
        [&](const auto&... blocks) {
            (all.insert(all.end(), blocks.flat().begin(), blocks.flat().end()), ...);
        },
        params);
    return all;
}

}  // namespace

TEST_CASE("an update with targets at some steps is that of a plain loop", "[sequences]") {
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        const Scene scene(seed);
        L::Genome genome;
        L::initialize(genome, Key(seed));
        const auto state = std::make_unique<L::State>();
        const auto workspace = std::make_unique<L::Workspace<samples>>();
        const Course course(10);
        L::begin(genome, Key(seed) / 7, course, *state);
        const auto restraint = genome.get<"top_down">().get<"wiring">().get<"log_restraint">()[0];
        PlainLoop loop(*state, restraint);
        for (int update = 0; update < 2; ++update) {
            const Progress now = Progress::at(state->age, course, state->error.relative(), samples);
            using S = L::step_learner;
            const auto step = [&](auto i, SynapseRole role) {
                return double{S::step_size<i>(genome, role, now)};
            };
            using First = std::integral_constant<std::size_t, 0>;
            using Second = std::integral_constant<std::size_t, 1>;
            loop.update(scene.in, scene.told(), step(First{}, SynapseRole::hidden),
                        step(Second{}, SynapseRole::output), step(First{}, SynapseRole::feedback));
            L::update<samples>(genome, course, scene.inputs(), scene.told(), *state, *workspace);
        }
        CHECK(state->age == 2);
        const auto& gru = std::get<0>(state->params);
        check_close(gru.get<"input">(), loop.input);
        check_close(gru.get<"input_bias">(), loop.input_bias);
        check_close(gru.get<"recurrent">(), loop.recurrent);
        check_close(gru.get<"recurrent_bias">(), loop.recurrent_bias);
        check_close(std::get<1>(state->params).get<"weights">(), loop.weights);
        check_close(std::get<1>(state->params).get<"bias">(), loop.bias);
        check_close(std::get<0>(state->top_down.pathways).params.get<"feedback">(), loop.feedback);
    }
}

TEST_CASE("where the last step alone is told, an update is a Learner's", "[sequences]") {
    using Whole = UniversalLearner<Net, ClassificationSignal<classes>>;
    using EachStep = SequenceClassifierLearner<Net>;
    Scene scene(3);
    std::array<std::uint16_t, samples> labels{};
    for (std::size_t s = 0; s < samples; ++s) {
        for (std::size_t t = 0; t < steps; ++t) scene.targets[s][t].is_told = t + 1 == steps;
        labels[s] = scene.targets[s][steps - 1].target;
    }
    const auto whole = std::make_unique<Whole::State>();
    const auto whole_workspace = std::make_unique<Whole::Workspace<samples>>();
    const auto each = std::make_unique<EachStep::State>();
    const auto each_workspace = std::make_unique<EachStep::Workspace<samples>>();
    const auto genome = universal_genome();
    Whole::begin(genome, Key(4), 20, *whole);
    EachStep::begin(genome, Key(4), 20, *each);
    CHECK(flat(whole->params) == flat(each->params));
    for (int update = 0; update < 5; ++update) {
        Whole::update<samples>(genome, 20, scene.inputs(),
                               std::span<const std::uint16_t, samples>(labels), *whole,
                               *whole_workspace);
        EachStep::update<samples>(genome, 20, scene.inputs(), scene.told(), *each, *each_workspace);
    }
    const auto a = flat(whole->params);
    const auto b = flat(each->params);
    for (std::size_t i = 0; i < a.size(); ++i)
        CHECK(double{a[i]} == Approx(double{b[i]}).margin(1e-5));
    CHECK(whole->error.relative() == Approx(each->error.relative()));
}

TEST_CASE("what is not told teaches nothing", "[sequences]") {
    Scene scene(5);
    using EachStep = SequenceClassifierLearner<Net>;
    const auto genome = universal_genome();
    const auto lives = [&](const Scene& of) {
        const auto state = std::make_unique<EachStep::State>();
        const auto workspace = std::make_unique<EachStep::Workspace<samples>>();
        EachStep::begin(genome, Key(4), 20, *state);
        for (int update = 0; update < 4; ++update) {
            EachStep::update<samples>(genome, 20, of.inputs(), of.told(), *state, *workspace);
        }
        CHECK(state->age == 4);
        return flat(state->params);
    };
    const auto before = lives(scene);
    Scene other = scene;
    for (auto& sequence : other.targets) {
        for (auto& told : sequence) {
            if (!told.is_told)
                told.target = static_cast<std::uint16_t>((told.target + 1) % classes);
        }
    }
    CHECK(lives(other) == before);
    // What comes after the last target of a sequence teaches nothing either.
    for (std::size_t s = 0; s < samples; ++s) other.targets[s][steps - 1].is_told = false;
    const auto shorter = lives(other);
    for (std::size_t s = 0; s < samples; ++s) {
        for (std::size_t f = 0; f < features; ++f) {
            other.in[(s * steps + steps - 1) * features + f] += 1;
        }
    }
    CHECK(lives(other) == shorter);
    CHECK(shorter != before);
    for (auto& sequence : other.targets) {
        for (auto& told : sequence) told.is_told = false;
    }
    const auto newborn = std::make_unique<EachStep::State>();
    EachStep::begin(genome, Key(4), 20, *newborn);
    CHECK(lives(other) == flat(newborn->params));
}

TEST_CASE("memory does not depend on the number of steps", "[sequences]") {
    using Short = SequenceClassifierLearner<NetOf<2>>;
    using Long = SequenceClassifierLearner<NetOf<2000>>;
    STATIC_REQUIRE(sizeof(Short::State) == sizeof(Long::State));
    // All but what is told of a step, which is copied.
    STATIC_REQUIRE(sizeof(Short::Workspace<64>) == sizeof(Long::Workspace<64>));
    STATIC_REQUIRE(std::is_same_v<Short::network::Params, Long::network::Params>);
    STATIC_REQUIRE(std::is_same_v<Short::network::Params, NetOf<2000>::Params>);
    STATIC_REQUIRE(SteppingLayer<Lstm<4>::Bound<float, Shape<1, 3>>>);
    STATIC_REQUIRE_FALSE(SteppingLayer<Dense<4>::Bound<float, Shape<3>>>);
    STATIC_REQUIRE(JudgingSignal<StepSignal<RegressionSignal<2>>>);
    STATIC_REQUIRE(StepSignal<RegressionSignal<2>>::has_limited_features);
    STATIC_REQUIRE(LearnerLike<Short>);
}

TEST_CASE("lives of sequences learn, allocate nothing, and are the same in any cohort",
          "[sequences]") {
    const Dataset train = copies(2000);
    const Dataset test = copies(300, Key(6));
    const auto cohort = std::make_unique<Cohort<CopyLearner, 16>>(2);
    const std::array genomes{universal_genome(), universal_genome()};
    double mean = 0;
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        Lifetime<CopyLearner, 16> life;
        life.begin(universal_genome(), Key(seed) / 0, Course::over(100, 16, train.size()));
        const MinibatchSampler<16, CopyLearner::Target> sampler(train, Key(seed) / 1);
        const Subset judges(test);
        const std::size_t before = testing::allocations;
        life.train(sampler, 100);
        const Evaluation result = life.evaluate(judges);
        const auto each = life.evaluate_steps(judges);
        CHECK(testing::allocations == before);
        mean += result.accuracy / 8;
        std::size_t told = 0;
        double hits = 0;
        for (std::size_t t = 0; t < 8; ++t) {
            told += each[t].count;
            if (each[t].count > 0) {
                hits += each[t].accuracy * static_cast<double>(each[t].count);
            }
        }
        CHECK(each[0].count == 0);
        CHECK(told == result.count);
        CHECK(hits / static_cast<double>(told) == Approx(result.accuracy));
        if (seed > 2) continue;
        cohort->live(genomes, train, Key(seed), 100);
        CHECK(flat(cohort->state(1).params) == flat(life.params()));
    }
    // One in four without learning; one in three where the state of the step before is lost.
    CHECK(mean > 0.9);
}

TEST_CASE("what learned at every step is saved, loaded, and asked step by step", "[sequences]") {
    const Dataset data = copies(200);
    Lifetime<CopyLearner, 16> life;
    life.live(universal_genome(), data, Key(1), 20);
    const testing::TemporaryFolder folder;
    const auto path = folder / "copy.safetensors";
    save_network<EveryStep<CopyNet>>(path, life.params());
    const auto params = std::make_unique<CopyNet::Params>();
    load_network<CopyNet>(path, *params);
    CHECK(flat(*params) == flat(life.params()));
    // The last output of a whole sequence, and the outputs of one that comes step by step.
    using Step = EveryStep<CopyNet>::step;
    const auto whole = std::make_unique<CopyNet::Activities<1>>();
    const auto whole_memory = std::make_unique<CopyNet::Eligibilities<1>>();
    const auto now = std::make_unique<Step::Activities<1>>();
    const auto memory = std::make_unique<Step::Eligibilities<1>>();
    for (std::size_t i = 0; i < 3; ++i) {
        CopyNet::forward<1>(*params, data.sample(i).first<32>(), *whole, *whole_memory);
        Step::begin_sequence<1>(*memory);
        for (std::size_t t = 0; t < 8; ++t) {
            Step::forward_step<1>(*params, data.sample(i).subspan(4 * t).first<4>(), *now, *memory);
        }
        CHECK(std::ranges::equal(now->get<1>(), whole->get<1>()));
    }
}

TEST_CASE("numbers at every step, recurrent layers above each other, tasks", "[sequences]") {
    // The running mean of what came, known at every other step.
    constexpr std::size_t length = 6;
    auto inputs = Matrix<float>::from_shape({std::size_t{600}, length});
    auto numbers = Matrix<float>::from_shape({std::size_t{600}, length});
    Key(8).fill_normal(std::span<float>(inputs.data(), inputs.size()));
    for (std::size_t s = 0; s < 600; ++s) {
        float sum = 0;
        for (std::size_t t = 0; t < length; ++t) {
            sum += inputs(s, t);
            numbers(s, t) = t % 2 == 0 ? std::numeric_limits<float>::quiet_NaN() : sum / 2;
        }
    }
    const Dataset data("sums", inputs, numbers);
    const auto parts = split(data, Key(1), 500, 100);
    using Deep = Network<Input<length, 1>, Gru<16>, Reshape<1, 16>, Rnn<8, 4>,
                         Dense<1, Identity, ScaledNormal>>;
    using DeepLearner = SequenceRegressorLearner<Deep>;
    Lifetime<DeepLearner, 16> life;
    life.live(universal_genome(), parts[0], Key(2), 400);
    const RegressionEvaluation end = life.evaluate(parts[1]);
    CHECK(end.count == 300);
    CHECK(end.loss < 0.5);  // 1 without learning: the mean over steps of 2, 4 and 6 quarters
    const TrainingTask<DeepLearner, 16> task(parts[0], parts[1], {20});
    auto workspace = task.workspace();
    const LifetimeId id{Key(3), 0};
    const double fitness = task.lifetime(id, universal_genome(), workspace);
    CHECK(std::isfinite(fitness));
    CHECK(fitness == task.lifetime(id, universal_genome(), workspace));
}

TEST_CASE("data of sequences are checked, weighted and transformed", "[sequences]") {
    const Dataset data = copies(50);
    CHECK(data.steps() == 8);
    CHECK(data.labels(3)[0] == Dataset::no_label);
    Lifetime<CopyLearner, 16> life;
    using Wider = Network<Input<32>, Dense<4, Softmax>>;
    Lifetime<ClassifierLearner<Wider>, 16> whole;
    CHECK_THROWS_WITH(whole.live(universal_genome(), data, Key(1), 3),
                      Contains("steps with a label") && Contains("expected 1, found 8"));
    auto inputs = data.inputs();
    auto labels = Matrix<std::uint16_t>::from_shape({std::size_t{50}, std::size_t{5}});
    std::fill_n(labels.data(), labels.size(), std::uint16_t{1});
    CHECK_THROWS_WITH(Dataset("odd", inputs, labels, 4), Contains("a multiple of 5"));
    auto four = Matrix<std::uint16_t>::from_shape({std::size_t{50}, std::size_t{4}});
    std::fill_n(four.data(), four.size(), std::uint16_t{1});
    const Dataset fours("four", inputs, four, 4);
    CHECK_THROWS_WITH(life.live(universal_genome(), fours, Key(1), 3),
                      Contains("expected 8, found 4"));
    four(7, 2) = 9;
    CHECK_THROWS_WITH(Dataset("nine", inputs, four, 4), Contains("sample 7, step 2, is no class"));
    using Numbers = SequenceRegressorLearner<Network<Input<8, 4>, Gru<4>, Dense<1, Identity>>>;
    Lifetime<Numbers, 16> numbers;
    const Dataset tens("ten", inputs,
                       Matrix<float>::from_shape({std::size_t{50}, std::size_t{10}}));
    CHECK_THROWS_WITH(numbers.live(universal_genome(), tens, Key(1), 3),
                      Contains("a multiple of 8"));
    const Dataset same = FeatureStandardization::fit(data).apply(data);
    CHECK(same.steps() == 8);
    CHECK(same.labels(9)[3] == data.labels(9)[3]);
    CHECK_THROWS_WITH(with_wrong_labels(data, 0.5, Key(1)), Contains("whole samples"));
    const Subset weighted = balanced(Subset(data));
    StepTargets<WeightedLabel, 8> told;
    weighted.tell(2, told);
    CHECK_FALSE(told[0].is_told);
    CHECK(told[1].target.weight == weighted.class_weights()[told[1].target.label]);
}

TEST_CASE("the baseline's gradient through time is that of differences", "[sequences][baseline]") {
    using Tokens = Network<Input<5>, Embedding<4, 3>, Gru<4>, Dense<4, Softmax, ScaledNormal>>;
    using Exact = baseline::ThroughTimeLearner<Tokens, PlainPlasticity, StepSchedule<>>;
    const auto workspace = std::make_unique<Exact::Workspace<samples>>();
    const auto params = std::make_unique<Tokens::Params>();
    Exact::initialize_network(Key(3), *params);
    std::array<float, samples * 5> in{};
    std::array<Exact::Target, samples> targets{};
    for (std::size_t s = 0; s < samples; ++s) {
        for (std::size_t t = 0; t < 5; ++t) {
            in[s * 5 + t] = static_cast<float>(Key(4).below(4, s * 5 + t));
            targets[s][t] = {static_cast<std::uint16_t>(Key(5).below(4, s * 5 + t)),
                             Key(6).below(3, s * 5 + t) != 0};
        }
    }
    const std::span<const float, samples * 5> inputs(in);
    const auto loss = [&] {
        Evaluation sums;
        Exact::for_each_step<samples>(*params, inputs, *workspace, [&](std::size_t t, auto out) {
            for (std::size_t s = 0; s < samples; ++s) {
                Exact::Plain::judge(std::span<const float, 4>(out.subspan(s * 4, 4)), targets[s][t],
                                    sums);
            }
        });
        sums.finish();
        return sums.loss;
    };
    float norms = 0;
    Exact::backpropagate<samples>(*params, inputs, std::span<const Exact::Target, samples>(targets),
                                  *workspace, norms);
    const auto gradient = flat(workspace->gradient);
    std::size_t at = 0;
    Tokens::for_each_layer([&](auto i) {
        for (float& weight : std::get<i>(*params).flat()) {
            const float before = weight;
            weight = before + 0.02F;
            const double above = loss();
            weight = before - 0.02F;
            const double below = loss();
            weight = before;
            CHECK(double{gradient[at++]} == Approx(-(above - below) / 0.04).margin(3e-4));
        }
    });
}
