// Scores against values that scikit-learn 1.2.1 gives.
#include "tdca/analysis/scores.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

using namespace tdca;
using Catch::Contains;

namespace {

constexpr float unknown = std::numeric_limits<float>::quiet_NaN();

}  // namespace

TEST_CASE("numbers are scored by squared errors, absolute errors and explained variance",
          "[scores]") {
    const std::array<float, 4> truth{3, -0.5F, 2, 7};
    const std::array<float, 4> predicted{2.5F, 0, 2, 8};
    const RegressionScores scores = regression_scores(predicted, truth);
    CHECK(scores.rmse == Approx(std::sqrt(0.375)));
    CHECK(scores.mae == Approx(0.5));
    CHECK(scores.r2 == Approx(0.9486081370449679));  // sklearn.metrics.r2_score
    const std::array<float, 5> more{3, -0.5F, unknown, 2, 7};
    const std::array<float, 5> said{2.5F, 0, 99, 2, 8};
    CHECK(regression_scores(said, more).r2 == Approx(scores.r2));
    CHECK(regression_scores(std::array<float, 2>{1, 2}, std::array<float, 2>{5, 5}).r2 == 0);
    CHECK_THROWS_WITH(regression_scores(said, truth), Contains("one prediction"));
    CHECK_THROWS_WITH(regression_scores(std::array<float, 1>{1}, std::array<float, 1>{unknown}),
                      Contains("no numbers that are known"));
}

TEST_CASE("the area under the curve counts pairs, half of those that are even", "[scores]") {
    const std::array<float, 4> scores{0.1F, 0.4F, 0.35F, 0.8F};
    CHECK(area_under_roc(scores, std::array<std::uint8_t, 4>{0, 0, 1, 1}) == Approx(0.75));
    CHECK(area_under_roc(std::array<float, 4>{1, 1, 1, 1},
                         std::array<std::uint8_t, 4>{0, 1, 0, 1}) == Approx(0.5));
    CHECK(std::isnan(area_under_roc(scores, std::array<std::uint8_t, 4>{1, 1, 1, 1})));
}

TEST_CASE("a truth that never changes explains nothing, however its mean is rounded",
          "[scores][fault]") {
    const std::vector<float> truth(1000, 0.1F);
    CHECK(regression_scores(std::vector<float>(1000, 0.2F), truth).r2 == 0);
    CHECK(regression_scores(std::vector<double>(1000, 0.2), std::vector<double>(1000, 0.1)).r2 ==
          0);
    // One that hardly changes: 999 are 0.1, and one is the next number.
    std::vector<double> hardly(1000, 0.1);
    hardly[500] = std::nextafter(0.1, 1.0);
    std::vector<double> said(1000, 0.1);
    CHECK(regression_scores(said, hardly).r2 == Approx(1 - 1.0 / 0.999));
}

TEST_CASE("numbers whose squares double precision does not have are scored", "[scores][fault]") {
    for (const double unit : {1e200, 1e-200, 1.0, 1e307, 1e-310}) {
        const std::array<double, 2> predicted{unit, 2 * unit};
        const std::array<double, 2> truth{unit, 2.1 * unit};
        const RegressionScores scores = regression_scores(predicted, truth);
        INFO(unit);
        CHECK(scores.rmse / unit == Approx(0.1 / std::sqrt(2.0)));
        CHECK(scores.mae / unit == Approx(0.05));
        CHECK(scores.r2 == Approx(1 - 0.01 / 0.605));
    }
    // Errors of another order of magnitude than the truth.
    const std::array<double, 2> truth{1, 2};
    CHECK(regression_scores(std::array<double, 2>{1e200, 2}, truth).rmse ==
          Approx(1e200 / std::sqrt(2.0)));
    CHECK(regression_scores(truth, truth).r2 == 1);
}

TEST_CASE("a score that is NaN is told, wherever it stands", "[scores][fault]") {
    std::array<float, 3> scores{0.1F, 0.9F, unknown};
    std::array<std::uint8_t, 3> is{0, 1, 0};
    for (int turn = 0; turn < 3; ++turn) {
        CHECK(std::isnan(area_under_roc(scores, is)));
        CHECK_THROWS_WITH(multi_label_scores(scores, std::array<float, 3>{0, 1, 0}, 1),
                          Contains("multi_label_scores: probability") && Contains("no number"));
        std::ranges::rotate(scores, scores.begin() + 1);
        std::ranges::rotate(is, is.begin() + 1);
    }
    CHECK_THROWS_WITH(classification_scores(std::array<float, 4>{0.1F, 0.9F, 0.2F, unknown},
                                            std::array<std::uint16_t, 2>{1, 0}, 2),
                      Contains("classification_scores: probability 3 is no number"));
}

TEST_CASE("classes are scored by accuracy, loss, macro-F1, area and confusion", "[scores]") {
    // clang-format off
    const std::array<float, 15> p{0.7F, 0.2F, 0.1F,  0.3F, 0.6F, 0.1F,  0.2F, 0.5F, 0.3F,
                                  0.1F, 0.2F, 0.7F,  0.5F, 0.3F, 0.2F};
    // clang-format on
    const std::array<std::uint16_t, 5> labels{0, 1, 2, 2, 1};
    const ClassificationScores scores = classification_scores(p, labels, 3);
    CHECK(scores.accuracy == Approx(0.6));
    CHECK(scores.loss == Approx(0.7264242240590655));  // sklearn.metrics.log_loss
    CHECK(scores.macro_f1 == Approx(0.6111111));       // f1_score, average="macro"
    CHECK(scores.mean_recall == Approx(2.0 / 3));      // balanced_accuracy_score
    // Mean of roc_auc_score of each class against the rest: 1, 5/6, 1.
    CHECK(scores.auc == Approx((1 + 5.0 / 6 + 1) / 3));
    CHECK(scores.confusion == std::vector<std::size_t>{1, 0, 0, 1, 1, 0, 0, 1, 1});
    CHECK_THROWS_WITH(classification_scores(p, labels, 2), Contains("a row of probabilities"));
    CHECK_THROWS_WITH(classification_scores(p, std::array<std::uint16_t, 5>{0, 1, 2, 3, 1}, 3),
                      Contains("no class"));
    // A class that neither occurs nor is predicted does not count.
    const std::array<float, 6> two{0.9F, 0.1F, 0, 0.2F, 0.8F, 0};
    CHECK(classification_scores(two, std::array<std::uint16_t, 2>{0, 1}, 3).macro_f1 == 1);
}

TEST_CASE("labels are scored one by one, where they are known", "[scores]") {
    const std::array<float, 8> p{0.9F, 0.2F, 0.6F, 0.7F, 0.1F, 0.4F, 0.3F, 0.8F};
    const std::array<float, 8> truth{1, 0, 0, 1, 0, unknown, 1, 1};
    const MultiLabelScores scores = multi_label_scores(p, truth, 2);
    CHECK(scores.accuracy == Approx(5.0 / 7));
    CHECK(scores.macro_f1 == Approx((0.5 + 1) / 2));
    CHECK(scores.auc == Approx((0.75 + 1) / 2));
    CHECK_THROWS_WITH(multi_label_scores(p, truth, 3), Contains("a probability is needed"));
}
