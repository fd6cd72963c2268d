// The classification signal: target minus output, zero where nothing is to learn.
#include "tdca/signal/classification.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>

#include "tdca/concepts/signal.hpp"

using tdca::ClassificationSignal;

TEST_CASE("the error is target minus output", "[signal]") {
    using S = ClassificationSignal<3>;
    STATIC_REQUIRE(tdca::Signal<S>);
    const std::array<float, 6> outputs{0.2F, 0.5F, 0.3F, 0.0F, 0.0F, 1.0F};
    const std::array<std::uint16_t, 2> labels{1, 2};
    std::array<float, 6> errors{};
    S::observe<2>(std::span<const float, 6>(outputs), std::span<const std::uint16_t, 2>(labels),
                  std::span<float, 6>(errors));
    CHECK(errors == std::array<float, 6>{-0.2F, 0.5F, -0.3F, 0.0F, 0.0F, 0.0F});
}

TEST_CASE("a layer's sums are interpreted as class probabilities", "[signal]") {
    using S = ClassificationSignal<3>;
    STATIC_REQUIRE(tdca::InterpretingSignal<S>);
    std::array<float, 6> sums{1.0F, 2.0F, 4.0F, 0.5F, 0.5F, 0.5F};
    S::interpret<2>(std::span<float, 6>(sums));
    const double total = std::exp(1.0) + std::exp(2.0) + std::exp(4.0);
    CHECK(double{sums[0]} == Approx(std::exp(1.0) / total).epsilon(1e-5));
    CHECK(double{sums[1]} == Approx(std::exp(2.0) / total).epsilon(1e-5));
    CHECK(double{sums[2]} == Approx(std::exp(4.0) / total).epsilon(1e-5));
    for (std::size_t c = 3; c < 6; ++c) CHECK(double{sums[c]} == Approx(1.0 / 3).epsilon(1e-5));
}
