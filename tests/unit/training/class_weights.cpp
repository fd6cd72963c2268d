// Labels that count: weighted errors, balanced samples, and what they do to rare classes.
#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "baseline/backprop.hpp"
#include "tdca/analysis/scores.hpp"
#include "tdca/core/targets.hpp"
#include "tdca/data/balanced.hpp"
#include "tdca/plasticity/plain.hpp"
#include "tdca/presets.hpp"
#include "tdca/training/lifetime.hpp"

using namespace tdca;
using Catch::Contains;

namespace {

using Signal3 = ClassificationSignal<3, WeightedLabel>;

/// Two clouds that overlap, of which the second has one sample in twenty.
Dataset clouds(std::size_t samples, Key key) {
    auto inputs = Matrix<float>::from_shape({samples, std::size_t{4}});
    auto labels = Tensor<std::uint16_t, 1>::from_shape({samples});
    (key / 0).fill_normal(std::span<float>(inputs.data(), inputs.size()));
    for (std::size_t s = 0; s < samples; ++s) {
        labels(s) = (key / 1).below(20, s) == 0 ? 1 : 0;
        if (labels(s) == 1) inputs(s, 0) += 1.5F;
    }
    return {"clouds", std::move(inputs), std::move(labels), 2};
}

using Net = Network<Input<4>, Dense<24, Relu>, Dense<2, Softmax, ScaledNormal>>;

double macro_f1(Classifier<Net, 32>& model, const Dataset& test) {
    const auto rows = model.probabilities({test.inputs().data(), test.inputs().size()});
    return classification_scores({rows.data(), rows.size()},
                                 {test.labels().data(), test.labels().size()}, 2)
        .macro_f1;
}

}  // namespace

TEST_CASE("errors of a label that counts for more are larger", "[weights]") {
    STATIC_REQUIRE(InterpretingSignal<Signal3>);
    STATIC_REQUIRE(JudgingSignal<Signal3>);
    const std::array<float, 6> outputs{0.2F, 0.5F, 0.3F, 0.5F, 0.25F, 0.25F};
    const std::array<WeightedLabel, 2> labels{{{1, 4.0F}, {2, 0.0F}}};
    std::array<float, 6> errors{};
    Signal3::observe<2>(std::span<const float, 6>(outputs),
                        std::span<const WeightedLabel, 2>(labels), std::span<float, 6>(errors));
    CHECK(errors[0] == Approx(-0.8));
    CHECK(errors[1] == Approx(2.0));
    CHECK(errors[2] == Approx(-1.2));
    for (std::size_t c = 3; c < 6; ++c) CHECK(errors[c] == 0);
    Evaluation sums;
    const std::span<const float, 6> all(outputs);
    Signal3::judge(all.first<3>(), {1, 3.0F}, sums);
    Signal3::judge(all.last<3>(), {2, 1.0F}, sums);
    Signal3::judge(all.last<3>(), {0, 0.0F}, sums);
    sums.finish();
    CHECK(sums.count == 2);
    CHECK(sums.accuracy == Approx(0.75));
    CHECK(sums.loss == Approx(-(3 * std::log(0.5) + std::log(0.25)) / 4));
}

TEST_CASE("balanced samples give every class that occurs the same weight", "[weights]") {
    auto inputs = Matrix<float>::from_shape({std::size_t{10}, std::size_t{1}});
    auto labels = Tensor<std::uint16_t, 1>::from_shape({std::size_t{10}});
    for (std::size_t s = 0; s < 10; ++s) {
        inputs(s, 0) = static_cast<float>(s);
        labels(s) = s == 0 ? 2 : s < 4 ? 1 : 0;
    }
    const Dataset data("ten", inputs, labels, 4);
    const Subset counted = balanced(data);
    CHECK(counted.class_weights()[0] == Approx(10.0 / (3 * 6)));
    CHECK(counted.class_weights()[1] == Approx(10.0 / (3 * 3)));
    CHECK(counted.class_weights()[2] == Approx(10.0 / 3));
    CHECK(counted.class_weights()[3] == 0);
    // Parts and other orders keep the weights; the dataset alone has none.
    WeightedLabel told;
    const auto parts = split(counted, Key(1), 5, 5);
    for (std::size_t i = 0; i < 5; ++i) {
        parts[1].tell(i, told);
        CHECK(told.label == parts[1].label(i));
        CHECK(told.weight == counted.class_weights()[told.label]);
    }
    Subset(data).tell(0, told);
    CHECK(told.weight == 1);
    const Subset all(data);
    CHECK_THROWS_WITH(all.weighted({1, 1}), Contains("one weight is needed for each class"));
    CHECK_THROWS_WITH(all.weighted({1, 1, -1, 1}), Contains("the weight of class 2"));
    CHECK_THROWS_WITH(all.weighted({1, std::numeric_limits<float>::infinity(), 1, 1}),
                      Contains("the weight of class 1"));
    CHECK_THROWS_WITH(all.weighted({0, 0, 0, 0}), Contains("all classes have a weight of 0"));
    const Dataset numbers("numbers", data.inputs(),
                          Matrix<float>::from_shape({std::size_t{10}, std::size_t{1}}));
    CHECK_THROWS_WITH(balanced(numbers), Contains("only classes can have weights"));
}

TEST_CASE("classes of many millions of samples are counted", "[weights]") {
    auto inputs = Matrix<float>::from_shape({std::size_t{2}, std::size_t{1}});
    auto labels = Tensor<std::uint16_t, 1>::from_shape({std::size_t{2}});
    inputs(0, 0) = 0;
    inputs(1, 0) = labels(1) = 1;
    labels(0) = 0;
    const Dataset data("two", inputs, labels, 2);
    std::vector<std::uint32_t> rows(24'000'000, 0);  // more than a float counts to
    rows.resize(25'000'000, 1);
    const Subset counted = balanced(Subset(data, std::move(rows)));
    CHECK(counted.class_weights()[0] == Approx(25.0 / 48).epsilon(1e-6));
    CHECK(counted.class_weights()[1] == Approx(12.5));
}

TEST_CASE("a class that counts for nothing teaches nothing", "[weights]") {
    const Dataset data = clouds(300, Key(2));
    std::vector<std::uint32_t> rows;
    for (std::uint32_t i = 0; i < data.size(); ++i) {
        if (data.label(i) == 0) rows.push_back(i);
    }
    Classifier<Net, 32> all(1);
    Classifier<Net, 32> some(1);
    all.fit(Subset(data).weighted({1, 0}), 20);
    some.fit(Subset(data, rows), 20);
    Net::for_each_layer([&](auto i) {
        CHECK(std::ranges::equal(std::get<i>(std::as_const(all).params()).flat(),
                                 std::get<i>(std::as_const(some).params()).flat()));
    });
    CHECK_THROWS_WITH(all.fit(Subset(data, rows).weighted({0, 1}), 1),
                      Contains("samples of which something is told"));
}

TEST_CASE("where all count alike a classifier lives as one without weights", "[weights]") {
    const Dataset data = clouds(300, Key(2));
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        Classifier<Net, 32> model(seed);
        model.fit(data, 60);
        Lifetime<ClassifierLearner<Net>, 32> life;
        life.live(universal_genome(), data, Key(seed), 60);
        Net::for_each_layer([&](auto i) {
            CHECK(std::ranges::equal(std::get<i>(std::as_const(model).params()).flat(),
                                     std::get<i>(life.params()).flat()));
        });
        CHECK(model.evaluate(data).loss == life.evaluate(data).loss);
    }
}

TEST_CASE("exact gradients take the same weights", "[weights]") {
    using Exact = baseline::BackpropLearner<Net, PlainPlasticity, StepSchedule<>, NoCentring,
                                            ClassificationSignal<2, WeightedLabel>>;
    const auto state = std::make_unique<Exact::State>();
    const auto workspace = std::make_unique<Exact::Workspace<8>>();
    Exact::Genome genome;
    Exact::initialize(genome, Key(1));
    Exact::begin(genome, Key(5), 10, *state);
    std::array<float, 32> in{};
    Key(6).fill_normal(std::span<float>(in));
    std::array<WeightedLabel, 8> told{};
    for (std::size_t s = 0; s < 8; ++s) {
        told[s] = {static_cast<std::uint16_t>(s % 2), s % 2 == 0 ? 0.5F : 3.0F};
    }
    const auto loss = [&](const Net::Params& params) {
        Net::forward<8>(params, in, workspace->activities, workspace->eligibilities);
        const auto out = workspace->activities.get<1>();
        double total = 0;
        for (std::size_t s = 0; s < 8; ++s) {
            total -= double{told[s].weight} * std::log(double{out[2 * s + told[s].label]}) / 8;
        }
        return total;
    };
    const auto before = std::make_unique<Net::Params>(state->params);
    const float step =
        Exact::step_size<1>(genome, SynapseRole::output, Progress::at(0, 10, 1.0F, 8));
    Exact::update<8>(genome, 10, in, std::span<const WeightedLabel, 8>(told), *state, *workspace);
    const auto bias = std::get<1>(state->params).get<"bias">();
    for (std::size_t c = 0; c < 2; ++c) {
        const double moved = double{bias[c]} - double{std::get<1>(*before).get<"bias">()[c]};
        auto& value = std::get<1>(*before).get<"bias">()[c];
        const float at = value;
        value = at + 0.01F;
        const double above = loss(*before);
        value = at - 0.01F;
        const double below = loss(*before);
        value = at;
        CHECK(moved / double{step} == Approx(-(above - below) / 0.02).margin(1e-3));
    }
}

TEST_CASE("balanced samples make a rare class heard, and the macro-F1 larger", "[weights]") {
    const Dataset train = clouds(1500, Key(3));
    const Dataset test = clouds(4000, Key(4));
    double gain = 0;
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        Classifier<Net, 32> plain(seed);
        plain.fit(train, 300);
        Classifier<Net, 32> model(seed);
        model.fit(balanced(train), 300);
        gain += (macro_f1(model, test) - macro_f1(plain, test)) / 8;
        // Judged by samples that are balanced, guessing by how frequent classes are is worth 1/2.
        CHECK(plain.evaluate(balanced(test)).accuracy < 0.65);
        CHECK(model.evaluate(balanced(test)).accuracy > 0.7);
    }
    // Without weights nearly all is said to be of the frequent class.
    CHECK(gain > 0.02);
}
