// Probe and angles: what is measured, and that measuring changes nothing.
#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <memory>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "tdca/analysis/measures.hpp"
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/credit/diffusion.hpp"
#include "tdca/signal/classification.hpp"
#include "tdca/top_down/top_down_network.hpp"
#include "tdca/training/learner.hpp"

using namespace tdca;

namespace {

using TopDown =
    TopDownNetwork<ClassificationSignal<3>, Hidden<8>, GaussianDiffusion<32>, PredictiveFeedback<>>;
template <std::size_t Inputs, std::size_t... Widths>
using Stack = Network<Input<Inputs>, Dense<Widths, Relu>..., Dense<3, Softmax, ScaledNormal>>;
using Net = Stack<8, 6, 5>;
using Student = Learner<Net, TopDown>;

Dataset some_data() {
    auto inputs = Matrix<float>::from_shape({96, 8});
    auto labels = Tensor<std::uint16_t, 1>::from_shape({96});
    Key(3).fill_normal(std::span<float>(inputs.data(), inputs.size()));
    for (std::size_t i = 0; i < 96; ++i) labels.data()[i] = static_cast<std::uint16_t>(i % 3);
    return Dataset("some", std::move(inputs), std::move(labels), 3);
}

Student::Genome newborn() {
    Student::Genome genome;
    Student::initialize(genome, Key(1));
    return genome;
}

}  // namespace

TEST_CASE("measures: angles between credit fields") {
    using Fields = Net::Activities<4>;
    const auto a = std::make_unique<Fields>();
    const auto b = std::make_unique<Fields>();
    Net::for_each_layer([&](auto i) {
        Key(i).fill_normal(std::span<float>(a->template get<i>()));
        std::span<float> to(b->template get<i>());
        const auto from = a->template get<i>();
        std::fill(to.begin(), to.end(), 0.0F);
        if constexpr (i == 0) {
            for (std::size_t k = 0; k < to.size(); ++k) to[k] = 2 * from[k];
        } else if constexpr (i == 1) {
            for (std::size_t k = 0; k < to.size(); ++k) to[k] = -from[k];
        } else {
            to[0] = from[1];
            to[1] = -from[0];
        }
    });
    const auto degrees = angles<Net, 4>(*a, *b);
    REQUIRE(degrees[0] == Approx(0).margin(0.05));
    REQUIRE(degrees[1] == Approx(180).margin(0.05));
    REQUIRE(degrees[2] == Approx(90).margin(1e-4));
}

TEST_CASE("measures: the angle to nothing is NaN", "[fault]") {
    const auto some = std::make_unique<Net::Activities<4>>();
    const auto none = std::make_unique<Net::Activities<4>>();
    Net::for_each_layer([&](auto i) {
        std::ranges::fill(some->template get<i>(), 1.0F);
        std::ranges::fill(none->template get<i>(), 0.0F);
    });
    for (const double degrees : angles<Net, 4>(*some, *none)) CHECK(std::isnan(degrees));
}

TEST_CASE("measures: a life that is looked at goes on with the same bits") {
    const Dataset data = some_data();
    const MinibatchSampler<16> sampler(data, Key(5));
    const auto live = [&](bool looked_at) {
        auto life = std::make_unique<Lifetime<Student, 16>>();
        life->begin(newborn(), Key(2), 30);
        Probe<Student, 16> probe(data, Key(7));
        const std::array<std::size_t, 3> marks{3, 10, 30};
        std::vector<std::size_t> seen;
        train_with_marks(*life, sampler, marks, [&](std::size_t age) {
            seen.push_back(age);
            if (looked_at) (void)probe.look(*life);
        });
        REQUIRE(seen == std::vector<std::size_t>{3, 10, 30});
        return life;
    };
    const auto alone = live(false);
    const auto watched = live(true);
    const auto same = [](std::span<const float> a, std::span<const float> b) {
        return std::ranges::equal(std::as_bytes(a), std::as_bytes(b));
    };
    Net::for_each_layer([&](auto i) {
        REQUIRE(same(std::get<i>(alone->params()).flat(), std::get<i>(watched->params()).flat()));
    });
    TopDown::for_each_hidden<Net>([&](auto i) {
        REQUIRE(same(std::get<i>(alone->state().top_down.pathways).params.flat(),
                     std::get<i>(watched->state().top_down.pathways).params.flat()));
    });
    REQUIRE(alone->state().age == watched->state().age);
    REQUIRE(alone->state().error.relative() == watched->state().error.relative());
}

TEST_CASE("measures: dead units, alignment and guesses are what they say") {
    const Dataset data = some_data();
    Lifetime<Student, 16> life;
    life.begin(newborn(), Key(2), 30);
    Probe<Student, 16> probe(data, Key(7));

    // All of the first layer's neurons are lifted above zero but two, which nothing lifts.
    const auto bias = std::get<0>(life.params()).get<"bias">();
    std::fill(bias.begin(), bias.end(), 1e3F);
    REQUIRE(probe.look(life)[0].dead == 0);
    bias[1] = bias[4] = -1e6F;
    REQUIRE(probe.look(life)[0].dead == Approx(2.0 / 6));
    // One sample is enough to be alive: a bias between the two largest of_one.
    std::fill(bias.begin(), bias.end(), 1e3F);
    (void)probe.look(life);
    std::array<float, 16> of_one{};
    for (std::size_t s = 0; s < 16; ++s) of_one[s] = probe.activities().get<0>()[s * 6 + 2];
    std::ranges::sort(of_one);
    bias[2] = 1e3F - (of_one[14] + of_one[15]) / 2;
    REQUIRE(probe.look(life)[0].dead == 0);
    std::fill(bias.begin(), bias.end(), 0.0F);
    const auto after = probe.look(life);

    const auto credits = probe.credits().get<1>();
    double power = 0;
    for (const float credit : credits) power += double{credit} * double{credit};
    REQUIRE(power > 0);
    REQUIRE(after[1].credit == Approx(std::sqrt(power / static_cast<double>(credits.size()))));

    // The output layer is born along the feedback of the last hidden layer.
    REQUIRE(after[1].alignment == Approx(1.0).margin(1e-5));
    REQUIRE(std::isnan(after[2].alignment));

    // With the first layer's feedback set to the forward path, it is aligned as well.
    const auto w1 = std::get<1>(life.params()).get<"weights">();
    const auto w2 = std::get<2>(life.params()).get<"weights">();
    const auto feedback = std::get<0>(life.state().top_down.pathways).params.get<"feedback">();
    for (std::size_t j = 0; j < 6; ++j) {
        for (std::size_t c = 0; c < 3; ++c) {
            float path = 0;
            for (std::size_t k = 0; k < 5; ++k) path += w1[j * 5 + k] * w2[k * 3 + c];
            feedback[c * 6 + j] = path;
        }
    }
    REQUIRE(std::abs(after[0].alignment) < 0.99);
    REQUIRE(probe.look(life)[0].alignment == Approx(1.0).margin(1e-5));

    // A guess is right where the layer's own readout is largest at the label.
    const auto activity = probe.activities().get<0>();
    std::size_t right = 0;
    for (std::size_t s = 0; s < 16; ++s) {
        std::array<double, 3> sums{};
        for (std::size_t c = 0; c < 3; ++c) {
            for (std::size_t j = 0; j < 6; ++j) {
                sums[c] += double{feedback[c * 6 + j]} * double{activity[s * 6 + j]};
            }
        }
        const auto best = std::max_element(sums.begin(), sums.end()) - sums.begin();
        right += static_cast<std::size_t>(best) == probe.labels()[s] ? 1 : 0;
    }
    REQUIRE(probe.look(life)[0].guess_accuracy == Approx(static_cast<double>(right) / 16));

    REQUIRE_THROWS_AS((Probe<Learner<Stack<7, 4>, TopDown>, 16>(data, Key(1))), Error);
}

TEST_CASE("measures: the forward path is the product of all weights above") {
    using Deep = Stack<8, 6, 5, 7, 4>;
    const Dataset data = some_data();
    Lifetime<Learner<Deep, TopDown>, 16> life;
    Learner<Deep, TopDown>::Genome genome;
    Learner<Deep, TopDown>::initialize(genome, Key(1));
    life.begin(genome, Key(2), 30);
    Probe<Learner<Deep, TopDown>, 16> probe(data, Key(7));
    // What reaches output c from neuron j, one neuron at a time.
    TopDown::for_each_hidden<Deep>([&](auto i) {
        constexpr std::size_t units = Deep::layer<i>::output_shape::size;
        const auto feedback =
            std::get<i>(life.state().top_down.pathways).params.template get<"feedback">();
        for (std::size_t j = 0; j < units; ++j) {
            std::vector<double> reached(units, 0.0);
            reached[j] = 1;
            Deep::for_each_layer([&](auto above) {
                if constexpr (above > i) {
                    using L = typename Deep::template layer<above>;
                    constexpr std::size_t inputs = L::input_shape::size;
                    constexpr std::size_t outputs = L::output_shape::size;
                    const auto weights = std::get<above>(life.params()).template get<"weights">();
                    std::vector<double> next(outputs, 0.0);
                    for (std::size_t k = 0; k < inputs; ++k) {
                        for (std::size_t o = 0; o < outputs; ++o) {
                            next[o] += reached[k] * double{weights[k * outputs + o]};
                        }
                    }
                    reached = next;
                }
            });
            for (std::size_t c = 0; c < 3; ++c) {
                feedback[c * units + j] = static_cast<float>(reached[c]);
            }
        }
    });
    const auto layers = probe.look(life);
    for (std::size_t i = 0; i + 1 < Deep::depth; ++i) {
        CAPTURE(i);
        CHECK(layers[i].alignment == Approx(1.0).margin(1e-5));
    }
}
