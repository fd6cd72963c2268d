// Layers run as PyTorch's do, to 1e-5 in single precision. layers_pytorch.py makes the references.
#include <catch2/catch.hpp>
#include <cmath>
#include <cstddef>
#include <memory>
#include <span>
#include <type_traits>
#include <vector>

#include "reference/layers_pytorch.hpp"
#include "tdca/bottom_up/activations.hpp"
#include "tdca/bottom_up/attention.hpp"
#include "tdca/bottom_up/cells.hpp"
#include "tdca/bottom_up/conv2d.hpp"
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/layer_norm.hpp"
#include "tdca/bottom_up/pool.hpp"
#include "tdca/bottom_up/residual.hpp"
#include "tdca/core/shape.hpp"

using namespace tdca;

namespace {

constexpr std::size_t samples = 2;

/// The formula shared with layers_pytorch.py.
void fill_wave(auto&& out, double phase, double scale) {
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = static_cast<std::remove_cvref_t<decltype(out[0])>>(
            scale * std::sin(12.9898 * (static_cast<double>(i) + 1) + 78.233 * phase));
    }
}

/// One parameter of a layer.
template <Name Which, class Params>
void fill_parameter(Params& params, double phase, double scale) {
    fill_wave(params.template get<Which>(), phase, scale);
}

/// Runs a layer in both precisions. `fill(params)` gives it its parameters.
template <class Spec, class InputShape, class Fill>
void check_layer(const std::vector<double>& expected, Fill&& fill) {
    const auto run = [&]<class Scalar>(Scalar /*tag*/, double margin) {
        using L = typename Spec::template Bound<Scalar, InputShape>;
        constexpr std::size_t inputs = samples * InputShape::size;
        constexpr std::size_t outputs = samples * L::output_shape::size;
        REQUIRE(expected.size() == outputs);
        const auto params = std::make_unique<typename L::Params>();
        const auto eligibility = std::make_unique<typename L::template Eligibility<samples>>();
        std::vector<Scalar> in(inputs);
        std::vector<Scalar> out(outputs);
        fill_wave(in, 1, 1);
        fill(*params);
        L::template forward<samples>(*params, std::span<const Scalar, inputs>(in),
                                     std::span<Scalar, outputs>(out), *eligibility);
        for (std::size_t i = 0; i < outputs; ++i) {
            CHECK(static_cast<double>(out[i]) == Approx(expected[i]).margin(margin).epsilon(0));
        }
    };
    run(float{}, 1e-5);
    run(double{}, 1e-8);
}

constexpr auto nothing = [](auto& /*params*/) {};
constexpr auto weights_and_bias = [](auto& params) {
    fill_parameter<"weights">(params, 2, 0.5);
    fill_parameter<"bias">(params, 3, 0.5);
};
constexpr auto recurrent = [](auto& params) {
    fill_parameter<"input">(params, 2, 0.5);
    fill_parameter<"input_bias">(params, 3, 0.5);
    fill_parameter<"recurrent">(params, 4, 0.5);
    fill_parameter<"recurrent_bias">(params, 5, 0.5);
};

}  // namespace

TEST_CASE("convolutions are PyTorch's") {
    check_layer<Conv2d<3, 3, Relu, Sliding{.padding = 1}>, Shape<2, 7, 6>>(reference::conv_padded,
                                                                           weights_and_bias);
    check_layer<Conv2d<6, 3, Relu, Sliding{.stride = 2, .padding = 1, .groups = 2}>,
                Shape<4, 9, 8>>(reference::conv_strided, weights_and_bias);
    check_layer<Conv2d<3, 5, Relu, Sliding{.padding = 2, .groups = 3}>, Shape<3, 6, 6>>(
        reference::conv_depthwise, weights_and_bias);
}

TEST_CASE("pools and normalisation are PyTorch's") {
    check_layer<MaxPool<2>, Shape<2, 7, 6>>(reference::max_pool, nothing);
    check_layer<MaxPool<3, 2>, Shape<2, 7, 6>>(reference::max_pool_overlapping, nothing);
    check_layer<AvgPool<2>, Shape<2, 7, 6>>(reference::avg_pool, nothing);
    check_layer<LayerNorm<3>, Shape<2, 7, 6>>(reference::layer_norm_maps, nothing);
    check_layer<LayerNorm<1>, Shape<6, 4>>(reference::layer_norm_tokens, nothing);
}

TEST_CASE("recurrent layers are PyTorch's") {
    check_layer<Rnn<5>, Shape<11, 3>>(reference::rnn, recurrent);
    check_layer<Gru<5>, Shape<11, 3>>(reference::gru, recurrent);
    check_layer<Lstm<5>, Shape<11, 3>>(reference::lstm, recurrent);
}

TEST_CASE("attention and ways around a layer are PyTorch's") {
    check_layer<SelfAttention<5>, Shape<6, 4>>(reference::self_attention, [](auto& params) {
        fill_parameter<"query">(params, 2, 1);
        fill_parameter<"key">(params, 3, 1);
        fill_parameter<"value">(params, 4, 1);
    });
    check_layer<Residual<Dense<6, Tanh>>, Shape<6>>(reference::residual, weights_and_bias);
}
