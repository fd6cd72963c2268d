// The baseline's backpropagation and optimisers against PyTorch.
#include "baseline/backprop.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <memory>
#include <vector>

#include "backprop_pytorch.hpp"
#include "baseline/optimizers.hpp"
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"

namespace {

using namespace tdca;

constexpr std::size_t samples = 8;
constexpr std::size_t classes = 4;
using Net = Network<Input<6>, Dense<7, Relu>, Dense<5, Tanh>, Dense<classes, Softmax>>;

/// The formula of backprop_pytorch.py.
void fill_wave(std::span<float> out, double phase, double scale) {
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = static_cast<float>(
            scale * std::sin(12.9898 * static_cast<double>(i + 1) + 78.233 * phase));
    }
}

template <class Optimizer>
void check(float rate, const std::vector<std::vector<double>>& expected) {
    using Learner = baseline::BackpropLearner<Net, Optimizer, baseline::TextbookSchedule>;
    const auto state = std::make_unique<typename Learner::State>();
    const auto workspace = std::make_unique<typename Learner::template Workspace<samples>>();
    typename Learner::Genome genome;
    Learner::initialize(genome, Key(0));
    genome.template get<"schedule">().template get<"rate">()[0] = rate;
    Learner::birth(genome, Key(0), 5, *state);
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

}  // namespace

TEST_CASE("SGD by our backpropagation equals PyTorch's", "[reference]") {
    check<baseline::Sgd>(0.1F, reference::sgd);
}

TEST_CASE("momentum by our backpropagation equals PyTorch's", "[reference]") {
    check<baseline::Momentum>(0.1F, reference::momentum);
}

TEST_CASE("Adam by our backpropagation equals PyTorch's", "[reference]") {
    check<baseline::Adam>(0.01F, reference::adam);
}
