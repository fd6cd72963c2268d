// Probe and angles: what is measured, and that measuring changes nothing.
#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <cstring>
#include <memory>
#include <vector>

#include "support/designs.hpp"
#include "tdca/learner/measures.hpp"

using namespace tdca;
using namespace tdca::support;

namespace {

using Net = Mlp<8, 3, Relu, 6, 5>;
using Student = TdcaLearner<Net>;

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

TEST_CASE("measures: a life that is looked at goes on with the same bits") {
    const Dataset data = some_data();
    const MinibatchSampler<16> sampler(data, Key(5));
    const auto live = [&](bool looked_at) {
        auto life = std::make_unique<Lifetime<Student, 16>>();
        life->begin(newborn(), Key(2), 30);
        Probe<Student, 16> probe(data, Key(7));
        const std::array<std::size_t, 3> marks{3, 10, 30};
        std::vector<std::size_t> seen;
        train_with_marks(*life, sampler, data, marks, [&](std::size_t age) {
            seen.push_back(age);
            if (looked_at) (void)probe.look(*life);
        });
        REQUIRE(seen == std::vector<std::size_t>{3, 10, 30});
        return life;
    };
    const auto alone = live(false);
    const auto watched = live(true);
    Net::for_each_layer([&](auto i) {
        const auto a = std::get<i>(alone->params()).flat();
        const auto b = std::get<i>(watched->params()).flat();
        REQUIRE(std::memcmp(a.data(), b.data(), a.size_bytes()) == 0);
    });
    REQUIRE(alone->state().error.relative() == watched->state().error.relative());
}

TEST_CASE("measures: dead units, alignment and guesses are what they say") {
    const Dataset data = some_data();
    Lifetime<Student, 16> life;
    life.begin(newborn(), Key(2), 30);
    Probe<Student, 16> probe(data, Key(7));

    // Two of the six neurons of the first layer get a bias that nothing overcomes.
    const auto bias = std::get<0>(life.params()).get<"bias">();
    const auto before = probe.look(life);
    bias[1] = bias[4] = -1e6F;
    const auto after = probe.look(life);
    REQUIRE(before[0].dead < 1.9 / 6);
    REQUIRE(after[0].dead >= 2.0 / 6 - 1e-9);

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

    REQUIRE_THROWS_AS((Probe<TdcaLearner<Mlp<7, 3, Relu, 4>>, 16>(data, Key(1))), Error);
}
