// The outer loop: same bits for any threads, resume, broken lifetimes, plateaus.
#include "tdca/evolution/evolution.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/plain_genome.hpp"
#include "tdca/evolution/early_stopping.hpp"
#include "tdca/evolution/openai_es.hpp"
#include "tdca/evolution/progress.hpp"
#include "tdca/evolution/snes.hpp"
#include "tdca/evolution/task_mixture.hpp"

using namespace tdca;

namespace {

/// A noisy sphere around `target`; lifetime 1 breaks for genomes beyond a wall.
struct Sphere {
    using Genome = tdca::testing::PlainGenome<6>;
    struct Workspace {
        int lives = 0;
    };

    float target = 1.0F;
    bool has_wall = false;

    static void initialize(Genome&, Key) {}
    [[nodiscard]] std::size_t lifetimes() const { return 2; }
    [[nodiscard]] Workspace workspace() const { return {}; }
    [[nodiscard]] double lifetime(const LifetimeId& id, const Genome& genes,
                                  Workspace& workspace) const {
        const auto genome = tdca::testing::genes_of(genes);
        ++workspace.lives;
        double total = id.key.uniform(0);
        for (const float x : genome) total -= double{x - target} * double{x - target};
        if (has_wall && id.index == 1 && genome[0] > 0.1F) {
            return std::numeric_limits<double>::quiet_NaN();
        }
        return total;
    }
};

template <class Strategy>
std::vector<float> evolve(int threads, std::size_t generations, std::uint64_t seed = 1) {
    Evolution<Strategy, Sphere> evolution(Strategy{}, Sphere{}, Key(seed), threads);
    evolution.run(generations, [](const auto&, const auto&) { return true; });
    return evolution.state().mean;
}

}  // namespace

TEMPLATE_TEST_CASE("the same seed gives the same bits on any number of threads", "[evolution]",
                   Snes, OpenAiEs) {
    const auto one = evolve<TestType>(1, 12);
    for (const int threads : {2, 4, 8}) CHECK(one == evolve<TestType>(threads, 12));
    CHECK(one != evolve<TestType>(1, 12, 2));
}

TEMPLATE_TEST_CASE("a resumed run continues bit for bit", "[evolution]", Snes, OpenAiEs) {
    const auto whole = evolve<TestType>(1, 12);
    Evolution<TestType, Sphere> first(TestType{}, Sphere{}, Key(1), 1);
    first.run(5, [](const auto&, const auto&) { return true; });
    Evolution<TestType, Sphere> second(TestType{}, Sphere{}, Key(1), 2);
    second.resume(first.state());
    second.run(12, [](const auto&, const auto&) { return true; });
    CHECK(whole == second.state().mean);
    CHECK(whole == tdca::testing::flat_genes(second.genome()));
}

TEST_CASE("broken lifetimes are counted and steer evolution away", "[evolution]") {
    Evolution<Snes, Sphere> evolution(Snes{}, Sphere{1.0F, true}, Key(1), 2);
    std::size_t broken = 0;
    evolution.run(60, [&](const GenerationReport& report, const auto&) {
        broken += report.broken;
        CHECK(std::isfinite(report.mean));
        return true;
    });
    CHECK(broken > 0);
    for (const float gene : evolution.state().mean) REQUIRE(std::isfinite(gene));
    CHECK(evolution.state().mean[0] < 0.2F);
    CHECK(evolution.state().mean[1] > 0.5F);
}

TEST_CASE("a callback stops the run", "[evolution]") {
    Evolution<Snes, Sphere> evolution(Snes{}, Sphere{}, Key(1), 1);
    evolution.run(
        100, [](const GenerationReport& report, const auto&) { return report.generation < 3; });
    CHECK(evolution.state().generation == 4);
}

TEST_CASE("a state of another length is refused", "[evolution]") {
    Evolution<Snes, Sphere> evolution(Snes{}, Sphere{}, Key(1), 1);
    auto state = evolution.state();
    state.mean.resize(5);
    CHECK_THROWS_WITH(evolution.resume(state), Catch::Contains("expected 6, found 5"));
}

TEMPLATE_TEST_CASE("every part of a state is checked before a run goes on from it",
                   "[evolution][fault]", Snes, OpenAiEs) {
    Evolution<TestType, Sphere> evolution(TestType{}, Sphere{}, Key(1), 1);
    evolution.step();
    const auto whole = evolution.state();
    std::vector<std::string> parts;
    whole.for_each([&](const char* name, const auto&) { parts.emplace_back(name); });
    REQUIRE(parts.size() >= 2);
    const auto refused = [&](const std::string& part, const auto& damage) {
        auto state = whole;
        state.for_each([&](const char* name, std::vector<float>& values) {
            if (name == part) damage(values);
        });
        CHECK_THROWS_WITH(evolution.resume(state), Catch::Contains(part));
    };
    for (const std::string& part : parts) {
        refused(part, [](auto& values) { values.clear(); });
        refused(part, [](auto& values) { values.push_back(0.1F); });
        refused(part, [](auto& values) { values[3] = std::nanf(""); });
        refused(part, [](auto& values) { values[0] = std::numeric_limits<float>::infinity(); });
    }
    // What no run could have come to.
    refused(parts.back(), [](auto& values) { values[1] = -1; });
    // What was refused has left no trace.
    CHECK(evolution.state().mean == whole.mean);
    evolution.resume(whole);
    evolution.step();
    for (const float gene : evolution.state().mean) CHECK(std::isfinite(gene));
}

namespace {

/// More lifetimes than can be counted.
struct Endless : Sphere {
    [[nodiscard]] std::size_t lifetimes() const { return std::numeric_limits<std::size_t>::max(); }
};

}  // namespace

TEST_CASE("products of counts that would wrap are refused", "[evolution][fault]") {
    CHECK_THROWS_WITH((Evolution<Snes, Endless>(Snes{}, Endless{}, Key(1), 1)),
                      Catch::Contains("18446744073709551615"));
    const std::size_t many = std::numeric_limits<std::size_t>::max() - 1;
    CHECK_THROWS_AS((Evolution<Snes, Sphere>(Snes({.members = many}), Sphere{}, Key(1), 1)), Error);
    Evolution<Snes, Sphere> evolution(Snes{}, Sphere{}, Key(1), 1);
    CHECK_THROWS_AS(evolution.judge(evolution.genome(), Key(1), many), Error);
    CHECK_THROWS_WITH(evolution.judge(evolution.genome(), Key(1), 0), Catch::Contains("repeats"));
}

TEST_CASE("a mixture lives the lifetimes of all of its tasks", "[task]") {
    const TaskMixture<Sphere, Sphere> mixture(Sphere{1.0F}, Sphere{2.0F});
    auto workspace = mixture.workspace();
    CHECK(mixture.lifetimes() == 4);
    const Sphere::Genome genome{};
    const double noise = Key(5).uniform(0);
    const std::array<double, 4> expected{-6 + noise, -6 + noise, -24 + noise, -24 + noise};
    for (std::size_t i = 0; i < 4; ++i) {
        CHECK(mixture.lifetime({Key(5), i}, genome, workspace) == Approx(expected[i]));
    }
    CHECK(std::get<0>(workspace).lives == 2);
    CHECK(std::get<1>(workspace).lives == 2);
}

TEST_CASE("a plateau ends a run and keeps the best genome", "[meta]") {
    CHECK_THROWS_WITH(EarlyStopping(0), Catch::Contains("patience"));
    CHECK_THROWS_WITH(EarlyStopping(2, std::nan("")), Catch::Contains("least"));
    EarlyStopping plateau(2, 0.1);
    CHECK(plateau.observe(1.0, std::vector<float>{1}));
    CHECK(plateau.observe(1.05, std::vector<float>{2}));
    CHECK(plateau.observe(1.2, std::vector<float>{3}));
    CHECK(plateau.observe(std::nan(""), std::vector<float>{4}));
    CHECK_FALSE(plateau.observe(1.25, std::vector<float>{5}));
    CHECK(plateau.best() == 1.2);
    CHECK(plateau.genome() == std::vector<float>{3});
    CHECK_FALSE(plateau.observe(std::numeric_limits<double>::infinity(), std::vector<float>{6}));
    CHECK(plateau.best() == 1.2);
}

TEST_CASE("durations read as clocks", "[meta]") {
    CHECK(clock_text(0) == "0:00");
    CHECK(clock_text(65.4) == "1:05");
    CHECK(clock_text(7384) == "2:03:04");
    CHECK(clock_text(std::nan("")) == "0:00");
    CHECK(clock_text(1e30) == clock_text(std::numeric_limits<double>::infinity()));
}
