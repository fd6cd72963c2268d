// Embeddings: looking tokens up, what a row learns, tokens that are none.
#include "tdca/bottom_up/embedding.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>

#include "support/differences.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/shape.hpp"

using namespace tdca;

namespace {

constexpr std::size_t samples = 3;
constexpr std::size_t vocabulary = 6;
constexpr std::size_t width = 5;

}  // namespace

TEST_CASE("an embedding puts a token's own row where the token stands") {
    using L = Embedding<vocabulary, width>::Bound<float, Shape<4>>;
    STATIC_REQUIRE(SynapticLayer<L>);
    STATIC_REQUIRE(std::is_same_v<L::output_shape, Shape<4, width>>);
    STATIC_REQUIRE(
        std::is_same_v<Embedding<vocabulary, width>::Bound<float, Shape<2, 4>>::output_shape,
                       Shape<2, 4, width>>);
    L::Params params;
    L::initialize(params, Key(1));
    const std::array<float, samples * 4> in{0, 5, 2, 2, 1, 0, 4, 3, 5, 5, 5, 0};
    std::array<float, samples * 4 * width> out{};
    NoEligibility none;
    L::forward<samples>(params, in, out, none);
    for (std::size_t t = 0; t < in.size(); ++t) {
        for (std::size_t k = 0; k < width; ++k) {
            CHECK(out[t * width + k] ==
                  params.get<"weights">()[static_cast<std::size_t>(in[t]) * width + k]);
        }
    }
}

TEST_CASE("what an embedding's rows learn is the derivative by differences") {
    constexpr std::size_t tokens = 9;
    using L = Embedding<vocabulary, width>::Bound<double, Shape<tokens>>;
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        L::Params params;
        L::initialize(params, Key(seed));
        std::array<double, samples * tokens> in{};
        // The last token never stands anywhere.
        for (std::size_t t = 0; t < in.size(); ++t) {
            in[t] = static_cast<double>((Key(seed) / 1).below(vocabulary - 1, t));
        }
        std::array<double, samples * tokens * width> credit{};
        (Key(seed) / 2).fill_normal(std::span<double>(credit));
        std::array<double, samples * tokens * width> out{};
        NoEligibility none;
        const auto value = [&] {
            L::forward<samples>(params, in, out, none);
            double total = 0;
            for (std::size_t i = 0; i < out.size(); ++i) total += credit[i] * out[i] / samples;
            return total;
        };
        const auto ungated = credit;
        L::gate<samples>(out, none, credit);
        CHECK(credit == ungated);
        L::Params delta;
        for (double& number : delta.flat()) number = 9;
        L::correlate<samples>(in, credit, none, delta);
        testing::check_derivative(params.flat(), delta.flat(), value);
        for (std::size_t k = 0; k < width; ++k) {
            CHECK(delta.get<"weights">()[(vocabulary - 1) * width + k] == 0);
        }
    }
}

TEST_CASE("what is no token is taken for the nearest that is one") {
    using L = Embedding<vocabulary, 1>::Bound<float, Shape<1>>;
    using Limits = std::numeric_limits<float>;
    L::Params params;
    for (std::size_t v = 0; v < vocabulary; ++v) params.get<"weights">()[v] = static_cast<float>(v);
    const auto [in, expected] = GENERATE(table<float, float>({{-1, 0},
                                                              {-0.6F, 0},
                                                              {-Limits::infinity(), 0},
                                                              {Limits::lowest(), 0},
                                                              {Limits::quiet_NaN(), 0},
                                                              {-Limits::quiet_NaN(), 0},
                                                              {0.4F, 0},
                                                              {1.75F, 2},
                                                              {2.999999F, 3},
                                                              {4.6F, 5},
                                                              {5.4F, 5},
                                                              {6, 5},
                                                              {4.3e9F, 5},
                                                              {1e30F, 5},
                                                              {Limits::max(), 5},
                                                              {Limits::infinity(), 5}}));
    CAPTURE(in);
    std::array<float, 1> out{};
    NoEligibility none;
    const std::array<float, 1> token{in};
    L::forward<1>(params, token, out, none);
    CHECK(out[0] == expected);
    const std::array<float, 1> credit{2};
    L::Params delta;
    L::correlate<1>(token, credit, none, delta);
    for (std::size_t v = 0; v < vocabulary; ++v) {
        CHECK(delta.get<"weights">()[v] == (static_cast<float>(v) == expected ? 2.0F : 0.0F));
    }
}

TEMPLATE_TEST_CASE_SIG("rows of every remainder learn what plain loops say", "",
                       ((std::size_t own), own), 1, 3, 8, 16, 25, 33) {
    constexpr std::size_t tokens = 11;
    using L = typename Embedding<vocabulary, own>::template Bound<float, Shape<tokens>>;
    typename L::Params delta;
    std::array<float, samples * tokens> in{};
    std::array<float, samples * tokens * own> credit{};
    for (std::size_t t = 0; t < in.size(); ++t) {
        in[t] = static_cast<float>((Key(1) / 0).below(vocabulary, t));
    }
    (Key(1) / 1).fill_normal(std::span<float>(credit));
    L::template correlate<samples>(in, credit, NoEligibility{}, delta);
    std::array<double, vocabulary * own> expected{};
    for (std::size_t i = 0; i < credit.size(); ++i) {
        const auto row = static_cast<std::size_t>(in[i / own]);
        expected[row * own + i % own] += double{credit[i]} / samples;
    }
    for (std::size_t i = 0; i < expected.size(); ++i) {
        CHECK(delta.flat()[i] == Approx(expected[i]).margin(1e-6));
    }
    credit[own - 1] = std::numeric_limits<float>::quiet_NaN();
    L::template correlate<samples>(in, credit, NoEligibility{}, delta);
    CHECK(std::isnan(delta.flat()[static_cast<std::size_t>(in[0]) * own + own - 1]));
}
