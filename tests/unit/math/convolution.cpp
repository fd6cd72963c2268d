// Convolution kernels against the definition, in double precision, over shapes of every kind.
#include "tdca/math/convolution.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "support/convolution_definition.hpp"
#include "support/numbers.hpp"
#include "tdca/core/random.hpp"

using namespace tdca;
using tdca::testing::for_each_product;
using tdca::testing::normal;

namespace {

template <ConvolutionShape S>
void check() {
    constexpr std::size_t samples = 5;
    constexpr std::size_t windows = S.out_rows() * S.out_columns();
    CAPTURE(S.channels, S.rows, S.columns, S.filters, S.extent, S.stride, S.padding, S.groups);
    const Key key(7);
    const auto in = normal<float>(samples * S.inputs(), key / 0);
    const auto weights = normal<float>(S.filters * S.fan_in(), key / 1);
    const auto bias = normal<float>(S.filters, key / 2);
    const auto credit = normal<float>(samples * S.outputs(), key / 3);

    // Exactly as many numbers as are promised: a sanitizer sees every step outside.
    std::vector<float> maps = in;
    if constexpr (!S.is_plain()) {
        maps.assign(samples * S.channels * S.map_size(), -1.0F);
        lay_out_maps<S, samples>(std::span<const float, samples * S.inputs()>(in),
                                 std::span<float, samples * S.channels * S.map_size()>(maps));
    }
    const std::span<const float, samples * S.channels * S.map_size()> seen(maps);

    std::vector<float> out(samples * S.outputs(), 9.0F);
    convolve<S, samples>(seen, std::span<const float, S.filters * S.fan_in()>(weights),
                         std::span<const float, S.filters>(bias),
                         std::span<float, samples * S.outputs()>(out),
                         [](Pack<float> sum) { return sum * Pack<float>(2.0F); });
    std::vector<float> delta(S.filters * S.fan_in(), 9.0F);
    std::vector<float> bias_delta(S.filters, 9.0F);
    correlate_windows<S, samples>(seen, std::span<const float, samples * S.outputs()>(credit),
                                  std::span<float, S.filters * S.fan_in()>(delta),
                                  std::span<float, S.filters>(bias_delta));

    std::vector<double> wanted_out(out.size());
    std::vector<double> wanted_delta(delta.size());
    std::vector<double> wanted_bias(S.filters);
    for (std::size_t o = 0; o < out.size(); ++o) {
        const std::size_t filter = o / windows % S.filters;
        wanted_out[o] = bias[filter];
        wanted_bias[filter] += credit[o] / static_cast<double>(samples);
    }
    for_each_product<S>(in, samples, [&](std::size_t o, std::size_t synapse, double value) {
        wanted_out[o] += weights[synapse] * value;
        wanted_delta[synapse] += credit[o] * value / static_cast<double>(samples);
    });
    const auto distance = [](const std::vector<float>& found, const std::vector<double>& wanted,
                             double scale) {
        double most = 0;
        for (std::size_t i = 0; i < found.size(); ++i) {
            most = simd::max(most, std::abs(found[i] - scale * wanted[i]));
        }
        return most;
    };
    CHECK(distance(out, wanted_out, 2) < 1e-4);
    CHECK(distance(delta, wanted_delta, 1) < 1e-4 * std::sqrt(static_cast<double>(windows)));
    CHECK(distance(bias_delta, wanted_bias, 1) < 1e-4 * std::sqrt(static_cast<double>(windows)));
}

}  // namespace

TEST_CASE("A convolution is what its definition says") {
    check<ConvolutionShape{1, 28, 28, 8, 5}>();
    check<ConvolutionShape{8, 12, 12, 16, 5}>();
    check<ConvolutionShape{3, 9, 7, 5, 3}>();
    check<ConvolutionShape{3, 3, 3, 2, 3}>();            // one window
    check<ConvolutionShape{2, 3, 4, 33, 2}>();           // a partial pack
    check<ConvolutionShape{4, 5, 6, 7, 1}>();            // 1 × 1
    check<ConvolutionShape{2, 8, 8, 6, 3, 1, 1}>();      // padded
    check<ConvolutionShape{2, 9, 11, 6, 3, 2, 1}>();     // strided
    check<ConvolutionShape{1, 10, 10, 3, 4, 3, 2}>();    // by three
    check<ConvolutionShape{2, 7, 7, 4, 2, 5, 0}>();      // windows apart
    check<ConvolutionShape{4, 8, 8, 8, 3, 1, 1, 2}>();   // two groups
    check<ConvolutionShape{1, 28, 28, 5, 3, 1, 1}>();    // packs within rows, the last one earlier
    check<ConvolutionShape{2, 14, 14, 5, 3, 1, 1}>();    // packs within rows, parts of packs
    check<ConvolutionShape{4, 7, 9, 32, 3, 1, 1}>();     // lanes along filters, two packs of them
    check<ConvolutionShape{8, 9, 7, 48, 3, 2, 1, 2}>();  // the same in groups, strided
    check<ConvolutionShape{6, 8, 8, 6, 3, 2, 1, 6}>();   // depthwise
    check<ConvolutionShape{.channels = 3,
                           .rows = 6,
                           .columns = 20,
                           .filters = 6,
                           .extent = 3,
                           .stride = 2,
                           .padding = 2,
                           .groups = 3}>();
}

TEST_CASE("A window that lies wholly in the padding sees nothing") {
    constexpr ConvolutionShape shape{1, 2, 2, 1, 1, 1, 1};
    const std::vector<float> in(4, 1.0F);
    std::vector<float> maps(shape.map_size(), 5.0F);
    lay_out_maps<shape, 1>(std::span<const float, 4>(in), std::span<float, 16>(maps));
    CHECK(maps == std::vector<float>{0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0});
}
