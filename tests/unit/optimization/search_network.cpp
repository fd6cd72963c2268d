// SearchNetwork: gains of points, and a clock that remembers.
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "tdca/optimization/search_network.hpp"

using namespace tdca;

namespace {

using TopDown = SearchNetwork<4, 6>;

TopDown::Genome random_genome(std::uint64_t seed, float size) {
    TopDown::Genome genome;
    std::vector<float> genes(TopDown::Genome::count);
    Key(seed).fill_normal(std::span<float>(genes));
    for (float& gene : genes) gene *= size;
    genome.read(std::span<const float, TopDown::Genome::count>(genes));
    return genome;
}

struct Gains {
    std::vector<float> bias;
    std::vector<float> weights;
};

Gains weigh(const TopDown::Genome& genome, const std::vector<float>& ranks,
            const std::vector<float>& scores, const std::vector<float>& powers) {
    SearchMood now;
    TopDown::State memory{};
    const SearchCommand asked = TopDown::command(genome, now, memory);
    const std::size_t stride = (ranks.size() + 15) / 16 * 16;
    Gains gains{std::vector<float>(stride, 9.0F), std::vector<float>(stride, 9.0F)};
    std::vector<float> padded = powers;
    padded.resize(stride);
    TopDown::weigh(genome, asked, now, ranks, scores, padded, 5, gains.bias, gains.weights);
    return gains;
}

}  // namespace

TEST_CASE("Gains of the bias sum to one, those of the weights to zero, padding to nothing") {
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        const std::vector<float> ranks{0.4F, -0.4F, 0.2F, 0.0F, -0.2F};
        const Gains gains =
            weigh(random_genome(seed, 0.5F), ranks, {-1, 2, -0.5F, 0, 1}, {4, 5, 6, 3, 9});
        double bias = 0;
        double weights = 0;
        for (std::size_t p = 0; p < 16; ++p) {
            bias += gains.bias[p];
            weights += gains.weights[p];
            if (p >= 5) {
                CHECK(gains.bias[p] == 0.0F);
                CHECK(gains.weights[p] == 0.0F);
            }
        }
        CHECK(bias == Approx(1.0));
        CHECK(weights == Approx(0.0).margin(1e-6));
    }
}

TEST_CASE("Before evolution a better rank has a larger gain, whatever the scores") {
    TopDown::Genome genome;
    TopDown::initialize(genome, Key(1));
    const Gains gains =
        weigh(genome, {0.4F, 0.2F, 0.0F, -0.2F, -0.4F}, {3, -1, 2, 0, 1}, {1, 2, 3, 4, 5});
    for (std::size_t p = 0; p + 1 < 5; ++p) CHECK(gains.bias[p] > gains.bias[p + 1]);
}

TEST_CASE("A point's gain does not depend on its place in the batch") {
    const auto genome = random_genome(3, 0.5F);
    const Gains one =
        weigh(genome, {0.4F, -0.4F, 0.2F, 0.0F, -0.2F}, {-1, 2, -0.5F, 0, 1}, {4, 5, 6, 3, 9});
    const Gains other =
        weigh(genome, {-0.2F, 0.0F, 0.2F, -0.4F, 0.4F}, {1, 0, -0.5F, 2, -1}, {9, 3, 6, 5, 4});
    for (std::size_t p = 0; p < 5; ++p) {
        CHECK(one.bias[p] == Approx(other.bias[4 - p]).epsilon(1e-5));
        CHECK(one.weights[p] == Approx(other.weights[4 - p]).margin(1e-6));
    }
}

TEST_CASE("The clock remembers: the same mood twice asks for different things") {
    const auto genome = random_genome(2, 0.3F);
    SearchMood now;
    now.fraction = 0.4F;
    TopDown::State memory{};
    const SearchCommand first = TopDown::command(genome, now, memory);
    const SearchCommand second = TopDown::command(genome, now, memory);
    CHECK(first.step != second.step);
}

TEST_CASE("Commands stay finite for wild genes and broken moods") {
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        const auto genome = random_genome(seed, 1e3F);
        SearchMood now;
        now.gain = std::numeric_limits<float>::quiet_NaN();
        now.log_far = std::numeric_limits<float>::infinity();
        TopDown::State memory{};
        const SearchCommand asked = TopDown::command(genome, now, memory);
        for (const float value : {asked.step, asked.weight_step, asked.private_step,
                                  asked.log_growth, asked.sharpness, asked.path_rate}) {
            CHECK(std::isfinite(value));
        }
    }
}
