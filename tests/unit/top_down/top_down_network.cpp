// The TDCA-network: gains by the equation, no error no credit, locality, plastic feedback.
#include "tdca/top_down/top_down_network.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/credit/diffusion.hpp"
#include "tdca/signal/classification.hpp"
#include "tdca/top_down/local_prediction.hpp"

using namespace tdca;

namespace {

constexpr std::size_t samples = 21;  // no multiple of any pack
constexpr std::size_t classes = 5;

using Net = Network<Input<7>, Dense<33, Relu>, Dense<18, Tanh>, Dense<classes, Softmax>>;
template <class Diffusion, class FeedbackWeights = PlasticFeedback, Sharing Sets = Sharing::shared>
using TopDown =
    TopDownNetwork<ClassificationSignal<classes>, Hidden<4>, Diffusion, FeedbackWeights, Sets>;

/// A network's activities on random input, and a top-down network with random genes.
template <class T>
struct Scene {
    explicit Scene(std::uint64_t seed) {
        Net::initialize(params, Key(seed) / 0);
        (Key(seed) / 1).fill_normal(std::span<float>(input));
        for (std::size_t s = 0; s < samples; ++s) {
            labels[s] = static_cast<std::uint16_t>((Key(seed) / 2).below(classes, s));
        }
        std::vector<float> genes(T::Genome::count);
        (Key(seed) / 3).fill_normal(std::span<float>(genes));
        for (float& gene : genes) gene *= 0.3F;
        genome.read(std::span<const float, T::Genome::count>(genes));
        T::template begin<Net>(genome, Key(seed) / 4, *state);
        Net::forward<samples>(params, input, *activities, eligibilities);
    }

    float assign() {
        return T::template assign<Net, samples>(
            genome, progress, std::span<const std::uint16_t, samples>(labels), *activities,
            eligibilities, *state, *workspace, *credits);
    }

    typename Net::Params params;
    std::array<float, samples * 7> input;
    std::array<std::uint16_t, samples> labels;
    typename T::Genome genome;
    Progress progress = Progress::at(30, 100, 0.7F);
    typename Net::Eligibilities<samples> eligibilities;
    std::unique_ptr<typename T::template State<Net>> state =
        std::make_unique<typename T::template State<Net>>();
    std::unique_ptr<typename T::template Workspace<Net, samples>> workspace =
        std::make_unique<typename T::template Workspace<Net, samples>>();
    std::unique_ptr<typename Net::Activities<samples>> activities =
        std::make_unique<typename Net::Activities<samples>>();
    std::unique_ptr<typename Net::Activities<samples>> credits =
        std::make_unique<typename Net::Activities<samples>>();
};

/// The two gains of one unit, straight from the equation, in double precision.
template <class Unit>
std::array<double, 2> gains(const typename Unit::Genome& genome, std::size_t set,
                            const std::array<double, 7>& phi) {
    std::array<double, 2> result{};
    for (std::size_t k = 0; k < 2; ++k) {
        result[k] = 1;
        for (std::size_t f = 0; f < 7; ++f) {
            result[k] += double{genome.template get<"linear">()[(set * 2 + k) * 7 + f]} * phi[f];
        }
        for (std::size_t h = 0; h < 4; ++h) {
            double z = 0;
            for (std::size_t f = 0; f < 7; ++f) {
                z += double{genome.template get<"hidden">()[(set * 4 + h) * 7 + f]} * phi[f];
            }
            result[k] +=
                double{genome.template get<"readout">()[(set * 2 + k) * 4 + h]} * std::tanh(z);
        }
    }
    return result;
}

}  // namespace

TEMPLATE_TEST_CASE("credits follow the equations of the documentation", "[top_down]",
                   (TopDown<GaussianDiffusion<6>>), (TopDown<NoDiffusion<>>),
                   (TopDown<GaussianDiffusion<6>, EvolvedFeedback, Sharing::per_unit>)) {
    using T = TestType;
    Scene<T> scene(3);
    const float mean_error = scene.assign();
    const auto outputs = scene.activities->template get<2>();
    std::vector<double> error(samples * classes);
    std::vector<double> norm(samples);
    std::vector<double> mean(classes);
    for (std::size_t s = 0; s < samples; ++s) {
        for (std::size_t c = 0; c < classes; ++c) {
            const double e = (c == scene.labels[s] ? 1.0 : 0.0) - double{outputs[s * classes + c]};
            error[s * classes + c] = e;
            norm[s] += e * e;
            mean[c] += e / samples;
        }
        norm[s] = std::sqrt(norm[s]);
    }
    double mean_norm = 0;
    for (const double value : norm) mean_norm += value / samples;
    CHECK(double{mean_error} == Approx(mean_norm).epsilon(1e-5));
    std::vector<double> modulated(samples * classes);
    for (std::size_t s = 0; s < samples; ++s) {
        for (std::size_t c = 0; c < classes; ++c) {
            const double e = error[s * classes + c];
            const auto gain = gains<typename T::Unit>(
                scene.genome.template get<"unit">(), T::Unit::sets == 1 ? 0 : c,
                {e, double{outputs[s * classes + c]}, norm[s], mean[c],
                 double{scene.progress.fraction}, double{scene.progress.error}, 1.0});
            CHECK(double{scene.credits->template get<2>()[s * classes + c]} ==
                  Approx(gain[0] * e).margin(2e-6));
            modulated[s * classes + c] = gain[1] * e;
        }
    }
    T::template for_each_hidden<Net>([&](auto i) {
        using L = Net::layer<i>;
        constexpr std::size_t neurons = L::output_shape::size;
        const auto feedback =
            std::get<i>(scene.state->pathways).weights(std::get<i>(scene.workspace->pathways));
        const auto gene = scene.genome.template get<"wiring">().template get<"credit_gain">();
        const double depth = (static_cast<double>(i) + 1) / 3;
        const double scale = std::exp(double{gene[0]} + double{gene[1]} * depth);
        const double restraint =
            std::exp(
                2 *
                double{scene.genome.template get<"wiring">().template get<"log_restraint">()[0]}) *
            mean_norm;
        CHECK(restraint > 0.01);
        double worst = 0;
        for (std::size_t s = 0; s < samples; ++s) {
            for (std::size_t j = 0; j < neurons; ++j) {
                const float out = scene.activities->template get<i>()[s * neurons + j];
                double credit = 0;
                for (std::size_t c = 0; c < classes; ++c) {
                    credit += modulated[s * classes + c] * double{feedback[c * neurons + j]};
                }
                credit =
                    (scale * credit - restraint * double{out}) * double{L::activation::slope(out)};
                const float found = scene.credits->template get<i>()[s * neurons + j];
                worst = std::max(worst, std::abs(credit - double{found}));
            }
        }
        CHECK(worst < 2e-5);
    });
}

// Layers that predict have errors of their own: see below.
TEST_CASE("no error, no credit, whatever the genome", "[top_down]") {
    using T = TopDown<GaussianDiffusion<6>>;
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        Scene<T> scene(seed);
        const auto outputs = scene.activities->get<2>();
        for (std::size_t i = 0; i < samples * classes; ++i) {
            outputs[i] = i % classes == scene.labels[i / classes] ? 1.0F : 0.0F;
        }
        CHECK(scene.assign() == 0.0F);
        for (const float credit : scene.credits->get<0>()) REQUIRE(credit == 0.0F);
        for (const float credit : scene.credits->get<1>()) REQUIRE(credit == 0.0F);
        for (const float credit : scene.credits->get<2>()) REQUIRE(credit == 0.0F);
    }
}

TEST_CASE("plastic feedback learns from error × activity pooled through the kernel", "[top_down]") {
    using T = TopDown<GaussianDiffusion<6>>;
    Scene<T> scene(5);
    scene.assign();
    const auto delta = std::make_unique<T::FeedbackParams<Net>>();
    T::correlate_feedback<Net, samples>(*scene.activities, *scene.state, *scene.workspace, *delta);
    constexpr std::size_t neurons = 33;
    const auto& pathway = std::get<0>(scene.state->pathways);
    for (std::size_t c = 0; c < classes; ++c) {
        for (std::size_t source = 0; source < 6; ++source) {
            double expected = 0;
            for (std::size_t s = 0; s < samples; ++s) {
                for (std::size_t j = 0; j < neurons; ++j) {
                    expected += double{scene.workspace->modulated[s * classes + c]} *
                                double{pathway.kernel.forward[source * neurons + j]} *
                                double{scene.activities->get<0>()[s * neurons + j]} / samples;
                }
            }
            CHECK(double{std::get<0>(*delta).get<"feedback">()[c * 6 + source]} ==
                  Approx(expected).margin(1e-5));
        }
    }
}

TEMPLATE_TEST_CASE("a layer's credit and its feedback's lesson mix in its own error", "[top_down]",
                   PredictiveFeedback<>, PredictiveFeedback<FeedbackSynapses::per_source>) {
    using T = TopDown<GaussianDiffusion<6>, TestType>;
    Scene<T> scene(4);
    const float mean_error = scene.assign();
    const auto delta = std::make_unique<typename T::template FeedbackParams<Net>>();
    T::template for_each_hidden<Net>([&](auto i) {
        using L = Net::layer<i>;
        constexpr std::size_t neurons = L::output_shape::size;
        constexpr std::size_t size = samples * classes;
        const auto activity = std::as_const(*scene.activities).template get<i>();
        const auto& pathway = std::get<i>(scene.state->pathways);
        const auto room =
            std::make_unique<typename std::remove_cvref_t<decltype(pathway)>::Workspace>();
        const auto weights = pathway.weights(*room);
        const float depth = static_cast<float>(i + 1) / 3.0F;
        const auto guess =
            std::make_unique<typename T::Prediction::template Workspace<samples, neurons>>();
        std::array<float, size> sent{};
        // The prediction itself is compared with its equations in local_prediction.cpp.
        T::Prediction::template predict<samples, neurons>(
            T::Prediction::decode(scene.genome.template get<"prediction">(), depth, scene.progress),
            activity, weights, std::span<const float, size>(scene.workspace->modulated),
            std::span<const std::uint16_t, samples>(scene.labels), *guess,
            std::span<float, size>(sent));
        const auto wiring = scene.genome.template get<"wiring">();
        const auto gene = wiring.template get<"credit_gain">();
        const double gain = std::exp(double{gene[0]} + double{gene[1]} * double{depth});
        const double restraint =
            std::exp(2 * double{wiring.template get<"log_restraint">()[0]}) * double{mean_error};
        double worst = 0;
        for (std::size_t s = 0; s < samples; ++s) {
            for (std::size_t j = 0; j < neurons; ++j) {
                const double out{activity[s * neurons + j]};
                double credit = -restraint * out;
                for (std::size_t c = 0; c < classes; ++c) {
                    credit +=
                        gain * double{sent[s * classes + c]} * double{weights[c * neurons + j]};
                }
                credit *= double{L::activation::slope(activity[s * neurons + j])};
                const double found{scene.credits->template get<i>()[s * neurons + j]};
                worst = std::max(worst, std::abs(credit - found));
            }
        }
        CHECK(worst < 2e-5);

        T::template correlate_feedback<Net, samples>(*scene.activities, *scene.state,
                                                     *scene.workspace, *delta);
        constexpr std::size_t synapses = std::remove_cvref_t<decltype(pathway)>::synapses;
        for (std::size_t c = 0; c < classes; ++c) {
            for (std::size_t k = 0; k < synapses; ++k) {
                double expected = 0;
                for (std::size_t s = 0; s < samples; ++s) {
                    double pooled = 0;
                    if constexpr (std::remove_cvref_t<decltype(pathway)>::diffuses_always) {
                        for (std::size_t j = 0; j < neurons; ++j) {
                            pooled += double{pathway.kernel.forward[k * neurons + j]} *
                                      double{activity[s * neurons + j]};
                        }
                    } else {
                        pooled = double{activity[s * neurons + k]};
                    }
                    expected += double{guess->lesson[s * classes + c]} * pooled / samples;
                }
                REQUIRE(double{std::get<i>(*delta).template get<"feedback">()[c * synapses + k]} ==
                        Approx(expected).margin(1e-5));
            }
        }
    });
}

TEST_CASE("a layer that trusts only the top gets the credit of plastic feedback", "[top_down]") {
    using Predictive = TopDown<GaussianDiffusion<6>, PredictiveFeedback<>>;
    using Plastic = TopDown<GaussianDiffusion<6>>;
    Scene<Predictive> scene(6);
    Scene<Plastic> other(6);
    // Same genes but for the prediction's own, which say not to trust it.
    other.genome.get<"unit">() = scene.genome.get<"unit">();
    other.genome.get<"wiring">() = scene.genome.get<"wiring">();
    other.genome.get<"diffusion">() = scene.genome.get<"diffusion">();
    Plastic::begin<Net>(other.genome, Key(77), *other.state);
    Predictive::begin<Net>(scene.genome, Key(77), *scene.state);
    const auto trust = scene.genome.get<"prediction">().get<"trust">();
    const auto difference = [&](float logit) {
        trust[0] = logit;
        trust[1] = trust[2] = 0.0F;
        scene.assign();
        other.assign();
        double worst = 0;
        for (std::size_t k = 0; k < samples * 33; ++k) {
            worst = std::max(worst, std::abs(double{scene.credits->get<0>()[k]} -
                                             double{other.credits->get<0>()[k]}));
        }
        return worst;
    };
    CHECK(difference(-200.0F) < 1e-5);
    CHECK(difference(0.0F) > 1e-2);
}

TEST_CASE("one genome fits any width and depth, unlike heads and unshared units", "[top_down]") {
    STATIC_REQUIRE(TopDown<GaussianDiffusion<6>>::Genome::count ==
                   TopDown<GaussianDiffusion<60>>::Genome::count);
    STATIC_REQUIRE(TopDown<GaussianDiffusion<6>, PredictiveFeedback<>>::Genome::count ==
                   TopDown<GaussianDiffusion<60>, PredictiveFeedback<>>::Genome::count);
    STATIC_REQUIRE(TopDown<NoDiffusion<33>, EvolvedFeedback>::Genome::count >
                   TopDown<GaussianDiffusion<6>, EvolvedFeedback>::Genome::count);
    STATIC_REQUIRE(
        TopDown<GaussianDiffusion<6>, PlasticFeedback, Sharing::per_unit>::Genome::count >
        TopDown<GaussianDiffusion<6>>::Genome::count);
}

TEST_CASE("permuting the classes permutes the credits of shared units", "[top_down]") {
    using T = TopDown<GaussianDiffusion<6>>;
    Scene<T> scene(2);
    scene.assign();
    const auto before = std::make_unique<Net::Activities<samples>>(*scene.credits);
    constexpr std::array<std::size_t, classes> order{3, 0, 4, 1, 2};
    const auto outputs = scene.activities->get<2>();
    const std::vector<float> old(outputs.begin(), outputs.end());
    for (std::size_t s = 0; s < samples; ++s) {
        for (std::size_t c = 0; c < classes; ++c)
            outputs[s * classes + order[c]] = old[s * classes + c];
        scene.labels[s] = static_cast<std::uint16_t>(order[scene.labels[s]]);
    }
    T::for_each_hidden<Net>([&](auto i) {
        auto feedback = std::get<i>(scene.state->pathways).params.template get<"feedback">();
        const std::vector<float> rows(feedback.begin(), feedback.end());
        for (std::size_t c = 0; c < classes; ++c) {
            for (std::size_t s = 0; s < 6; ++s) feedback[order[c] * 6 + s] = rows[c * 6 + s];
        }
    });
    scene.assign();
    for (std::size_t i = 0; i < samples * 33; ++i) {
        REQUIRE(scene.credits->get<0>()[i] == Approx(before->get<0>()[i]).margin(1e-5));
    }
    for (std::size_t s = 0; s < samples; ++s) {
        for (std::size_t c = 0; c < classes; ++c) {
            REQUIRE(scene.credits->get<2>()[s * classes + order[c]] ==
                    Approx(before->get<2>()[s * classes + c]).margin(1e-6));
        }
    }
}
