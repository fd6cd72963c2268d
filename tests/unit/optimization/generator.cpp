// Generator: noise in, points out, and what its weights learn.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <span>
#include <vector>

#include "tdca/core/error.hpp"
#include "tdca/optimization/generator.hpp"

using namespace tdca;

namespace {

/// Deviations of the batch, point by point, seen from outside.
std::vector<double> deviations(const Generator<4>& generator) {
    const std::size_t n = generator.dimension();
    std::vector<double> out(generator.points() * n);
    std::vector<float> one(generator.stride(), 0.0F);
    for (std::size_t p = 0; p < generator.points(); ++p) {
        std::fill(one.begin(), one.end(), 0.0F);
        one[p] = 1.0F;
        for (std::size_t i = 0; i < n; ++i) out[p * n + i] = generator.mean_deviation(i, one);
    }
    return out;
}

double noise(const Generator<4>& generator, std::size_t k, std::size_t p) {
    std::vector<float> one(generator.stride(), 0.0F);
    one[p] = 1.0F;
    return generator.mean_noise(k, one);
}

}  // namespace

TEST_CASE("Generated points lie around the centre with the spread of birth") {
    // With and without private noise. 4,000 points: the error of a deviation is 1.1 %, and 8 of
    // them stay within 6 % with a false alarm in 10⁷.
    for (const std::size_t n : {2U, 3U, 9U}) {
        Generator<4> generator;
        generator.resize(n, 16);
        const std::vector<double> start(n, 0.25);
        generator.begin(Key(3), 0.05F, start);
        CHECK(generator.spread() == Approx(0.05F).epsilon(n > 4 ? 0.5 : 1e-5));
        double power = 0;
        for (std::uint64_t batch = 0; batch < 250; ++batch) {
            generator.forward(Key(4) / batch);
            for (std::size_t p = 0; p < 16; ++p) {
                for (std::size_t i = 0; i < n; ++i) {
                    const double away = generator.coordinate(p, i) - 0.25;
                    power += away * away;
                }
            }
        }
        const double deviation = std::sqrt(power / (4000.0 * static_cast<double>(n)));
        CHECK(deviation == Approx(generator.spread()).epsilon(0.06));
    }
}

TEST_CASE("Noise comes in mirrored pairs of orthogonal directions") {
    Generator<4> generator;
    generator.resize(4, 8);
    generator.begin(Key(1), 0.1F);
    generator.forward(Key(2));
    for (std::size_t p = 0; p < 4; ++p) {
        for (std::size_t k = 0; k < 4; ++k) {
            CHECK(noise(generator, k, p) == -noise(generator, k, p + 4));
        }
        for (std::size_t q = 0; q < p; ++q) {
            double dot = 0;
            for (std::size_t k = 0; k < 4; ++k)
                dot += noise(generator, k, p) * noise(generator, k, q);
            CHECK(dot == Approx(0.0).margin(1e-5));
        }
    }
}

TEST_CASE(
    "An odd batch leaves one direction without a mirror image, and more points than dimensions "
    "work") {
    Generator<4> generator;
    generator.resize(3, 9);
    generator.begin(Key(1), 0.1F);
    generator.forward(Key(2));
    for (std::size_t p = 0; p < 9; ++p) {
        double power = 0;
        for (std::size_t k = 0; k < 3; ++k) power += std::pow(noise(generator, k, p), 2);
        CHECK(std::isfinite(power));
        CHECK(power > 0);
    }
}

TEST_CASE("A generator learns credit times presynaptic noise") {
    // Against the sums written out, in double precision.
    for (const std::size_t n : {3U, 7U}) {
        Generator<4> generator;
        generator.resize(n, 6);
        generator.begin(Key(5), 0.2F);
        generator.forward(Key(6));
        const auto before = deviations(generator);
        std::vector<float> gains(generator.stride(), 0.0F);
        for (std::size_t p = 0; p < 6; ++p) gains[p] = 0.1F * static_cast<float>(p) - 0.2F;
        const float step = 0.3F;
        const float private_step = 0.4F;
        const float growth = 0.9F;
        generator.learn(gains, std::vector<float>(generator.sources(), 0.0F),
                        {.shared = step, .own = private_step, .growth = growth});
        // The same noise through the new weights.
        Generator<4> again = generator;
        again.forward(Key(6));
        const auto after = deviations(again);
        const std::size_t shared = std::min<std::size_t>(n, 4);
        for (std::size_t p = 0; p < 6; ++p) {
            for (std::size_t i = 0; i < n; ++i) {
                double expected = before[p * n + i];
                for (std::size_t q = 0; q < 6; ++q) {
                    const double credit = gains[q] * before[q * n + i];
                    double along = 0;
                    for (std::size_t k = 0; k < shared; ++k) {
                        along += noise(generator, k, q) * noise(generator, k, p);
                    }
                    expected += step * credit * along;
                    if (n > 4) {
                        expected += private_step * credit * noise(generator, 4 + i, q) *
                                    noise(generator, 4 + i, p);
                    }
                }
                CHECK(after[p * n + i] == Approx(growth * expected).margin(1e-5));
            }
        }
    }
}

TEST_CASE("A generator learns along the path of its centre") {
    // Against W (I + a (π πᵀ − I)) written out, in double precision; private weights on their own.
    for (const std::size_t n : {3U, 7U}) {
        Generator<4> generator;
        generator.resize(n, 6);
        generator.begin(Key(5), 0.2F);
        generator.forward(Key(6));
        const auto before = deviations(generator);
        const std::vector<float> gains(generator.stride(), 0.0F);
        std::vector<float> path(generator.sources());
        Key(7).fill_normal(std::span<float>(path));
        const float a = 0.2F;
        Generator<4> again = generator;
        again.learn(gains, path, {.path = a});
        again.forward(Key(6));
        const auto after = deviations(again);
        // Unit by unit, through the deviation that the path itself would have.
        for (std::size_t i = 0; i < n; ++i) {
            for (std::size_t p = 0; p < 6; ++p) {
                double along = 0;
                const std::size_t shared = std::min<std::size_t>(n, 4);
                for (std::size_t k = 0; k < shared; ++k) {
                    along += static_cast<double>(path[k]) * noise(generator, k, p);
                }
                double deviation_of_path = 0;
                if (n <= 4) {
                    // Six points in three dimensions span them: solve by the three first, which are
                    // orthogonal.
                    for (std::size_t q = 0; q < 3; ++q) {
                        double dot = 0;
                        double power = 0;
                        for (std::size_t k = 0; k < shared; ++k) {
                            dot += static_cast<double>(path[k]) * noise(generator, k, q);
                            power += std::pow(noise(generator, k, q), 2);
                        }
                        deviation_of_path += dot / power * before[q * n + i];
                    }
                    const double expected =
                        before[p * n + i] +
                        static_cast<double>(a) * (deviation_of_path * along - before[p * n + i]);
                    CHECK(after[p * n + i] == Approx(expected).margin(1e-5));
                } else {
                    CHECK(std::isfinite(after[p * n + i]));
                }
            }
        }
        if (n > 4) {  // on private weights alone
            Generator<4> apart = generator;
            apart.learn(gains, path, {.own_path = 0.1F});
            apart.forward(Key(6));
            const auto changed = deviations(apart);
            for (std::size_t i = 0; i < n; ++i) {
                const double walked = path[4 + i];
                const double factor = 0.1 * (std::min(walked * walked, 9.0) - 1);
                const double own = 0.2 * std::sqrt(1 - 4.0 / 7);
                for (std::size_t p = 0; p < 6; ++p) {
                    CHECK(changed[p * n + i] - before[p * n + i] ==
                          Approx(factor * own * noise(generator, 4 + i, p)).margin(1e-5));
                }
            }
        }
    }
}

TEST_CASE("Random paths leave the weights as they are on average") {
    Generator<4> generator;
    generator.resize(4, 8);
    double spread = 0;
    std::vector<float> path(4);
    const std::vector<float> gains(16, 0.0F);
    for (std::uint64_t seed = 0; seed < 400; ++seed) {
        generator.begin(Key(1), 1.0F);
        (Key(2) / seed).fill_normal(std::span<float>(path));
        generator.learn(gains, path, {.path = 0.05F});
        spread += std::pow(generator.spread(), 2) / 400;
    }
    // E‖W‖² grows by the second order alone: 0.05² · (E‖ππᵀ − I‖² = n + 1) per coordinate.
    CHECK(spread == Approx(1 + 0.0025 * 5).epsilon(0.02));
}

TEST_CASE("A coordinate that is kept apart keeps its deviation, and the spread is the others'") {
    for (const std::size_t n : {3U, 7U}) {
        Generator<4> generator;
        generator.resize(n, 8);
        generator.keep_apart(1, 0.1F);
        generator.begin(Key(1), 0.5F);
        const std::vector<float> gains(16, 0.0F);
        const std::vector<float> path(generator.sources(), 0.0F);
        for (int update = 0; update < 60; ++update) generator.learn(gains, path, {.growth = 0.7F});
        CHECK(generator.spread() < 1e-6F);
        double power = 0;
        for (std::uint64_t batch = 0; batch < 250; ++batch) {
            generator.forward(Key(4) / batch);
            const auto drawn = deviations(generator);
            for (std::size_t p = 0; p < 8; ++p) power += std::pow(drawn[p * n + 1], 2) / 2000;
        }
        CHECK(std::sqrt(power) == Approx(0.1).epsilon(0.08));
    }
}

TEST_CASE("Memory of a generator grows linearly with the dimension") {
    // What it holds at 2,000 dimensions is within 5 % of twice what it holds at 1,000.
    const auto numbers = [](std::size_t n) {
        Generator<32> generator;
        generator.resize(n, 16);
        return generator.memory();
    };
    CHECK(static_cast<double>(numbers(2000)) ==
          Approx(2.0 * static_cast<double>(numbers(1000))).epsilon(0.05));
}

TEST_CASE("A generator of nothing is refused") {
    Generator<> generator;
    CHECK_THROWS_AS(generator.resize(0, 4), Error);
    CHECK_THROWS_AS(generator.resize(4, 0), Error);
}
