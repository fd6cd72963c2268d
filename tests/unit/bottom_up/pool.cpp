// Pools and residual layers; networks with both.
#include "tdca/bottom_up/pool.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "support/differences.hpp"
#include "support/numbers.hpp"
#include "tdca/bottom_up/activations.hpp"
#include "tdca/bottom_up/conv2d.hpp"
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/bottom_up/residual.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/shape.hpp"
#include "tdca/credit/diffusion.hpp"
#include "tdca/signal/classification.hpp"
#include "tdca/top_down/feedback.hpp"
#include "tdca/top_down/top_down_network.hpp"
#include "tdca/training/learner.hpp"
#include "tdca/training/lifetime.hpp"

using namespace tdca;
using tdca::testing::normal;

namespace {

constexpr std::size_t samples = 3;

}  // namespace

TEST_CASE("of equal neurons the first one wins") {
    using L = MaxPool<2>::Bound<float, Shape<1, 2, 2>>;
    const std::array<float, 4> in{1, 2, 2, 2};
    const std::array<float, 1> credit{5};
    std::array<float, 1> out{};
    std::array<float, 4> below{};
    L::Params params;
    NoEligibility none;
    L::forward<1>(params, in, out, none);
    L::relay<1>(in, out, none, credit, below);
    CHECK(out[0] == 2);
    CHECK(below == std::array<float, 4>{0, 5, 0, 0});
}

TEMPLATE_TEST_CASE("a window with a NaN puts out NaN, and its first NaN gets the credit",
                   "[pool][fault]", float, double) {
    using L = typename MaxPool<2>::template Bound<TestType, Shape<1, 2, 2>>;
    const TestType none = std::numeric_limits<TestType>::quiet_NaN();
    // Every set of places, alone and beside an infinity.
    for (const TestType other : {TestType(1), std::numeric_limits<TestType>::infinity()}) {
        for (unsigned places = 1; places < 16; ++places) {
            std::array<TestType, 4> in{};
            std::array<TestType, 4> expected{};
            for (unsigned i = 0; i < 4; ++i) in[i] = (places >> i) % 2 == 1 ? none : other;
            for (unsigned i = 0; i < 4; ++i) {
                if (!std::isnan(in[i])) continue;
                expected[i] = 5;
                break;
            }
            const std::array<TestType, 1> credit{5};
            std::array<TestType, 1> out{};
            std::array<TestType, 4> below{};
            typename L::Params params;
            NoEligibility unused;
            L::template forward<1>(params, in, out, unused);
            L::template relay<1>(in, out, unused, credit, below);
            CHECK(std::isnan(out[0]));
            CHECK(below == expected);
        }
    }
}

TEST_CASE("one NaN weight below a pool reaches all weights with the next update", "[pool][fault]") {
    using Net = Network<Input<1, 8, 8>, Conv2d<2, 3, Relu>, MaxPool<2>, Dense<4, Softmax>>;
    using Student =
        Learner<Net, TopDownNetwork<ClassificationSignal<4>, Hidden<3>, GaussianDiffusion<4>>>;
    typename Student::Genome genome;
    Student::initialize(genome, Key(1));
    const auto life = std::make_unique<Lifetime<Student, 16>>();
    for (std::size_t broken = 0; broken < 18; ++broken) {
        life->begin(genome, Key(2), 10);
        Key(3).fill_normal(std::span<float>(life->inputs()));
        for (std::size_t s = 0; s < 16; ++s) life->labels()[s] = static_cast<std::uint16_t>(s % 4);
        std::get<0>(life->params()).template get<"weights">()[broken] =
            std::numeric_limits<float>::quiet_NaN();
        life->update();
        bool all = true;
        for (const float w : std::get<2>(life->params()).template get<"weights">()) {
            all = all && std::isnan(w);
        }
        CHECK(all);
    }
}

TEST_CASE("a residual layer learns what has to be added") {
    using L = Residual<Dense<6, Tanh>>::Bound<double, Shape<6>>;
    STATIC_REQUIRE(SynapticLayer<L>);
    const auto params = std::make_unique<L::Params>();
    const auto eligibility = std::make_unique<L::Eligibility<samples>>();
    L::initialize(*params, Key(1));
    const auto in = normal(samples * 6, Key(2));
    auto credit = normal(samples * 6, Key(3));
    const auto worth = credit;
    std::vector<double> out(samples * 6);
    const auto value = [&] {
        L::forward<samples>(*params, std::span<const double, samples * 6>(in),
                            std::span<double, samples * 6>(out), *eligibility);
        double total = 0;
        for (std::size_t i = 0; i < out.size(); ++i) total += worth[i] * out[i] / samples;
        return total;
    };
    (void)value();
    L::gate<samples>(std::span<const double, samples * 6>(out), *eligibility,
                     std::span<double, samples * 6>(credit));
    L::Params delta;
    L::correlate<samples>(std::span<const double, samples * 6>(in),
                          std::span<const double, samples * 6>(credit), *eligibility, delta);
    testing::check_derivative(params->flat(), delta.flat(), value);
}

TEST_CASE("credit is assigned above relays, and reaches the synapses below them") {
    using Net = Network<Input<1, 8, 8>, Conv2d<8, 3>, MaxPool<2>, Dense<16, Relu>,
                        Residual<Dense<16, Relu>>, Dense<3, Softmax>>;
    STATIC_REQUIRE(!Net::has_synapses<1>);
    STATIC_REQUIRE(Net::synaptic_layers<> == 4);
    STATIC_REQUIRE(!Net::receives_credit<0>);
    STATIC_REQUIRE(Net::receives_credit<1>);
    STATIC_REQUIRE(Net::receives_credit<2>);
    STATIC_REQUIRE(!Net::receives_credit<4>);
    STATIC_REQUIRE(Net::relative_depth<1> == 0.25F);
    STATIC_REQUIRE(Net::relative_depth<2> == 0.5F);

    using Student = Learner<Net, TopDownNetwork<ClassificationSignal<3>, Hidden<2>,
                                                GaussianDiffusion<8>, PredictiveFeedback<>>>;
    // Three patterns under noise. Of 64 lives, none ended above half of the bound.
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        Student::Genome genome;
        Student::initialize(genome, Key(seed));
        Lifetime<Student, 30> life;
        life.begin(genome, Key(seed), 200);
        std::vector<float> noise(30 * 64);
        const auto before = std::get<0>(life.params());
        for (std::size_t update = 0; update < 200; ++update) {
            (Key(seed) / update).fill_normal(std::span<float>(noise));
            for (std::size_t s = 0; s < 30; ++s) {
                const std::size_t kind = s % 3;
                life.labels()[s] = static_cast<std::uint16_t>(kind);
                for (std::size_t i = 0; i < 64; ++i) {
                    const std::size_t stripe = kind == 0   ? i / 8
                                               : kind == 1 ? i % 8
                                                           : i / 8 + i % 8;
                    life.inputs()[s * 64 + i] =
                        (stripe % 2 == 0 ? 1.0F : -1.0F) + noise[s * 64 + i];
                }
            }
            life.update();
        }
        CHECK(life.state().error.relative() < 0.2F);
        std::size_t changed = 0;
        for (std::size_t i = 0; i < before.flat().size(); ++i) {
            changed += before.flat()[i] != std::get<0>(life.params()).flat()[i] ? 1 : 0;
        }
        CHECK(changed == Net::layer<0>::Params::count);
    }
}
