// Layers without synapses hand credit to whom it concerns: to neurons that their outputs depend on.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "support/differences.hpp"
#include "support/numbers.hpp"
#include "tdca/bottom_up/activations.hpp"
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/dropout.hpp"
#include "tdca/bottom_up/flatten.hpp"
#include "tdca/bottom_up/layer_norm.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/bottom_up/pool.hpp"
#include "tdca/bottom_up/running_norm.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/shape.hpp"

using namespace tdca;
using tdca::testing::normal;

namespace {

constexpr std::size_t samples = 3;

}  // namespace

TEMPLATE_TEST_CASE("credit goes to the neurons that an output depends on, as much as it does",
                   "[relay]", MaxPool<2>, (MaxPool<3, 2>), (MaxPool<2, 3>), AvgPool<2>,
                   (AvgPool<3, 1>), Flatten, LayerNorm<1>, LayerNorm<2>, LayerNorm<3>,
                   Dropout<30>) {
    using L = typename TestType::template Bound<double, Shape<2, 8, 6>>;
    STATIC_REQUIRE(RelayLayer<L>);
    constexpr std::size_t inputs = samples * L::input_shape::size;
    constexpr std::size_t outputs = samples * L::output_shape::size;
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        auto in = normal(inputs, Key(seed) / 0);
        const auto credit = normal(outputs, Key(seed) / 1);
        std::vector<double> out(outputs);
        std::vector<double> below(inputs, 9.0);
        typename L::Params params;
        const auto eligibility = std::make_unique<typename L::template Eligibility<samples>>();
        const auto value = [&] {
            const std::span<const double, inputs> read(in);
            const std::span<double, outputs> written(out);
            if constexpr (TrainingLayer<L>) {
                L::template forward_training<samples>(params, read, written, *eligibility,
                                                      Key(seed) / 2);
            } else {
                L::template forward<samples>(params, read, written, *eligibility);
            }
            double total = 0;
            for (std::size_t i = 0; i < outputs; ++i) total += credit[i] * out[i];
            return total;
        };
        (void)value();
        L::template relay<samples>(std::span<const double, inputs>(in),
                                   std::span<const double, outputs>(out), *eligibility,
                                   std::span<const double, outputs>(credit),
                                   std::span<double, inputs>(below));
        testing::check_derivative(in, below, value);
    }
}

TEST_CASE("layer normalisation leaves mean 0 and variance 1, over the axes it is told") {
    using L = LayerNorm<2>::Bound<double, Shape<5, 4, 7>>;
    constexpr std::size_t width = 4 * 7;
    auto in = normal(samples * 5 * width, Key(1));
    for (double& x : in) x = 3 * x + 2;
    std::vector<double> out(in.size());
    const L::Params none;
    const auto eligibility = std::make_unique<L::Eligibility<samples>>();
    L::forward<samples>(none, std::span<const double, samples * 5 * width>(in),
                        std::span<double, samples * 5 * width>(out), *eligibility);
    for (std::size_t row = 0; row < samples * 5; ++row) {
        double sum = 0;
        double squares = 0;
        for (std::size_t i = 0; i < width; ++i) {
            sum += out[row * width + i];
            squares += out[row * width + i] * out[row * width + i];
        }
        CHECK(sum / width == Approx(0).margin(1e-12));
        CHECK(squares / width == Approx(1).epsilon(1e-4));
    }
}

namespace {

/// Output, and credit handed down from a credit of 1 for the first neuron.
template <class Scalar, std::size_t Width>
std::pair<std::vector<Scalar>, std::vector<Scalar>> normalised(const std::vector<Scalar>& in) {
    using L = typename LayerNorm<1>::template Bound<Scalar, Shape<Width>>;
    std::vector<Scalar> out(Width);
    std::vector<Scalar> credit(Width);
    std::vector<Scalar> below(Width);
    credit[0] = 1;
    typename L::Params params;
    typename L::template Eligibility<1> eligibility;
    const std::span<const Scalar, Width> read(in);
    L::template forward<1>(params, read, std::span<Scalar, Width>(out), eligibility);
    L::template relay<1>(read, std::span<const Scalar, Width>(out), eligibility,
                         std::span<const Scalar, Width>(credit), std::span<Scalar, Width>(below));
    return {out, below};
}

template <std::size_t Width>
void constant_rows_are_zero() {
    const float most = std::numeric_limits<float>::max();
    for (const float value : {273.15F, 12345.6F, 1000000.3F, 0.1F, -7e-5F, 1e19F, -1e38F, most}) {
        const auto [out, below] = normalised<float, Width>(std::vector<float>(Width, value));
        CHECK(std::ranges::all_of(out, [](float x) { return x == 0; }));
        // (1 − 1/n) / √ε
        CHECK(below[0] == Approx((1 - 1.0 / Width) / std::sqrt(1e-5)).epsilon(1e-5).margin(1e-6));
    }
}

}  // namespace

TEST_CASE("layer normalisation of equal numbers is exactly 0", "[relay][fault]") {
    constant_rows_are_zero<1>();
    constant_rows_are_zero<2>();
    constant_rows_are_zero<3>();
    constant_rows_are_zero<7>();
    constant_rows_are_zero<16>();
    constant_rows_are_zero<33>();
    constant_rows_are_zero<100>();
    constant_rows_are_zero<784>();
}

TEMPLATE_TEST_CASE("rows of any size normalise like any other", "[relay][fault]", float, double) {
    using T = TestType;
    constexpr std::size_t width = 100;
    const auto plain = normal(width, Key(1));
    double mean = 0;
    double variance = 0;
    for (const double x : plain) mean += x / width;
    for (const double x : plain) variance += (x - mean) * (x - mean) / width;
    const double large = std::is_same_v<T, float> ? 1e38 : 1e307;
    for (const double size : {1e6, std::sqrt(large), large / 4}) {
        std::vector<T> in(width);
        for (std::size_t i = 0; i < width; ++i) in[i] = static_cast<T>(size * plain[i]);
        const auto [out, below] = normalised<T, width>(in);
        for (std::size_t i = 0; i < width; ++i) {
            CHECK(out[i] == Approx((plain[i] - mean) / std::sqrt(variance)).margin(1e-5));
        }
        const double y = (plain[0] - mean) / std::sqrt(variance);
        CHECK(below[0] * size ==
              Approx((1 - (1 + y * y) / width) / std::sqrt(variance)).epsilon(1e-4));
    }
    // One last place in a row that is else constant: by hand, in double precision.
    std::vector<float> nearly(784, 1000000.3F);
    nearly[7] = std::nextafter(nearly[7], 2e6F);
    const double step = double{nearly[7]} - double{nearly[0]};
    const double expected =
        step * (1 - 1.0 / 784) / std::sqrt(step * step / 784 * (1 - 1.0 / 784) + 1e-5);
    CHECK(normalised<float, 784>(nearly).first[7] == Approx(expected).epsilon(1e-5));
}

TEST_CASE("a NaN or an infinity makes its row NaN", "[relay][fault]") {
    for (const float broken : {std::nanf(""), std::numeric_limits<float>::infinity()}) {
        for (const std::size_t at : {0U, 1U, 16U, 32U}) {
            std::vector<float> in(33, 1.0F);
            in[at] = broken;
            const auto out = normalised<float, 33>(in).first;
            CHECK(std::ranges::all_of(out, [](float x) { return std::isnan(x); }));
        }
    }
}

TEST_CASE("dropout silences its share while it learns, and nobody otherwise") {
    constexpr std::size_t neurons = 20'000;
    using L = Dropout<30>::Bound<float, Shape<neurons>>;
    const std::vector<float> in(neurons, 2.0F);
    std::vector<float> out(neurons);
    std::vector<float> again(neurons);
    const L::Params none;
    const auto eligibility = std::make_unique<L::Eligibility<1>>();
    const std::span<const float, neurons> read(in);
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        L::forward_training<1>(none, read, std::span<float, neurons>(out), *eligibility, Key(seed));
        const auto silent = std::ranges::count(out, 0.0F);
        // 6000 ± 65: five deviations are 2 false alarms in a million, for 8 seeds.
        CHECK(std::abs(static_cast<double>(silent) - 6000) < 5 * 65);
        CHECK(std::ranges::count(out, 2.0F / 0.7F) == static_cast<long>(neurons) - silent);
        L::forward_training<1>(none, read, std::span<float, neurons>(again), *eligibility,
                               Key(seed));
        CHECK(again == out);
        L::forward_training<1>(none, read, std::span<float, neurons>(again), *eligibility,
                               Key(seed + 8));
        CHECK(again != out);
    }
    L::forward<1>(none, read, std::span<float, neurons>(out), *eligibility);
    CHECK(out == in);
}

TEST_CASE("a network draws noise only while it learns, other noise for each layer") {
    using Net = Network<Input<32>, Dense<64, Tanh>, Dropout<50>, Dense<64, Tanh>, Dropout<50>,
                        Dense<3, Softmax>>;
    const auto params = std::make_unique<Net::Params>();
    const auto activities = std::make_unique<Net::Activities<2>>();
    const auto eligibilities = std::make_unique<Net::Eligibilities<2>>();
    Net::initialize(*params, Key(1));
    std::vector<float> in(2 * 32);
    Key(2).fill_normal(std::span<float>(in));
    const auto silent = [&](auto layer) {
        std::vector<std::size_t> places;
        const auto out = activities->get<layer>();
        for (std::size_t i = 0; i < out.size(); ++i) {
            if (out[i] == 0) places.push_back(i);
        }
        return places;
    };
    constexpr std::integral_constant<std::size_t, 1> first;
    constexpr std::integral_constant<std::size_t, 3> second;
    Net::forward<2>(*params, std::span<const float, 64>(in), *activities, *eligibilities);
    CHECK(silent(first).empty());
    Net::forward_training<2>(*params, std::span<const float, 64>(in), *activities, *eligibilities,
                             Key(3));
    const auto quiet = silent(first);
    CHECK(quiet.size() > 32);  // of 128, with odds of 1e-8 to be fewer
    CHECK(quiet != silent(second));
    Net::forward_training<2>(*params, std::span<const float, 64>(in), *activities, *eligibilities,
                             Key(3));
    CHECK(quiet == silent(first));
}

TEST_CASE("neurons learn by themselves what to expect of their activity") {
    constexpr std::size_t neurons = 5;
    constexpr std::size_t batch = 64;
    using L = RunningNorm::Bound<double, Shape<neurons>>;
    STATIC_REQUIRE(SynapticLayer<L>);
    constexpr std::size_t count = batch * neurons;
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        L::Params params;
        L::Params delta;
        L::initialize(params, Key(seed));
        const auto eligibility = std::make_unique<L::Eligibility<batch>>();
        const std::vector<double> credit(count, 7.0);
        std::vector<double> out(count);
        for (std::uint64_t update = 0; update < 2000; ++update) {
            auto in = normal(count, Key(seed) / update);
            for (std::size_t i = 0; i < count; ++i) {
                const auto j = static_cast<double>(i % neurons);
                in[i] = 3 * j - 4 + std::exp(j - 2) * in[i];
            }
            L::forward<batch>(params, std::span<const double, count>(in),
                              std::span<double, count>(out), *eligibility);
            L::correlate<batch>(std::span<const double, count>(in),
                                std::span<const double, count>(credit), *eligibility, delta);
            for (std::size_t i = 0; i < params.flat().size(); ++i) {
                params.flat()[i] += 0.02 * delta.flat()[i];
            }
        }
        for (std::size_t j = 0; j < neurons; ++j) {
            const double deviation = std::exp(static_cast<double>(j) - 2);
            // What is left is noise of about 1 % of the deviation.
            CHECK(params.get<"mean">()[j] ==
                  Approx(3 * static_cast<double>(j) - 4).margin(0.1 * deviation));
            CHECK(params.get<"log_deviation">()[j] ==
                  Approx(static_cast<double>(j) - 2).margin(0.1));
        }
    }
}
