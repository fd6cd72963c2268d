// Minibatch samplers: epochs, order, purity, allocation.
#include "tdca/data/sampler.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <vector>

#include "support/allocations.hpp"
#include "unit/data/samples.hpp"
#include "unit/io/files.hpp"

using namespace tdca;
using namespace tdca::testing;

namespace {

/// Everything that the first `updates` minibatches hold, sample after sample.
template <std::size_t Samples>
std::vector<std::size_t> stream(const Subset& data, Key key, std::size_t updates) {
    const MinibatchSampler<Samples> sampler(data, key);
    std::vector<float> inputs(Samples * data.features());
    std::array<std::uint16_t, Samples> labels{};
    std::vector<std::size_t> seen;
    for (std::size_t update = 0; update < updates; ++update) {
        sampler.draw(update, inputs, labels);
        for (std::size_t s = 0; s < Samples; ++s) {
            const auto row = static_cast<std::size_t>(inputs[s * data.features()]);
            const auto expected = data.dataset().sample(row);
            REQUIRE(std::equal(expected.begin(), expected.end(),
                               inputs.begin() + static_cast<std::ptrdiff_t>(s * data.features())));
            REQUIRE(labels[s] == data.dataset().label(row));
            seen.push_back(row);
        }
    }
    return seen;
}

/// Whether each run of `data.size()` samples of the stream is a permutation of the subset.
bool visits_each_once_per_epoch(const Subset& data, const std::vector<std::size_t>& seen) {
    std::vector<std::size_t> expected(data.indices().begin(), data.indices().end());
    std::ranges::sort(expected);
    for (std::size_t start = 0; start + data.size() <= seen.size(); start += data.size()) {
        const auto first = seen.begin() + static_cast<std::ptrdiff_t>(start);
        std::vector<std::size_t> epoch(first, first + static_cast<std::ptrdiff_t>(data.size()));
        std::ranges::sort(epoch);
        if (epoch != expected) return false;
    }
    return true;
}

}  // namespace

TEST_CASE("each epoch visits each sample exactly once", "[sampler]") {
    const Dataset data = numbered_samples(300, 3, 7);
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        const Key key(seed);
        // 256 divides the minibatches evenly, 250 makes them straddle epochs, 1 and 5 are smaller
        // than a minibatch.
        for (const std::size_t size : {256U, 250U, 64U, 65U, 5U, 1U}) {
            const Subset samples = shuffled(data, key).first(size);
            CHECK(visits_each_once_per_epoch(samples, stream<64>(samples, key, 20)));
        }
        CHECK(visits_each_once_per_epoch(data, stream<1>(data, key, 900)));
    }
}

TEST_CASE("each epoch and each key has an order of its own", "[sampler]") {
    const Dataset data = numbered_samples(128, 1, 2);
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        const auto seen = stream<32>(data, Key(seed), 8);
        const auto half = seen.begin() + 128;
        CHECK_FALSE(std::equal(seen.begin(), half, half));
        CHECK_FALSE(std::is_sorted(seen.begin(), half));
        CHECK(seen != stream<32>(data, Key(seed + 8), 8));
        CHECK(seen == stream<64>(data, Key(seed), 4));
    }
}

TEST_CASE("any minibatch can be drawn at any time, with the same bits", "[sampler]") {
    const Dataset data = numbered_samples(100, 4, 3);
    const MinibatchSampler<16> sampler(data, Key(5));
    constexpr std::size_t updates = 40;
    std::vector<std::vector<float>> forward(updates, std::vector<float>(16 * 4));
    std::array<std::uint16_t, 16> labels{};
    for (std::size_t update = 0; update < updates; ++update) {
        sampler.draw(update, forward[update], labels);
    }
    std::vector<float> inputs(16 * 4);
    const MinibatchSampler<16> again(data, Key(5));
    for (std::size_t update = updates; update-- > 0;) {
        again.draw(update, inputs, labels);
        CHECK(inputs == forward[update]);
        const auto positions = sampler.positions(update);
        for (std::size_t s = 0; s < 16; ++s) CHECK(labels[s] == data.label(positions[s]));
    }
}

TEST_CASE("a sampler's making and drawing allocate nothing", "[sampler]") {
    const Dataset data = numbered_samples(100, 4, 3);
    const Subset samples = all(data);
    std::array<float, 256> inputs{};
    std::array<std::uint16_t, 64> labels{};
    const std::size_t before = allocations;
    const MinibatchSampler<64> sampler(samples, Key(5));
    for (std::size_t update = 0; update < 10; ++update) sampler.draw(update, inputs, labels);
    (void)samples.range(1, 64).copy(0, inputs, labels);
    const std::size_t after = allocations;
    CHECK(after == before);
    CHECK(all(data).size() == 100);
    CHECK(allocations > after);  // the counter does count
}

TEST_CASE("there is nothing to draw from an empty subset", "[sampler]") {
    const Dataset data = numbered_samples(4, 1, 2);
    CHECK(error_of([&] { MinibatchSampler<8>(all(data).first(0), Key(1)); }) ==
          "numbered: no samples to draw minibatches from (expected at least 1, found 0)");
}
