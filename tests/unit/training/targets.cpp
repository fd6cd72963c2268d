// Numbers and several labels through datasets, lifetimes, tasks and presets.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "support/halves.hpp"
#include "tdca/core/tensor.hpp"
#include "tdca/data/target_scaling.hpp"
#include "tdca/data/transform.hpp"
#include "tdca/evolution/training_task.hpp"
#include "tdca/presets.hpp"
#include "tdca/training/pipeline.hpp"

using namespace tdca;
using Catch::Contains;

namespace {

constexpr float unknown = std::numeric_limits<float>::quiet_NaN();

/// y₀ = 1000 + 50 (x₀ x₁ + x₂); y₁ = x₃ where it is known, which is one time in three.
Dataset hills(std::size_t samples, Key key = Key(1)) {
    auto inputs = Matrix<float>::from_shape({samples, 4});
    auto numbers = Matrix<float>::from_shape({samples, 2});
    key.fill_normal(std::span<float>(inputs.data(), inputs.size()));
    for (std::size_t s = 0; s < samples; ++s) {
        numbers(s, 0) = 1000 + 50 * (inputs(s, 0) * inputs(s, 1) + inputs(s, 2));
        numbers(s, 1) = s % 3 == 0 ? inputs(s, 3) : unknown;
    }
    return {"hills", std::move(inputs), std::move(numbers)};
}

/// Whether x₀ x₁ > 0, and whether x₂ > 1.
Dataset signs(std::size_t samples) {
    auto inputs = Matrix<float>::from_shape({samples, 4});
    auto labels = Matrix<float>::from_shape({samples, 2});
    Key(3).fill_normal(std::span<float>(inputs.data(), inputs.size()));
    for (std::size_t s = 0; s < samples; ++s) {
        labels(s, 0) = inputs(s, 0) * inputs(s, 1) > 0 ? 1.0F : 0.0F;
        labels(s, 1) = inputs(s, 2) > 1 ? 1.0F : 0.0F;
    }
    return {"signs", std::move(inputs), std::move(labels)};
}

std::span<const float> inputs_of(const Dataset& data) {
    return {data.inputs().data(), data.inputs().size()};
}

using Net = Network<Input<4>, Dense<32, Relu>, Dense<2, Identity, ScaledNormal>>;
using LabelNet = Network<Input<4>, Dense<32, Relu>, Dense<2, Sigmoid, ScaledNormal>>;

}  // namespace

TEST_CASE("a dataset has labels or numbers, and tells a network which it is not for", "[targets]") {
    const Dataset data = hills(20);
    CHECK_FALSE(data.has_labels());
    CHECK(data.classes() == 0);
    CHECK(data.targets() == 2);
    CHECK(data.numbers(3)[1] == data.sample(3)[3]);
    std::array<float, 3> told{};
    data.tell(3, told);
    CHECK(told[0] == data.numbers(3)[0]);
    CHECK(std::isnan(told[2]));

    Regressor<Net, 16> regressor;
    const Dataset labelled = testing::halves(20);
    CHECK_THROWS_WITH(regressor.fit(labelled, 5),
                      Contains("signal is told") && Contains("numbers, found a label"));
    using Classes = Network<Input<4>, Dense<2, Softmax>>;
    Classifier<Classes, 16> classifier;
    CHECK_THROWS_WITH(classifier.fit(data, 5), Contains("a label, found numbers"));
    using Narrow = Network<Input<4>, Dense<1, Identity>>;
    Regressor<Narrow, 16> narrow;
    CHECK_THROWS_WITH(narrow.fit(data, 5), Contains("more numbers") && Contains("found 2"));

    auto inputs = data.inputs();
    auto numbers = data.numbers();
    numbers(7, 0) = std::numeric_limits<float>::infinity();
    CHECK_THROWS_WITH(Dataset("wild", inputs, numbers), Contains("target 0 of sample 7"));
    CHECK_THROWS_WITH(
        Dataset("short", inputs, Matrix<float>::from_shape({std::size_t{3}, std::size_t{1}})),
        Contains("one row of numbers"));
    CHECK_THROWS_WITH(
        Dataset("none", inputs, Matrix<float>::from_shape({std::size_t{20}, std::size_t{0}})),
        Contains("no numbers"));
    CHECK_THROWS_WITH(with_wrong_labels(data, 0.5, Key(1)), Contains("only labels can be wrong"));
}

TEST_CASE("transforms and subsets keep numbers", "[targets]") {
    const Dataset data = hills(30);
    const Dataset standard = FeatureStandardization::fit(data).apply(data);
    CHECK(standard.targets() == 2);
    const auto [some, rest] = split(Subset(standard), Key(4), 10, 20);
    for (std::size_t i = 0; i < some.size(); ++i) {
        CHECK(some.numbers(i)[0] == data.numbers(some.indices()[i])[0]);
    }
    std::vector<float> inputs(16 * 4);
    std::vector<std::array<float, 2>> targets(16);
    CHECK(some.copy(4, std::span<float>(inputs), std::span<std::array<float, 2>>(targets)) == 6);
    CHECK(targets[0][0] == some.numbers(4)[0]);
    CHECK(targets[6] == std::array<float, 2>{0, 0});
}

TEST_CASE("targets are scaled by what is known, and scaled back", "[targets]") {
    const Dataset data = hills(300);
    const auto scaling = TargetScaling<3>::fit(data);
    CHECK(scaling.mean[0] == Approx(1000).epsilon(0.02));
    CHECK(scaling.mean[1] == Approx(0).margin(0.2));
    CHECK(scaling.scale[1] == Approx(1).epsilon(0.2));
    CHECK(scaling.scale[2] == 1);
    std::array<float, 3> target{1100, unknown, unknown};
    scaling.apply(target);
    CHECK(target[0] == Approx((1100 - scaling.mean[0]) / scaling.scale[0]));
    CHECK(std::isnan(target[1]));
    scaling.undo(target);
    CHECK(target[0] == Approx(1100));
    // A number that never changes is centred alone.
    auto inputs = Matrix<float>::from_shape({std::size_t{5}, std::size_t{1}});
    auto numbers = Matrix<float>::from_shape({std::size_t{5}, std::size_t{1}});
    for (std::size_t i = 0; i < 5; ++i) inputs(i, 0) = numbers(i, 0) = 7;
    const Dataset constant("constant", inputs, numbers);
    CHECK(TargetScaling<1>::fit(constant).mean[0] == 7);
    CHECK(TargetScaling<1>::fit(constant).scale[0] == 1);
}

TEST_CASE("a regressor learns, and predicts in the units of its targets", "[targets]") {
    const Dataset data = hills(1500);
    const Dataset test = hills(400, Key(9));
    Regressor<Net, 32> regressor(3);
    CHECK_THROWS_WITH(regressor.evaluate(test), Contains("call fit"));
    regressor.fit(data, 1000);
    const Matrix<float> predicted = regressor.predict(inputs_of(test));
    double squares = 0;
    double absolute = 0;
    double distances = 0;
    std::size_t count = 0;
    for (std::size_t i = 0; i < test.size(); ++i) {
        for (std::size_t k = 0; k < 2; ++k) {
            const double y = static_cast<double>(test.numbers(i)[k]);
            if (std::isnan(y)) continue;
            const double error = static_cast<double>(predicted(i, k)) - y;
            squares += error * error;
            absolute += std::fabs(error);
            distances += k == 0 ? (y - 1000) * (y - 1000) : y * y;
            ++count;
        }
    }
    CHECK(squares < 0.05 * distances);
    const RegressionEvaluation evaluation = regressor.evaluate(test);
    CHECK(evaluation.count == count);
    CHECK(evaluation.rmse() == Approx(std::sqrt(squares / static_cast<double>(count))));
    CHECK(evaluation.absolute_error == Approx(absolute / static_cast<double>(count)));
    // The same seed, the same bits.
    Regressor<Net, 32> again(3);
    again.fit(data, 1000);
    CHECK(std::ranges::equal(std::get<0>(again.params()).flat(),
                             std::get<0>(regressor.params()).flat()));
}

TEST_CASE("what is not known teaches nothing", "[targets]") {
    using L = RegressorLearner<Net>;
    Lifetime<L, 16> life;
    life.begin(universal_genome(), Key(1), Course(50));
    Key(2).fill_normal(std::span<float>(life.inputs()));
    for (L::Target& target : life.targets()) target.fill(unknown);
    life.update();
    for (const float error : life.workspace().assignment.top_down.errors) CHECK(error == 0);
    for (const float credit : std::as_const(life.workspace().assignment.credits).get<1>()) {
        CHECK(credit == 0);
    }

    // Samples of which nothing is known are never drawn, whatever their inputs are.
    const Dataset data = hills(200);
    auto inputs = data.inputs();
    auto numbers = data.numbers();
    std::vector<std::uint32_t> known;
    for (std::uint32_t i = 0; i < data.size(); ++i) {
        if (i % 8 == 3) {
            known.push_back(i);
            continue;
        }
        numbers(i, 0) = numbers(i, 1) = unknown;
        for (std::size_t f = 0; f < 4; ++f) inputs(i, f) *= 5;
    }
    const Dataset few("few", inputs, numbers);
    CHECK(std::ranges::equal(Subset(few).told().indices(), known));
    CHECK(Subset(data).told().size() == 200);
    Regressor<Net, 16> of_few(3);
    Regressor<Net, 16> of_known(3);
    of_few.fit(few, 30);
    of_known.fit(Subset(data, known), 30);
    Net::for_each_layer([&](auto i) {
        CHECK(std::ranges::equal(std::get<i>(std::as_const(of_few).params()).flat(),
                                 std::get<i>(std::as_const(of_known).params()).flat()));
    });
    std::fill_n(numbers.data(), numbers.size(), unknown);
    const Dataset nothing("nothing", inputs, numbers);
    CHECK_THROWS_WITH(of_few.fit(nothing, 1), Contains("samples of which something is told"));
}

TEST_CASE("a regressor learns from the few samples of which a number is known", "[targets]") {
    const std::size_t samples = 4000;
    auto inputs = Matrix<float>::from_shape({samples, std::size_t{4}});
    auto numbers = Matrix<float>::from_shape({samples, std::size_t{2}});
    Key(1).fill_normal(std::span<float>(inputs.data(), inputs.size()));
    for (std::size_t s = 0; s < samples; ++s) {
        const bool is_known = Key(2).below(50, s) == 0;
        numbers(s, 0) = is_known ? 3 * inputs(s, 0) : unknown;
        numbers(s, 1) = is_known ? inputs(s, 1) - inputs(s, 2) : unknown;
    }
    const Dataset rare("rare", inputs, numbers);
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        Regressor<Net, 64> regressor(seed);
        regressor.fit(rare, 100);
        CHECK(regressor.evaluate(rare).r2() > 0.9);
    }
}

TEST_CASE("a label is 0, 1 or between", "[targets]") {
    const Dataset data = signs(64);
    MultiLabelClassifier<LabelNet, 32> classifier(2);
    classifier.fit(data, 5);
    for (const float wrong : {-0.1F, 1.5F, 7.0F}) {
        auto labels = data.numbers();
        labels(0, 0) = unknown;
        labels(1, 0) = 0.5F;
        const Dataset sound("sound", data.inputs(), labels);
        CHECK_NOTHROW(classifier.fit(sound, 5));
        labels(7, 1) = wrong;
        const Dataset broken("broken", data.inputs(), labels);
        CHECK_THROWS_WITH(classifier.fit(broken, 5), Contains("sample 7 has a number that is no"));
        CHECK_THROWS_WITH(classifier.evaluate(broken), Contains("sample 7"));
    }
}

TEST_CASE("several labels are learned, each for itself", "[targets]") {
    const Dataset data = signs(1500);
    MultiLabelClassifier<LabelNet, 32> classifier(2);
    classifier.fit(Subset(data).first(1200), 800);
    const Evaluation evaluation = classifier.evaluate(Subset(data).rest(1200));
    CHECK(evaluation.count == 600);
    CHECK(evaluation.accuracy > 0.9);
    const Matrix<float> rows = classifier.probabilities(inputs_of(data));
    REQUIRE(rows.shape()[1] == 2);
    for (std::size_t i = 0; i < data.size(); ++i) {
        CHECK(rows(i, 0) >= 0);
        CHECK(rows(i, 0) <= 1);
    }
}

TEST_CASE("tasks of numbers are lived by members side by side, and by pipelines", "[targets]") {
    const Dataset data = hills(200);
    using L = RegressorLearner<Net>;
    const TrainingTask<L, 16> task(Subset(data).first(150), Subset(data).rest(150), {20, 40});
    auto workspace = task.workspace();
    std::vector<ClassifierGenome> genomes(3, universal_genome());
    L::initialize(genomes[1], Key(1));
    std::vector<double> together(3);
    task.lifetimes({Key(5), 0}, genomes, together, workspace);
    for (std::size_t m = 0; m < 3; ++m) {
        auto alone = task.workspace();
        CHECK(task.lifetime({Key(5), 0}, genomes[m], alone) == together[m]);
    }
    CHECK(together[0] == together[2]);
    CHECK(together[0] != together[1]);

    Lifetime<L, 16> one;
    Lifetime<L, 16> other;
    const MinibatchSampler<16, L::Target> sampler(data, Key(2));
    one.begin(universal_genome(), Key(1), 30);
    other.begin(universal_genome(), Key(1), 30);
    one.train(sampler, 30);
    Pipeline<L, 16>().train(other, sampler, 30, 2);
    CHECK(std::ranges::equal(std::get<0>(one.params()).flat(), std::get<0>(other.params()).flat()));
}

TEST_CASE("the TDCA-network sees numbers as far as one, and its gains stay bounded", "[targets]") {
    // The same small errors beside one sample that is far off: gains of the others stay what they
    // are, but for the mean of the batch, which is limited too.
    using L = RegressorLearner<Net>;
    Lifetime<L, 16> life;
    life.begin(universal_genome(), Key(1), 100);
    for (float& x : life.inputs()) x = 0.1F;
    for (auto& target : life.targets()) target = {0.1F, -0.1F};
    life.targets()[3] = {1e6F, 0};
    life.update();
    for (const float modulated : life.workspace().assignment.top_down.modulated) {
        CHECK(std::isfinite(modulated));
        CHECK(std::fabs(modulated) < 1e8F);
    }
    // One genome, whatever the signal.
    STATIC_REQUIRE(std::is_same_v<L::Genome, ClassifierGenome>);
    STATIC_REQUIRE(std::is_same_v<MultiLabelLearner<LabelNet>::Genome, ClassifierGenome>);
}
