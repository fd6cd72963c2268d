// The classification task: deterministic fitness, stratified horizons, clear refusals.
#include "tdca/evolution/training_task.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "support/halves.hpp"
#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/core/error.hpp"
#include "tdca/credit/diffusion.hpp"
#include "tdca/signal/classification.hpp"
#include "tdca/top_down/top_down_network.hpp"
#include "tdca/training/learner.hpp"

using namespace tdca;
using tdca::testing::halves;

namespace {

using Student = Learner<Network<Input<4>, Dense<8, Relu>, Dense<2, Softmax>>,
                        TopDownNetwork<ClassificationSignal<2>, Hidden<2>, GaussianDiffusion<4>>>;
using Work = TrainingTask<Student, 16>;

/// A student that notes the course that it was born for and the updates that it lived.
struct Spy : Student {
    static inline Course course;
    static inline std::size_t updates = 0;

    static void begin_initialized(const Genome& genome, Key key, const Course& planned,
                                  State& state) {
        course = planned;
        updates = 0;
        Student::begin_initialized(genome, key, planned, state);
    }
    template <std::size_t Samples>
    static void update(const Genome& genome, const Course& planned,
                       std::span<const float, Samples * 4> in,
                       std::span<const Target, Samples> targets, State& state,
                       Workspace<Samples>& workspace) noexcept {
        ++updates;
        Student::update<Samples>(genome, planned, in, targets, state, workspace);
    }

    /// Training samples, from the number of passes.
    static double samples() {
        return static_cast<double>(course.updates) * 16 / double{course.passes};
    }
};
using SpiedWork = TrainingTask<Spy, 16>;

/// One lifetime's fitness.
template <class T>
double live(const T& task, const LifetimeId& id, const typename T::Genome& genome) {
    auto workspace = Cohort<typename T::Workspace::learner, 16>(1);
    return task.lifetime(id, genome, workspace);
}

Work::Genome newborn() {
    Work::Genome genome;
    Work::initialize(genome, Key(1));
    return genome;
}

}  // namespace

TEST_CASE("fitness follows from the id alone, and longer lives are fitter", "[task]") {
    STATIC_REQUIRE(Task<Work>);
    const Dataset data = halves(600);
    const Work work(all(data).first(500), all(data).rest(500), {1, 200}, 100);
    CHECK(work.lifetimes() == 2);
    auto workspace = work.workspace();
    const auto genes = newborn();
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        const double shorter = work.lifetime({Key(seed), 0}, genes, workspace);
        const double longer = work.lifetime({Key(seed), 1}, genes, workspace);
        CHECK(longer > shorter);
        CHECK(shorter == work.lifetime({Key(seed), 0}, genes, workspace));
        CHECK(shorter != work.lifetime({Key(seed + 100), 0}, genes, workspace));
    }
}

TEST_CASE("horizons are drawn from the range, each lifetime from its share of it", "[task]") {
    const Dataset data = halves(20);
    LifetimeRange range{{{all(data), all(data)}}};
    range.shortest = 50;
    range.longest = 5000;
    range.lifetimes = 4;
    const Work work(range);
    CHECK(work.lifetimes() == 4);
    for (std::size_t index = 0; index < 4; ++index) {
        const double from = 50 * std::pow(100.0, static_cast<double>(index) / 4);
        const double to = from * std::pow(100.0, 0.25);
        double place = 0;
        double first = 1;
        double last = 0;
        constexpr std::size_t keys = 400;
        for (std::uint64_t seed = 0; seed < keys; ++seed) {
            const std::size_t horizon = work.horizon({Key(seed) / index, index});
            REQUIRE(horizon == work.horizon({Key(seed) / index, index}));
            REQUIRE(static_cast<double>(horizon) > from - 0.5001);
            REQUIRE(static_cast<double>(horizon) < to + 0.5001);
            const double at = std::log(static_cast<double>(horizon) / from) / std::log(to / from);
            place += at / keys;
            first = std::min(first, at);
            last = std::max(last, at);
        }
        // Log-uniform: the mean of 400 is 0.5 ± 0.0144, six of which a false alarm takes.
        CHECK(place == Approx(0.5).margin(0.087));
        CHECK(first < 0.05);
        CHECK(last > 0.95);
    }
    // One lifetime has it all.
    range.lifetimes = 1;
    const Work one(range);
    std::size_t shortest = 5000;
    std::size_t longest = 50;
    for (std::uint64_t seed = 0; seed < 400; ++seed) {
        const std::size_t horizon = one.horizon({Key(seed), 0});
        shortest = std::min(shortest, horizon);
        longest = std::max(longest, horizon);
    }
    CHECK(shortest < 70);
    CHECK(longest > 3500);
    // A range of one horizon, and horizons that are given.
    range.shortest = range.longest;
    CHECK(Work(range).horizon({Key(3), 0}) == 5000);
    const Work given(all(data), all(data), {7, 11});
    CHECK(given.horizon({Key(3), 0}) == 7);
    CHECK(given.horizon({Key(4), 1}) == 11);
}

TEST_CASE("training samples are as many as the range says, from any of its data", "[task]") {
    const Dataset many = halves(400);
    const Dataset few = halves(60);
    const auto genes = newborn();
    LifetimeRange range{{{all(many), all(many)}, {all(few), all(few)}}};
    range.shortest = range.longest = 3;
    range.judged = 16;
    std::set<double> sizes;
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        (void)live(SpiedWork(range), {Key(seed), 0}, genes);
        sizes.insert(std::round(Spy::samples()));
    }
    CHECK(sizes == std::set<double>{60, 400});

    range.data.pop_back();
    range.fewest_samples = 20;
    std::size_t below = 0;
    sizes.clear();
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        (void)live(SpiedWork(range), {Key(seed), 0}, genes);
        const double samples = std::round(Spy::samples());
        REQUIRE(samples >= 20);
        REQUIRE(samples <= 400);
        below += samples < std::sqrt(20.0 * 400) ? 1U : 0U;
        sizes.insert(samples);
    }
    // Log-uniform: half of them lie below the geometric mean, 30 ± 3.9.
    CHECK(below > 6);
    CHECK(below < 54);
    CHECK(*sizes.begin() < 30);
    CHECK(*sizes.rbegin() > 250);

    range.fewest_samples = 500;  // more than there are
    (void)live(SpiedWork(range), {Key(1), 0}, genes);
    CHECK(Spy::samples() == Approx(400));
}

TEST_CASE("a truncated lifetime ends in the middle of its course", "[task]") {
    const Dataset data = halves(100);
    const auto genes = newborn();
    LifetimeRange range{{{all(data), all(data)}}};
    range.shortest = 40;
    range.longest = 300;
    range.truncation = 70;
    const SpiedWork work(range);
    std::size_t truncated = 0;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const LifetimeId id{Key(seed), 0};
        (void)live(work, id, genes);
        CHECK(Spy::course.updates == work.horizon(id));
        CHECK(Spy::updates == std::min<std::size_t>(work.horizon(id), 70));
        truncated += work.horizon(id) > 70 ? 1U : 0U;
    }
    CHECK(truncated > 0);
    CHECK(truncated < 20);
}

TEST_CASE("fitness along the way is the loss after parts of the lifetime", "[task]") {
    const Dataset data = halves(600);
    const auto genes = newborn();
    LifetimeRange range{{{all(data).first(500), all(data).rest(500)}}};
    range.shortest = range.longest = 160;
    const auto fitness = [&](double along, std::size_t truncation, std::uint64_t seed) {
        LifetimeRange mine = range;
        mine.along_the_way = along;
        mine.truncation = truncation;
        return live(Work(mine), {Key(seed), 0}, genes);
    };
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        const double end = fitness(0, 160, seed);
        // The same life cut short has lived the same updates.
        const double way = (fitness(0, 20, seed) + fitness(0, 40, seed) + fitness(0, 80, seed)) / 3;
        CHECK(way < end);
        CHECK(fitness(1, 160, seed) == Approx(way).epsilon(1e-12));
        CHECK(fitness(0.25, 160, seed) == Approx(0.75 * end + 0.25 * way).epsilon(1e-12));
    }
}

TEST_CASE("members side by side have the fitness of members alone", "[task]") {
    const Dataset data = halves(300);
    LifetimeRange range{{{all(data).first(200), all(data).rest(200)}}};
    range.shortest = 10;
    range.longest = 60;
    range.lifetimes = 2;
    range.fewest_samples = 30;
    range.along_the_way = 0.5;
    const Work work(range);
    auto workspace = work.workspace();
    std::array<Work::Genome, 3> genomes;
    for (std::size_t m = 0; m < 3; ++m) {
        genomes[m] = newborn();
        genomes[m].get<"birth">().get<"output_gain">()[0] += static_cast<float>(m);
    }
    for (std::size_t index = 0; index < 2; ++index) {
        std::array<double, 3> together{};
        work.lifetimes({Key(5), index}, genomes, together, workspace);
        for (std::size_t m = 0; m < 3; ++m) {
            CHECK(together[m] == live(work, {Key(5), index}, genomes[m]));
        }
        CHECK(together[0] != together[1]);
    }
}

TEST_CASE("a range that holds no lifetime is refused", "[task]") {
    const Dataset data = halves(20);
    const auto refusal = [&](auto&& spoil) {
        LifetimeRange range{{{all(data), all(data)}}};
        spoil(range);
        try {
            const Work work(range);
        } catch (const Error& error) {
            return std::string(error.what());
        }
        return std::string("accepted");
    };
    using Catch::Matchers::Contains;
    CHECK(refusal([](auto&) {}) == "accepted");
    CHECK_THAT(refusal([](auto& r) { r.data.clear(); }), Contains("no data given"));
    CHECK_THAT(refusal([&](auto& r) {
                   r.data.push_back({all(data).first(0), all(data)});
               }),
               Contains("halves") && Contains("no training samples"));
    CHECK_THAT(refusal([&](auto& r) {
                   r.data.push_back({all(data), all(data).first(0)});
               }),
               Contains("halves") && Contains("no validation samples"));
    CHECK_THAT(refusal([](auto& r) { r.lifetimes = 0; }), Contains("no lifetimes"));
    CHECK_THAT(refusal([](auto& r) { r.shortest = 0; }),
               Contains("no updates in the shortest horizon (expected at least 1, found 0)"));
    CHECK_THAT(refusal([](auto& r) { r.shortest = r.longest + 1; }),
               Contains("the shortest horizon is longer than the longest") &&
                   Contains("at most 5000") && Contains("5001"));
    CHECK_THAT(refusal([](auto& r) { r.judged = 0; }), Contains("no validation samples"));
    CHECK_THAT(refusal([](auto& r) { r.truncation = 0; }),
               Contains("no updates before lifetimes are truncated"));
    for (const double share : {-0.1, 1.1, std::numeric_limits<double>::quiet_NaN()}) {
        CHECK_THAT(refusal([&](auto& r) { r.along_the_way = share; }), Contains("from 0 to 1"));
    }
}

TEST_CASE("senseless settings are refused", "[task]") {
    const Dataset data = halves(20);
    CHECK_THROWS_WITH(Work(all(data), all(data), {}), Catch::Contains("no horizon"));
    CHECK_THROWS_WITH(Work(all(data), all(data), {10, 0}),
                      Catch::Contains("no updates in horizon 1"));
    CHECK_THROWS_WITH(Work(all(data), all(data).first(0), {10}), Catch::Contains("validation"));
}
