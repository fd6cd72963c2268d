// SelfAttention: its credits are exact derivatives, from activities alone; plain loops in double
// precision say the same.
#include "tdca/bottom_up/attention.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "support/differences.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/shape.hpp"

using namespace tdca;

namespace {

/// A layer on so many samples, and what it made of them.
template <class Scalar, std::size_t Samples, std::size_t Tokens, std::size_t Features,
          std::size_t Width>
struct Attended {
    using L = typename SelfAttention<Width>::template Bound<Scalar, Shape<Tokens, Features>>;
    static constexpr std::size_t inputs = Samples * Tokens * Features;
    static constexpr std::size_t outputs = Samples * Tokens * Width;

    std::vector<Scalar> in = std::vector<Scalar>(inputs);
    std::vector<Scalar> credit = std::vector<Scalar>(outputs);
    std::vector<Scalar> out = std::vector<Scalar>(outputs);
    std::unique_ptr<typename L::Params> params = std::make_unique<typename L::Params>();
    std::unique_ptr<typename L::Params> delta = std::make_unique<typename L::Params>();
    std::unique_ptr<typename L::template Eligibility<Samples>> eligibility =
        std::make_unique<typename L::template Eligibility<Samples>>();

    explicit Attended(std::uint64_t seed) {
        (Key(seed) / 0).fill_normal(std::span<Scalar>(in));
        (Key(seed) / 1).fill_normal(std::span<Scalar>(credit));
        L::initialize(*params, Key(seed) / 2);
    }
    /// The synapses of query, key and value, or what they are told, one after the other.
    static std::vector<double> synapses(const typename L::Params& block) {
        std::vector<double> all;
        const auto add = [&](auto part) { all.insert(all.end(), part.begin(), part.end()); };
        add(block.template get<"query">());
        add(block.template get<"key">());
        add(block.template get<"value">());
        return all;
    }
    void run() {
        const std::span<const Scalar, inputs> tokens(in);
        L::template forward<Samples>(*params, tokens, std::span<Scalar, outputs>(out),
                                     *eligibility);
        for (Scalar& number : delta->flat()) number = 9;  // nothing of which may remain
        L::template correlate<Samples>(tokens, std::span<const Scalar, outputs>(credit),
                                       *eligibility, *delta);
    }
};

/// The definition, one number after the other, of one sample; adds to `delta` (query, key, value).
template <class Work>
void attend_plainly(const Work& work, std::size_t samples, std::size_t sample, std::size_t tokens,
                    std::size_t features, std::size_t width, std::vector<double>& out,
                    std::vector<double>& delta) {
    const auto* const x = work.in.data() + sample * tokens * features;
    const auto* const c = work.credit.data() + sample * tokens * width;
    const std::vector<double> weights = Work::synapses(*work.params);
    std::vector<double> projected(3 * tokens * width);
    const auto at = [&](std::size_t which, std::size_t t, std::size_t w) -> double& {
        return projected[(which * tokens + t) * width + w];
    };
    for (std::size_t which = 0; which < 3; ++which) {
        for (std::size_t t = 0; t < tokens; ++t) {
            for (std::size_t w = 0; w < width; ++w) {
                for (std::size_t f = 0; f < features; ++f) {
                    at(which, t, w) +=
                        double{x[t * features + f]} * weights[(which * features + f) * width + w];
                }
            }
        }
    }
    const double scale = 1 / std::sqrt(static_cast<double>(width));
    std::vector<double> told(3 * tokens * width);
    const auto tell = [&](std::size_t which, std::size_t t, std::size_t w, double what) {
        told[(which * tokens + t) * width + w] += what;
    };
    for (std::size_t t = 0; t < tokens; ++t) {
        std::vector<double> weight(tokens);
        std::vector<double> better(tokens);
        for (std::size_t u = 0; u < tokens; ++u) {
            for (std::size_t w = 0; w < width; ++w) weight[u] += scale * at(0, t, w) * at(1, u, w);
        }
        const double top = *std::ranges::max_element(weight);
        double total = 0;
        for (double& score : weight) total += score = std::exp(score - top);
        double mean = 0;
        for (std::size_t u = 0; u < tokens; ++u) {
            weight[u] /= total;
            for (std::size_t w = 0; w < width; ++w) {
                out[(sample * tokens + t) * width + w] += weight[u] * at(2, u, w);
                better[u] += double{c[t * width + w]} * at(2, u, w);
                tell(2, u, w, weight[u] * double{c[t * width + w]});
            }
            mean += weight[u] * better[u];
        }
        for (std::size_t u = 0; u < tokens; ++u) {
            const double score = scale * weight[u] * (better[u] - mean);
            for (std::size_t w = 0; w < width; ++w) {
                tell(0, t, w, score * at(1, u, w));
                tell(1, u, w, score * at(0, t, w));
            }
        }
    }
    for (std::size_t i = 0; i < delta.size(); ++i) {
        const std::size_t which = i / (features * width);
        for (std::size_t t = 0; t < tokens; ++t) {
            delta[i] += double{x[t * features + i / width % features]} *
                        told[(which * tokens + t) * width + i % width] /
                        static_cast<double>(samples);
        }
    }
}

template <class Scalar, std::size_t Samples, std::size_t Tokens, std::size_t Features,
          std::size_t Width>
void check() {
    CAPTURE(Samples, Tokens, Features, Width);
    for (const double size : {1.0, 4.0}) {
        Attended<Scalar, Samples, Tokens, Features, Width> tested(Tokens + Width);
        // Large tokens attend to one other alone.
        for (Scalar& x : tested.in) x *= static_cast<Scalar>(size);
        tested.run();
        std::vector<double> out(tested.out.size());
        const std::vector<double> told = tested.synapses(*tested.delta);
        std::vector<double> delta(told.size());
        for (std::size_t s = 0; s < Samples; ++s) {
            attend_plainly(tested, Samples, s, Tokens, Features, Width, out, delta);
        }
        const auto worst = [](const auto& found, const std::vector<double>& expected) {
            double difference = 0;
            double largest = 1;
            for (std::size_t i = 0; i < expected.size(); ++i) {
                difference = std::max(difference, std::abs(double{found[i]} - expected[i]));
                largest = std::max(largest, std::abs(expected[i]));
            }
            return difference / largest;
        };
        const double tolerance = 64 * size * size * std::numeric_limits<Scalar>::epsilon();
        CHECK(worst(tested.out, out) < tolerance);
        CHECK(worst(told, delta) < tolerance);
    }
}

}  // namespace

TEST_CASE("attention agrees with plain loops for every remainder") {
    check<float, 1, 1, 1, 1>();
    check<float, 2, 3, 2, 5>();
    check<float, 3, 7, 5, 6>();
    check<float, 13, 6, 9, 16>();
    check<float, 5, 16, 16, 16>();
    check<float, 7, 17, 3, 33>();
    check<float, 64, 28, 28, 32>();
    check<float, 3, 31, 13, 8>();
    check<float, 2, 70, 21, 18>();
    check<double, 3, 7, 5, 6>();
    check<double, 5, 17, 3, 9>();
    check<double, 2, 70, 21, 18>();
}

TEST_CASE("what is broken in one sample stays in it, and in what synapses are told", "[fault]") {
    constexpr std::size_t samples = 5;
    constexpr std::size_t tokens = 7;
    constexpr std::size_t features = 3;
    constexpr std::size_t width = 6;
    using Work = Attended<float, samples, tokens, features, width>;
    Work whole(1);
    whole.run();
    for (const float broken : {std::nanf(""), std::numeric_limits<float>::infinity()}) {
        for (std::size_t token = 0; token < tokens; ++token) {
            Work work(1);
            work.in[(2 * tokens + token) * features + 1] = broken;
            work.run();
            for (std::size_t i = 0; i < work.out.size(); ++i) {
                if (i / (tokens * width) == 2) {
                    CHECK(std::isnan(work.out[i]));
                } else {
                    CHECK(work.out[i] == whole.out[i]);
                }
            }
            for (const double number : Work::synapses(*work.delta)) CHECK(std::isnan(number));
        }
    }
}

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
