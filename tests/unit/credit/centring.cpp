// Credit centring: exactly its share of the mean goes, and what is left drives the bias.
#include "tdca/credit/centring.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>

#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/core/random.hpp"
#include "tdca/credit/diffusion.hpp"
#include "tdca/plasticity/plain.hpp"
#include "tdca/signal/classification.hpp"
#include "tdca/top_down/top_down_network.hpp"
#include "tdca/training/learner.hpp"

using namespace tdca;

namespace {

constexpr std::size_t samples = 13;
constexpr std::size_t units = 19;
using Credit = std::array<float, samples * units>;

std::array<double, units> means(const Credit& credit) {
    std::array<double, units> result{};
    for (std::size_t k = 0; k < credit.size(); ++k)
        result[k % units] += double{credit[k]} / samples;
    return result;
}

Credit shifted_noise() {
    Credit credit{};
    Key(1).fill_normal(std::span<float>(credit));
    for (std::size_t k = 0; k < credit.size(); ++k) {
        credit[k] += 0.1F * static_cast<float>(k % units);
    }
    return credit;
}

}  // namespace

TEST_CASE("centring takes exactly its share of each neuron's mean credit", "[centring]") {
    for (const float hidden : {-3.0F, 0.0F, 2.0F}) {
        CreditCentring::Genome genome;
        CreditCentring::initialize(genome);
        genome.get<"logit">()[0] = hidden;
        genome.get<"logit">()[1] = -1.0F;
        for (const bool is_output : {false, true}) {
            const double gene = is_output ? -1.0 : double{hidden};
            const double share = 0.98 / (1 + std::exp(-gene));
            const Credit before = shifted_noise();
            Credit after = before;
            CreditCentring::apply<samples, units>(CreditCentring::decode(genome), is_output,
                                                  std::span<float, samples * units>(after));
            const auto mean = means(before);
            for (std::size_t k = 0; k < after.size(); ++k) {
                REQUIRE(double{after[k]} ==
                        Approx(double{before[k]} - share * mean[k % units]).margin(1e-6));
            }
        }
    }
}

TEST_CASE("whatever the genes, some of the mean is left for the bias", "[centring]") {
    const Credit before = shifted_noise();
    const auto mean = means(before);
    for (const float gene : {50.0F, std::numeric_limits<float>::infinity()}) {
        CreditCentring::Genome genome;
        genome.get<"logit">()[0] = gene;
        Credit after = before;
        CreditCentring::apply<samples, units>(CreditCentring::decode(genome), false,
                                              std::span<float, samples * units>(after));
        const auto left = means(after);
        for (std::size_t j = 0; j < units; ++j) {
            CHECK(left[j] == Approx(0.02 * mean[j]).margin(1e-6));
        }
    }
    NoCentring::Genome none;
    Credit same = before;
    NoCentring::apply<samples, units>(NoCentring::decode(none), false,
                                      std::span<float, samples * units>(same));
    CHECK(same == before);
}

TEST_CASE("a learner's biases follow the mean that centring leaves", "[centring]") {
    using Net = Network<Input<4>, Dense<6, Tanh>, Dense<3, Softmax>>;
    using L = Learner<Net, TopDownNetwork<ClassificationSignal<3>, Hidden<2>, GaussianDiffusion<4>>,
                      PlainPlasticity>;
    const auto state = std::make_unique<L::State>();
    const auto workspace = std::make_unique<L::Workspace<samples>>();
    std::array<float, samples * 4> inputs{};
    Key(2).fill_normal(std::span<float>(inputs));
    std::array<std::uint16_t, samples> labels{};
    labels[0] = 1;  // nearly all of class 0: credits have a mean
    const auto changes = [&](float gene) {
        L::Genome genome;
        L::initialize(genome, Key(1));
        genome.get<"centring">().get<"logit">()[0] = gene;
        genome.get<"centring">().get<"logit">()[1] = gene;
        L::begin(genome, Key(3), 10, *state);
        L::update<samples>(genome, 10, std::span<const float, samples * 4>(inputs),
                           std::span<const std::uint16_t, samples>(labels), *state, *workspace);
        std::array<double, 9> result{};
        for (std::size_t j = 0; j < 6; ++j) {
            result[j] = double{std::get<0>(state->params).get<"bias">()[j]};
        }
        for (std::size_t c = 0; c < 3; ++c) {
            result[6 + c] = double{std::get<1>(state->params).get<"bias">()[c]};
        }
        return result;
    };
    // Biases are born zero, and plain plasticity adds step × mean credit.
    const auto whole = changes(-100.0F);
    const auto centred = changes(0.0F);
    for (std::size_t k = 0; k < whole.size(); ++k) {
        CHECK(std::abs(whole[k]) > 1e-4);
        CHECK(centred[k] == Approx((1 - 0.49) * whole[k]).epsilon(1e-3).margin(1e-6));
    }
}
