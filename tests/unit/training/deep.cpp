// Deep plain networks: births that keep activity's size, steps that fall with depth.
#include "tdca/training/deep.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <memory>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "support/halves.hpp"
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/initializers.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/training/lifetime.hpp"

using namespace tdca;
using tdca::testing::halves;

namespace {

/// Σ over one axis of products of two vectors of a matrix that is stored input-major.
double product(const std::vector<double>& w, std::size_t outputs, bool of_columns, std::size_t a,
               std::size_t b) {
    const std::size_t inputs = w.size() / outputs;
    double sum = 0;
    for (std::size_t i = 0; i < (of_columns ? inputs : outputs); ++i) {
        sum += of_columns ? w[i * outputs + a] * w[i * outputs + b]
                          : w[a * outputs + i] * w[b * outputs + i];
    }
    return sum;
}

template <std::size_t Layers, class Layer, class First, class Indices>
struct PlainOf;
template <std::size_t Layers, class Layer, class First, std::size_t... I>
struct PlainOf<Layers, Layer, First, std::index_sequence<I...>> {
    template <std::size_t>
    using Same = Layer;
    using type = Network<Input<4>, First, Same<I>..., Dense<2, Softmax>>;
};
template <std::size_t Layers, class Layer, class First>
using Plain = typename PlainOf<Layers, Layer, First, std::make_index_sequence<Layers - 2>>::type;

template <std::size_t Layers>
using MirroredNet = Plain<Layers, Dense<32, Relu, Mirrored<>>, Dense<32, Relu, Mirrored<false>>>;

/// Activities of a newborn network on eight samples, those of the last hidden layer and of the
/// first.
template <class LearnerType>
std::array<std::vector<float>, 2> newborn_activities(const typename LearnerType::Genome& genome) {
    using Net = typename LearnerType::network;
    const auto state = std::make_unique<typename LearnerType::State>();
    const auto activities = std::make_unique<typename Net::template Activities<8>>();
    typename Net::template Eligibilities<8> eligibilities;
    LearnerType::begin(genome, Key(1), 10, *state);
    std::array<float, 32> in;
    Key(2).fill_normal(std::span<float>(in));
    Net::template forward<8>(state->params, std::span<const float, 32>(in), *activities,
                             eligibilities);
    const auto first = activities->template get<0>();
    const auto last = activities->template get<Net::depth - 2>();
    return {std::vector<float>(first.begin(), first.end()),
            std::vector<float>(last.begin(), last.end())};
}

double power(const std::vector<float>& values) {
    double sum = 0;
    for (const float value : values) sum += double{value} * double{value};
    return sum;
}

}  // namespace

TEST_CASE("orthogonal births are orthogonal, and of the size that is asked for", "[bottom_up]") {
    const auto [inputs, outputs] =
        GENERATE(table<std::size_t, std::size_t>({{12, 12}, {20, 7}, {7, 20}, {1, 5}}));
    CAPTURE(inputs, outputs);
    std::vector<double> w(inputs * outputs);
    Orthogonal<2>::fill(std::span<double>(w), inputs, outputs, Key(3));
    const bool of_columns = outputs <= inputs;
    const std::size_t vectors = of_columns ? outputs : inputs;
    // Each output's weights have mean power 2: the sum over all is 2 × outputs.
    const double expected = 2.0 * static_cast<double>(outputs) / static_cast<double>(vectors);
    for (std::size_t a = 0; a < vectors; ++a) {
        for (std::size_t b = 0; b < vectors; ++b) {
            CHECK(product(w, outputs, of_columns, a, b) ==
                  Approx(a == b ? expected : 0.0).margin(1e-9));
        }
    }
    std::vector<double> again(w.size());
    Orthogonal<2>::fill(std::span<double>(again), inputs, outputs, Key(3));
    CHECK(w == again);
    Orthogonal<2>::fill(std::span<double>(again), inputs, outputs, Key(4));
    CHECK(w != again);
}

TEST_CASE("mirrored births make a deep ReLU network an orthogonal linear map", "[bottom_up]") {
    DeepGenome genome;
    DeepClassifierLearner<MirroredNet<12>>::initialize(genome, Key(1));
    const auto shallow = newborn_activities<DeepClassifierLearner<MirroredNet<4>>>(genome);
    const auto deep = newborn_activities<DeepClassifierLearner<MirroredNet<60>>>(genome);
    // Samples keep size and angles, however deep: compare Gram matrices of a⁺ − a⁻.
    const auto gram = [](const std::vector<float>& a, std::size_t s, std::size_t t) {
        double sum = 0;
        for (std::size_t j = 0; j < 16; ++j) {
            sum += double{a[s * 32 + j] - a[s * 32 + 16 + j]} *
                   double{a[t * 32 + j] - a[t * 32 + 16 + j]};
        }
        return sum;
    };
    for (const auto* activities : {&shallow, &deep}) {
        const auto& [first, last] = *activities;
        for (std::size_t s = 0; s < 8; ++s) {
            for (std::size_t t = 0; t < 8; ++t) {
                CHECK(gram(last, s, t) == Approx(gram(first, s, t)).margin(1e-3));
            }
        }
        CHECK(power(last) == Approx(power(first)).epsilon(1e-4));
    }
    // Independent births keep the size in the mean at best, and lose the angles.
    using Independent = Plain<60, Dense<32, Relu>, Dense<32, Relu>>;
    const auto [first, last] = newborn_activities<DeepClassifierLearner<Independent>>(genome);
    CHECK(std::abs(std::log(power(last) / power(first))) > 0.5);
}

TEST_CASE("odd widths cannot be mirrored, and are born orthogonal", "[bottom_up]") {
    std::vector<float> mirrored(35);
    std::vector<float> orthogonal(35);
    Mirrored<>::fill(std::span<float>(mirrored), 5, 7, Key(1));
    Orthogonal<2>::fill(std::span<float>(orthogonal), 5, 7, Key(1));
    CHECK(mirrored == orthogonal);
}

TEST_CASE("the birth gene scales the first layer alone where births are to be steady",
          "[training]") {
    using Net = MirroredNet<6>;
    DeepGenome genome;
    DeepClassifierLearner<Net>::initialize(genome, Key(1));
    const auto plain = newborn_activities<DeepClassifierLearner<Net>>(genome);
    genome.get<"birth">().get<"log_hidden_gain">()[0] = std::log(0.5F);
    const auto scaled = newborn_activities<DeepClassifierLearner<Net>>(genome);
    CHECK(power(scaled[1]) == Approx(power(plain[1]) / 4).epsilon(1e-4));
    ClassifierGenome every;
    ClassifierLearner<Net>::initialize(every, Key(1));
    every.get<"birth">().get<"log_hidden_gain">()[0] = std::log(0.5F);
    const auto compounded = newborn_activities<ClassifierLearner<Net>>(every);
    CHECK(power(compounded[1]) == Approx(power(plain[1]) / std::pow(4.0, 5)).epsilon(1e-4));
}

TEST_CASE("steps fall with the number of layers beyond ten", "[plasticity]") {
    using Schedule = DepthSchedule<>;
    Schedule::Genome genome;
    Schedule::initialize(genome, Key(1));
    Progress progress = Progress::at(3, 100, 0.7F);
    const auto step = [&](SynapseRole role) {
        return Schedule::step(genome, role, progress, 0.4F);
    };
    const float hidden = step(SynapseRole::hidden);
    const float output = step(SynapseRole::output);
    CHECK(hidden ==
          StepSchedule<>::step(genome.get<"course">(), SynapseRole::hidden, progress, 0.4F));
    progress.log_depth = std::log(4.0F);
    CHECK(step(SynapseRole::hidden) == Approx(hidden / 16));
    CHECK(step(SynapseRole::output) == output);
    genome.get<"depth">().get<"exponent">()[0] = 0;
    CHECK(step(SynapseRole::hidden) == hidden);
    CHECK(MirroredNet<10>::log_depth() == 0);
    CHECK(MirroredNet<40>::log_depth() == Approx(std::log(4.0)));
}

TEST_CASE("a deepened genome lives a shallow life bit for bit", "[training]") {
    // The first hidden layer is the only one: births are the same as well.
    using Net = Network<Input<4>, Dense<8, Relu>, Dense<2, Softmax>>;
    const Dataset data = halves(64);
    ClassifierGenome genome = universal_genome();
    Lifetime<ClassifierLearner<Net>, 16> shallow;
    shallow.live(genome, all(data), Key(5), 40);
    Lifetime<DeepClassifierLearner<Net>, 16> deep;
    deep.live(deepened(genome), all(data), Key(5), 40);
    Net::for_each_layer([&](auto i) {
        const auto a = std::get<i>(std::as_const(shallow).params()).flat();
        const auto b = std::get<i>(std::as_const(deep).params()).flat();
        CHECK(std::equal(a.begin(), a.end(), b.begin()));
    });
}
