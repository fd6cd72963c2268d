// Circuits that nobody can read: what faulty and quantized layers do to a forward pass, against
// plain loops, and that learning does not see it.
#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <memory>
#include <set>
#include <span>

#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/faulty.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/bottom_up/quantized.hpp"
#include "tdca/core/random.hpp"

using namespace tdca;

namespace {

constexpr std::size_t in = 40;
constexpr std::size_t out = 30;
constexpr std::size_t samples = 3;
using Plain = Dense<out, Tanh>::Bound<float, Shape<in>>;

template <class L>
void check_forward(const typename L::Params& params, auto&& acting) {
    std::array<float, samples * in> seen;
    Key(3).fill_normal(std::span<float>(seen));
    std::array<float, samples * out> told;
    typename L::template Eligibility<samples> eligibility;
    L::template forward<samples>(params, seen, told, eligibility);
    for (std::size_t s = 0; s < samples; ++s) {
        for (std::size_t o = 0; o < out; ++o) {
            double sum = acting("bias", o);
            for (std::size_t i = 0; i < in; ++i) {
                sum += double{seen[s * in + i]} * acting("weights", i * out + o);
            }
            CHECK(double{told[s * out + o]} == Approx(std::tanh(sum)).margin(1e-5));
        }
    }
}

}  // namespace

TEST_CASE("a faulty layer acts by hidden gains, and is stuck in places", "[circuits]") {
    using L = Faulty<Dense<out, Tanh>, 30, 10>::Bound<float, Shape<in>>;
    auto params = std::make_unique<L::Params>();
    L::initialize(*params, Key(1));
    auto plain = std::make_unique<Plain::Params>();
    Plain::initialize(*plain, Key(1));
    CHECK(std::equal(plain->flat().begin(), plain->flat().end(), params->flat().begin()));
    const std::array<float, L::Params::size> born = [&] {
        std::array<float, L::Params::size> all{};
        std::copy(params->flat().begin(), params->flat().end(), all.begin());
        return all;
    }();
    double mean = 0;
    double power = 0;
    std::size_t stuck = 0;
    for (const float gain : params->gains) {
        if (gain == 0) {
            ++stuck;
            continue;
        }
        mean += gain;
        power += (gain - 1) * (gain - 1);
    }
    const auto moving = static_cast<double>(L::Params::size - stuck);
    CHECK(mean / moving == Approx(1).margin(0.05));
    CHECK(std::sqrt(power / moving) == Approx(0.3).margin(0.03));
    CHECK(static_cast<double>(stuck) / L::Params::size == Approx(0.1).margin(0.04));
    // Written anew: what is stuck acts as it was born, the others with their gain.
    for (float& weight : params->flat()) weight += 0.25F;
    check_forward<L>(*params, [&](const char* tensor, std::size_t i) -> double {
        const std::size_t at = (tensor[0] == 'w' ? L::Params::offset_of<"weights">()
                                                 : L::Params::offset_of<"bias">()) +
                               i;
        const double gain = params->gains[at];
        return gain == 0 ? double{born[at]} : gain * (double{born[at]} + 0.25);
    });
    auto other = std::make_unique<L::Params>();
    L::initialize(*other, Key(2));
    CHECK(other->gains != params->gains);
}

TEMPLATE_TEST_CASE_SIG("a quantized layer's weights act as few values", "[circuits]",
                       ((WeightLevels Levels, std::size_t Values), Levels, Values),
                       (WeightLevels::binary, 2), (WeightLevels::ternary, 3)) {
    using L = typename Quantized<Dense<out, Tanh>, Levels>::template Bound<float, Shape<in>>;
    auto params = std::make_unique<typename L::Params>();
    L::initialize(*params, Key(1));
    const auto weights = params->template get<"weights">();
    double total = 0;
    for (const float weight : weights) total += std::fabs(weight);
    const double mean = total / weights.size();
    double large = 0;
    double many = 0;
    for (const float weight : weights) {
        if (Values == 2 || std::fabs(weight) > 0.7 * mean) {
            large += std::fabs(weight);
            ++many;
        }
    }
    std::set<double> values;
    check_forward<L>(*params, [&](const char* tensor, std::size_t i) -> double {
        if (tensor[0] != 'w') return 0;
        const double weight = weights[i];
        const double acting = Values == 3 && std::fabs(weight) <= 0.7 * mean
                                  ? 0
                                  : std::copysign(large / many, weight);
        values.insert(acting);
        return acting;
    });
    CHECK(values.size() == Values);
}
