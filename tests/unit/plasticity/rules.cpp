// Plasticity rules against their equations in double precision; the schedule at its limits.
#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
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
    const auto constants = Rule::express(genome, course);
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
            const double corrected = m / (1 - std::pow(0.9, t));
            // The bias correction of m is folded into the step, and so applies to the decay too.
            w += 0.1 * corrected / (std::sqrt(v / (1 - std::pow(0.99, t))) + 1e-8);
        }
        CHECK(double{params[i]} == Approx(w).margin(2e-5));
    }
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
    const auto change = AdamPlasticity::change(AdamPlasticity::express(genome, 10), 3, 0.1F);
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
        const auto constants = AdamPlasticity::express(genome, {100, 1e6F});
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
