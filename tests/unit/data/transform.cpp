// Standardization and pooling.
#include "tdca/data/transform.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <utility>

#include "tdca/core/number.hpp"
#include "unit/data/samples.hpp"
#include "unit/io/files.hpp"

using namespace tdca;
using namespace tdca::testing;

namespace {
/// Four samples of three features; the last feature is constant.
Dataset small() {
    return {"small", Matrix<float>{{1, 10, 5}, {2, 30, 5}, {3, 20, 5}, {100, 400, 5}},
            Tensor<std::uint16_t, 1>{0, 1, 0, 1}, 2};
}
}  // namespace

TEST_CASE("one standardization of all features is fitted to a subset only", "[transform]") {
    const Dataset data = small();
    const auto fitted = Standardization::fit(all(data).first(3));
    // The nine values 1 2 3 10 20 30 5 5 5: mean 9, sum of squares 1489 - 9 * 81.
    CHECK(fitted.mean == Approx(9.0));
    CHECK(fitted.scale == Approx(std::sqrt((1489.0 - 729.0) / 9.0)));
    const Dataset applied = fitted.apply(data);
    CHECK(applied.inputs()(3, 1) == Approx((400.0 - fitted.mean) / fitted.scale));
    CHECK(applied.name() == "small");
    CHECK(applied.labels() == data.labels());
    const auto again = Standardization::fit(all(applied).first(3));
    CHECK(again.mean == Approx(0.0).margin(1e-6));
    CHECK(again.scale == Approx(1.0));
}

TEST_CASE("a standardization of each feature centres constant features", "[transform]") {
    const Dataset data = small();
    const auto fitted = FeatureStandardization::fit(all(data).first(3));
    CHECK(fitted.mean[0] == Approx(2.0));
    CHECK(fitted.mean[1] == Approx(20.0));
    CHECK(fitted.scale[0] == Approx(std::sqrt(2.0 / 3.0)));
    CHECK(fitted.scale[1] == Approx(std::sqrt(200.0 / 3.0)));
    CHECK(fitted.scale[2] == 1.0);
    const Dataset applied = fitted.apply(data);
    CHECK(applied.inputs()(0, 1) == Approx(-10.0 / fitted.scale[1]));
    CHECK(applied.inputs()(3, 2) == 0.0F);
    CHECK(error_of([&] { (void)fitted.apply(numbered_samples(2, 4, 2)); }) ==
          "numbered: standardization fitted to other features (expected 3, found 4)");
}

TEST_CASE("a constant feature becomes 0 exactly", "[transform]") {
    // Sums of single precision in double are exact here: the mean is the value, the spread is 0.
    for (const float value : {0.1F, -0.3F, 1e-30F, 3e38F, 0.0F}) {
        for (const std::size_t samples : {1U, 3U, 10U, 341U, 1078U}) {
            const Dataset data("constant", Matrix<float>({samples, 1}, value),
                               Tensor<std::uint16_t, 1>({samples}, std::uint16_t{0}), 1);
            const auto fitted = FeatureStandardization::fit(data);
            CHECK(fitted.scale[0] == 1.0);
            CHECK(fitted.apply(data).inputs() == Matrix<float>({samples, 1}, 0.0F));
        }
    }
}

TEST_CASE("a standardization keeps image extents and wants samples", "[transform]") {
    const Dataset images = numbered_samples(3, 6, 2, 2, 3);
    CHECK(Standardization{1.0, 2.0}.apply(images).rows() == 2);
    CHECK(FeatureStandardization::fit(images).apply(images).columns() == 3);
    const Subset none = all(images).first(0);
    const std::string problem =
        "numbered: no samples to fit a standardization to (expected at least 1, found 0)";
    CHECK(error_of([&] { (void)Standardization::fit(none); }) == problem);
    CHECK(error_of([&] { (void)FeatureStandardization::fit(none); }) == problem);
}

TEST_CASE("pooling averages squares of pixels", "[transform]") {
    Matrix<float> inputs{{1, 2, 3, 4, 5, 6, 7, 8}, {0, 0, 4, 4, 8, 0, 0, 0}};
    const Dataset images("images", std::move(inputs), Tensor<std::uint16_t, 1>{1, 0}, 2, 2, 4);
    const Dataset pooled = pool(images, 2);
    CHECK(pooled.rows() == 1);
    CHECK(pooled.columns() == 2);
    CHECK(pooled.inputs() == Matrix<float>{{3.5F, 5.5F}, {2.0F, 2.0F}});
    CHECK(pooled.labels() == images.labels());
    CHECK(pool(images, 1).inputs() == images.inputs());
}

TEST_CASE("pooling says why it cannot", "[transform]") {
    const Dataset images = numbered_samples(2, 24, 2, 4, 6);
    for (const std::size_t factor : {0U, 3U, 4U, 8U}) {
        CHECK(error_of([&] { (void)pool(images, factor); }) ==
              "numbered: the pooling factor does not divide the image (expected a divisor of 4x6, "
              "found " +
                  to_text(factor) + ")");
    }
    CHECK(error_of([&] { (void)pool(numbered_samples(2, 4, 2), 2); }) ==
          "numbered: only images can be pooled (expected rows and columns, found 4 features)");
}

TEST_CASE("a share of the labels is wrong, each by any other class alike", "[transform]") {
    constexpr std::size_t samples = 6000;
    auto inputs = Matrix<float>::from_shape({samples, 1});
    auto labels = Tensor<std::uint16_t, 1>::from_shape({samples});
    for (std::size_t i = 0; i < samples; ++i) {
        inputs(i, 0) = static_cast<float>(i);
        labels(i) = static_cast<std::uint16_t>(i % 4);
    }
    const Dataset data("labels", inputs, labels, 4);
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        const Dataset wrong = with_wrong_labels(data, 0.3, Key(seed));
        std::array<std::size_t, 4> shifts{};
        for (std::size_t i = 0; i < samples; ++i) {
            REQUIRE(wrong.label(i) < 4);
            REQUIRE(wrong.sample(i)[0] == data.sample(i)[0]);
            ++shifts[(wrong.label(i) + 4U - data.label(i)) % 4];
        }
        // 1,800 of them, 600 by each shift: five standard deviations, or 1 false alarm in 50,000.
        CHECK(std::fabs(static_cast<double>(shifts[0]) - 4200) < 5 * 35.5);
        for (const std::size_t shift : {1U, 2U, 3U}) {
            CHECK(std::fabs(static_cast<double>(shifts[shift]) - 600) < 5 * 23.2);
        }
        CHECK(std::ranges::equal(with_wrong_labels(data, 0, Key(seed)).labels(), data.labels()));
    }
    CHECK_THROWS_WITH(with_wrong_labels(data, 1.5, Key(1)), Catch::Contains("from 0 to 1"));
    CHECK_THROWS_WITH(with_wrong_labels(data, std::nan(""), Key(1)), Catch::Contains("no share"));
    const Dataset one("one", Matrix<float>{{1}, {2}}, Tensor<std::uint16_t, 1>{0, 0}, 1);
    CHECK_THROWS_WITH(with_wrong_labels(one, 0.5, Key(1)), Catch::Contains("at least 2 classes"));
}
