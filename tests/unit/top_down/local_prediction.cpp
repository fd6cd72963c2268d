// A layer's own guess: against its equations in double precision, and at its limits.
#include "tdca/top_down/local_prediction.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "tdca/concepts/signal.hpp"
#include "tdca/core/random.hpp"
#include "tdca/signal/classification.hpp"

using namespace tdca;

namespace {

constexpr std::size_t classes = 5;
constexpr std::size_t samples = 19;
constexpr std::size_t neurons = 23;
constexpr std::size_t size = samples * classes;
using Prediction = LocalPrediction<ClassificationSignal<classes>>;

/// Activity, feedback weights, errors and labels, all random.
struct Scene {
    explicit Scene(std::uint64_t seed) {
        (Key(seed) / 0).fill_normal(std::span<float>(activity));
        (Key(seed) / 1).fill_normal(std::span<float>(weights));
        (Key(seed) / 2).fill_normal(std::span<float>(fed_back));
        for (std::size_t s = 0; s < samples; ++s) {
            labels[s] = static_cast<std::uint16_t>((Key(seed) / 3).below(classes, s));
        }
    }

    void predict(const Prediction::Mixture& mixture) {
        Prediction::predict<samples, neurons>(
            mixture, std::span<const float, samples * neurons>(activity),
            std::span<const float, classes * neurons>(weights),
            std::span<const float, size>(fed_back), std::span<const std::uint16_t, samples>(labels),
            *workspace, std::span<float, size>(sent));
    }

    std::array<float, samples * neurons> activity{};
    std::array<float, classes * neurons> weights{};
    std::array<float, size> fed_back{};
    std::array<float, size> sent{};
    std::array<std::uint16_t, samples> labels{};
    std::unique_ptr<Prediction::Workspace<samples, neurons>> workspace =
        std::make_unique<Prediction::Workspace<samples, neurons>>();
};

struct Expected {
    std::vector<double> local = std::vector<double>(size);
    std::vector<double> sent = std::vector<double>(size);
    std::vector<double> lesson = std::vector<double>(size);
};

/// The equations of the documentation, term by term.
Expected equations(const Scene& scene, double r, double mu, double nu, double kappa) {
    Expected result;
    for (std::size_t s = 0; s < samples; ++s) {
        std::array<double, classes> power{};
        double total = 0;
        for (std::size_t c = 0; c < classes; ++c) {
            double sum = 0;
            for (std::size_t j = 0; j < neurons; ++j) {
                sum += double{scene.activity[s * neurons + j]} *
                       double{scene.weights[c * neurons + j]};
            }
            power[c] = std::exp(r / neurons * sum);
            total += power[c];
        }
        for (std::size_t c = 0; c < classes; ++c) {
            const std::size_t k = s * classes + c;
            const double e = (c == scene.labels[s] ? 1.0 : 0.0) - power[c] / total;
            const double fed_back{scene.fed_back[k]};
            result.local[k] = e;
            result.sent[k] = (1 - mu) * fed_back + mu * e;
            result.lesson[k] = (1 - nu) * fed_back + nu * e;
        }
    }
    for (std::size_t c = 0; c < classes; ++c) {
        double mean = 0;
        for (std::size_t s = 0; s < samples; ++s) {
            mean += result.lesson[s * classes + c] / samples;
        }
        for (std::size_t s = 0; s < samples; ++s) result.lesson[s * classes + c] -= kappa * mean;
    }
    return result;
}

double distance(std::span<const float> a, const std::vector<double>& b) {
    double worst = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        worst = simd::max(worst, std::abs(double{a[i]} - b[i]));
    }
    return worst;
}

double logistic(double x) { return 1 / (1 + std::exp(-x)); }

}  // namespace

TEST_CASE("what is sent and what is taught follow the equations", "[local_prediction]") {
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        Scene scene(seed);
        Prediction::Genome genome;
        std::array<float, Prediction::Genome::count> genes{};
        (Key(seed) / 4).fill_normal(std::span<float>(genes));
        std::copy(genes.begin(), genes.end(), genome.flat().begin());
        const float depth = 0.4F;
        const Progress progress = Progress::at(30, 100, 0.7F);
        scene.predict(Prediction::decode(genome, depth, progress));

        // Genes in their order of declaration: gain, trust, lesson, centring.
        const auto at = [&](std::size_t first) {
            return logistic(double{genes[first]} + double{genes[first + 1]} * 0.4 +
                            double{genes[first + 2]} * 0.3);
        };
        const auto expected =
            equations(scene, std::exp(double{genes[0]}), at(1), at(4), logistic(double{genes[7]}));
        CHECK(distance(scene.sent, expected.sent) < 3e-6);
        CHECK(distance(scene.workspace->lesson, expected.lesson) < 3e-6);
        CHECK(distance(scene.workspace->local, expected.local) < 3e-6);
    }
}

TEST_CASE("before evolution a layer believes itself and the top alike", "[local_prediction]") {
    STATIC_REQUIRE(InterpretingSignal<ClassificationSignal<classes>>);
    Prediction::Genome genome;
    Prediction::initialize(genome);
    for (const float depth : {0.2F, 1.0F}) {
        const auto mixture = Prediction::decode(genome, depth, Progress::at(7, 10, 0.5F));
        CHECK(mixture.trust == 0.5F);
        CHECK(mixture.lesson == 0.5F);
        CHECK(mixture.centring == 0.5F);
        CHECK(double{mixture.gain} == Approx(std::exp(0.5)));
    }
}

TEST_CASE("without trust exactly the error that was fed back is sent on", "[local_prediction]") {
    Prediction::Genome genome;
    Prediction::initialize(genome);
    // Every float whose logistic function is zero.
    for (const float logit : {-1000.0F, -std::numeric_limits<float>::infinity()}) {
        genome.get<"trust">()[0] = logit;
        genome.get<"lesson">()[0] = logit;
        genome.get<"centring">()[0] = logit;
        Scene scene(3);
        scene.predict(Prediction::decode(genome, 0.5F, Progress::at(3, 10, 1)));
        CHECK(scene.sent == scene.fed_back);
        CHECK(scene.workspace->lesson == scene.fed_back);
    }
}

TEST_CASE("a perfect guess leaves no local error", "[local_prediction]") {
    Scene scene(5);
    // Neuron c is loud for class c alone, and feedback weights tell so.
    scene.activity.fill(0.0F);
    scene.weights.fill(0.0F);
    for (std::size_t s = 0; s < samples; ++s) scene.activity[s * neurons + scene.labels[s]] = 1e4F;
    for (std::size_t c = 0; c < classes; ++c) scene.weights[c * neurons + c] = 1.0F;
    scene.predict({1.0F, 1.0F, 1.0F, 0.0F});
    for (std::size_t k = 0; k < size; ++k) {
        CHECK(scene.workspace->local[k] == 0.0F);
        CHECK(scene.sent[k] == 0.0F);
        CHECK(scene.workspace->lesson[k] == 0.0F);
    }
    // And a wrong guess leaves one.
    scene.labels[0] = static_cast<std::uint16_t>((scene.labels[0] + 1) % classes);
    scene.predict({1.0F, 1.0F, 1.0F, 0.0F});
    CHECK(scene.workspace->local[scene.labels[0]] == 1.0F);
}
