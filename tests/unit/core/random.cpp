// Keys, streams and permutations.
#include "tdca/core/random.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <limits>
#include <set>
#include <utility>
#include <vector>

using tdca::Key;
using tdca::Permutation;

TEST_CASE("Philox-4x32-10 gives the published known answers", "[random]") {
    // kat_vectors of Random123 1.14 (Salmon et al., SC 2011).
    struct Case {
        r123::Philox4x32::ctr_type counter;
        r123::Philox4x32::key_type key;
        std::array<std::uint32_t, 4> answer;
    };
    const Case cases[] = {
        {{{0, 0, 0, 0}}, {{0, 0}}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}},
         {{0xffffffff, 0xffffffff}},
         {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}},
         {{0xa4093822, 0x299f31d0}},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}}};
    for (const Case& c : cases) {
        const auto words = r123::Philox4x32{}(c.counter, c.key);
        for (std::size_t i = 0; i < 4; ++i) CHECK(words[i] == c.answer[i]);
    }
}

TEST_CASE("branches of a key differ from each other, from their parent and from draws",
          "[random]") {
    std::set<std::uint64_t> seen;
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        const Key root(seed);
        seen.insert(root.value());
        for (std::uint64_t tag = 0; tag < 100; ++tag) {
            seen.insert((root / tag).value());
            const auto words = root.bits(tag);
            seen.insert((std::uint64_t{words[1]} << 32U) | words[0]);
        }
    }
    CHECK(seen.size() == 8 * 201);
    CHECK(Key(1) / 2 / 3 == Key(1) / 2 / 3);
    CHECK_FALSE(Key(1) / 2 / 3 == Key(1) / 3 / 2);
}

TEST_CASE("any part of a stream can be drawn alone", "[random]") {
    std::vector<float> whole(101);
    std::vector<float> head(10);
    Key(7).fill_normal(std::span<float>(whole));
    Key(7).fill_normal(std::span<float>(head));
    for (std::size_t i = 0; i < head.size(); ++i) CHECK(whole[i] == head[i]);
}

// Each check below is a 5-standard-error band: over 8 seeds × 4 checks the false-alarm rate is
// 32 × 5.7e-7 = 2e-5 for a correct generator, and the seeds are fixed.
TEST_CASE("normal and uniform numbers have their moments", "[random]") {
    constexpr std::size_t count = 100'000;
    const double n = count;
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        std::vector<double> normal(count);
        Key(seed).fill_normal(std::span<double>(normal));
        double mean = 0;
        double square = 0;
        double fourth = 0;
        for (const double x : normal) {
            mean += x / n;
            square += x * x / n;
            fourth += x * x * x * x / n;
        }
        CHECK(std::abs(mean) < 5 / std::sqrt(n));
        CHECK(std::abs(square - 1) < 5 * std::sqrt(2 / n));
        CHECK(std::abs(fourth - 3) < 5 * std::sqrt(96 / n));

        std::vector<float> uniform(count);
        Key(seed).fill_uniform(std::span<float>(uniform), -2.0F, 4.0F);
        double uniform_mean = 0;
        for (const float x : uniform) {
            REQUIRE(x > -2.0F);
            REQUIRE(x < 4.0F);
            uniform_mean += x / n;
        }
        CHECK(std::abs(uniform_mean - 1) < 5 * 6 / std::sqrt(12 * n));
    }
}

TEMPLATE_TEST_CASE("uniform numbers stay between the ends of any interval", "[random][fault]",
                   float, double) {
    using T = TestType;
    const T most = std::numeric_limits<T>::max();
    // The last one holds seven numbers of type float between its ends, the one before a single one.
    const std::pair<T, T> intervals[]{{T(0), T(1)},
                                      {-most, most},
                                      {T(0), most},
                                      {T(-2e38), T(2e38)},
                                      {T(0), std::numeric_limits<T>::denorm_min() * 2},
                                      {T(1), T(1 + 0x1p-20)}};
    for (const auto& [low, high] : intervals) {
        std::vector<T> drawn(100'000);
        long double mean = 0;  // half of the least number of type double is none
        for (std::uint64_t seed = 0; seed < 8; ++seed) {
            Key(seed).fill_uniform(std::span<T>(drawn), low, high);
            bool inside = true;
            for (const T x : drawn) {
                inside = inside && x > low && x < high;
                mean += (static_cast<long double>(x) - low) / 8e5L;
            }
            CHECK(inside);
        }
        // Half of the width, within 6 standard errors (false alarm: 12 × 2e-9).
        const long double width = static_cast<long double>(high) - low;
        CHECK(std::abs(static_cast<double>(mean / width) - 0.5) < 6 / std::sqrt(12 * 8e5) + 1e-6);
    }
}

TEST_CASE("no float of (0, 1) is 1, where a word of all ones rounds to it", "[random][fault]") {
    // One word in 2²⁵ is so large.
    std::size_t found = 0;
    for (std::uint64_t seed = 0; found == 0; ++seed) {
        std::vector<float> drawn(4'000'000);
        Key(seed).fill_uniform(std::span<float>(drawn), 0.0F, 1.0F);
        for (std::size_t i = 0; i < drawn.size(); ++i) {
            if (Key(seed).bits(i / 4)[i % 4] < 0xffffff80U) continue;
            ++found;
            CHECK(drawn[i] == std::nextafter(1.0F, 0.0F));
        }
    }
}

TEST_CASE("below stays below and reaches everything", "[random]") {
    std::set<std::uint64_t> seen;
    for (std::uint64_t i = 0; i < 1000; ++i) {
        const std::uint64_t value = Key(3).below(10, i);
        REQUIRE(value < 10);
        seen.insert(value);
    }
    CHECK(seen.size() == 10);
    const std::uint64_t huge = 0xffff'ffff'ffff'fff0U;
    CHECK(Key(3).below(huge, 0) < huge);
    CHECK(Key(3).below(1, 5) == 0);
}

TEST_CASE("a permutation visits every position once, in an order of its key", "[random]") {
    for (const std::uint64_t count : {1U, 2U, 3U, 4U, 5U, 17U, 64U, 1000U, 4097U}) {
        for (std::uint64_t seed = 0; seed < 8; ++seed) {
            const Permutation permutation(Key(seed), count);
            std::vector<bool> seen(count);
            for (std::uint64_t i = 0; i < count; ++i) {
                const std::uint64_t image = permutation(i);
                REQUIRE(image < count);
                REQUIRE_FALSE(seen[image]);
                seen[image] = true;
            }
        }
    }
    std::size_t equal = 0;
    for (std::uint64_t i = 0; i < 1000; ++i) {
        equal += Permutation(Key(1), 1000)(i) == Permutation(Key(2), 1000)(i) ? 1U : 0U;
    }
    CHECK(equal < 20);  // Poisson with mean 1 exceeds 20 with probability 1e-20
}
