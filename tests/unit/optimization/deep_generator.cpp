// DeepGenerator: a network of layers that learns where to put its points.
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "tdca/bottom_up/activations.hpp"
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/initializers.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/concepts/task.hpp"
#include "tdca/core/error.hpp"
#include "tdca/credit/diffusion.hpp"
#include "tdca/optimization/deep_generator.hpp"
#include "tdca/optimization/ranked_deviation.hpp"
#include "tdca/top_down/top_down_network.hpp"
#include "tdca/training/learner.hpp"

using namespace tdca;

namespace {

template <std::size_t N>
using DeepLearner =
    Learner<Network<Input<4>, Dense<16, Tanh, ScaledNormal>, Dense<N, Identity, ScaledNormal>>,
            TopDownNetwork<RankedDeviation<N>, Hidden<8>, GaussianDiffusion<8>>>;

static_assert(Task<DeepGeneratorTask<DeepLearner<3>>>);
// One genome for every dimension.
static_assert(DeepLearner<3>::Genome::count == DeepLearner<30>::Genome::count);

double mean_lowest(bool told) {
    DeepLearner<3>::Genome genome;
    DeepLearner<3>::initialize(genome, Key(1));
    DeepGenerator<DeepLearner<3>> generator;
    double mean = 0;
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        // What the last batches reach, by the distance from a corner of the box.
        std::size_t count = 0;
        double late = 0;
        static_cast<void>(generator.minimize(
            genome,
            [&](std::span<const float, 3> x) {
                float value = 0;
                for (const float v : x) value += (v - 0.7F) * (v - 0.7F);
                if (++count > 1440) late += value / 160;
                return told ? value : static_cast<float>((Key(5) / seed).uniform(count));
            },
            1600, Key(seed)));
        mean += late / 8;
    }
    return mean;
}

}  // namespace

TEST_CASE("A deep generator moves its points downhill, and does not where values are noise") {
    // 8 seeds; points anywhere in the box have a mean of 2.5.
    const double told = mean_lowest(true);
    const double noise = mean_lowest(false);
    CHECK(told < 1.0);
    CHECK(noise > 1.5);
}

TEST_CASE("A deep generator is the same bits again, and survives values that are not finite") {
    DeepLearner<3>::Genome genome;
    DeepLearner<3>::initialize(genome, Key(1));
    DeepGenerator<DeepLearner<3>> generator;
    const auto run = [&] {
        std::size_t count = 0;
        return generator.minimize(
            genome,
            [&](std::span<const float, 3> x) {
                if (++count % 9 == 0) return std::numeric_limits<float>::quiet_NaN();
                return std::fabs(x[0]) + std::fabs(x[1] - 0.5F) + std::fabs(x[2]);
            },
            320, Key(3));
    };
    const float once = run();
    CHECK(run() == once);
    CHECK(once < 1.0F);
    CHECK_THROWS_AS(generator.minimize(
                        genome, [](auto) { return 0.0F; }, 3, Key(1)),
                    Error);
}

TEST_CASE("A deep generator refuses landscapes of another dimension") {
    LandscapeRange range;
    range.functions = {&find_test_function("sphere")};
    CHECK_THROWS_WITH(DeepGeneratorTask<DeepLearner<3>>(range), Catch::Contains("dimension"));
}
