// bfloat16: rounding, pairs and products, the same bits with and without the instructions; and the
// layers that multiply so.
#include "tdca/math/bfloat16.hpp"

#include <algorithm>
#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "support/numbers.hpp"
#include "tdca/bottom_up/activations.hpp"
#include "tdca/bottom_up/bfloat16.hpp"
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/initializers.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/concepts/layer.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/shape.hpp"
#include "tdca/math/bfloat16_product.hpp"
#include "tdca/math/simd.hpp"

using namespace tdca;
using tdca::testing::normal;

namespace {

/// The nearest bfloat16, by its definition: of the two around x the nearer, or the even one.
float nearest(float x) {
    if (std::isnan(x) || std::isinf(x)) return x;
    if (std::abs(x) < std::numeric_limits<float>::min()) return std::copysign(0.0F, x);
    const auto below = std::bit_cast<float>(std::bit_cast<std::uint32_t>(x) & 0xFFFF0000U);
    const auto above =
        std::bit_cast<float>((std::bit_cast<std::uint32_t>(x) & 0xFFFF0000U) + 0x10000U);
    const double to_below = std::abs(static_cast<double>(x) - below);
    const double to_above = std::isinf(above) ? 0x1p120 - to_below  // half of the last step
                                              : std::abs(static_cast<double>(above) - x);
    if (to_below != to_above) return to_below < to_above ? below : above;
    return (std::bit_cast<std::uint32_t>(below) & 0x10000U) == 0 ? below : above;
}

/// Numbers of every size, halfway cases, and those that are none.
std::vector<float> all_kinds() {
    std::vector<float> numbers{0.0F,
                               -0.0F,
                               1.0F,
                               1.00390625F,
                               1.01171875F,
                               -1e-40F,
                               1.1754944e-38F,
                               3.3895314e38F,
                               std::numeric_limits<float>::max(),
                               std::numeric_limits<float>::infinity(),
                               -std::numeric_limits<float>::infinity()};
    for (std::uint64_t i = 0; numbers.size() % 64 != 0 || i < 4000; ++i) {
        const auto bits = static_cast<std::uint32_t>(Key(9).below(std::uint64_t{1} << 32U, i));
        const auto x = std::bit_cast<float>(bits);
        if (x == x) numbers.push_back(x);
    }
    return numbers;
}

/// Numbers that are the same on every machine.
std::vector<float> plain(std::size_t count, std::size_t salt) {
    std::vector<float> numbers(count);
    for (std::size_t i = 0; i < count; ++i) {
        numbers[i] = static_cast<float>((i * 7919 + salt * 104729) % 2003) / 1001.0F - 1.0F;
    }
    return numbers;
}

std::uint64_t digest(std::span<const float> numbers) {
    std::uint64_t sum = 14695981039346656037U;
    for (const float x : numbers) sum = (sum ^ std::bit_cast<std::uint32_t>(x)) * 1099511628211U;
    return sum;
}

/// Both products of one shape against loops in double precision over rounded numbers.
template <std::size_t Samples, std::size_t Inputs, std::size_t Outputs>
std::uint64_t check() {
    CAPTURE(Samples, Inputs, Outputs);
    const auto x = plain(Samples * Inputs, 1);
    const auto w = plain(Inputs * Outputs, 2);
    const auto bias = plain(Outputs, 3);
    const auto credit = plain(Samples * Outputs, 4);
    const auto scratch = std::make_unique<Bfloat16Scratch<Samples, Inputs, Outputs>>();
    std::vector<float> out(Samples * Outputs, 9.0F);
    affine_in_bfloat16<Samples, Inputs, Outputs>(
        std::span<const float, Samples * Inputs>(x), std::span<const float, Inputs * Outputs>(w),
        std::span<const float, Outputs>(bias), std::span<float, Samples * Outputs>(out), *scratch,
        [](Pack<float> sum) { return sum * Pack<float>(2.0F); });
    std::vector<float> delta(Inputs * Outputs, 9.0F);
    std::size_t next = 0;
    mean_outer_each_in_bfloat16<Samples, Inputs, Outputs>(
        std::span<const float, Samples * Inputs>(x),
        std::span<const float, Samples * Outputs>(credit), *scratch,
        [&](std::size_t first, auto deltas) {
            CHECK(first == next);
            next += deltas.size();
            std::ranges::copy(deltas, delta.begin() + static_cast<std::ptrdiff_t>(first));
        });
    CHECK(next == delta.size());

    double most = 0;
    for (std::size_t s = 0; s < Samples; ++s) {
        for (std::size_t j = 0; j < Outputs; ++j) {
            double sum = bias[j];
            for (std::size_t i = 0; i < Inputs; ++i) {
                sum += static_cast<double>(nearest(x[s * Inputs + i])) *
                       static_cast<double>(nearest(w[i * Outputs + j]));
            }
            most = std::max(most, std::abs(2 * sum - out[s * Outputs + j]));
        }
    }
    CHECK(most < 2e-5);
    most = 0;
    for (std::size_t i = 0; i < Inputs; ++i) {
        for (std::size_t j = 0; j < Outputs; ++j) {
            double sum = 0;
            for (std::size_t s = 0; s < Samples; ++s) {
                sum += static_cast<double>(nearest(x[s * Inputs + i])) *
                       static_cast<double>(nearest(credit[s * Outputs + j]));
            }
            most = std::max(most, std::abs(sum / Samples - delta[i * Outputs + j]));
        }
    }
    CHECK(most < 1e-6);
    return digest(out) ^ (3 * digest(delta));
}

}  // namespace

TEST_CASE("a bfloat16 is the nearest one, of two the even one", "[bfloat16]") {
    const auto even = all_kinds();
    auto odd = even;
    std::ranges::reverse(odd);
    for (std::size_t i = 0; i < even.size(); i += lanes<float>) {
        const Pack<float> pairs = simd::pair_up(simd::load(&even[i]), simd::load(&odd[i]));
        const Pack<float> stepped =
            simd::pair_up_by_steps(simd::load(&even[i]), simd::load(&odd[i]));
        float found[lanes<float>];
        float by_steps[lanes<float>];
        simd::store(found, pairs);
        simd::store(by_steps, stepped);
        for (std::size_t j = 0; j < lanes<float>; ++j) {
            const auto bits = std::bit_cast<std::uint32_t>(found[j]);
            CHECK(bits == std::bit_cast<std::uint32_t>(by_steps[j]));
            CHECK(bits << 16 == std::bit_cast<std::uint32_t>(nearest(even[i + j])));
            CHECK((bits & 0xFFFF0000U) == std::bit_cast<std::uint32_t>(nearest(odd[i + j])));
        }
    }
    const float none = std::numeric_limits<float>::quiet_NaN();
    const auto bits = std::bit_cast<std::uint32_t>(simd::pair_up_by_steps(none, none));
    CHECK(std::isnan(std::bit_cast<float>(bits << 16)));
    CHECK(std::isnan(std::bit_cast<float>(bits & 0xFFFF0000U)));
}

TEST_CASE("pairs are multiplied and added to the same bits with and without the instruction",
          "[bfloat16]") {
    const auto a = all_kinds();
    auto b = a;
    std::ranges::reverse(b);
    const auto ordinary = normal<float>(a.size(), Key(3));
    for (std::size_t i = 0; i + lanes<float> < a.size(); i += lanes<float>) {
        const auto pairs = simd::pair_up(simd::load(&a[i]), simd::load(&ordinary[i]));
        const auto others = simd::pair_up(simd::load(&ordinary[i + 1]), simd::load(&b[i + 1]));
        for (const auto& sum : {simd::load(&ordinary[i]), simd::load(&b[i]), Pack<float>(0.0F)}) {
            float found[lanes<float>];
            float by_steps[lanes<float>];
            simd::store(found, simd::add_product(pairs, others, sum));
            simd::store(by_steps, simd::add_product_by_steps(pairs, others, sum));
            for (std::size_t j = 0; j < lanes<float>; ++j) {
                if (std::isnan(found[j]) && std::isnan(by_steps[j])) continue;
                CHECK(std::bit_cast<std::uint32_t>(found[j]) ==
                      std::bit_cast<std::uint32_t>(by_steps[j]));
            }
        }
    }
}

TEST_CASE("products in bfloat16 are what loops say, and the same bits on every processor",
          "[bfloat16]") {
    // Recorded with AVX512_BF16; packs of any other width, and scalars, must come to the same.
    CHECK(check<64, 50, 40>() == 0xf28d85e6a8ea1405U);
    CHECK(check<7, 33, 17>() == 0x2ee58ac474e82c90U);  // odd numbers of all
    CHECK(check<1, 5, 3>() == 0xd1dfee6d6fea3437U);
    CHECK(check<16, 31, 100>() == 0x5b28aa1e14c60907U);
}

TEST_CASE("a network in bfloat16 has the layers' own parameters", "[bfloat16]") {
    using Net = Bfloat16Network<Input<40>, Dense<24, Relu>, Dense<10, Softmax, ScaledNormal>>;
    using Plain = Network<Input<40>, Dense<24, Relu>, Dense<10, Softmax, ScaledNormal>>;
    STATIC_REQUIRE(std::same_as<Net::Params, Plain::Params>);
    using L = Net::layer<0>;
    STATIC_REQUIRE(SynapticLayer<L>);
    STATIC_REQUIRE(std::same_as<Net::layer<1>::Eligibility<8>, NoEligibility>);
    constexpr std::size_t samples = 8;
    const auto params = std::make_unique<Net::Params>();
    Net::initialize(*params, Key(1));
    const auto x = normal<float>(samples * 40, Key(2));
    const auto activities = std::make_unique<Net::Activities<samples>>();
    const auto eligibilities = std::make_unique<Net::Eligibilities<samples>>();
    const auto exact = std::make_unique<Plain::Activities<samples>>();
    const auto none = std::make_unique<Plain::Eligibilities<samples>>();
    const std::span<const float, samples * 40> in(x);
    Net::forward<samples>(*params, in, *activities, *eligibilities);
    Plain::forward<samples>(*params, in, *exact, *none);
    double most = 0;
    double scale = 0;
    for (std::size_t i = 0; i < samples * 24; ++i) {
        most = std::max(most, std::abs(static_cast<double>(activities->get<0>()[i]) -
                                       static_cast<double>(exact->get<0>()[i])));
        scale = std::max(scale, std::abs(static_cast<double>(exact->get<0>()[i])));
    }
    CHECK(most > 0);
    CHECK(most < 0.01 * scale);
    const auto credit = normal<float>(samples * 24, Key(3));
    const auto delta = std::make_unique<L::Params>();
    const auto wanted = std::make_unique<L::Params>();
    const std::span<const float, samples * 24> told(credit);
    L::correlate<samples>(in, told, std::get<0>(*eligibilities), *delta);
    Plain::layer<0>::correlate<samples>(in, told, std::get<0>(*none), *wanted);
    for (std::size_t i = 0; i < delta->flat().size(); ++i) {
        CHECK(delta->flat()[i] == Approx(wanted->flat()[i]).margin(0.02));
    }
    CHECK(std::ranges::equal(delta->get<"bias">(), wanted->get<"bias">()));
}
