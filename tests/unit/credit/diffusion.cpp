// Credit diffusion: unit columns, agreement between widths, sane at the limits.
#include "tdca/credit/diffusion.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "tdca/concepts/diffusion.hpp"

using tdca::GaussianDiffusion;
using tdca::NoDiffusion;
using tdca::TruncatedDiffusion;

namespace {

template <std::size_t Sources, std::size_t Neurons>
std::vector<double> kernel(float log_width) {
    typename GaussianDiffusion<Sources>::Genome genome;
    genome.template get<"log_width">()[0] = log_width;
    std::vector<double> values(Sources * Neurons);
    tdca::fill_kernel<GaussianDiffusion<Sources>, Neurons>(
        genome, std::span<double, Sources * Neurons>(values));
    return values;
}

}  // namespace

TEST_CASE("the contract holds", "[diffusion]") {
    STATIC_REQUIRE(tdca::Diffusion<GaussianDiffusion<16>>);
    STATIC_REQUIRE(tdca::Diffusion<NoDiffusion<>>);
}

TEST_CASE("every neuron's kernel has unit norm, at any width", "[diffusion]") {
    for (const float width : {-1.0F, 0.0F, 1.0F}) {
        const auto values = kernel<16, 100>(width);
        for (std::size_t j = 0; j < 100; ++j) {
            double power = 0;
            for (std::size_t s = 0; s < 16; ++s) power += values[s * 100 + j] * values[s * 100 + j];
            CHECK(power == Approx(1).epsilon(1e-12));
        }
    }
}

TEST_CASE("neurons at the same position get the same credit in layers of different width",
          "[diffusion]") {
    // Neuron j of 10 stands where neuron 3 j + 1 of 30 and neuron 7 j + 3 of 70 stand.
    const auto narrow = kernel<8, 10>(0.3F);
    const auto wide = kernel<8, 30>(0.3F);
    const auto wider = kernel<8, 70>(0.3F);
    for (std::size_t s = 0; s < 8; ++s) {
        for (std::size_t j = 0; j < 10; ++j) {
            CHECK(wide[s * 30 + 3 * j + 1] == Approx(narrow[s * 10 + j]).epsilon(1e-9));
            CHECK(wider[s * 70 + 7 * j + 3] == Approx(narrow[s * 10 + j]).epsilon(1e-9));
        }
    }
}

TEST_CASE("a kernel follows the Gaussian of its equation", "[diffusion]") {
    const auto values = kernel<4, 5>(0.5F);
    const double sigma = std::exp(0.5) / 4;
    for (std::size_t j = 0; j < 5; ++j) {
        std::array<double, 4> expected{};
        double power = 0;
        for (std::size_t s = 0; s < 4; ++s) {
            const double distance =
                (static_cast<double>(s) + 0.5) / 4 - (static_cast<double>(j) + 0.5) / 5;
            expected[s] = std::exp(-0.5 * distance * distance / (sigma * sigma));
            power += expected[s] * expected[s];
        }
        for (std::size_t s = 0; s < 4; ++s) {
            CHECK(values[s * 5 + j] == Approx(expected[s] / std::sqrt(power)).epsilon(1e-9));
        }
    }
}

TEST_CASE("needles, plains and broken genes give finite kernels", "[diffusion]") {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const float inf = std::numeric_limits<float>::infinity();
    for (const float width : {-50.0F, 50.0F, -inf, inf, nan}) {
        for (const double value : kernel<16, 37>(width)) REQUIRE(std::isfinite(value));
    }
}

TEST_CASE("a neuron's reach is its column of the kernel", "[diffusion]") {
    GaussianDiffusion<6>::Genome genome;
    genome.get<"log_width">()[0] = 0.4F;
    std::array<float, 6 * 11> whole{};
    tdca::fill_kernel<GaussianDiffusion<6>, 11>(genome, std::span<float, 6 * 11>(whole));
    for (std::size_t j = 0; j < 11; ++j) {
        std::array<float, 6> reach{};
        GaussianDiffusion<6>::reach<11>(genome, j, std::span<float, 6>(reach));
        for (std::size_t s = 0; s < 6; ++s) CHECK(whole[s * 11 + j] == reach[s]);
    }
}

TEST_CASE("without diffusion every neuron is its own source", "[diffusion]") {
    std::array<float, 9> values{};
    tdca::fill_kernel<NoDiffusion<>, 3>({}, std::span<float, 9>(values));
    CHECK(values == std::array<float, 9>{1, 0, 0, 0, 1, 0, 0, 0, 1});
}

TEST_CASE("a truncated kernel is the Gaussian one near a neuron, and nothing beyond its reach",
          "[diffusion]") {
    using Cut = TruncatedDiffusion<16, 2>;
    STATIC_REQUIRE(tdca::Diffusion<Cut>);
    constexpr std::size_t neurons = 40;
    for (const float width : {-2.0F, 0.0F, 1.5F}) {
        Cut::Genome genome;
        genome.get<"log_width">()[0] = width;
        std::vector<double> values(16 * neurons);
        tdca::fill_kernel<Cut, neurons>(genome, std::span<double, 16 * neurons>(values));
        const auto whole = kernel<16, neurons>(width);
        for (std::size_t j = 0; j < neurons; ++j) {
            CAPTURE(width, j);
            const double middle = (static_cast<double>(j) + 0.5) / neurons * 16;
            double power = 0;
            double ratio = 0;
            std::size_t heard = 0;
            for (std::size_t s = 0; s < 16; ++s) {
                const double value = values[s * neurons + j];
                power += value * value;
                if (std::abs(static_cast<double>(s) + 0.5 - middle) > 2.5) {
                    CHECK(value == 0);
                    continue;
                }
                ++heard;
                if (whole[s * neurons + j] < 1e-12) continue;
                // One factor for all that is left: unit norm again.
                const double now = value / whole[s * neurons + j];
                if (ratio != 0) CHECK(now == Approx(ratio).epsilon(1e-9));
                ratio = now;
            }
            CHECK(power == Approx(1).epsilon(1e-12));
            CHECK(heard >= 2);
            CHECK(heard <= (std::fmod(middle, 1) == 0 ? 6 : 5));
        }
    }
}
