// ObjectiveSignal: order of values, among each other and among those of the batch before.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "tdca/core/random.hpp"
#include "tdca/optimization/objective_signal.hpp"

using namespace tdca;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinite = std::numeric_limits<double>::infinity();

ObjectiveSignal observed(const std::vector<double>& values,
                         const std::vector<double>& violations = {}) {
    ObjectiveSignal signal;
    signal.resize(values.size());
    signal.observe(values, violations);
    return signal;
}

std::vector<double> normal(std::uint64_t seed, std::size_t count, double mean = 0,
                           double deviation = 1) {
    std::vector<double> values(count);
    Key(seed).fill_normal(std::span<double>(values));
    for (double& value : values) value = mean + deviation * value;
    return values;
}

}  // namespace

TEST_CASE("Ranks fall evenly from the best value to the worst") {
    const auto signal = observed({3, -1, 10, 2});
    CHECK(signal.order()[0] == 1);
    CHECK(signal.ranks()[1] == Approx(0.375F));
    CHECK(signal.ranks()[3] == Approx(0.125F));
    CHECK(signal.ranks()[0] == Approx(-0.125F));
    CHECK(signal.ranks()[2] == Approx(-0.375F));
}

TEST_CASE("Scores are the quantiles of a distribution of deviation 1, best lowest") {
    const auto signal = observed(normal(1, 512));
    double sum = 0;
    double power = 0;
    for (const float score : signal.scores()) {
        sum += score;
        power += score * score;
    }
    CHECK(sum / 512 == Approx(0).margin(1e-4));
    CHECK(power / 512 == Approx(1).epsilon(0.02));
    CHECK(signal.scores()[signal.order()[0]] < signal.scores()[signal.order()[1]]);
}

TEST_CASE("Strictly increasing functions of the values change nothing at all") {
    const std::vector<std::function<double(double)>> functions{
        [](double v) { return 50 * v + 7; }, [](double v) { return std::exp(10 * v); },
        [](double v) { return v * v * v; }, [](double v) { return std::atan(v); },
        [](double v) { return -std::exp(-v); }};
    for (const auto& function : functions) {
        ObjectiveSignal one;
        ObjectiveSignal other;
        one.resize(16);
        other.resize(16);
        for (std::uint64_t batch = 0; batch < 5; ++batch) {
            std::vector<double> values = normal(batch, 16, -0.3 * static_cast<double>(batch));
            one.observe(values);
            std::ranges::transform(values, values.begin(), function);
            other.observe(values);
            CHECK(std::ranges::equal(one.ranks(), other.ranks()));
            CHECK(std::ranges::equal(one.scores(), other.scores()));
            CHECK(one.gain() == other.gain());
            CHECK(one.log_roughness() == other.log_roughness());
            CHECK(one.symmetry() == other.symmetry());
        }
    }
}

TEST_CASE("Equal values share their ranks") {
    const auto signal = observed({2, 1, 2, 5, 2, 1});
    CHECK(signal.ranks()[1] == signal.ranks()[5]);
    CHECK(signal.ranks()[0] == signal.ranks()[2]);
    CHECK(signal.ranks()[0] == signal.ranks()[4]);
    CHECK(signal.ranks()[1] > signal.ranks()[0]);
    CHECK(signal.ranks()[0] > signal.ranks()[3]);
    double sum = 0;
    for (const float rank : signal.ranks()) sum += rank;
    CHECK(sum == Approx(0).margin(1e-6));
}

TEST_CASE("Values that are not finite rank last, all alike") {
    const auto signal = observed({not_a_number, 3, -1, infinite, 10, -infinite});
    CHECK(signal.finite() == 3);
    CHECK(signal.order()[0] == 2);
    CHECK(signal.order()[2] == 4);
    for (const std::size_t p : {0U, 3U, 5U}) {
        CHECK(signal.ranks()[p] < signal.ranks()[4]);
        CHECK(signal.ranks()[p] == signal.ranks()[0]);
        CHECK(std::isfinite(signal.scores()[p]));
    }
}

TEST_CASE("Equal values and no finite value leave everything finite, and tell nothing") {
    for (const auto& values : {std::vector<double>(6, 4.0), std::vector<double>(6, not_a_number)}) {
        ObjectiveSignal signal;
        signal.resize(6);
        for (int batch = 0; batch < 2; ++batch) {
            signal.observe(values);
            for (std::size_t p = 0; p < 6; ++p) {
                CHECK(signal.ranks()[p] == 0);
                CHECK(signal.scores()[p] == 0);
                CHECK(signal.order()[p] == p);
            }
            CHECK(signal.gain() == 0);
            CHECK(signal.log_roughness() == 0);
            CHECK(std::isfinite(signal.symmetry()));
        }
    }
}

TEST_CASE("Points without violation come first, the others follow by violation") {
    const auto signal = observed({5, -100, 3, not_a_number, -200}, {0, 2, 0, 0.5, not_a_number});
    const std::vector<std::size_t> expected{2, 0, 3, 1, 4};
    CHECK(std::ranges::equal(signal.order(), expected));
    CHECK(signal.finite() == 4);
    CHECK(Judged(-1, -3).is_before(Judged(0, 0)));  // negative: not violated
    CHECK_FALSE(Judged().is_before(Judged()));
    CHECK(Judged(0, 1).is_before(Judged()));
}

TEST_CASE("A batch that is better gains, one that is wider is rougher") {
    // Normal values: the Mann-Whitney statistic of a shift by d deviations is Φ(d / √2).
    const auto told = [](double shift, double deviation) {
        ObjectiveSignal signal;
        signal.resize(200);
        signal.observe(normal(1, 200));
        signal.observe(normal(2, 200, shift, deviation));
        return std::pair{signal.gain(), signal.log_roughness()};
    };
    CHECK(told(-1, 1).first > 0.3F);
    CHECK(told(1, 1).first < -0.3F);
    CHECK(std::fabs(told(0, 1).first) < 0.15F);
    CHECK(told(0, 5).second > 0.5F);
    CHECK(told(0, 0.2).second < -0.5F);
    CHECK(std::fabs(told(0, 1).second) < 0.1F);
    ObjectiveSignal signal;
    signal.resize(4);
    signal.observe(std::vector<double>{1, 2, 3, 4});
    CHECK(signal.gain() == 0);
    signal.forget();
    signal.observe(std::vector<double>{-1, -2, -3, -4});
    CHECK(signal.gain() == 0);
}

TEST_CASE("Mirror images tell a slope from a bowl") {
    // Points p and p + 4 mirror each other.
    CHECK(observed({1, 2, 3, 4, -1, -2, -3, -4}).symmetry() < -0.9F);
    CHECK(observed({1, 2, 3, 4, 1, 2, 3, 4}).symmetry() == Approx(1));
    CHECK(observed({1}).symmetry() == 0);
}
