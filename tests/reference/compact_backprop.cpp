// The compact backpropagation of small machines against the baseline's.
#include "baseline/compact_backprop.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include "baseline/backprop.hpp"
#include "baseline/fixed_optimizers.hpp"
#include "baseline/schedules.hpp"
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"

namespace {

using namespace tdca;

constexpr std::size_t samples = 8;
constexpr std::size_t inputs = 12;
constexpr std::size_t classes = 5;
constexpr std::size_t updates = 40;
using Net = Network<Input<inputs>, Dense<9, Relu>, Dense<classes, Softmax>>;

template <class Optimizer>
void check(float rate) {
    using Learner = baseline::BackpropLearner<Net, Optimizer, baseline::TextbookSchedule>;
    const auto state = std::make_unique<typename Learner::State>();
    const auto workspace = std::make_unique<typename Learner::template Workspace<samples>>();
    typename Learner::Genome genome;
    Learner::initialize(genome, Key(0));
    baseline::TextbookSchedule::choose(rate, baseline::RateCourse::cosine,
                                       genome.template get<"schedule">());
    genome.template get<"birth">().template get<"output_gain">()[0] = 0;
    Learner::begin(genome, Key(7), updates, *state);

    baseline::CompactBackprop<inputs, 9, classes, samples, Optimizer> compact;
    compact.begin(Key(7));

    std::array<float, samples * inputs> in;
    std::array<std::uint16_t, samples> labels;
    for (std::size_t update = 0; update < updates; ++update) {
        (Key(8) / update).fill_normal(std::span<float>(in));
        for (std::size_t s = 0; s < samples; ++s) {
            labels[s] = static_cast<std::uint16_t>((Key(9) / update).below(classes, s));
        }
        Learner::template update<samples>(genome, updates, std::span(std::as_const(in)),
                                          std::span(std::as_const(labels)), *state, *workspace);
        compact.update(std::span(std::as_const(in)), std::span(std::as_const(labels)), rate,
                       static_cast<float>(update) / static_cast<float>(updates));
    }
    Net::forward<samples>(state->params, std::span(std::as_const(in)), workspace->activities,
                          workspace->eligibilities);
    const auto expected = std::as_const(workspace->activities).template get<1>();
    const auto answers = compact.forward(std::span(std::as_const(in)));
    float spread = 0;
    for (std::size_t i = 0; i < answers.size(); ++i) {
        CHECK(answers[i] == Approx(expected[i]).margin(1e-4));
        spread = std::max(spread, std::abs(answers[i] - 1.0F / classes));
    }
    CHECK(spread > 0.1F);  // something was learned
}

}  // namespace

TEST_CASE("compact backpropagation takes the baseline's steps with SGD", "[reference]") {
    check<baseline::Sgd>(0.2F);
}

TEST_CASE("compact backpropagation takes the baseline's steps with Adam", "[reference]") {
    check<baseline::Adam>(0.02F);
}
