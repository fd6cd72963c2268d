// Datasets and subsets: validation, cutting, splitting.
#include "tdca/data/dataset.hpp"
#include "tdca/data/subset.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <limits>
#include <set>
#include <string>
#include <type_traits>
#include <vector>

#include "unit/data/samples.hpp"
#include "unit/io/files.hpp"

using namespace tdca;
using namespace tdca::testing;
using Catch::Matchers::Contains;

static_assert(!std::is_constructible_v<Subset, Dataset&&>, "a subset of a temporary would dangle");
static_assert(std::is_convertible_v<const Dataset&, Subset>);

TEST_CASE("a dataset tells which of its parts disagree, with both values", "[dataset]") {
    const auto inputs = [](std::size_t samples, std::size_t features) {
        return Matrix<float>({samples, features}, 0.5F);
    };
    const auto labels = [](std::size_t samples, std::uint16_t label) {
        return Tensor<std::uint16_t, 1>({samples}, label);
    };
    CHECK(error_of([&] { Dataset("odd", inputs(3, 4), labels(2, 0), 2); }) ==
          "odd: one label is needed for each sample (expected 3, found 2)");
    CHECK(error_of([&] { Dataset("odd", inputs(3, 4), labels(3, 2), 2); }) ==
          "odd: the label of sample 0 is no class (expected below 2, found 2)");
    CHECK(error_of([&] { Dataset("odd", inputs(3, 0), labels(3, 0), 1); }) ==
          "odd: samples without features (expected at least 1, found 0)");
    const std::string extents = "odd: image extents do not multiply to the number of features ";
    CHECK(error_of([&] { Dataset("odd", inputs(3, 4), labels(3, 0), 1, 2, 3); }) ==
          extents + "(expected 4 features, found 2x3)");
    CHECK_THAT(error_of([&] { Dataset("odd", inputs(3, 4), labels(3, 0), 1, 4, 0); }),
               Contains("found 4x0"));
    // 2^32 x 2^32 wraps to 0, and 2^63 x 2 as well.
    const std::size_t huge = std::size_t{1} << 32U;
    CHECK_THAT(error_of([&] { Dataset("odd", inputs(3, 4), labels(3, 0), 1, huge, huge); }),
               Contains(extents));

    const float infinity = std::numeric_limits<float>::infinity();
    for (const float wrong : {infinity, -infinity, std::numeric_limits<float>::quiet_NaN()}) {
        auto values = inputs(3, 4);
        values(1, 2) = wrong;
        CHECK_THAT(error_of([&] { Dataset("odd", values, labels(3, 0), 1); }),
                   Contains("odd: feature 2 of sample 1 is no number to learn from (expected a "
                            "finite value, found "));
    }
}

TEST_CASE("a dataset shows what it was made of", "[dataset]") {
    const Dataset data = numbered_samples(5, 6, 3, 2, 3);
    CHECK(data.name() == "numbered");
    CHECK(data.size() == 5);
    CHECK(data.features() == 6);
    CHECK(data.classes() == 3);
    CHECK(data.rows() == 2);
    CHECK(data.columns() == 3);
    CHECK(data.sample(4)[5] == data.inputs()(4, 5));
    CHECK(data.label(4) == data.labels()(4));
    CHECK(data.sample(3).size() == 6);
    CHECK(Dataset("none", Matrix<float>::from_shape({0, 2}),
                  Tensor<std::uint16_t, 1>::from_shape({0}), 1)
              .size() == 0);
}

TEST_CASE("subsets are cut by position and share their rows", "[subset]") {
    const Dataset data = numbered_samples(10, 2, 4);
    const Subset samples = all(data);
    CHECK(samples.size() == 10);
    CHECK(samples.features() == 2);
    CHECK(samples.classes() == 4);
    CHECK(samples.name() == "numbered");
    const Subset middle = samples.rest(3).first(4);
    REQUIRE(middle.size() == 4);
    for (std::size_t i = 0; i < 4; ++i) {
        CHECK(middle.sample(i).data() == data.sample(3 + i).data());
        CHECK(middle.label(i) == data.label(3 + i));
    }
    CHECK(middle.range(1, 2).indices().data() == samples.indices().data() + 4);
    CHECK(samples.range(10, 0).size() == 0);
    CHECK(samples.rest(10).size() == 0);
    const Subset chosen(data, {9, 0, 9});
    CHECK(chosen.sample(2)[0] == data.sample(9)[0]);
    CHECK(error_of([&] {
              Subset(data, {9, 10});
          }) == "numbered: no such sample (expected below 10, found 10)");
}

TEST_CASE("a range that asks for more than there is says so", "[subset]") {
    const Dataset data = numbered_samples(10, 2, 4);
    const std::size_t most = std::numeric_limits<std::size_t>::max();
    const Subset part = all(data).first(6);
    const auto asks = [&](std::size_t start, std::size_t count) {
        return error_of([&] { (void)part.range(start, count); });
    };
    CHECK(asks(2, 5) ==
          "numbered: more samples are asked for than there are (expected 6 or fewer, found 5 from "
          "number 2 on)");
    CHECK_THAT(asks(7, 0), Contains("more samples"));
    CHECK_THAT(asks(3, most), Contains("more samples"));
    CHECK_THAT(asks(most, 2), Contains("more samples"));
    CHECK_THAT(error_of([&] { (void)part.rest(7); }), Contains("more samples"));
    CHECK_THAT(error_of([&] { (void)part.first(7); }), Contains("more samples"));
}

TEST_CASE("a split is disjoint, complete, keyed, and stays within its subset", "[subset]") {
    const Dataset data = numbered_samples(1000, 1, 2);
    const Subset source = all(data).rest(100);
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        const auto [train, validation, rest] =
            split(source, Key(seed), 600, 200U, std::size_t{100});
        CHECK(train.size() == 600);
        CHECK(validation.size() == 200);
        CHECK(rest.size() == 100);
        std::set<std::uint32_t> seen;
        for (const Subset& part : {train, validation, rest}) {
            seen.insert(part.indices().begin(), part.indices().end());
        }
        CHECK(seen.size() == 900);
        CHECK(*seen.begin() == 100);

        const auto again = split(source, Key(seed), 600, 200);
        CHECK(std::ranges::equal(again[0].indices(), train.indices()));
        CHECK(std::ranges::equal(again[1].indices(), validation.indices()));
        const auto other = split(source, Key(seed + 100), 600);
        CHECK_FALSE(std::ranges::equal(other[0].indices(), train.indices()));
        // A random 600 of 900 keeps about 200 of the 300 rows up to 399; 8 standard deviations.
        const auto low = std::ranges::count_if(train.indices(), [](auto i) { return i < 400; });
        CHECK(std::abs(low - 200) < 8 * 7);
    }
}

TEST_CASE("a split that asks for more than there is says so", "[subset]") {
    const Dataset data = numbered_samples(10, 2, 4);
    CHECK(error_of([&] { (void)split(data, Key(1), 8, 3); }) ==
          "numbered: more samples are asked for than there are (expected 10 or fewer, found 3 from "
          "number 8 on)");
    CHECK(error_of([&] { (void)split(data, Key(1), 8, -1); }) ==
          "numbered: a part with a negative number of samples (expected 0 or more, found -1)");
}

TEST_CASE("a copied batch is padded with zero rows", "[subset]") {
    const Dataset data = numbered_samples(10, 3, 4);
    const Subset samples = all(data).rest(1);
    std::vector<float> inputs(4 * 3, -1.0F);
    std::vector<std::uint16_t> labels(4, 99);
    CHECK(samples.copy(0, inputs, labels) == 4);
    CHECK(std::ranges::equal(inputs, std::span(data.inputs().data() + 3, 12)));
    CHECK(samples.copy(7, inputs, labels) == 2);
    CHECK(std::ranges::equal(std::span(inputs).first(6), std::span(data.inputs().data() + 24, 6)));
    CHECK(std::ranges::count(std::span(inputs).last(6), 0.0F) == 6);
    CHECK(labels == std::vector<std::uint16_t>{data.label(8), data.label(9), 0, 0});
    for (const std::size_t beyond : {std::size_t{9}, std::numeric_limits<std::size_t>::max()}) {
        CHECK(samples.copy(beyond, inputs, labels) == 0);
        CHECK(std::ranges::count(inputs, 0.0F) == 12);
    }
}
