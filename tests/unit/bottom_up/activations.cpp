// Activations: values, slopes at the output, and softmax at its limits.
#include "tdca/bottom_up/activations.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <vector>

#include "tdca/concepts/activation.hpp"

using namespace tdca;

TEMPLATE_TEST_CASE("slopes are the derivative, told from the output", "[activation]", Identity,
                   Relu, LeakyRelu, Tanh, Sigmoid) {
    STATIC_REQUIRE(ElementwiseActivation<TestType>);
    constexpr double h = 1e-6;
    for (double x = -3.05; x < 3; x += 0.1) {
        const double numeric = (TestType::apply(x + h) - TestType::apply(x - h)) / (2 * h);
        CHECK(TestType::slope(TestType::apply(x)) == Approx(numeric).margin(1e-7));
    }
}

TEMPLATE_TEST_CASE("packs and scalars agree", "[activation]", Identity, Relu, LeakyRelu, Tanh,
                   Sigmoid) {
    for (float x = -20; x < 20; x += 0.37F) {
        std::array<float, lanes<float>> out{};
        simd::store(out.data(), TestType::apply(Pack<float>(x)));
        for (const float value : out) CHECK(value == Approx(TestType::apply(x)).margin(2e-7));
        simd::store(out.data(), TestType::slope(Pack<float>(0.3F)));
        CHECK(out[0] == Approx(TestType::slope(0.3F)));
    }
}

TEMPLATE_TEST_CASE("what is NaN stays NaN, in packs as in scalars", "[activation][fault]", Identity,
                   Relu, LeakyRelu, Tanh, Sigmoid) {
    const float none = std::numeric_limits<float>::quiet_NaN();
    CHECK(std::isnan(TestType::apply(none)));
    float packed[lanes<float>];
    simd::store(packed, TestType::apply(Pack<float>(none)));
    for (const float value : packed) CHECK(std::isnan(value));
}

TEST_CASE("known values", "[activation]") {
    CHECK(Relu::apply(-2.0F) == 0.0F);
    CHECK(Relu::slope(0.0F) == 0.0F);
    CHECK(LeakyRelu::apply(-2.0F) == -0.02F);
    CHECK(Tanh::apply(0.5) == Approx(std::tanh(0.5)));
    CHECK(Sigmoid::apply(0.7) == Approx(1 / (1 + std::exp(-0.7))));
}

TEST_CASE("softmax sums to one, keeps order, and cannot overflow", "[activation]") {
    STATIC_REQUIRE(NormalizingActivation<Softmax>);
    STATIC_REQUIRE_FALSE(ElementwiseActivation<Softmax>);
    for (const std::size_t count : {1U, 2U, 10U, 16U, 33U}) {
        std::vector<float> values(count);
        for (std::size_t i = 0; i < count; ++i) values[i] = std::sin(static_cast<float>(i)) * 3;
        std::vector<double> expected(count);
        double total = 0;
        for (std::size_t i = 0; i < count; ++i) total += expected[i] = std::exp(double{values[i]});
        Softmax::normalize(std::span<float>(values));
        for (std::size_t i = 0; i < count; ++i) {
            CHECK(double{values[i]} == Approx(expected[i] / total).epsilon(1e-5));
        }
    }
    std::array<float, 3> extreme{1e30F, -1e30F, 1e30F};
    Softmax::normalize(std::span<float, 3>(extreme));
    CHECK(extreme[0] == 0.5F);
    CHECK(extreme[1] == 0.0F);
}

TEST_CASE("softmax of a batch is softmax of each sample", "[activation]") {
    constexpr std::size_t samples = 29;
    const auto check = []<std::size_t Units>(std::integral_constant<std::size_t, Units>) {
        std::vector<float> rows(samples * Units);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            rows[i] = 9 * std::sin(static_cast<float>(i * i));
        }
        std::vector<float> batch = rows;
        Softmax::normalize_rows<samples, Units>(std::span<float, samples * Units>(batch));
        for (std::size_t s = 0; s < samples; ++s) {
            double total = 0;
            for (std::size_t u = 0; u < Units; ++u) total += std::exp(double{rows[s * Units + u]});
            for (std::size_t u = 0; u < Units; ++u) {
                const double expected = std::exp(double{rows[s * Units + u]}) / total;
                CHECK(double{batch[s * Units + u]} == Approx(expected).epsilon(2e-6));
            }
        }
    };
    check(std::integral_constant<std::size_t, 1>{});
    check(std::integral_constant<std::size_t, 10>{});
    check(std::integral_constant<std::size_t, 40>{});
}
