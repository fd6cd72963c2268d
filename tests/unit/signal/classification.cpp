// The classification signal: target minus output, zero where nothing is to learn.
#include "tdca/signal/classification.hpp"

#include <catch2/catch.hpp>

#include <array>

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
