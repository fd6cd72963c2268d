// The sweep of the baseline: it finds a best setting that it was given, wherever that lies.
#include "baseline/sweep.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <numbers>
#include <span>
#include <utility>
#include <vector>

#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/core/random.hpp"
#include "tdca/data/dataset.hpp"
#include "tdca/data/subset.hpp"

namespace {

using namespace tdca;
using namespace tdca::baseline;

/// A landscape of settings with one top.
class Landscape {
public:
    explicit Landscape(std::uint64_t seed) : key_(seed) {
        const auto below = [&](std::size_t count, std::uint64_t what) {
            return static_cast<std::size_t>((key_ / what).below(count, 0));
        };
        best_.optimizer = optimizers[below(optimizers.size(), 0)].name;
        best_.course = static_cast<RateCourse>(below(rate_course_names.size(), 1));
        best_.output_gain = below(2, 2) == 0 ? 0.0F : 1.0F;
        best_.smoothing = below(2, 3) == 0 ? 0.0F : 0.1F;
        best_.hidden_gain = below(2, 4) == 0 ? 0.5F : 1.0F;
        const Optimizer& optimizer = optimizer_of(best_.optimizer);
        if (optimizer.decays) best_.decay = std::ldexp(1.0F, -2 * static_cast<int>(below(5, 5)));
        // As far as 32 times from where sweeps begin.
        best_.rate = std::ldexp(optimizer.usual_rate, static_cast<int>(below(11, 6)) - 5);
    }

    [[nodiscard]] const Setting& best() const { return best_; }

    [[nodiscard]] double height(const Setting& s) const {
        const auto apart = [](float a, float b) {
            const double octaves = std::log2(double{a} / double{b});
            return octaves * octaves;
        };
        double fall =
            0.01 * apart(s.rate, best_.rate) + 0.004 * apart(s.hidden_gain, best_.hidden_gain);
        fall += s.optimizer == best_.optimizer ? 0 : 0.03;
        fall += s.course == best_.course ? 0 : 0.02;
        fall += s.output_gain == best_.output_gain ? 0 : 0.01;
        fall += s.smoothing == best_.smoothing ? 0 : 0.01;
        if (s.decay != 0 && best_.decay != 0) fall += 0.002 * apart(s.decay, best_.decay);
        return std::fmax(0.1, 0.8 - fall);
    }

    std::vector<double> operator()(const std::vector<Setting>& settings, std::size_t first,
                                   std::size_t count) {
        std::vector<double> heights;
        for (const Setting& setting : settings) {
            // Each setting lives lifetime after lifetime, none twice.
            CHECK(lived_[setting] == first);
            lived_[setting] = first + count;
            lives_ += count;
            heights.push_back(height(setting));
        }
        return heights;
    }

    [[nodiscard]] std::size_t lives() const { return lives_; }

private:
    Key key_;
    Setting best_;
    std::map<Setting, std::size_t> lived_;
    std::size_t lives_ = 0;
};

std::size_t lifetimes_of(const std::vector<Tuned>& field, const Setting& setting) {
    const auto found = std::ranges::find(field, setting, &Tuned::setting);
    return found == field.end() ? 0 : found->lifetimes;
}

}  // namespace

TEST_CASE("a sweep finds the top of a landscape of settings, never at an edge", "[property]") {
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        CAPTURE(seed);
        Landscape landscape(seed);
        const auto field = Sweep({}, std::ref(landscape)).run();
        const Tuned& leader = field.front();
        CAPTURE(describe(landscape.best()), describe(leader.setting));
        CHECK(leader.setting == landscape.best());
        CHECK(landscape.lives() < 1000);
        for (const float factor : {0.5F, 2.0F}) {
            Setting beside = leader.setting;
            beside.rate *= factor;
            CHECK(lifetimes_of(field, beside) == leader.lifetimes);
            beside = leader.setting;
            beside.hidden_gain *= factor;
            CHECK(lifetimes_of(field, beside) == leader.lifetimes);
        }
    }
}

TEST_CASE("a sweep ends where no setting learns, or all do", "[property]") {
    for (const double everywhere : {0.1, 1.0}) {
        std::size_t lives = 0;
        const auto field =
            Sweep({}, [&](const std::vector<Setting>& settings, std::size_t, std::size_t count) {
                lives += settings.size() * count;
                return std::vector<double>(settings.size(), everywhere);
            }).run();
        CHECK(field.front().accuracy == Approx(everywhere));
        CHECK(lives < 5000);
    }
}

TEST_CASE("a sweep of networks is the same on any number of threads", "[property]") {
    // Four overlapping clouds in a plane.
    constexpr std::size_t count = 400;
    auto inputs = Matrix<float>::from_shape({count, 2});
    auto labels = Tensor<std::uint16_t, 1>::from_shape({count});
    Key(1).fill_normal(std::span<float>(inputs.data(), inputs.size()));
    for (std::size_t i = 0; i < count; ++i) {
        labels(i) = static_cast<std::uint16_t>(i % 4);
        const double angle = std::numbers::pi / 2 * static_cast<double>(labels(i));
        inputs(i, 0) += static_cast<float>(1.5 * std::cos(angle));
        inputs(i, 1) += static_cast<float>(1.5 * std::sin(angle));
    }
    const Dataset data("clouds", std::move(inputs), std::move(labels), 4);
    const Subset all(data);
    using Net = Network<Input<2>, Dense<8, Relu>, Dense<4, Softmax, ScaledNormal>>;
    const SweepPlan plan{1, {RateCourse::linear}, 2, {{4, 1}}};
    const auto field = [&](int threads) {
        return tune<Net, 16>(all.first(200), all, 20, Key(2), plan, threads);
    };
    const auto one = field(1);
    const auto two = field(2);
    REQUIRE(one.size() == two.size());
    for (std::size_t i = 0; i < one.size(); ++i) {
        CHECK(one[i].setting == two[i].setting);
        CHECK(one[i].accuracy == two[i].accuracy);
    }
    CHECK(one.front().accuracy > 0.6);
}
