// Conv2d: what its windows see, and its credits, which are exact derivatives. The kernels have
// tests of their own.
#include "tdca/bottom_up/conv2d.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "support/convolution_definition.hpp"
#include "support/differences.hpp"
#include "support/numbers.hpp"
#include "tdca/bottom_up/activations.hpp"
#include "tdca/concepts/layer.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/shape.hpp"

using namespace tdca;
using tdca::testing::normal;

namespace {

constexpr std::size_t samples = 2;

/// A layer of 4 maps of 6 × 5.
template <std::size_t Filters, std::size_t Extent, Sliding How>
using Layer4x6x5 =
    typename Conv2d<Filters, Extent, Tanh, How>::template Bound<double, Shape<4, 6, 5>>;

/// The documented equation, number by number.
template <class L>
std::vector<double> by_definition(const typename L::Params& params, const std::vector<double>& in) {
    const auto weights = params.template get<"weights">();
    const auto bias = params.template get<"bias">();
    std::vector<double> out(samples * L::output_shape::size);
    for (std::size_t o = 0; o < out.size(); ++o) {
        out[o] = bias[o / (L::shape.out_rows() * L::shape.out_columns()) % L::shape.filters];
    }
    testing::for_each_product<L::shape>(in, samples,
                                        [&](std::size_t output, std::size_t synapse, double seen) {
                                            out[output] += weights[synapse] * seen;
                                        });
    for (double& sum : out) sum = std::tanh(sum);
    return out;
}

}  // namespace

TEMPLATE_TEST_CASE("a convolution sees what its equation says, and its credits are derivatives",
                   "[conv2d]", (Layer4x6x5<3, 3, Sliding{}>),
                   (Layer4x6x5<2, 2, Sliding{.stride = 2}>),
                   (Layer4x6x5<3, 3, Sliding{.padding = 1}>),
                   (Layer4x6x5<2, 3, Sliding{.stride = 2, .padding = 1, .groups = 2}>),
                   (Layer4x6x5<4, 3, Sliding{.padding = 2, .groups = 4}>)) {
    using L = TestType;
    STATIC_REQUIRE(SynapticLayer<L>);
    constexpr std::size_t inputs = samples * L::input_shape::size;
    constexpr std::size_t outputs = samples * L::output_shape::size;
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        const auto in = normal(inputs, Key(seed) / 0);
        const auto worth = normal(outputs, Key(seed) / 1);
        std::vector<double> out(outputs);
        const auto params = std::make_unique<typename L::Params>();
        const auto eligibility = std::make_unique<typename L::template Eligibility<samples>>();
        L::initialize(*params, Key(seed) / 2);
        CHECK(std::ranges::all_of(params->template get<"bias">(),
                                  [](double bias) { return bias == 0; }));
        (Key(seed) / 3).fill_normal(std::span<double>(params->template get<"bias">()));
        const auto value = [&] {
            L::template forward<samples>(*params, std::span<const double, inputs>(in),
                                         std::span<double, outputs>(out), *eligibility);
            double total = 0;
            for (std::size_t i = 0; i < outputs; ++i) total += worth[i] * out[i] / samples;
            return total;
        };
        (void)value();
        const auto expected = by_definition<L>(*params, in);
        REQUIRE(expected.size() == outputs);
        for (std::size_t i = 0; i < outputs; ++i) {
            CHECK(out[i] == Approx(expected[i]).margin(1e-12));
        }
        std::vector<double> credit = worth;
        L::template gate<samples>(std::span<const double, outputs>(out), *eligibility,
                                  std::span<double, outputs>(credit));
        const auto delta = std::make_unique<typename L::Params>();
        L::template correlate<samples>(std::span<const double, inputs>(in),
                                       std::span<const double, outputs>(credit), *eligibility,
                                       *delta);
        testing::check_derivative(params->flat(), delta->flat(), value);
    }
}
