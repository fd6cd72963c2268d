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
constexpr std::size_t channels = 4;
constexpr std::size_t rows = 6;
constexpr std::size_t columns = 5;

/// A layer whose maps are read as they are, and four that lay them out first.
template <std::size_t Filters, std::size_t Extent, Sliding How>
struct Case {
    using L = typename Conv2d<Filters, Extent, Tanh,
                              How>::template Bound<double, Shape<channels, rows, columns>>;
    static constexpr Sliding how = How;
    static constexpr std::size_t filters = Filters;
    static constexpr std::size_t extent = Extent;
};

/// The documented equation, number by number.
template <class Case>
std::vector<double> by_loops(const typename Case::L::Params& params,
                             const std::vector<double>& in) {
    using L = typename Case::L;
    constexpr Sliding how = Case::how;
    constexpr std::size_t seen = channels / how.groups;
    const auto weights = params.template get<"weights">();
    const auto bias = params.template get<"bias">();
    std::vector<double> out;
    for (std::size_t s = 0; s < samples; ++s) {
        for (std::size_t f = 0; f < Case::filters; ++f) {
            const std::size_t first = f / (Case::filters / how.groups) * seen;
            for (std::size_t y = 0; y < L::shape.out_rows(); ++y) {
                for (std::size_t x = 0; x < L::shape.out_columns(); ++x) {
                    double sum = bias[f];
                    for (std::size_t c = 0; c < seen; ++c) {
                        for (std::size_t i = 0; i < Case::extent; ++i) {
                            for (std::size_t j = 0; j < Case::extent; ++j) {
                                const std::size_t row = how.stride * y + i;
                                const std::size_t column = how.stride * x + j;
                                if (row < how.padding || row >= rows + how.padding) continue;
                                if (column < how.padding || column >= columns + how.padding)
                                    continue;
                                sum += weights[((f * seen + c) * Case::extent + i) * Case::extent +
                                               j] *
                                       in[((s * channels + first + c) * rows + row - how.padding) *
                                              columns +
                                          column - how.padding];
                            }
                        }
                    }
                    out.push_back(std::tanh(sum));
                }
            }
        }
    }
    return out;
}

}  // namespace

TEMPLATE_TEST_CASE("a convolution sees what its equation says, and its credits are derivatives",
                   "[conv2d]", (Case<3, 3, Sliding{}>), (Case<2, 2, Sliding{.stride = 2}>),
                   (Case<3, 3, Sliding{.padding = 1}>),
                   (Case<2, 3, Sliding{.stride = 2, .padding = 1, .groups = 2}>),
                   (Case<4, 3, Sliding{.padding = 2, .groups = 4}>)) {
    using L = typename TestType::L;
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
        const auto expected = by_loops<TestType>(*params, in);
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
