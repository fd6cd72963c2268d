// The front door to sequences: presets learn what a learner by hand learns, are kept, and refuse.
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

#include "support/allocations.hpp"
#include "support/copies.hpp"
#include "support/halves.hpp"
#include "tdca/analysis/loss_plane.hpp"
#include "tdca/analysis/scores.hpp"
#include "tdca/bottom_up/cells.hpp"
#include "tdca/core/parallel.hpp"
#include "tdca/data/balanced.hpp"
#include "tdca/data/sampler.hpp"
#include "tdca/io/network_file.hpp"
#include "tdca/presets.hpp"
#include "unit/io/files.hpp"

using namespace tdca;
using Catch::Contains;
using tdca::testing::copies;

namespace {

constexpr float unknown = std::numeric_limits<float>::quiet_NaN();

using CopyNet = Network<Input<8, 4>, Gru<24>, Dense<4, Softmax, ScaledNormal>>;
using Copier = SequenceClassifier<CopyNet, 16>;

using SumNet = Network<Input<6, 2>, Gru<16>, Dense<2, Identity, ScaledNormal>>;
using Adder = SequenceRegressor<SumNet, 16>;

/// Two normal numbers a step. To be told: 1000 + 50 · the first of this step and of the one before,
/// but at the first step; a hundredth of the second, one time in three.
Dataset sums(std::size_t count, Key key = Key(7)) {
    auto inputs = Matrix<float>::from_shape({count, std::size_t{12}});
    auto numbers = Matrix<float>::from_shape({count, std::size_t{12}});
    key.fill_normal(std::span<float>(inputs.data(), inputs.size()));
    for (std::size_t s = 0; s < count; ++s) {
        for (std::size_t t = 0; t < 6; ++t) {
            numbers(s, 2 * t) =
                t == 0 ? unknown : 1000 + 50 * (inputs(s, 2 * t) + inputs(s, 2 * t - 2));
            numbers(s, 2 * t + 1) = (s + t) % 3 == 0 ? inputs(s, 2 * t + 1) / 100 : unknown;
        }
    }
    return {"sums", std::move(inputs), std::move(numbers)};
}

template <class Rows>
bool same_numbers(const Rows& a, const Rows& b) {
    return a.shape() == b.shape() && std::equal(a.data(), a.data() + a.size(), b.data());
}

}  // namespace

TEST_CASE("a sequence classifier learns what its learner learns by hand", "[sequences]") {
    const Dataset train = copies(2000);
    const Dataset test = copies(300, Key(6));
    Copier model(3);
    model.fit(train, 100);

    using L = SequenceClassifierLearner<CopyNet>;
    const auto state = std::make_unique<L::State>();
    const auto workspace = std::make_unique<L::Workspace<16>>();
    const ClassifierGenome genome = architectures_genome();
    const Course course = Course::over(100, 16, 2000);
    const MinibatchSampler<16, L::Target> sampler(train, Key(3) / 1);
    std::vector<float> inputs(std::size_t{16 * 32});
    std::array<L::Target, 16> targets;
    L::begin(genome, Key(3) / 0, course, *state);
    for (std::size_t update = 0; update < 100; ++update) {
        sampler.draw(update, inputs, targets);
        L::update<16>(genome, course, std::span<const float, std::size_t{16 * 32}>(inputs),
                      std::span<const L::Target, 16>(targets), *state, *workspace);
    }
    CHECK(flatten(model.params()) == flatten(state->params));

    // One in four without learning; one in three where the step before is forgotten.
    const Evaluation result = model.evaluate(test);
    CHECK(result.accuracy > 0.9);
    // What is not told is not judged: by hand, out of what is predicted.
    std::size_t told = 0;
    std::size_t right = 0;
    double loss = 0;
    std::array<std::size_t, 8> told_at{};
    for (std::size_t i = 0; i < test.size(); ++i) {
        const auto labels = model.predict(test.sample(i));
        const Matrix<float> rows = model.probabilities(test.sample(i));
        REQUIRE(labels.size() == 8);
        REQUIRE(rows.shape()[0] == 8);
        for (std::size_t t = 0; t < 8; ++t) {
            const std::uint16_t label = test.labels(i)[t];
            if (label == Dataset::no_label) continue;
            ++told;
            ++told_at[t];
            right += labels[t] == label ? 1 : 0;
            loss -= std::log(static_cast<double>(rows(t, label)));
        }
    }
    CHECK(result.count == told);
    CHECK(result.accuracy == Approx(static_cast<double>(right) / static_cast<double>(told)));
    CHECK(result.loss == Approx(loss / static_cast<double>(told)).epsilon(1e-4));
    const auto each = model.evaluate_steps(test);
    for (std::size_t t = 0; t < 8; ++t) CHECK(each[t].count == told_at[t]);
    CHECK(std::isnan(each[0].accuracy));
}

TEST_CASE("a preset learns nothing of steps that are not told", "[sequences]") {
    const Dataset data = copies(64);
    auto inputs = data.inputs();
    auto labels = Matrix<std::uint16_t>::from_shape({std::size_t{64}, std::size_t{8}});
    std::copy_n(data.labels().data(), labels.size(), labels.data());
    for (std::size_t s = 0; s < 64; ++s) {
        for (std::size_t t = 8; t-- > 0 && labels(s, t) == Dataset::no_label;) {
            for (std::size_t f = 0; f < 4; ++f) inputs(s, 4 * t + f) = 99;
        }
    }
    Copier model;
    model.fit(data, 20);
    const auto learned = flatten(model.params());
    const double loss = model.evaluate(data).loss;
    const Dataset other_ends("ends", inputs, labels, 4);
    model.fit(other_ends, 20);
    CHECK(flatten(model.params()) == learned);
    CHECK(model.evaluate(other_ends).loss == loss);
    labels(5, 3) = Dataset::no_label;
    const Dataset fewer("fewer", data.inputs(), labels, 4);
    model.fit(fewer, 20);
    CHECK(flatten(model.params()) != learned);
    CHECK(model.evaluate(fewer).count + 1 == model.evaluate(data).count);
}

TEST_CASE("a sequence is answered step by step, whatever its length", "[sequences]") {
    const Dataset data = copies(50);
    Copier model(2);
    model.fit(data, 30);
    std::vector<float> longer;
    for (std::size_t i = 0; i < 3; ++i) {
        longer.insert(longer.end(), data.sample(i).begin(), data.sample(i).end());
    }
    const Matrix<float> all = model.probabilities(longer);
    REQUIRE(all.shape()[0] == 24);
    const Matrix<float> first = model.probabilities(data.sample(0));
    CHECK(std::equal(first.data(), first.data() + first.size(), all.data()));
    // What came before is remembered.
    const Matrix<float> second = model.probabilities(data.sample(1));
    CHECK_FALSE(std::equal(second.data(), second.data() + 4, all.data() + 32));

    (void)model.step(std::span<const float>(longer).first<4>());
    model.begin_sequence();
    const std::size_t before = testing::allocations;
    bool same = true;
    for (std::size_t t = 0; t < 24; ++t) {
        const auto said = model.step(std::span<const float>(longer).subspan(4 * t, 4));
        same = same && std::ranges::equal(said, std::span<const float>(all.data() + 4 * t, 4));
    }
    CHECK(testing::allocations == before);
    CHECK(same);
    CHECK(model.predict({}).empty());
}

TEST_CASE("a sequence regressor learns in the units of its targets, as by hand", "[sequences]") {
    const Dataset train = sums(1500);
    const Dataset test = sums(300, Key(8));
    Adder model(4);
    model.fit(train, 500);

    // By hand: one scale for all steps.
    auto scaled = train.numbers();
    for (std::size_t k = 0; k < 2; ++k) {
        double count = 0;
        double mean = 0;
        double square = 0;
        const auto each = [&](auto&& visit) {
            for (std::size_t i = k; i < scaled.size(); i += 2) {
                const float y = train.numbers().data()[i];
                if (!std::isnan(y)) visit(static_cast<double>(y), scaled.data()[i]);
            }
        };
        each([&](double y, float&) { mean += y, ++count; });
        mean /= count;
        each([&](double y, float&) { square += (y - mean) * (y - mean); });
        const double scale = std::sqrt(square / count);
        CHECK(model.scaling().mean[k] == Approx(mean));
        CHECK(model.scaling().scale[k] == Approx(scale));
        each([&](double y, float& out) {
            out = static_cast<float>((y - model.scaling().mean[k]) / model.scaling().scale[k]);
        });
    }
    const Dataset in_units("scaled", train.inputs(), scaled);
    Lifetime<SequenceRegressorLearner<SumNet>, 16> life;
    life.live(architectures_genome(), in_units, Key(4), 500);
    CHECK(flatten(life.params()) == flatten(model.params()));

    const RegressorEvaluation result = model.evaluate(test);
    std::array<std::vector<double>, 2> said;
    std::array<std::vector<double>, 2> truth;
    for (std::size_t i = 0; i < test.size(); ++i) {
        const Matrix<float> rows = model.predict(test.sample(i));
        for (std::size_t t = 0; t < 6; ++t) {
            for (std::size_t k = 0; k < 2; ++k) {
                said[k].push_back(static_cast<double>(rows(t, k)));
                truth[k].push_back(static_cast<double>(test.numbers(i)[2 * t + k]));
            }
        }
    }
    double squares = 0;
    double absolute = 0;
    double distances = 0;
    double count = 0;
    for (std::size_t k = 0; k < 2; ++k) {
        const RegressionScores scores = regression_scores(said[k], truth[k]);
        CHECK(scores.r2 > 0.8);
        const auto known = static_cast<double>(
            std::ranges::count_if(truth[k], [](double y) { return !std::isnan(y); }));
        squares += known * scores.rmse * scores.rmse;
        absolute += known * scores.mae;
        distances += known * scores.rmse * scores.rmse / (1 - scores.r2);
        count += known;
    }
    CHECK(static_cast<double>(result.count) == count);
    CHECK(result.rmse() == Approx(std::sqrt(squares / count)));
    CHECK(result.absolute_error == Approx(absolute / count));
    CHECK(result.r2() == Approx(1 - squares / distances));
    const auto each = model.evaluate_steps(test);
    CHECK(each[0].count == 100);
    double loss = 0;
    for (const RegressionEvaluation& step : each) {
        loss += step.loss * static_cast<double>(step.count);
    }
    CHECK(result.loss == Approx(loss / count));
    // One number, always the same: nothing to explain.
    auto flat = Matrix<float>::from_shape({std::size_t{20}, std::size_t{12}});
    std::fill_n(flat.data(), flat.size(), 5.0F);
    auto inputs = Matrix<float>::from_shape({std::size_t{20}, std::size_t{12}});
    std::copy_n(test.inputs().data(), inputs.size(), inputs.data());
    const Dataset constant("constant", inputs, flat);
    CHECK(model.evaluate(constant).r2() == 0);

    // What saturates hides a broken weight from the outputs.
    std::get<0>(model.params()).flat()[0] = std::numeric_limits<float>::infinity();
    CHECK(std::isnan(model.evaluate(test).loss));
    for (const RegressionEvaluation& step : model.evaluate_steps(test)) {
        CHECK(std::isnan(step.loss));
    }
}

TEST_CASE("presets are saved with all that their predictions need", "[sequences]") {
    const testing::TemporaryFolder folder;
    const Dataset data = copies(100);
    const Dataset numbers = sums(100);
    Copier model(2);
    CHECK_THROWS_WITH(save_network(folder / "none", model), Contains("call fit"));
    model.fit(data, 20);
    save_network(folder / "copier", model, {{"data", "copies"}});
    Copier loaded(9);
    CHECK(load_network(folder / "copier", loaded).at("data") == "copies");
    Adder adder(2);
    adder.fit(numbers, 20);
    save_network(folder / "adder", adder);
    Adder loaded_adder(9);
    Facts facts = load_network(folder / "adder", loaded_adder);
    // What the preset knows of itself stands, whatever is handed to it under the same keys.
    facts["target_mean"] = "none";
    facts["data"] = "sums";
    save_network(folder / "handed on", loaded_adder, facts);
    CHECK(load_network(folder / "handed on", loaded_adder).at("data") == "sums");
    for (std::size_t i = 0; i < 5; ++i) {
        CHECK(same_numbers(loaded.probabilities(data.sample(i)),
                           model.probabilities(data.sample(i))));
        CHECK(same_numbers(loaded_adder.predict(numbers.sample(i)),
                           adder.predict(numbers.sample(i))));
    }
    CHECK(loaded_adder.evaluate(numbers).r2() == adder.evaluate(numbers).r2());
    // Whole samples, too; and a file of either is one of its network.
    using Flat = Network<Input<12>, Dense<12, Identity>>;
    Regressor<Flat, 16> whole(3);
    whole.fit(numbers, 20);
    save_network(folder / "whole", whole);
    Regressor<Flat, 16> loaded_whole;
    load_network(folder / "whole", loaded_whole);
    CHECK(same_numbers(loaded_whole.predict(numbers.sample(0)), whole.predict(numbers.sample(0))));
    const auto params = std::make_unique<SumNet::Params>();
    load_network<SumNet>(folder / "adder", *params);
    CHECK(flatten(*params) == flatten(adder.params()));

    // A network without its scaling would predict in units that nobody asked for.
    save_network<SumNet>(folder / "bare", adder.params());
    CHECK_THROWS_WITH(load_network(folder / "bare", loaded_adder),
                      Contains("no SequenceRegressor's") && Contains("lacks the fact target_mean"));
    save_network<SumNet>(folder / "short", adder.params(),
                         {{"target_mean", "1 2"}, {"target_scale", "3"}});
    CHECK_THROWS_WITH(load_network(folder / "short", loaded_adder),
                      Contains("target_scale is broken"));
    save_network<SumNet>(folder / "zero", adder.params(),
                         {{"target_mean", "1 2"}, {"target_scale", "3 0"}});
    CHECK_THROWS_WITH(load_network(folder / "zero", loaded_adder), Contains("must be positive"));
    CHECK_THROWS_WITH(load_network(folder / "copier", loaded_adder), Contains("layer 0"));
    Adder newborn;
    CHECK_THROWS(load_network(folder / "bare", newborn));
    CHECK_THROWS_WITH(newborn.predict(numbers.sample(0)), Contains("call fit"));
    CHECK(same_numbers(loaded_adder.predict(numbers.sample(0)), adder.predict(numbers.sample(0))));
}

TEST_CASE("sequences that a preset cannot learn are refused", "[sequences]") {
    const Dataset data = copies(20);
    const Dataset numbers = sums(20);
    Copier model;
    CHECK_THROWS_WITH(model.evaluate(data), Contains("SequenceClassifier") && Contains("call fit"));
    CHECK_THROWS_WITH(model.evaluate_steps(data), Contains("call fit"));
    CHECK_THROWS_WITH(model.predict(data.sample(0)), Contains("call fit"));
    CHECK_THROWS_WITH(model.step(data.sample(0).first(4)), Contains("call fit"));
    CHECK_THROWS_WITH(model.fit(Subset(data).first(0), 5), Contains("no samples"));
    CHECK_THROWS_WITH(model.fit(numbers, 5),
                      Contains("features per sample differ") && Contains("expected 32, found 12"));
    const Dataset as_numbers("numbers", data.inputs(), data.inputs());
    CHECK_THROWS_WITH(model.fit(as_numbers, 5), Contains("a label, found numbers"));
    auto four = Matrix<std::uint16_t>::from_shape({std::size_t{20}, std::size_t{4}});
    std::fill_n(four.data(), four.size(), std::uint16_t{4});
    const Dataset fewer("fewer", data.inputs(), four, 5);
    CHECK_THROWS_WITH(model.fit(fewer, 5), Contains("steps with a label differ"));
    auto eight = Matrix<std::uint16_t>::from_shape({std::size_t{20}, std::size_t{8}});
    std::fill_n(eight.data(), eight.size(), std::uint16_t{4});
    const Dataset fifth("fifth", data.inputs(), eight, 5);
    CHECK_THROWS_WITH(model.fit(fifth, 5), Contains("more classes"));
    std::fill_n(eight.data(), eight.size(), Dataset::no_label);
    const Dataset nothing("nothing", data.inputs(), eight, 4);
    CHECK_THROWS_WITH(model.fit(nothing, 5),
                      Contains("nothing: no step of any sequence has a target"));
    model.fit(data, 5);
    CHECK_THROWS_WITH(model.evaluate(nothing), Contains("no step of any sequence"));
    CHECK_THROWS_WITH(model.evaluate_steps(nothing), Contains("no step of any sequence"));
    CHECK_THROWS_WITH(model.predict(data.sample(0).first(7)),
                      Contains("whole number of steps") && Contains("a multiple of 4, found 7"));
    CHECK_THROWS_WITH(model.step(data.sample(0).first(8)), Contains("expected 4, found 8"));

    Adder adder;
    CHECK_THROWS_WITH(adder.evaluate(numbers), Contains("SequenceRegressor"));
    const Dataset labelled = testing::halves(20);
    CHECK_THROWS_WITH(adder.fit(labelled, 5), Contains("features per sample differ"));
    auto five = Matrix<float>::from_shape({std::size_t{20}, std::size_t{5}});
    std::fill_n(five.data(), five.size(), 1.0F);
    const Dataset odd("odd", numbers.inputs(), five);
    CHECK_THROWS_WITH(adder.fit(odd, 5), Contains("whole number for each step"));
    auto unknowns = numbers.numbers();
    std::fill_n(unknowns.data(), unknowns.size(), unknown);
    const Dataset no_numbers("unknown", numbers.inputs(), unknowns);
    CHECK_THROWS_WITH(adder.fit(no_numbers, 5), Contains("no step of any sequence has a target"));
    adder.fit(numbers, 5);
    CHECK_THROWS_WITH(adder.evaluate(no_numbers), Contains("no step of any sequence"));
    CHECK_THROWS_WITH(adder.evaluate_steps(no_numbers), Contains("no step of any sequence"));
    // A broken weight that outputs do not show.
    std::get<0>(adder.params()).get<"input_bias">()[0] = std::numeric_limits<float>::infinity();
    CHECK(std::isfinite(adder.predict(numbers.sample(0))(5, 0)));
    CHECK(std::isnan(adder.evaluate(numbers).loss));
}

TEST_CASE("sequence presets on threads come to the same bits, and rare labels may count for more",
          "[sequences]") {
    const Dataset data = copies(100);
    std::array<std::vector<float>, 4> alone;
    std::array<std::vector<float>, 4> together;
    const auto fit_all = [&](auto& results, int threads) {
        parallel_for(4, threads, [&](std::size_t i, std::size_t) {
            Copier model(i);
            model.fit(data, 30);
            results[i] = flatten(model.params());
        });
    };
    fit_all(alone, 1);
    fit_all(together, 4);
    CHECK(alone == together);
    CHECK(alone[0] != alone[1]);

    Copier model(1);
    const Subset weighted = Subset(data).weighted({1, 1, 1, 8});
    model.fit(weighted, 30);
    CHECK(flatten(model.params()) != alone[1]);
    const Evaluation result = model.evaluate(weighted);
    CHECK(result.weight > 2 * static_cast<double>(result.count));
    CHECK(result.count == model.evaluate(data).count);
}
