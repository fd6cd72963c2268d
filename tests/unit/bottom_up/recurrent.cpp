// Recurrent layers: traces against differences, and what a cell does step by step.
#include <catch2/catch.hpp>
#include <cmath>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "support/differences.hpp"
#include "tdca/bottom_up/cells.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/shape.hpp"

using namespace tdca;

namespace {

constexpr std::size_t samples = 3;
constexpr std::size_t steps = 19;  // two blocks, and a part of one
constexpr std::size_t features = 5;
constexpr std::size_t units = 11;

template <class Spec>
using Bound = typename Spec::template Bound<double, Shape<steps, features>>;

/// A layer with random weights, its input, and what its outputs are worth.
template <class Spec>
struct Scene {
    using L = Bound<Spec>;

    explicit Scene(std::uint64_t seed) {
        (Key(seed) / 0).fill_normal(std::span<double>(in));
        (Key(seed) / 1).fill_normal(std::span<double>(worth));
        (Key(seed) / 2).fill_normal(std::span<double>(params->flat()));
        for (double& weight : params->flat()) weight *= 0.5;
    }

    double value() {
        L::template forward_training<samples>(
            *params, std::span<const double, samples * steps * features>(in),
            std::span<double, samples * units>(out), *eligibility, Key(0));
        double total = 0;
        for (std::size_t i = 0; i < out.size(); ++i) total += worth[i] * out[i] / samples;
        return total;
    }

    std::vector<double> in = std::vector<double>(samples * steps * features);
    std::vector<double> worth = std::vector<double>(samples * units);
    std::vector<double> out = std::vector<double>(samples * units);
    std::unique_ptr<typename L::Params> params = std::make_unique<typename L::Params>();
    std::unique_ptr<typename L::template Eligibility<samples>> eligibility =
        std::make_unique<typename L::template Eligibility<samples>>();
};

}  // namespace

TEMPLATE_TEST_CASE("where neurons do not feed each other, credit × trace is the exact derivative",
                   "[recurrent]", (Rnn<units, 4>), (Rnn<units>), Gru<units>, Lstm<units>) {
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        Scene<TestType> scene(seed);
        using L = Bound<TestType>;
        for (double& weight : scene.params->template get<"recurrent">()) weight = 0;
        (void)scene.value();
        const auto delta = std::make_unique<typename L::Params>();
        L::template correlate<samples>(
            std::span<const double, samples * steps * features>(scene.in),
            std::span<const double, samples * units>(scene.worth), *scene.eligibility, *delta);
        // One synapse in seven is enough, and they are of all kinds.
        testing::check_derivative(
            scene.params->flat(), delta->flat(), [&] { return scene.value(); }, seed % 7, 7);
    }
}

TEMPLATE_TEST_CASE("without traces a layer runs the same way", "[recurrent]", (Rnn<units, 4>),
                   Gru<units>, Lstm<units>, Lif<units>) {
    Scene<TestType> scene(2);
    using L = Bound<TestType>;
    (void)scene.value();
    const auto out = scene.out;
    const auto traces = scene.eligibility->traces;
    L::template forward<samples>(*scene.params,
                                 std::span<const double, samples * steps * features>(scene.in),
                                 std::span<double, samples * units>(scene.out), *scene.eligibility);
    CHECK(scene.out == out);
    CHECK(scene.eligibility->traces == traces);
}

TEST_CASE("a gated recurrent unit does what its equations say") {
    Scene<Gru<units>> scene(1);
    (void)scene.value();
    const auto logistic = [](double x) { return 1 / (1 + std::exp(-x)); };
    const auto& p = *scene.params;
    for (std::size_t s = 0; s < samples; ++s) {
        std::vector<double> h(units);
        for (std::size_t t = 0; t < steps; ++t) {
            std::vector<double> next(units);
            for (std::size_t j = 0; j < units; ++j) {
                double a[3];
                double b[3];
                for (std::size_t g = 0; g < 3; ++g) {
                    const std::size_t sum = g * units + j;
                    a[g] = p.get<"input_bias">()[sum];
                    b[g] = p.get<"recurrent_bias">()[sum];
                    for (std::size_t i = 0; i < features; ++i) {
                        a[g] += scene.in[(s * steps + t) * features + i] *
                                p.get<"input">()[i * 3 * units + sum];
                    }
                    for (std::size_t i = 0; i < units; ++i) {
                        b[g] += h[i] * p.get<"recurrent">()[i * 3 * units + sum];
                    }
                }
                const double z = logistic(a[1] + b[1]);
                const double n = std::tanh(a[2] + logistic(a[0] + b[0]) * b[2]);
                next[j] = (1 - z) * n + z * h[j];
            }
            h = next;
        }
        for (std::size_t j = 0; j < units; ++j) {
            CHECK(scene.out[s * units + j] == Approx(h[j]).margin(1e-10));
        }
    }
}
