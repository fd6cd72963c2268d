// Numbers and several labels as targets: errors, guesses, evaluation, and what is not known.
#include "tdca/signal/regression.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "tdca/concepts/signal.hpp"
#include "tdca/core/random.hpp"
#include "tdca/signal/multi_label.hpp"

using namespace tdca;

namespace {

constexpr float unknown = std::numeric_limits<float>::quiet_NaN();

/// Errors of a whole minibatch of 64, some targets unknown, against what each should be.
template <class SignalType, class Scalar>
void check_errors() {
    constexpr std::size_t samples = 64;
    constexpr std::size_t width = SignalType::width;
    std::vector<typename SignalType::Target> targets(samples);
    std::vector<Scalar> outputs(samples * width);
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        outputs[i] = static_cast<Scalar>(Key(1).uniform(i));
        targets[i / width][i % width] =
            i % 3 == 1 ? unknown : static_cast<float>(Key(2).uniform(i));
    }
    std::vector<Scalar> errors(outputs.size(), Scalar{-9});
    SignalType::template observe<samples, Scalar>(
        std::span<const Scalar, samples * width>(outputs),
        std::span<const typename SignalType::Target, samples>(targets),
        std::span<Scalar, samples * width>(errors));
    for (std::size_t i = 0; i < errors.size(); ++i) {
        const float told = targets[i / width][i % width];
        CHECK(errors[i] == (std::isnan(told) ? Scalar{0} : static_cast<Scalar>(told) - outputs[i]));
    }
}

}  // namespace

TEST_CASE("the error of a number is target minus output, and none where it is not known",
          "[signal]") {
    STATIC_REQUIRE(Signal<RegressionSignal<3>>);
    STATIC_REQUIRE(InterpretingSignal<RegressionSignal<3>>);
    STATIC_REQUIRE(JudgingSignal<RegressionSignal<3>>);
    check_errors<RegressionSignal<1>, float>();
    check_errors<RegressionSignal<3>, float>();  // of three, g++ 12 got wrong
    check_errors<RegressionSignal<7>, float>();
    check_errors<RegressionSignal<3>, double>();
    check_errors<MultiLabelSignal<3>, float>();
    check_errors<MultiLabelSignal<6>, float>();
}

TEST_CASE("a layer's sums are numbers as they are, and probabilities of labels", "[signal]") {
    std::array<float, 4> sums{-3, 0, 0.5F, 200};
    RegressionSignal<2>::interpret<2>(std::span<float, 4>(sums));
    CHECK(sums == std::array<float, 4>{-3, 0, 0.5F, 200});
    STATIC_REQUIRE(InterpretingSignal<MultiLabelSignal<2>>);
    MultiLabelSignal<2>::interpret<2>(std::span<float, 4>(sums));
    CHECK(sums[0] == Approx(1 / (1 + std::exp(3.0))));
    CHECK(sums[1] == Approx(0.5));
    CHECK(sums[2] == Approx(1 / (1 + std::exp(-0.5))));
    CHECK(sums[3] == Approx(1));
}

TEST_CASE("numbers are judged by squared and absolute errors, over those that are known",
          "[signal]") {
    RegressionEvaluation sums;
    const std::array<float, 2> first{1, 5};
    const std::array<float, 2> second{0, 7};
    RegressionSignal<2>::judge(std::span<const float, 2>(first), {3, unknown}, sums);
    RegressionSignal<2>::judge(std::span<const float, 2>(second), {0.5F, 6}, sums);
    sums.finish();
    CHECK(sums.count == 3);
    CHECK(sums.loss == Approx((4 + 0.25 + 1) / 3));
    CHECK(sums.absolute_error == Approx((2 + 0.5 + 1) / 3));
    CHECK(sums.rmse() == Approx(std::sqrt(sums.loss)));
    RegressionEvaluation broken;
    const std::array<float, 2> wild{unknown, 0};
    RegressionSignal<2>::judge(std::span<const float, 2>(wild), {1, 1}, broken);
    CHECK(std::isnan(broken.loss));
}

TEST_CASE("labels are judged one by one", "[signal]") {
    STATIC_REQUIRE(JudgingSignal<MultiLabelSignal<3>>);
    Evaluation sums;
    const std::array<float, 3> output{0.9F, 0.2F, 0.4F};
    MultiLabelSignal<3>::judge(std::span<const float, 3>(output), {1, 1, unknown}, sums);
    sums.finish();
    CHECK(sums.count == 2);
    CHECK(sums.accuracy == Approx(0.5));
    CHECK(sums.loss == Approx(-(std::log(0.9) + std::log(0.2)) / 2));
}
