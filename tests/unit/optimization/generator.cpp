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
        const std::vector<float> start(n, 0.25F);
        generator.begin(Key(3), 0.05F, start);
        CHECK(generator.spread() == Approx(0.05F).epsilon(n > 4 ? 0.5 : 1e-5));
        double power = 0;
        std::vector<float> point(n);
        for (std::uint64_t batch = 0; batch < 250; ++batch) {
            generator.forward(Key(4) / batch);
            for (std::size_t p = 0; p < 16; ++p) {
                generator.point(p, point);
                for (const float x : point) power += (x - 0.25) * (x - 0.25);
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
        generator.learn(gains, step, private_step, growth);
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

TEST_CASE("Points are mirrored at the walls of the box") {
    CHECK(Generator<>::mirror(0.5F) == 0.5F);
    CHECK(Generator<>::mirror(1.25F) == Approx(0.75F));
    CHECK(Generator<>::mirror(-1.25F) == Approx(-0.75F));
    CHECK(Generator<>::mirror(3.5F) == Approx(-0.5F));
    for (float x = -50; x < 50; x += 0.37F) {
        CHECK(std::fabs(Generator<>::mirror(x)) <= 1.0F);
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
