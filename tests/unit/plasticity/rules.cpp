// Plasticity rules against their equations in double precision; the schedule at its limits.
#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "tdca/concepts/plasticity_rule.hpp"
#include "tdca/core/random.hpp"
#include "tdca/plasticity/adam.hpp"
#include "tdca/plasticity/momentum.hpp"
#include "tdca/plasticity/plain.hpp"
#include "tdca/plasticity/schedule.hpp"
#include "tdca/plasticity/synapses.hpp"

using namespace tdca;

namespace {
constexpr std::size_t synapses = 37;

/// Runs a rule for some updates and returns the parameters.
template <class Rule>
std::vector<float> run(const typename Rule::Genome& genome, std::size_t updates,
                       const Course& course = {}) {
    Traces<Rule, synapses> traces;
    const auto constants = Rule::decode(genome, course);
    std::vector<float> params(synapses, 0.5F);
    std::vector<float> delta(synapses);
    for (std::size_t age = 1; age <= updates; ++age) {
        (Key(9) / age).fill_normal(std::span<float>(delta));
        change_synapses(Rule::change(constants, age, 0.1F), std::span<const float, synapses>(delta),
                        traces, std::span<float, synapses>(params));
    }
    return params;
}

/// The deltas that `run` draws.
double delta_of(std::size_t age, std::size_t synapse) {
    std::vector<float> delta(synapses);
    (Key(9) / age).fill_normal(std::span<float>(delta));
    return double{delta[synapse]};
}
}  // namespace

TEST_CASE("the rules meet the contract", "[plasticity]") {
    STATIC_REQUIRE(PlasticityRule<PlainPlasticity>);
    STATIC_REQUIRE(PlasticityRule<MomentumPlasticity>);
    STATIC_REQUIRE(PlasticityRule<AdamPlasticity>);
}

TEST_CASE("plain plasticity adds step × delta", "[plasticity]") {
    const auto params = run<PlainPlasticity>({}, 3);
    for (std::size_t i = 0; i < synapses; ++i) {
        const double expected = 0.5 + 0.1 * (delta_of(1, i) + delta_of(2, i) + delta_of(3, i));
        CHECK(double{params[i]} == Approx(expected).margin(1e-6));
    }
}

TEST_CASE("momentum plasticity follows its running mean", "[plasticity]") {
    MomentumPlasticity::Genome genome;
    MomentumPlasticity::initialize(genome);
    const auto params = run<MomentumPlasticity>(genome, 5);
    for (std::size_t i = 0; i < synapses; ++i) {
        double m = 0;
        double w = 0.5;
        for (std::size_t age = 1; age <= 5; ++age) {
            m = 0.9 * m + 0.1 * delta_of(age, i);
            w += 0.1 * m;
        }
        CHECK(double{params[i]} == Approx(w).margin(1e-6));
    }
}

TEST_CASE("Adam plasticity follows Kingma & Ba, algorithm 1, and forgets", "[plasticity]") {
    // None of the forgetting, what a genome starts with, and what it starts with at 30 passes.
    struct Case {
        bool forgets;
        float passes;
    };
    const auto [forgets, passes] = GENERATE(Case{false, 0}, Case{true, 0}, Case{true, 30});
    CAPTURE(forgets, passes);
    AdamPlasticity::Genome genome;
    AdamPlasticity::initialize(genome);
    if (!forgets) genome.get<"log_forgetting">()[0] = -std::numeric_limits<float>::infinity();
    const double lambda =
        forgets ? std::exp(2 * (-2.5 + 0.7 * std::log10(1 + double{passes}))) : 0.0;
    const auto params = run<AdamPlasticity>(genome, 20, {20, passes});
    for (std::size_t i = 0; i < synapses; ++i) {
        double m = 0;
        double v = 0;
        double w = 0.5;
        for (std::size_t age = 1; age <= 20; ++age) {
            const double d = delta_of(age, i);
            m = 0.9 * m + 0.1 * d;
            v = 0.99 * v + 0.01 * d * d;
            const auto t = static_cast<double>(age);
            w += 0.1 / (1 - std::pow(0.9, t)) *
                 (m / (std::sqrt(v / (1 - std::pow(0.99, t))) + 1e-8) - lambda * w);
        }
        CHECK(double{params[i]} == Approx(w).margin(2e-5));
    }
}

TEST_CASE("forgetting rises with the passes and pulls unused synapses to zero", "[plasticity]") {
    AdamPlasticity::Genome genome;
    AdamPlasticity::initialize(genome);
    const auto left = [&](float passes, std::size_t updates) {
        const auto constants = AdamPlasticity::decode(genome, {updates, passes});
        Traces<AdamPlasticity, synapses> traces;
        std::array<float, synapses> params{};
        for (std::size_t i = 0; i < synapses; ++i) params[i] = i % 2 == 0 ? 1.0F : -2.0F;
        const std::array<float, synapses> delta{};
        for (std::size_t age = 1; age <= updates; ++age) {
            change_synapses(AdamPlasticity::change(constants, age, 0.5F),
                            std::span<const float, synapses>(delta), traces,
                            std::span<float, synapses>(params));
        }
        for (std::size_t i = 1; i < synapses; ++i) {
            REQUIRE(double{params[i]} ==
                    Approx(double{params[0]} * (i % 2 == 0 ? 1 : -2)).margin(1e-12));
        }
        return params[0];
    };
    const float fresh = left(0, 200);
    const float repeated = left(9, 200);
    const float worn = left(99, 200);
    CHECK(fresh < 0.9F);
    CHECK(repeated < 0.9F * fresh);
    CHECK(worn < 0.9F * repeated);
    CHECK(worn > 0.0F);
    CHECK(left(99, 5000) < 1e-6F);
    // The logarithm of λ is linear in log₁₀(1 + passes).
    const auto lambda = [&](float passes) {
        return std::log(double{AdamPlasticity::decode(genome, {10, passes}).forgetting});
    };
    CHECK(lambda(0) == Approx(-5));
    CHECK(lambda(9) == Approx(-5 + 1.4));
    CHECK(lambda(99) == Approx(-5 + 2.8));
}

TEST_CASE("an empty synapse without credit stays empty", "[plasticity]") {
    Traces<AdamPlasticity, 16> traces;
    std::array<float, 16> params{};
    const std::array<float, 16> delta{};
    change_synapses(AdamPlasticity::change({0.9F, 0.99F, 0.1F}, 1, 1.0F),
                    std::span<const float, 16>(delta), traces, std::span<float, 16>(params));
    for (const float value : params) CHECK(value == 0.0F);
}

TEST_CASE("a block changed a part at a time is the block changed whole", "[plasticity]") {
    AdamPlasticity::Genome genome;
    AdamPlasticity::initialize(genome);
    const auto change = AdamPlasticity::change(AdamPlasticity::decode(genome, 10), 3, 0.1F);
    std::array<float, synapses> delta;
    Key(2).fill_normal(std::span<float>(delta));
    Traces<AdamPlasticity, synapses> whole_traces;
    std::array<float, synapses> whole{};
    change_synapses(change, std::span<const float, synapses>(delta), whole_traces,
                    std::span<float, synapses>(whole));

    Traces<AdamPlasticity, synapses> traces;
    std::array<float, synapses> parts{};
    const std::span<float, synapses> params(parts);
    const std::span<const float, synapses> deltas(delta);
    change_synapses(change, 0, deltas.first<19>(), traces, params);
    CHECK(std::all_of(parts.begin() + 19, parts.end(), [](float w) { return w == 0; }));
    change_synapses(change, 19, deltas.last<synapses - 19>(), traces, params);
    CHECK(parts == whole);
    CHECK(traces.each[1].values == whole_traces.each[1].values);
}

TEST_CASE("extreme genes express finite constants", "[plasticity]") {
    for (const float gene : {-1e30F, -30.0F, 30.0F, 1e30F}) {
        AdamPlasticity::Genome genome;
        for (float& value : genome.flat()) value = gene;
        const auto constants = AdamPlasticity::decode(genome, {100, 1e6F});
        CHECK(constants.mean_decay >= 0.0F);
        CHECK(constants.mean_decay < 1.0F);
        CHECK(constants.power_decay < 1.0F);
        CHECK(std::isfinite(1.0F / std::sqrt(1.0F - constants.power_decay)));
        CHECK(std::isfinite(constants.forgetting));
        CHECK(constants.forgetting >= 0.0F);
    }
}

TEST_CASE("the schedule before evolution falls linearly", "[schedule]") {
    using Schedule = StepSchedule<6>;
    Schedule::Genome genome;
    Schedule::initialize(genome, Key(1));
    const float first = Schedule::step(genome, SynapseRole::hidden, Progress::at(0, 100, 1), 0.5F);
    const float half = Schedule::step(genome, SynapseRole::hidden, Progress::at(50, 100, 1), 0.5F);
    const float last = Schedule::step(genome, SynapseRole::hidden, Progress::at(99, 100, 1), 0.5F);
    CHECK(double{first} == Approx(std::exp(Schedule::initial_log_steps[0])));
    CHECK(double{half / first} == Approx(0.5));
    CHECK(double{last / first} == Approx(0.01));
}

TEST_CASE("a step follows the schedule's features in their order", "[schedule]") {
    using Schedule = StepSchedule<2>;
    constexpr std::size_t features = Schedule::features;
    const Course course{1000, 4.0F};
    const Progress progress = Progress::at(250, course, 0.6F, 16);
    const std::array<double, features> phi{0.25, std::log(0.75),  std::log10(1000 / 300.0), -0.4,
                                           0.5,  std::log10(5.0), std::log10(0.25),         1};
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        Schedule::Genome genome;
        std::array<float, Schedule::Genome::count> genes{};
        Key(seed).fill_normal(std::span<float>(genes));
        for (std::size_t k = 0; k < genes.size(); ++k) genome.flat()[k] = 0.5F * genes[k];
        for (const auto role : {SynapseRole::hidden, SynapseRole::output, SynapseRole::feedback}) {
            const auto row = static_cast<std::size_t>(role);
            double expected = 0;
            for (std::size_t f = 0; f < features; ++f) {
                expected += double{genome.get<"linear">()[row * features + f]} * phi[f];
            }
            for (std::size_t h = 0; h < 2; ++h) {
                double z = 0;
                for (std::size_t f = 0; f < features; ++f) {
                    z += double{genome.get<"hidden">()[h * features + f]} * phi[f];
                }
                expected += double{genome.get<"readout">()[row * 2 + h]} * std::tanh(z);
            }
            CHECK(std::log(double{Schedule::step(genome, role, progress, 0.5F)}) ==
                  Approx(2 * expected).margin(1e-5));
        }
    }
}

TEST_CASE("no gene makes a step infinite", "[schedule]") {
    using Schedule = StepSchedule<6>;
    const float inf = std::numeric_limits<float>::infinity();
    for (const float gene : {-1e20F, 1e20F, -inf, inf, std::nanf("")}) {
        Schedule::Genome genome;
        for (float& value : genome.flat()) value = gene;
        const float step =
            Schedule::step(genome, SynapseRole::output, Progress::at(10, 100, 0.5F), 1.0F);
        CHECK(std::isfinite(step));
        CHECK(step >= 0.0F);
    }
}
