// The front door to training: a classifier learns, predicts, and says what it cannot do.
#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include "support/halves.hpp"
#include "tdca/presets.hpp"

using namespace tdca;
using Catch::Contains;
using tdca::testing::halves;

namespace {

using Net = Network<Input<4>, Dense<12, Relu>, Dense<2, Softmax, ScaledNormal>>;

std::span<const float> inputs_of(const Dataset& data) {
    return {data.inputs().data(), data.inputs().size()};
}

}  // namespace

TEST_CASE("a classifier learns, and predicts what it is judged by", "[classifier]") {
    const Dataset data = halves(300);
    Classifier<Net, 16> classifier(3);
    classifier.fit(data, 100);
    const Evaluation result = classifier.evaluate(data);
    CHECK(result.accuracy > 0.9);

    const auto labels = classifier.predict(inputs_of(data));
    const Matrix<float> rows = classifier.probabilities(inputs_of(data));
    REQUIRE(labels.size() == data.size());
    REQUIRE(rows.shape()[0] == data.size());
    REQUIRE(rows.shape()[1] == 2);
    std::size_t right = 0;
    for (std::size_t i = 0; i < data.size(); ++i) {
        right += labels[i] == data.label(i) ? 1 : 0;
        CHECK(rows(i, 0) + rows(i, 1) == Approx(1).epsilon(1e-5));
        CHECK(rows(i, labels[i]) >= rows(i, 1 - labels[i]));
    }
    CHECK(static_cast<double>(right) / 300 == Approx(result.accuracy));
}

TEST_CASE("fit is a lifetime under the universal genome, anew each time", "[classifier]") {
    const Dataset data = halves(100);
    Classifier<Net, 16> classifier(5);
    classifier.fit(data, 30);
    const auto first = std::get<0>(classifier.params());
    classifier.fit(data, 30);
    CHECK(std::ranges::equal(first.flat(), std::get<0>(classifier.params()).flat()));
    Lifetime<ClassifierLearner<Net>, 16> life;
    life.live(universal_genome(), data, Key(5), 30);
    CHECK(std::ranges::equal(first.flat(), std::get<0>(life.params()).flat()));
    Classifier<Net, 16> other(6);
    other.fit(data, 30);
    CHECK_FALSE(std::ranges::equal(first.flat(), std::get<0>(other.params()).flat()));
}

TEST_CASE("a classifier that has not learned, or inputs that are no samples, are refused",
          "[classifier]") {
    const Dataset data = halves(20);
    Classifier<Net, 16> classifier;
    CHECK_THROWS_WITH(classifier.evaluate(data), Contains("call fit"));
    CHECK_THROWS_WITH(classifier.predict(inputs_of(data)), Contains("call fit"));
    classifier.fit(data, 5);
    CHECK_THROWS_WITH(classifier.predict(inputs_of(data).first(7)),
                      Contains("a multiple of 4") && Contains("7"));
    CHECK(classifier.predict({}).empty());
    // One sample alone is as good as many.
    const auto all = classifier.predict(inputs_of(data));
    for (std::size_t i = 0; i < data.size(); ++i) {
        CHECK(classifier.predict(data.sample(i)).front() == all[i]);
    }
    using Wide = Network<Input<5>, Dense<2, Softmax>>;
    Classifier<Wide> wide;
    CHECK_THROWS_WITH(wide.fit(data, 5), Contains("features per sample differ"));
    CHECK_THROWS_WITH(wide.evaluate(data), Contains("call fit"));
}
