// Autoencoders: inputs through a narrow layer and back, codes by themselves, files.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "support/halves.hpp"
#include "tdca/analysis/loss_plane.hpp"
#include "tdca/io/network_file.hpp"
#include "tdca/presets.hpp"
#include "unit/io/files.hpp"

using namespace tdca;
using Catch::Contains;

namespace {

using Net = Network<Input<8>, Dense<2, Identity, ScaledNormal>, Dense<8, Identity, ScaledNormal>>;
using Coder = Autoencoder<Net, 16>;

/// Eight numbers that are sums of two, and a little noise; labels that say nothing.
Dataset planes(std::size_t count, Key key = Key(3)) {
    auto inputs = Matrix<float>::from_shape({count, std::size_t{8}});
    auto labels = Tensor<std::uint16_t, 1>::from_shape({count});
    key.fill_normal(std::span<float>(inputs.data(), inputs.size()));
    for (std::size_t s = 0; s < count; ++s) {
        const float a = inputs(s, 0);
        const float b = inputs(s, 1);
        for (std::size_t f = 0; f < 8; ++f) {
            const auto share = static_cast<float>(f) / 7;
            inputs(s, f) = share * a + (1 - share) * b + 0.05F * inputs(s, f);
        }
        labels(s) = s % 2;
    }
    return {"planes", std::move(inputs), std::move(labels), 2};
}

std::span<const float> inputs_of(const Dataset& data) {
    return {data.inputs().data(), data.inputs().size()};
}

}  // namespace

TEST_CASE("an autoencoder is regression onto the inputs, whatever is told of them",
          "[autoencoder]") {
    const Dataset train = planes(1000);
    const Dataset test = planes(200, Key(4));
    Coder model(3);
    model.fit(train, 300);
    Lifetime<RegressorLearner<Net>, 16> life;
    const Dataset onto("onto", train.inputs(), train.inputs());
    life.live(architectures_genome(), onto, Key(3), 300);
    CHECK(flatten(life.params()) == flatten(model.params()));

    // Two numbers hold all but the noise; one alone, or the mean, does not.
    const RegressorEvaluation result = model.evaluate(test);
    CHECK(result.r2() > 0.97);
    CHECK(result.count == 200 * 8);
    const Matrix<float> again = model.reconstruct(inputs_of(test));
    double squares = 0;
    double distances = 0;
    for (std::size_t f = 0; f < 8; ++f) {
        double mean = 0;
        for (std::size_t s = 0; s < 200; ++s) mean += double{test.inputs()(s, f)} / 200;
        for (std::size_t s = 0; s < 200; ++s) {
            const double x = test.inputs()(s, f);
            squares += (x - double{again(s, f)}) * (x - double{again(s, f)});
            distances += (x - mean) * (x - mean);
        }
    }
    CHECK(result.loss == Approx(squares / 1600));
    CHECK(result.r2() == Approx(1 - squares / distances));
}

TEST_CASE("codes are what the narrowest layer says, and tell the sample again", "[autoencoder]") {
    using Deep = Network<Input<8>, Dense<12, Relu>, Dense<3, Identity>, Dense<12, Relu>,
                         Dense<8, Identity, ScaledNormal>>;
    STATIC_REQUIRE(Coder::code == 2);
    STATIC_REQUIRE(Autoencoder<Deep>::code == 3);
    const Dataset data = planes(100);
    Autoencoder<Deep, 16> model(2);
    model.fit(data, 50);
    const Matrix<float> codes = model.encode(inputs_of(data));
    REQUIRE(codes.shape()[0] == 100);
    REQUIRE(codes.shape()[1] == 3);
    const Matrix<float> again = model.reconstruct(inputs_of(data));
    const Matrix<float> decoded = model.decode({codes.data(), codes.size()});
    CHECK(std::equal(again.data(), again.data() + again.size(), decoded.data()));
    const Matrix<float> one = model.encode(data.sample(70));
    CHECK(std::equal(one.data(), one.data() + 3, codes.data() + 3 * 70));
    CHECK_FALSE(std::equal(one.data(), one.data() + 3, codes.data()));

    const testing::TemporaryFolder folder;
    save_network(folder / "coder", model);
    Autoencoder<Deep, 16> loaded(9);
    load_network(folder / "coder", loaded);
    const Matrix<float> same = loaded.encode(inputs_of(data));
    CHECK(std::equal(same.data(), same.data() + same.size(), codes.data()));
}

TEST_CASE("what an autoencoder cannot take is refused", "[autoencoder]") {
    const Dataset data = planes(20);
    Coder model;
    CHECK_THROWS_WITH(model.evaluate(data), Contains("Autoencoder") && Contains("call fit"));
    CHECK_THROWS_WITH(model.decode({}), Contains("call fit"));
    CHECK_THROWS_WITH(model.fit(Subset(data).first(0), 5), Contains("no samples"));
    const Dataset four = testing::halves(20);
    CHECK_THROWS_WITH(model.fit(four, 5), Contains("expected 8, found 4"));
    model.fit(data, 5);
    CHECK_THROWS_WITH(model.evaluate(four), Contains("expected 8, found 4"));
    CHECK_THROWS_WITH(model.evaluate(Subset(data).first(0)), Contains("no samples"));
    const std::vector<float> odd(9);
    CHECK_THROWS_WITH(model.encode(odd), Contains("a multiple of 8, found 9"));
    CHECK_THROWS_WITH(model.decode(odd), Contains("no whole number of codes"));
}
