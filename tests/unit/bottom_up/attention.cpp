// SelfAttention: its credits are exact derivatives, from activities alone.
#include "tdca/bottom_up/attention.hpp"

#include <catch2/catch.hpp>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "support/differences.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/shape.hpp"

using namespace tdca;

TEST_CASE("credit × activity of an attention layer is the exact derivative") {
    constexpr std::size_t samples = 2;
    constexpr std::size_t tokens = 7;
    constexpr std::size_t features = 5;
    constexpr std::size_t width = 6;
    using L = SelfAttention<width>::Bound<double, Shape<tokens, features>>;
    static_assert(SynapticLayer<L>);
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        std::vector<double> in(samples * tokens * features);
        std::vector<double> worth(samples * tokens * width);
        std::vector<double> out(worth.size());
        (Key(seed) / 0).fill_normal(std::span<double>(in));
        (Key(seed) / 1).fill_normal(std::span<double>(worth));
        const auto params = std::make_unique<L::Params>();
        const auto eligibility = std::make_unique<L::Eligibility<samples>>();
        L::initialize(*params, Key(seed) / 2);
        const auto value = [&] {
            L::forward<samples>(*params, std::span<const double, samples * tokens * features>(in),
                                std::span<double, samples * tokens * width>(out), *eligibility);
            double total = 0;
            for (std::size_t i = 0; i < out.size(); ++i) total += worth[i] * out[i] / samples;
            return total;
        };
        (void)value();
        const auto delta = std::make_unique<L::Params>();
        L::correlate<samples>(std::span<const double, samples * tokens * features>(in),
                              std::span<const double, samples * tokens * width>(worth),
                              *eligibility, *delta);
        testing::check_derivative(params->flat(), delta->flat(), value);
    }
}
