// One hidden layer's feedback: born the same wherever its synapses are, diffused as it says.
#include "tdca/top_down/pathway.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "tdca/concepts/diffusion.hpp"
#include "tdca/core/random.hpp"
#include "tdca/credit/diffusion.hpp"
#include "tdca/top_down/feedback.hpp"

using namespace tdca;

namespace {

constexpr std::size_t classes = 3;
constexpr std::size_t sources = 5;
constexpr std::size_t neurons = 21;
constexpr std::size_t samples = 13;
using Kernel = GaussianDiffusion<sources>;
using PerNeuron =
    Pathway<classes, Kernel, PredictiveFeedback<FeedbackSynapses::per_neuron>, neurons>;
using PerSource =
    Pathway<classes, Kernel, PredictiveFeedback<FeedbackSynapses::per_source>, neurons>;

Kernel::Genome some_width() {
    Kernel::Genome genome;
    genome.get<"log_width">()[0] = 0.3F;
    return genome;
}

/// The sources' weights as the key draws them.
std::array<float, classes * sources> drawn(Key key) {
    std::array<float, classes * sources> weights{};
    key.fill_normal(std::span<float>(weights));
    return weights;
}

/// M · K in double precision.
std::vector<double> diffused(std::span<const float> weights) {
    std::array<double, sources * neurons> kernel{};
    fill_kernel<Kernel, neurons>(some_width(), std::span<double, sources * neurons>(kernel));
    std::vector<double> result(classes * neurons);
    for (std::size_t c = 0; c < classes; ++c) {
        for (std::size_t s = 0; s < sources; ++s) {
            for (std::size_t j = 0; j < neurons; ++j) {
                result[c * neurons + j] +=
                    double{weights[c * sources + s]} * kernel[s * neurons + j];
            }
        }
    }
    return result;
}

double distance(std::span<const float> a, std::span<const double> b) {
    REQUIRE(a.size() == b.size());
    double worst = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        worst = simd::max(worst, std::abs(double{a[i]} - b[i]));
    }
    return worst;
}

}  // namespace

TEST_CASE("feedback is M · K at birth, whosever synapses it is", "[pathway]") {
    STATIC_REQUIRE(PerNeuron::synapses == neurons);
    STATIC_REQUIRE_FALSE(PerNeuron::diffuses_always);
    STATIC_REQUIRE(PerSource::synapses == sources);
    STATIC_REQUIRE(PerSource::diffuses_always);
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        const auto per_neuron = std::make_unique<PerNeuron>();
        const auto per_source = std::make_unique<PerSource>();
        per_neuron->begin(some_width(), {}, Key(seed));
        per_source->begin(some_width(), {}, Key(seed));
        const auto weights = drawn(Key(seed));
        const auto expected = diffused(weights);
        PerNeuron::Workspace near;
        PerSource::Workspace far;
        CHECK(distance(per_neuron->weights(near), expected) < 1e-6);
        CHECK(distance(per_source->weights(far), expected) < 1e-6);
        // Where the neurons have no synapses, the sources keep what was drawn.
        CHECK(std::ranges::equal(per_source->params.get<"feedback">(), weights));
    }
}

TEST_CASE("what a neuron's synapse learns is its own, what a source's learns is shared",
          "[pathway]") {
    const auto per_neuron = std::make_unique<PerNeuron>();
    const auto per_source = std::make_unique<PerSource>();
    per_neuron->begin(some_width(), {}, Key(1));
    per_source->begin(some_width(), {}, Key(1));
    PerNeuron::Workspace near;
    PerSource::Workspace far;
    const auto before = diffused(drawn(Key(1)));

    per_neuron->params.get<"feedback">()[neurons + 10] += 1.0F;
    auto expected = before;
    expected[neurons + 10] += 1;
    CHECK(distance(per_neuron->weights(near), expected) < 1e-6);

    per_source->params.get<"feedback">()[sources + 2] += 1.0F;
    auto weights = drawn(Key(1));
    weights[sources + 2] += 1.0F;
    const auto after = diffused(weights);
    CHECK(distance(per_source->weights(far), after) < 1e-6);
    std::size_t moved = 0;
    for (std::size_t i = 0; i < after.size(); ++i) moved += after[i] - before[i] > 0.05 ? 1U : 0U;
    CHECK(moved > 5);
}

TEST_CASE("evolved feedback is diffused like drawn feedback", "[pathway]") {
    const auto evolved = drawn(Key(9));
    Pathway<classes, Kernel, EvolvedFeedback, neurons> pathway;
    pathway.begin(some_width(), evolved, Key(1));
    decltype(pathway)::Workspace workspace;
    CHECK(distance(pathway.weights(workspace), diffused(evolved)) < 1e-6);

    Pathway<classes, NoDiffusion<>, FixedFeedback, neurons> heads;
    heads.begin({}, {}, Key(3));
    std::array<float, classes * neurons> expected{};
    Key(3).fill_normal(std::span<float>(expected));
    decltype(heads)::Workspace room;
    CHECK(std::ranges::equal(heads.weights(room), expected));
}

TEST_CASE("feedback learns from lesson × activity, pooled to where its synapses are", "[pathway]") {
    std::array<float, samples * classes> lesson{};
    std::array<float, samples * neurons> activity{};
    Key(4).fill_normal(std::span<float>(lesson));
    Key(5).fill_normal(std::span<float>(activity));
    const std::span<const float, samples * classes> lessons(lesson);
    const std::span<const float, samples * neurons> activities(activity);
    std::vector<double> correlation(classes * neurons);
    for (std::size_t s = 0; s < samples; ++s) {
        for (std::size_t c = 0; c < classes; ++c) {
            for (std::size_t j = 0; j < neurons; ++j) {
                correlation[c * neurons + j] +=
                    double{lesson[s * classes + c]} * double{activity[s * neurons + j]} / samples;
            }
        }
    }
    const auto per_neuron = std::make_unique<PerNeuron>();
    per_neuron->begin(some_width(), {}, Key(1));
    PerNeuron::Workspace near;
    PerNeuron::Params own;
    per_neuron->correlate<samples>(lessons, activities, near, own);
    CHECK(distance(own.get<"feedback">(), correlation) < 1e-5);

    std::array<double, sources * neurons> kernel{};
    fill_kernel<Kernel, neurons>(some_width(), std::span<double, sources * neurons>(kernel));
    std::vector<double> pooled(classes * sources);
    for (std::size_t c = 0; c < classes; ++c) {
        for (std::size_t s = 0; s < sources; ++s) {
            for (std::size_t j = 0; j < neurons; ++j) {
                pooled[c * sources + s] += correlation[c * neurons + j] * kernel[s * neurons + j];
            }
        }
    }
    const auto per_source = std::make_unique<PerSource>();
    per_source->begin(some_width(), {}, Key(1));
    PerSource::Workspace far;
    PerSource::Params shared;
    per_source->correlate<samples>(lessons, activities, far, shared);
    CHECK(distance(shared.get<"feedback">(), pooled) < 1e-5);
}
