// Networks: bound shapes, forward pass, local updates, births.
#include "tdca/bottom_up/network.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <memory>
#include <vector>

#include "support/differences.hpp"
#include "tdca/bottom_up/dense.hpp"

using namespace tdca;

namespace {

using Net = Network<Input<3, 2>, Dense<5, Tanh>, Dense<4, Relu>, Dense<3, Softmax>>;
using Exact = BasicNetwork<double, Input<6>, Dense<5, Tanh>, Dense<4, Relu>, Dense<3, Softmax>>;

}  // namespace

TEST_CASE("shapes are bound along the chain", "[network]") {
    STATIC_REQUIRE(Net::depth == 3);
    STATIC_REQUIRE(std::is_same_v<Net::layer<0>::input_shape, Shape<3, 2>>);
    STATIC_REQUIRE(std::is_same_v<Net::layer<1>::input_shape, Shape<5>>);
    STATIC_REQUIRE(std::is_same_v<Net::output_shape, Shape<3>>);
    STATIC_REQUIRE(Net::parameter_count == 6 * 5 + 5 + 5 * 4 + 4 + 4 * 3 + 3);
    STATIC_REQUIRE(BoundLayer<Net::layer<1>>);
}

TEST_CASE("forward agrees with plain loops, in both precisions", "[network]") {
    constexpr std::size_t samples = 9;
    const auto check = []<class N>(N, double tolerance) {
        using T = typename N::scalar;
        const auto params = std::make_unique<typename N::Params>();
        const auto activities = std::make_unique<typename N::template Activities<samples>>();
        typename N::template Eligibilities<samples> eligibilities;
        N::initialize(*params, Key(1));
        for (T& bias : std::get<1>(*params).template get<"bias">()) bias = T(0.25);
        std::vector<T> x(samples * 6);
        Key(2).fill_normal(std::span<T>(x));
        N::template forward<samples>(*params, std::span<const T, samples * 6>(x), *activities,
                                     eligibilities);
        for (std::size_t s = 0; s < samples; ++s) {
            std::vector<double> below(x.begin() + static_cast<std::ptrdiff_t>(s * 6),
                                      x.begin() + static_cast<std::ptrdiff_t>(s * 6 + 6));
            N::for_each_layer([&](auto i) {
                using L = typename N::template layer<i>;
                constexpr std::size_t units = L::output_shape::size;
                std::vector<double> above(units);
                double total = 0;
                for (std::size_t u = 0; u < units; ++u) {
                    above[u] = double{std::get<i>(*params).template get<"bias">()[u]};
                    for (std::size_t k = 0; k < below.size(); ++k) {
                        above[u] +=
                            below[k] *
                            double{std::get<i>(*params).template get<"weights">()[k * units + u]};
                    }
                    if (i == 0) above[u] = std::tanh(above[u]);
                    if (i == 1) above[u] = std::max(above[u], 0.0);
                    if (i == 2) total += above[u] = std::exp(above[u]);
                }
                for (std::size_t u = 0; u < units; ++u) {
                    if (i == 2) above[u] /= total;
                    CHECK(double{activities->template get<i>()[s * units + u]} ==
                          Approx(above[u]).margin(tolerance));
                }
                below = above;
            });
        }
    };
    check(Network<Input<6>, Dense<5, Tanh>, Dense<4, Relu>, Dense<3, Softmax>>{}, 1e-6);
    check(Exact{}, 1e-12);
}

// The local update of one dense layer whose credit is the true gradient of an objective must be
// the gradient of that objective with respect to its weights: a finite difference says so.
TEST_CASE("credit × activity is what a synapse contributes", "[network]") {
    using L = Dense<4, Tanh>::Bound<double, Shape<6>>;
    constexpr std::size_t samples = 5;
    const auto params = std::make_unique<L::Params>();
    L::initialize(*params, Key(1));
    std::vector<double> x(samples * 6);
    std::vector<double> target(samples * 4);
    Key(2).fill_normal(std::span<double>(x));
    Key(3).fill_normal(std::span<double>(target));
    NoEligibility none;
    std::vector<double> out(samples * 4);
    const auto objective = [&] {
        L::forward<samples>(*params, std::span<const double, samples * 6>(x),
                            std::span<double, samples * 4>(out), none);
        double total = 0;
        for (std::size_t i = 0; i < out.size(); ++i) total += target[i] * out[i] / samples;
        return total;
    };
    objective();
    std::vector<double> credit = target;
    L::gate<samples>(std::span<const double, samples * 4>(out), none,
                     std::span<double, samples * 4>(credit));
    const auto delta = std::make_unique<L::Params>();
    L::correlate<samples>(std::span<const double, samples * 6>(x),
                          std::span<const double, samples * 4>(credit), none, *delta);
    testing::check_derivative(params->flat(), delta->flat(), objective);
}

// Standard errors of a variance over 20,000 weights are 1 %; 5 of them false-alarm at 5.7e-7 each.
TEST_CASE("births have the variance of their rule", "[initializers]") {
    std::vector<float> weights(200 * 100);
    const auto variance = [&](auto initializer, std::uint64_t seed) {
        decltype(initializer)::fill(std::span<float>(weights), 200, 100, Key(seed));
        double total = 0;
        for (const float w : weights) total += double{w} * double{w};
        return total / static_cast<double>(weights.size());
    };
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        CHECK(variance(ScaledNormal{}, seed) == Approx(1.0 / 200).epsilon(0.05));
        CHECK(variance(HeNormal{}, seed) == Approx(2.0 / 200).epsilon(0.05));
        CHECK(variance(Zero{}, seed) == 0.0);
    }
}

TEST_CASE("topographic wiring is the feedback, transposed", "[initializers]") {
    const std::array<float, 6> feedback{1, 2, 3, 4, 5, 6};  // 2 outputs × 3 inputs
    std::array<float, 6> weights{};
    wire_topographically<3, 2>(std::span<const float, 6>(feedback), 0.5F,
                               std::span<float, 6>(weights));
    CHECK(weights == std::array<float, 6>{0.5F, 2.0F, 1.0F, 2.5F, 1.5F, 3.0F});
}

TEST_CASE("layers are born from keys of their own", "[network]") {
    const auto a = std::make_unique<Net::Params>();
    const auto b = std::make_unique<Net::Params>();
    Net::initialize(*a, Key(1));
    Net::initialize(*b, Key(1));
    CHECK(std::get<0>(*a).get<"weights">()[0] == std::get<0>(*b).get<"weights">()[0]);
    CHECK(std::get<0>(*a).get<"weights">()[0] != std::get<1>(*a).get<"weights">()[0]);
    Net::initialize(*b, Key(2));
    CHECK(std::get<0>(*a).get<"weights">()[0] != std::get<0>(*b).get<"weights">()[0]);
}
