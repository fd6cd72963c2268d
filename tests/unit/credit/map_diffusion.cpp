// Credit diffusion over feature maps: places, channels, sizes.
#include "tdca/credit/map_diffusion.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <cstddef>
#include <span>
#include <type_traits>

#include "tdca/concepts/diffusion.hpp"
#include "tdca/core/shape.hpp"
#include "tdca/credit/diffusion.hpp"

using namespace tdca;

namespace {

template <class Kernel, class LayerShape>
auto reach(std::size_t neuron, float log_width = 0.3F) {
    using On = KernelOn<Kernel, LayerShape>;
    typename On::Genome genome;
    genome.template get<"log_width">()[0] = log_width;
    std::array<double, On::template sources<LayerShape::size>> out{};
    On::template reach<LayerShape::size>(genome, neuron, std::span<double, out.size()>(out));
    return out;
}

using Shared = MapDiffusion<4, ChannelSources::shared>;
using Separate = MapDiffusion<4>;

}  // namespace

TEST_CASE("one genome serves maps, squares and lines", "[diffusion]") {
    STATIC_REQUIRE(Diffusion<Shared>);
    STATIC_REQUIRE(Diffusion<KernelOn<Separate, Shape<3, 8, 6>>>);
    STATIC_REQUIRE(
        std::is_same_v<KernelOn<Separate, Shape<3, 8, 6>>::Genome, GaussianDiffusion<32>::Genome>);
    STATIC_REQUIRE(
        std::is_same_v<KernelOn<GaussianDiffusion<8>, Shape<3, 8, 6>>, GaussianDiffusion<8>>);
    CHECK(reach<Separate, Shape<10>>(3) == reach<GaussianDiffusion<16>, Shape<10>>(3));
}

TEST_CASE("one map of a square is the planar kernel", "[diffusion]") {
    for (std::size_t neuron = 0; neuron < 49; ++neuron) {
        CHECK(reach<Separate, Shape<1, 7, 7>>(neuron) ==
              reach<PlanarDiffusion<4>, Shape<49>>(neuron));
    }
}

TEST_CASE("shared sources tell one place the same in all maps", "[diffusion]") {
    for (std::size_t place = 0; place < 48; ++place) {
        const auto first = reach<Shared, Shape<3, 8, 6>>(place);
        CHECK(first == reach<Shared, Shape<3, 8, 6>>(2 * 48 + place));
        CHECK(first == reach<Shared, Shape<1, 8, 6>>(place));
    }
}

TEST_CASE("separate sources reach their own map, as shared ones reach all", "[diffusion]") {
    for (std::size_t channel = 0; channel < 3; ++channel) {
        for (std::size_t place = 0; place < 48; ++place) {
            const auto all = reach<Separate, Shape<3, 8, 6>>(channel * 48 + place);
            const auto shared = reach<Shared, Shape<3, 8, 6>>(place);
            for (std::size_t s = 0; s < all.size(); ++s) {
                CHECK(all[s] == (s / 16 == channel ? shared[s % 16] : 0));
            }
        }
    }
}

TEST_CASE("the same place of a larger image is reached alike", "[diffusion]") {
    // Row r of 5 stands where row 3 r + 1 of 15 stands; columns likewise, 4 and 12.
    for (std::size_t row = 0; row < 5; ++row) {
        for (std::size_t column = 0; column < 4; ++column) {
            const auto small = reach<Shared, Shape<2, 5, 4>>(row * 4 + column);
            const auto large = reach<Shared, Shape<2, 15, 12>>((3 * row + 1) * 12 + 3 * column + 1);
            for (std::size_t s = 0; s < small.size(); ++s) {
                CHECK(large[s] == Approx(small[s]).epsilon(1e-9));
            }
        }
    }
}
