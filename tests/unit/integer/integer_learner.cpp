// Whole numbers: rounding, layers and errors against plain wide loops; lives that learn, allocate
// nothing and end in the same bits.
#include "tdca/integer/learner.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <numeric>
#include <span>
#include <vector>

#include "baseline/integer_backprop.hpp"
#include "tdca/core/random.hpp"
#include "tdca/integer/bytes.hpp"
#include "tdca/integer/genome.hpp"
#include "tdca/integer/life.hpp"
#include "tdca/integer/order.hpp"
#include "tdca/training/lifetime.hpp"

using namespace tdca;

namespace {

template <std::size_t Count>
std::array<std::int8_t, Count> bytes_of(std::uint64_t seed, int limit = 127) {
    std::array<std::int8_t, Count> bytes;
    for (std::size_t i = 0; i < Count; ++i) {
        const int width = 2 * limit + 1;
        bytes[i] = static_cast<std::int8_t>(
            static_cast<int>(Key(seed).below(static_cast<std::uint64_t>(width), i)) - limit);
    }
    return bytes;
}

/// Floors of quotients, as a shift has them.
long long floor_of(long long x, long long divisor) {
    return x >= 0 ? x / divisor : -((-x + divisor - 1) / divisor);
}
long long limited(long long x, long long limit) { return std::clamp(x, -limit, limit); }

Dataset clouds(std::uint64_t seed, std::size_t samples) {
    constexpr std::size_t features = 6;
    Matrix<float> inputs = Matrix<float>::from_shape({samples, features});
    Tensor<std::uint16_t, 1> labels = Tensor<std::uint16_t, 1>::from_shape({samples});
    for (std::size_t s = 0; s < samples; ++s) {
        std::vector<float> x(features);
        (Key(seed) / s).fill_normal(std::span<float>(x));
        const unsigned first = (x[0] > 0) != (x[1] > 0) ? 1U : 0U;
        const unsigned second = x[2] > 0 ? 1U : 0U;
        for (std::size_t f = 0; f < features; ++f) inputs(s, f) = x[f];
        labels(s) = static_cast<std::uint16_t>(2 * first + second);
    }
    return Dataset("clouds", std::move(inputs), std::move(labels), 4);
}

}  // namespace

TEST_CASE("rounding by chance is right on average, to the nearest within a half", "[integer]") {
    for (const std::int32_t x : {0, 1, -1, 77, -77, 255, 256, -256, 1000, -31415}) {
        long long sum = 0;
        for (std::uint32_t chance = 0; chance < 256; ++chance) {
            sum += round_by_chance(x, 8, chance);
        }
        CHECK(sum == x);  // 256 times x / 256
        CHECK(std::abs(256 * round_shift(x, 8) - x) <= 128);
    }
    // Words of neighbouring counters and keys, as chances: the mean of 2¹⁶ bytes is off by 0.29 in
    // its standard error; 6 of those.
    for (std::uint32_t key = 0; key < 8; ++key) {
        double low = 0;
        double high = 0;
        double together = 0;
        for (std::uint32_t i = 0; i < 65536; ++i) {
            const std::uint32_t word = (SmallKey(key) / 3U).word(i);
            const std::uint32_t next = (SmallKey(key) / 4U).word(i);
            low += word & 255U;
            high += word >> 24U;
            together += ((word & 255U) - 127.5) * ((next & 255U) - 127.5);
        }
        CHECK(std::fabs(low / 65536 - 127.5) < 6 * 0.29);
        CHECK(std::fabs(high / 65536 - 127.5) < 6 * 0.29);
        CHECK(std::fabs(together / 65536) < 6 * 5461 / 256.0);
    }
}

TEST_CASE("a layer of bytes does what plain loops over wide numbers do", "[integer]") {
    constexpr std::size_t in = 83;  // more than whole vectors
    constexpr std::size_t out = 7;
    constexpr std::size_t samples = 12;
    using L = IntegerDense<in, out>;
    L::Params params;
    L::Traces traces;
    L::forget(traces);
    L::draw(SmallKey(5), 320, params);
    double power = 0;
    for (std::size_t o = 0; o < out; ++o) {
        CHECK(params.weights[o * L::fan_in + in] == 0);
        for (std::size_t i = 0; i < in; ++i)
            power += std::pow(params.weights[o * L::fan_in + i], 2);
    }
    CHECK(std::sqrt(power / (in * out)) == Approx(20).epsilon(0.1));

    std::array<std::int32_t, in + 1> row{};
    const IntegerStep how{3000, 30};
    for (std::uint64_t round = 0; round < 5; ++round) {
        const auto seen = bytes_of<samples * in>(10 + round);
        const auto credit = bytes_of<samples * out>(20 + round, round == 2 ? 1 : 127);
        const L::Params before = params;
        const L::Traces was = traces;
        const SmallKey key = SmallKey(9) / static_cast<std::uint32_t>(round);

        std::array<std::int32_t, out> sums{};
        L::forward(params, std::span<const std::int8_t, in>(seen.data(), in), sums);
        std::array<std::int32_t, in> down{};
        L::backward(params, std::span<const std::int8_t, out>(credit.data(), out), down);
        for (std::size_t o = 0; o < out; ++o) {
            long long sum = 64LL * before.weights[o * L::fan_in + in];
            for (std::size_t i = 0; i < in; ++i) {
                sum += 1LL * seen[i] * before.weights[o * L::fan_in + i];
            }
            CHECK(sums[o] == sum);
        }
        for (std::size_t i = 0; i < in; ++i) {
            long long sum = 0;
            for (std::size_t o = 0; o < out; ++o) {
                sum += 1LL * credit[o] * before.weights[o * L::fan_in + i];
            }
            CHECK(down[i] == sum);
        }

        L::learn<samples>(how, key, seen, credit, row, traces, params);
        // What is usual of each input, and each one's share.
        std::array<long long, in> usual{};
        long long total = 0;
        for (std::size_t i = 0; i < in; ++i) {
            long long sum = 0;
            for (std::size_t s = 0; s < samples; ++s) sum += std::abs(seen[s * in + i]);
            const long long now = sum / static_cast<long long>(samples);
            const long long old = was.activity[i];
            usual[i] = old == 0 ? 16 * now : old + now - old / 16;
            total += usual[i];
        }
        const long long mean = total / static_cast<long long>(in);
        std::size_t different = 0;
        for (std::size_t o = 0; o < out; ++o) {
            std::array<long long, in + 1> delta{};
            long long size = 0;
            for (std::size_t i = 0; i <= in; ++i) {
                for (std::size_t s = 0; s < samples; ++s) {
                    delta[i] += 1LL * credit[s * out + o] * (i < in ? seen[s * in + i] : 64);
                }
                if (i == in) continue;
                const long long share = std::min<long long>(
                    255, 32 * (mean + mean / 8 + 1) / (usual[i] + mean / 8 + 1));
                delta[i] = floor_of(delta[i] * share, 32);
                size += std::llabs(delta[i]);
            }
            const long long now = size / static_cast<long long>(in);
            const long long old = was.size[o];
            const long long v = old == 0 ? 16 * now : old + now - old / 16;
            CHECK(traces.size[o] == v);
            for (std::size_t i = 0; i <= in; ++i) {
                const std::size_t synapse = o * L::fan_in + i;
                const std::uint32_t chance = key.word(static_cast<std::uint32_t>(synapse));
                const long long n =
                    floor_of(limited(delta[i], v / 16 * 7) * ((1LL << 24) / v), 4096);
                const long long step =
                    how.step * (n - floor_of(1LL * before.weights[synapse] * how.decay, 256));
                const long long fine = limited(256LL * before.weights[synapse] + was.rest[synapse] +
                                                   floor_of(step + (chance & 0xfffU), 4096),
                                               127 * 256 + 127);
                const long long weight = floor_of(fine + 128, 256);
                different += params.weights[synapse] == weight ? 0U : 1U;
                different += traces.rest[synapse] == fine - 256 * weight ? 0U : 1U;
            }
        }
        CHECK(different == 0);
    }
}

namespace {

/// The weight, in its units, that a neuron's first synapse has after 50 updates of full activity
/// and credit `c`: by each a step of 100 / 4096 of a unit.
template <std::size_t Samples>
double weight_learned(std::int8_t activity, std::int8_t credit) {
    using L = IntegerDense<64, 1>;
    L::Params params{};
    L::Traces traces;
    L::forget(traces);
    std::array<std::int32_t, L::fan_in> row{};
    std::array<std::int8_t, Samples * 64> in;
    std::array<std::int8_t, Samples> credits;
    in.fill(activity);
    credits.fill(credit);
    for (std::uint32_t update = 0; update < 50; ++update) {
        L::learn<Samples>({100, 0}, SmallKey(update), in, credits, row, traces, params);
    }
    return params.weights[0] + traces.rest[0] / 256.0;
}

/// Random bytes of many samples: what is usual of each neuron, and one update's changes, against
/// wide numbers.
template <std::size_t In, std::size_t Samples>
void check_many_samples(int limit) {
    constexpr std::size_t out = 3;
    using L = IntegerDense<In, out>;
    const auto params = std::make_unique<typename L::Params>();
    const auto traces = std::make_unique<typename L::Traces>();
    L::forget(*traces);
    params->weights.fill(0);
    std::array<std::int32_t, L::fan_in> row{};
    auto seen = bytes_of<Samples * In>(1);
    auto credit = bytes_of<Samples * out>(2, limit);
    for (std::size_t s = 0; s < Samples; ++s) {  // one neuron of the largest sums that there are
        for (std::size_t i = 0; i < In; ++i) {
            auto& x = seen[s * In + i];
            x = static_cast<std::int8_t>(i % 3 == 0 ? 127 : i % 3 == 1 ? std::abs(x) : x);
        }
        credit[s * out] = 127;
    }
    const IntegerStep how{1 << 14U, 0};
    L::template learn<Samples>(how, SmallKey(5), seen, credit, row, *traces, *params);
    for (std::size_t o = 0; o < out; ++o) {
        std::array<double, In> delta{};
        double size = 0;
        for (std::size_t i = 0; i < In; ++i) {
            long long sum = 0;
            for (std::size_t s = 0; s < Samples; ++s) {
                sum += 1LL * credit[s * out + o] * seen[s * In + i];
            }
            delta[i] = static_cast<double>(floor_of(sum * traces->share[i], 32));
            size += std::fabs(delta[i]);
        }
        size = std::floor(size / In);
        REQUIRE(traces->size[o] == 16 * size);
        for (std::size_t i = 0; i < In; ++i) {
            const std::size_t synapse = o * L::fan_in + i;
            const double learned = params->weights[synapse] + traces->rest[synapse] / 256.0;
            const double usual = std::clamp(delta[i] / size, -7.0, 7.0);  // times 4 is the step
            REQUIRE(std::fabs(learned - 4 * usual) < 0.03 + 0.01 * std::fabs(4 * usual));
        }
    }
}

}  // namespace

TEST_CASE("a layer of bytes learns as much from any number of samples", "[integer]") {
    constexpr double wide = 50 * 100 / 4096.0;
    CHECK(weight_learned<8>(127, 127) == Approx(wide).epsilon(0.03));
    CHECK(weight_learned<65>(127, 127) == Approx(wide).epsilon(0.015));
    CHECK(weight_learned<66>(127, 127) == Approx(wide).epsilon(0.015));
    CHECK(weight_learned<128>(127, 127) == Approx(wide).epsilon(0.015));
    CHECK(weight_learned<128>(100, 64) == Approx(wide).epsilon(0.015));
    CHECK(weight_learned<128>(1, 1) == Approx(wide).epsilon(0.015));
    CHECK(weight_learned<2048>(127, -127) == Approx(-wide).epsilon(0.015));
    // Lives of up to 64 samples keep their bits.
    CHECK(weight_learned<64>(127, 127) == 1.203125);
    CHECK(weight_learned<64>(100, 64) == 0.9453125);
    check_many_samples<83, 66>(127);
    check_many_samples<83, 100>(3);
    check_many_samples<83, 1024>(127);
    check_many_samples<784, 512>(127);
    check_many_samples<83, 2048>(127);
}

TEST_CASE("what leaps on up to 64 samples is learned from", "[integer]") {
    // Half of the inputs nearly fall silent, the others begin, and a neuron has its first credit:
    // what is usual of it is twice what any lasting activity can make it.
    constexpr std::size_t in = 64;
    constexpr std::size_t samples = 64;
    using L = IntegerDense<in, 1>;
    L::Params params{};
    L::Traces traces;
    L::forget(traces);
    std::array<std::int32_t, L::fan_in> row{};
    std::array<std::int8_t, samples * in> seen;
    std::array<std::int8_t, samples> credit;
    for (const bool later : {false, true}) {
        for (std::size_t i = 0; i < seen.size(); ++i) {
            seen[i] = static_cast<std::int8_t>((i % 2 == 0) == later ? 127 : 1);
        }
        for (int update = 0; update < (later ? 1 : 50); ++update) {
            credit.fill(later ? std::int8_t{127} : std::int8_t{0});
            L::learn<samples>({1 << 14U, 0}, SmallKey(3), seen, credit, row, traces, params);
        }
    }
    REQUIRE(traces.size[0] > 1U << 24U);
    CHECK(params.weights[0] == 8);  // twice the usual, which is 4
    CHECK(params.weights[1] <= 1);
}

TEST_CASE("errors of classes in bytes are those of a softmax", "[integer]") {
    constexpr std::size_t classes = 10;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        const auto drawn = bytes_of<classes>(seed);
        std::array<std::int32_t, classes> sums;
        for (std::size_t c = 0; c < classes; ++c) {
            sums[c] = drawn[c] * (seed % 2 == 0 ? 1 : 100) / (seed % 3 == 0 ? 1 : 4);
        }
        const std::size_t label = seed % classes;
        std::array<std::int8_t, classes> errors{};
        class_errors<classes>(sums, label, errors);
        const double top = *std::max_element(sums.begin(), sums.end());
        double total = 0;
        for (const std::int32_t sum : sums) total += std::exp((sum - top) / 16.0);
        for (std::size_t c = 0; c < classes; ++c) {
            const double p = std::exp((sums[c] - top) / 16.0) / total;
            CHECK(std::fabs(errors[c] - 127 * ((c == label ? 1 : 0) - p)) < 3.1);
        }
    }
    // Nothing to learn where the right class has it all.
    std::array<std::int32_t, classes> sure{};
    sure[3] = 1000;
    std::array<std::int8_t, classes> errors{};
    class_errors<classes>(sure, 3, errors);
    CHECK(std::all_of(errors.begin(), errors.end(), [](std::int8_t e) { return e == 0; }));
    // Sums further apart than 32 bits go.
    std::array<std::int32_t, 3> far{2'000'000'000, -2'000'000'000, INT32_MIN};
    std::array<std::int8_t, 3> three{};
    class_errors<3>(far, 1, three);
    CHECK(three == std::array<std::int8_t, 3>{-127, 127, 0});
}

TEST_CASE("a small order deals every sample once a pass, each pass in another order", "[integer]") {
    for (const std::uint32_t count : {1U, 2U, 7U, 64U, 1078U}) {
        const SmallOrder order(SmallKey(3), count);
        std::vector<std::uint32_t> first(count);
        std::vector<std::uint32_t> second(count);
        for (std::uint32_t i = 0; i < count; ++i) {
            first[i] = order[i];
            second[i] = order[count + i];
        }
        if (count > 7) CHECK(first != second);
        std::vector<std::uint32_t> sorted(count);
        std::iota(sorted.begin(), sorted.end(), 0U);
        if (count > 7) CHECK(first != sorted);
        CHECK(std::is_permutation(first.begin(), first.end(), sorted.begin()));
        CHECK(std::is_permutation(second.begin(), second.end(), sorted.begin()));
    }
}

TEMPLATE_TEST_CASE("networks of bytes learn, and the same key gives the same bits", "[integer]",
                   (IntegerLearner<6, 24, 4>), (IntegerLearner<6, 24, 16, 4>),
                   (baseline::IntegerBackprop<6, 24, 4>)) {
    using Life = IntegerLife<TestType, 16>;
    typename Life::Genome genome;
    Life::initialize(genome, Key(0));
    const Dataset data = clouds(1, 2000);
    const Dataset unseen = clouds(2, 500);
    double worst = 1;
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        Lifetime<Life, 16> life;
        life.live(genome, all(data), Key(seed), 800);
        worst = std::min(worst, life.evaluate(all(unseen)).accuracy);
        Lifetime<Life, 16> again;
        again.live(genome, all(data), Key(seed), 800);
        CHECK(std::get<0>(life.params().layers).weights ==
              std::get<0>(again.params().layers).weights);
    }
    // Linear maps reach a half.
    CHECK(worst > 0.75);
}

namespace {

using Small = IntegerLearner<6, 24, 4>;

/// Updates on clouds, and the share of right answers on others.
class Device {
public:
    explicit Device(const Small::Plan& plan) : plan_(plan) {
        Small::begin(plan, SmallKey(1), state);
    }
    void learn(std::size_t updates) {
        for (std::size_t update = 0; update < updates; ++update) {
            for (std::size_t s = 0; s < batch; ++s) {
                show(data_, (state.age * batch + s) % data_.size(), s);
                labels_[s] = data_.label((state.age * batch + s) % data_.size());
            }
            Small::update<batch>(plan_, inputs_, labels_, state, workspace_);
        }
    }
    [[nodiscard]] double right() {
        std::size_t hits = 0;
        std::array<std::int32_t, batch * 4> sums;
        for (std::size_t first = 0; first < unseen_.size(); first += batch) {
            for (std::size_t s = 0; s < batch; ++s) show(unseen_, first + s, s);
            Small::answer<batch>(state.params, inputs_, workspace_, sums);
            for (std::size_t s = 0; s < batch; ++s) {
                const auto* const row = &sums[s * 4];
                hits += std::max_element(row, row + 4) - row == unseen_.label(first + s) ? 1U : 0U;
            }
        }
        return static_cast<double>(hits) / static_cast<double>(unseen_.size());
    }
    void take(const Small::Plan& plan) { plan_ = plan; }

    Small::State state;

private:
    static constexpr std::size_t batch = 16;
    void show(const Dataset& data, std::size_t sample, std::size_t place) {
        for (std::size_t i = 0; i < 6; ++i) {
            inputs_[place * 6 + i] = IntegerLife<Small>::byte_of(data.sample(sample)[i]);
        }
    }

    Small::Plan plan_;
    Small::Workspace<batch> workspace_;
    std::array<std::int8_t, batch * 6> inputs_;
    std::array<std::uint16_t, batch> labels_;
    Dataset data_ = clouds(1, 2000);
    Dataset unseen_ = clouds(2, 512);
};

Small::Plan plan_of(std::size_t updates) {
    IntegerGenome::Genome genome;
    IntegerGenome::initialize(genome);
    return IntegerGenome::decode<Small>(genome, Course::over(updates, 16, 2000), 16);
}

}  // namespace

TEST_CASE("past its end a life stays with its last step", "[integer]") {
    for (const std::uint32_t updates : {1U, 7U, 800U, 1U << 22U, 4'000'000'000U}) {
        Small::Plan plan = plan_of(800);
        plan.updates = updates;
        std::int32_t last = plan.step(0, 0, 0).step;
        CHECK(last > 0);
        for (std::uint32_t part = 1; part <= 1000; ++part) {
            const auto age = static_cast<std::uint32_t>(std::uint64_t{updates} * part / 1000);
            const std::int32_t now = plan.step(0, 0, age).step;
            CHECK(now <= last);
            CHECK(now >= 0);
            last = now;
        }
        for (const std::uint32_t age : {updates, updates + 1, updates + 1000, UINT32_MAX}) {
            CHECK(plan.step(0, 0, age).step == 0);
        }
        for (const std::uint32_t age : {0U, 5U, updates, UINT32_MAX}) {
            CHECK(plan.held_at(12).step(1, 1, age).step == plan.held_at(12).step(1, 1, 0).step);
            CHECK(plan.held_at(17).step(1, 1, age).step == 0);
        }
    }
    Device device(plan_of(800));
    device.learn(800);
    const double at_end = device.right();
    CHECK(at_end > 0.75);
    device.learn(400);
    CHECK(device.right() == at_end);
}

TEST_CASE("a life goes on past 2³² updates", "[integer]") {
    Device device(plan_of(800));
    device.learn(800);
    const double at_end = device.right();
    device.state.age = UINT32_MAX - 1;
    const auto key_of = [&] {
        device.learn(1);
        CHECK(plan_of(800).step(0, 0, device.state.age).step == 0);
        return (device.state.key / device.state.age).word(0);
    };
    const std::array<std::uint32_t, 4> words{key_of(), key_of(), key_of(), key_of()};
    CHECK(device.state.age == UINT32_MAX);
    CHECK(device.right() == at_end);
    for (std::size_t i = 1; i < words.size(); ++i) CHECK(words[i] != words[i - 1]);
    // No plan counts more: what is planned beyond is as long as that.
    const std::uint64_t most = UINT32_MAX;
    for (const std::uint64_t updates : {most, most + 1, most + 6}) {
        const Small::Plan plan = plan_of(updates);
        CHECK(plan.updates == most);
        CHECK(plan.step(0, 0, 10).step > 0);
    }
}

TEST_CASE("plans and states that were bytes go on to the same bits", "[integer]") {
    static_assert(byte_count<std::array<std::int16_t, 3>> == 6);
    Device whole(plan_of(400));
    whole.learn(100);
    std::vector<std::uint8_t> state(byte_count<Small::State>);
    std::vector<std::uint8_t> plan(byte_count<Small::Plan>);
    using Plan = std::span<std::uint8_t, byte_count<Small::Plan>>;
    using State = std::span<std::uint8_t, byte_count<Small::State>>;
    write_bytes(whole.state, State(state));
    write_bytes(plan_of(400), Plan(plan));

    // What was there before does not matter.
    Device other(plan_of(20));
    other.learn(20);
    read_bytes(State(state), other.state);
    Small::Plan read;
    read_bytes(Plan(plan), read);
    other.take(read);
    whole.learn(50);
    other.learn(50);
    std::vector<std::uint8_t> ends(state.size());
    std::vector<std::uint8_t> others(state.size());
    write_bytes(whole.state, State(ends));
    write_bytes(other.state, State(others));
    CHECK(ends == others);
    CHECK(ends != state);

    // Low byte first, negative numbers too.
    std::array<std::uint8_t, 6> bytes{};
    write_bytes(std::array<std::int16_t, 3>{1, -2, 0x1234}, bytes);
    CHECK(bytes == std::array<std::uint8_t, 6>{1, 0, 0xfe, 0xff, 0x34, 0x12});
    std::array<std::int16_t, 3> numbers{};
    read_bytes(bytes, numbers);
    CHECK(numbers == std::array<std::int16_t, 3>{1, -2, 0x1234});
}
