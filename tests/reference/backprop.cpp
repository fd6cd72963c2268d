// The baseline's backpropagation, optimisers, schedules and smoothed labels against PyTorch.
#include "baseline/backprop.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "backprop_pytorch.hpp"
#include "baseline/fixed_optimizers.hpp"
#include "baseline/optimizers.hpp"
#include "baseline/schedules.hpp"
#include "baseline/setting.hpp"
#include "baseline/targets.hpp"
#include "support/differences.hpp"
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/math/softmax.hpp"
#include "tdca/signal/classification.hpp"

namespace {

using namespace tdca;
using baseline::RateCourse;

constexpr std::size_t samples = 8;
constexpr std::size_t classes = 4;
using Net = Network<Input<6>, Dense<7, Relu>, Dense<5, Tanh>, Dense<classes, Softmax>>;
using Expected = std::vector<std::vector<double>>;

/// The formula of backprop_pytorch.py.
void fill_wave(std::span<float> out, double phase, double scale) {
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = static_cast<float>(
            scale * std::sin(12.9898 * static_cast<double>(i + 1) + 78.233 * phase));
    }
}

template <class Learner>
void check(const typename Learner::Genome& genome, const Expected& expected) {
    const auto state = std::make_unique<typename Learner::State>();
    const auto workspace = std::make_unique<typename Learner::template Workspace<samples>>();
    Learner::begin(genome, Key(0), 5, *state);
    Net::for_each_layer([&](auto i) {
        fill_wave(std::get<i>(state->params).template get<"weights">(),
                  2.0 + static_cast<double>(i), 0.5);
    });
    std::array<float, samples * 6> input;
    fill_wave(input, 1, 1);
    std::array<std::uint16_t, samples> labels;
    for (std::size_t s = 0; s < samples; ++s) {
        labels[s] = static_cast<std::uint16_t>((3 * s + 1) % classes);
    }
    for (int update = 0; update < 5; ++update) {
        Learner::template update<samples>(genome, 5, std::span<const float, samples * 6>(input),
                                          std::span<const std::uint16_t, samples>(labels), *state,
                                          *workspace);
    }
    std::size_t tensor = 0;
    Net::for_each_layer([&](auto i) {
        std::get<i>(state->params).for_each([&](std::string_view name, auto, auto values) {
            CAPTURE(name, tensor);
            REQUIRE(values.size() == expected[tensor].size());
            for (std::size_t k = 0; k < values.size(); ++k) {
                CHECK(double{values[k]} == Approx(expected[tensor][k]).margin(3e-6));
            }
            ++tensor;
        });
    });
}

void check(const baseline::Setting& setting, const Expected& expected) {
    baseline::with_optimizer<Net>(setting.optimizer, [&]<class Learner>() {
        check<Learner>(baseline::settings_of<Learner>(setting), expected);
    });
}

template <class Optimizer>
void check_alone(float rate, const Expected& expected) {
    using Learner = baseline::BackpropLearner<Net, Optimizer, baseline::TextbookSchedule>;
    typename Learner::Genome genome;
    Learner::initialize(genome, Key(0));
    baseline::TextbookSchedule::choose(rate, RateCourse::constant,
                                       genome.template get<"schedule">());
    check<Learner>(genome, expected);
}

}  // namespace

TEST_CASE("SGD by our backpropagation equals PyTorch's", "[reference]") {
    check({"sgd", 0.1F}, reference::sgd);
    check_alone<baseline::Sgd>(0.1F, reference::sgd);
}

TEST_CASE("momentum by our backpropagation equals PyTorch's", "[reference]") {
    check({"momentum", 0.1F}, reference::momentum);
}

TEST_CASE("Nesterov's momentum by our backpropagation equals PyTorch's", "[reference]") {
    check({"nesterov", 0.1F}, reference::nesterov);
}

TEST_CASE("Adam by our backpropagation equals PyTorch's", "[reference]") {
    check({"adam", 0.01F}, reference::adam);
    check_alone<baseline::Adam>(0.01F, reference::adam);
}

TEST_CASE("AdamW by our backpropagation equals PyTorch's", "[reference]") {
    check({.optimizer = "adamw", .rate = 0.01F, .decay = 0.25F}, reference::adamw);
}

TEST_CASE("NAdam by our backpropagation equals PyTorch's", "[reference]") {
    check({"nadam", 0.01F}, reference::nadam);
    check({"steady nadam", 0.01F}, reference::steady_nadam);
}

TEST_CASE("backpropagation of smoothed labels equals PyTorch's", "[reference]") {
    check({.optimizer = "sgd", .rate = 0.1F, .smoothing = 0.1F}, reference::smoothed_sgd);
}

TEST_CASE("an optimizer that the sweep does not know is named", "[reference]") {
    CHECK_THROWS_WITH(baseline::optimizer_of("adamax"),
                      Catch::Contains("adamax") && Catch::Contains("steady nadam"));
}

TEST_CASE("rates of textbook courses equal those of PyTorch's schedulers", "[reference]") {
    const auto [course, expected] = GENERATE(table<RateCourse, const Expected*>({
        {RateCourse::constant, &reference::rates_constant},
        {RateCourse::cosine, &reference::rates_cosine},
        {RateCourse::linear, &reference::rates_linear},
        {RateCourse::warm_up, &reference::rates_warm_up},
        {RateCourse::one_cycle, &reference::rates_one_cycle},
    }));
    baseline::TextbookSchedule::Genome genome;
    baseline::TextbookSchedule::choose(1, course, genome);
    for (const auto& rates : *expected) {
        for (std::size_t k = 0; k < rates.size(); ++k) {
            CAPTURE(rates.size(), k);
            const float rate = baseline::TextbookSchedule::step(
                genome, SynapseRole::hidden, Progress::at(k, rates.size(), 1), 1);
            CHECK(double{rate} == Approx(rates[k]).margin(2e-6));
        }
    }
}

TEST_CASE("courses of any length begin above 0 and never leave it again", "[reference]") {
    for (const std::size_t updates : {1, 2, 3, 5, 7, 9, 11, 19, 100'000}) {
        for (std::size_t c = 0; c < baseline::rate_course_names.size(); ++c) {
            baseline::TextbookSchedule::Genome genome;
            baseline::TextbookSchedule::choose(1, static_cast<RateCourse>(c), genome);
            for (std::size_t k = 0; k < updates; k += 1 + updates / 50) {
                CAPTURE(updates, c, k);
                const float rate = baseline::TextbookSchedule::step(genome, SynapseRole::hidden,
                                                                    Progress::at(k, updates, 1), 1);
                CHECK(rate > 0);
                CHECK(rate <= 1);
            }
        }
    }
}

TEST_CASE("errors of smoothed labels are minus the slope of their cross-entropy", "[reference]") {
    constexpr double smoothing = 0.1;
    std::array<double, samples * classes> sums;
    std::array<std::uint16_t, samples> labels;
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] = 2 * std::sin(12.9898 * (double(i) + 1));
    for (std::size_t s = 0; s < samples; ++s) {
        labels[s] = static_cast<std::uint16_t>((3 * s + 1) % classes);
    }
    const auto loss = [&] {
        auto p = sums;
        simd::softmax_rows<samples, classes>(std::span(p));
        double total = 0;
        for (std::size_t s = 0; s < samples; ++s) {
            for (std::size_t c = 0; c < classes; ++c) {
                const double target =
                    (c == labels[s] ? 1 - smoothing : 0) + smoothing / double(classes);
                total -= target * std::log(p[s * classes + c]);
            }
        }
        return total;
    };
    auto outputs = sums;
    simd::softmax_rows<samples, classes>(std::span(outputs));
    std::array<double, samples * classes> errors;
    const std::span<const std::uint16_t, samples> told(labels);
    ClassificationSignal<classes>::observe<samples>(
        std::span<const double, samples * classes>(outputs), told, std::span(errors));
    baseline::SmoothedTargets::smooth<samples, classes>(smoothing, told, std::span(errors));
    testing::check_derivative(std::span(sums), std::span<const double>(errors),
                              [&] { return -loss(); });
}
