// Loss landscapes: planes, directions and passages.
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <memory>
#include <span>
#include <vector>

#include "tdca/analysis/loss_plane.hpp"
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/core/error.hpp"

using namespace tdca;

namespace {

using Net = Network<Input<7>, Dense<5, Relu>, Dense<3, Softmax>>;

std::unique_ptr<Net::Params> random_params() {
    auto params = std::make_unique<Net::Params>();
    Net::initialize(*params, Key(3));
    return params;
}

double two_wells(std::span<const float> x) {
    const double v = x[0];
    return (v * v - 1) * (v * v - 1);
}

}  // namespace

TEST_CASE("Flattening a network and back changes nothing") {
    const auto params = random_params();
    const std::vector<float> flat = flatten(*params);
    Net::Params other;
    unflatten(flat, other);
    CHECK(flatten(other) == flat);
    CHECK(std::get<1>(other).get<"weights">()[4] == std::get<1>(*params).get<"weights">()[4]);
    CHECK_THROWS_WITH(unflatten(std::span(flat).first(9), other), Catch::Contains("9"));
}

TEST_CASE("Each filter of a direction has the norm of its unit's weights, and biases stay") {
    auto params = random_params();
    std::get<0>(*params).get<"weights">()[2] = 7.0F;
    const auto direction = filter_normalised_direction<Net>(*params, Key(9));
    Net::Params seen;
    unflatten(direction, seen);
    Net::for_each_layer([&](auto i) {
        constexpr std::size_t units = Net::layer<i>::output_shape::size;
        const auto own = std::get<i>(*params).template get<"weights">();
        const auto drawn = std::get<i>(seen).template get<"weights">();
        for (std::size_t unit = 0; unit < units; ++unit) {
            double a = 0;
            double b = 0;
            for (std::size_t at = unit; at < own.size(); at += units) {
                a += own[at] * own[at];
                b += drawn[at] * drawn[at];
            }
            CHECK(b == Approx(a).epsilon(1e-4));
        }
        for (const float bias : std::get<i>(seen).template get<"bias">()) CHECK(bias == 0.0F);
    });
}

TEST_CASE("A plane holds the losses where it says") {
    const std::vector<float> origin{1, 2};
    const std::vector<float> u{1, 0};
    const std::vector<float> v{0, 10};
    const std::array<double, 3> as{-1, 0, 1};
    const std::array<double, 2> bs{0, 0.5};
    const auto losses = losses_on_plane(origin, u, v, as, bs, [](std::span<const float> x) {
        return static_cast<double>(x[0] + 100 * x[1]);
    });
    CHECK(losses == std::vector<double>{200, 201, 202, 700, 701, 702});
    CHECK_THROWS_AS(losses_on_plane(origin, u, std::vector<float>(3), as, bs,
                                    [](std::span<const float>) { return 0.0; }),
                    Error);
}

TEST_CASE("A step over a hill has a barrier and a climb, a step downhill neither") {
    const std::vector<std::vector<float>> over{{-1.0F}, {1.0F}, {0.5F}};
    const auto passed = passages(over, 21, two_wells);
    REQUIRE(passed.size() == 2);
    CHECK(passed[0].barrier == Approx(1.0));
    CHECK(passed[0].climb == Approx(1.0));
    CHECK(passed[0].change == Approx(0.0).margin(1e-12));
    // Uphill to 0.5: a climb of its own end.
    CHECK(passed[1].climb == Approx(0.5625));

    const std::vector<std::vector<float>> down{{2.0F}, {1.5F}, {1.0F}};
    for (const Passage& one : passages(down, 21, two_wells)) {
        CHECK(one.barrier == Approx(0.0).margin(1e-12));
        CHECK(one.climb == 0.0);
        CHECK(one.change < 0);
    }
}

TEST_CASE("Passages of too few points, and of unlike checkpoints, are refused") {
    const std::vector<std::vector<float>> path{{1.0F}, {1.0F, 2.0F}};
    CHECK_THROWS_AS(passages(path, 1, two_wells), Error);
    const double broken[]{1, std::nan(""), 0.5};
    CHECK(std::isnan(passage(broken).barrier));
    CHECK(std::isnan(passage(broken).climb));
    CHECK_THROWS_AS(passages(path, 5, two_wells), Error);
}
