// NaN and infinity in a life: the life is broken and counted, and nothing else notices.
#include <catch2/catch.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "property/subjects.hpp"
#include "support/halves.hpp"
#include "tdca/analysis/loss_plane.hpp"
#include "tdca/control/control_task.hpp"
#include "tdca/evolution/evolution.hpp"
#include "tdca/evolution/snes.hpp"
#include "tdca/evolution/training_task.hpp"
#include "tdca/plasticity/plain.hpp"
#include "tdca/training/cohort.hpp"
#include "tdca/training/lifetime.hpp"

using namespace tdca;
using namespace tdca::testing;

namespace {

constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();
constexpr float infinite = std::numeric_limits<float>::infinity();
constexpr float largest = std::numeric_limits<float>::max();

using Plain = SmallLearner<PlainPlasticity>;
using Adam = SmallLearner<>;

/// Born sound; its weights explode as it learns.
Plain::Genome explosive(Key key) {
    auto genome = noisy_genome<Plain>(key);
    for (float& gene : genome.get<"schedule">().get<"linear">()) gene = 0;
    constexpr std::size_t terms = StepSchedule<>::features;
    for (std::size_t role = 0; role < StepSchedule<>::roles; ++role) {
        genome.get<"schedule">().get<"linear">()[(role + 1) * terms - 1] = 3.0F;
    }
    return genome;
}

/// Lives `genomes` side by side and each alone; those for which `may_break` says no must be
/// sound, and all must have the same bits both ways.
template <class L, class MayBreak>
void check_neighbours(std::span<const typename L::Genome> genomes, Key key, MayBreak&& may_break) {
    const Dataset data = halves(64, key / 0);
    Cohort<L, 16> cohort(genomes.size());
    std::vector<Evaluation> together(genomes.size());
    cohort.live(genomes, data, key / 1, 40);
    cohort.evaluate(data, together);
    for (std::size_t m = 0; m < genomes.size(); ++m) {
        Lifetime<L, 16> life;
        life.live(genomes[m], data, key / 1, 40);
        const Evaluation alone = life.evaluate(data);
        CAPTURE(m);
        if (std::isfinite(alone.loss)) {
            CHECK(together[m].loss == alone.loss);
            CHECK(flatten(cohort.state(m).params) == flatten(life.params()));
        } else {
            CHECK(may_break(m));
            CHECK(std::isnan(together[m].loss));
            CHECK(std::isnan(alone.loss));
        }
    }
}

}  // namespace

TEST_CASE("a member whose weights explode is scored as broken, and its neighbours are untouched",
          "[not_finite]") {
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        CAPTURE(seed);
        const Key key(seed);
        std::vector<Plain::Genome> genomes;
        for (std::size_t m = 0; m < 4; ++m) genomes.push_back(noisy_genome<Plain>(key / m));
        const std::size_t broken = seed % 4;
        genomes[broken] = explosive(key);
        check_neighbours<Plain>(genomes, key, [&](std::size_t m) { return m == broken; });

        const Dataset data = halves(64, key / 0);
        Lifetime<Plain, 16> used;
        used.live(genomes[broken], data, key / 1, 1);
        CHECK(std::isfinite(used.evaluate(data).loss));
        used.live(genomes[broken], data, key / 1, 40);
        CHECK(std::isnan(used.evaluate(data).loss));
        // The next life in the same memory is as in new memory.
        Lifetime<Plain, 16> fresh;
        const std::size_t sound = (broken + 1) % 4;
        used.live(genomes[sound], data, key / 1, 40);
        fresh.live(genomes[sound], data, key / 1, 40);
        CHECK(flatten(used.params()) == flatten(fresh.params()));
    }
}

TEST_CASE("a gene of any value breaks no more than its own life", "[not_finite]") {
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        const Key key = Key(seed) / 1;
        std::vector<Adam::Genome> genomes;
        for (std::size_t m = 0; m < 7; ++m) genomes.push_back(noisy_genome<Adam>(key / m));
        const float values[]{not_a_number, infinite, -infinite, largest, -largest};
        for (std::size_t i = 0; i < std::size(values); ++i) {
            set_gene(genomes[i + 1], (key / 99).below(Adam::Genome::count, i), values[i]);
        }
        CAPTURE(seed);
        check_neighbours<Adam>(genomes, key, [](std::size_t m) { return m >= 1 && m <= 5; });
    }
}

TEST_CASE("weights that are not finite are reported, whether or not the output shows it",
          "[not_finite]") {
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        const Dataset data = halves(64, Key(seed));
        for (const float value : {not_a_number, infinite, -infinite}) {
            SmallNet::for_each_layer([&](auto layer) {
                CAPTURE(seed, value, std::size_t{layer});
                Lifetime<Adam, 16> life;
                life.begin(noisy_genome<Adam>(Key(seed)), Key(seed), 10);
                CHECK(std::isfinite(life.evaluate(data).loss));
                const auto weights = std::get<layer>(life.params()).template get<"weights">();
                weights[Key(seed).below(weights.size(), layer)] = value;
                CHECK(std::isnan(life.evaluate(data).loss));
            });
        }
    }
}

TEST_CASE("inputs that overflow break a life, not its neighbours", "[not_finite]") {
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        Matrix<float> inputs = halves(64, Key(seed)).inputs();
        inputs.data()[Key(seed).below(inputs.size(), 0)] = largest;
        const Dataset data("loud", inputs, halves(64, Key(seed)).labels(), 2);
        Lifetime<Adam, 16> life;
        life.live(noisy_genome<Adam>(Key(seed)), data, Key(seed), 40);
        CHECK(std::isnan(life.evaluate(data).loss));
    }
}

TEST_CASE("evolution counts the classifiers that break, and its genome stays finite",
          "[not_finite]") {
    std::size_t in_all = 0;
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        CAPTURE(seed);
        const Dataset data = halves(64, Key(seed));
        const Counted task(TrainingTask<Plain, 16>(all(data), all(data), {10, 40}));
        Evolution evolution(Snes({.members = 12, .initial_sigma = 2}), task, Key(seed), 2);
        evolution.run(4, [&](const GenerationReport& report, const auto&) {
            CHECK(report.broken == task.broken->exchange(0));
            CHECK(report.broken < 24);
            CHECK(std::isfinite(report.best));
            CHECK(report.mean <= report.best);
            in_all += report.broken;
            return true;
        });
        for (const float gene : evolution.state().mean) REQUIRE(std::isfinite(gene));
    }
    CHECK(in_all > seeds);
}

TEMPLATE_TEST_CASE("rewards and observations that are not finite break the life that meets them",
                   "[not_finite]", EpisodicLife<Fickle>, OnlineLife<Fickle>) {
    using Life = TestType;
    const Budget budget{.episodes = 6};
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        const auto genome = noisy_genome<Life>(Key(seed));
        Life used;
        for (const auto fault : {Fickle::Fault::reward, Fickle::Fault::observation}) {
            for (const float value : {not_a_number, infinite, -infinite}) {
                CAPTURE(seed, static_cast<int>(fault), value);
                for (const bool is_plastic : {true, false}) {
                    std::vector<Episode> episodes;
                    used.set_plastic(is_plastic);
                    used.live(genome, {fault, value}, Key(seed), budget, episodes);
                    CHECK(episodes.size() == 6);
                    CHECK_FALSE(std::isfinite(score(episodes, budget)));
                }
                // The next life in the same memory is as in new memory.
                Life fresh;
                used.set_plastic(true);
                std::vector<Episode> after;
                std::vector<Episode> expected;
                used.live(genome, {}, Key(seed), budget, after);
                fresh.live(genome, {}, Key(seed), budget, expected);
                CHECK(std::isfinite(score(after, budget)));
                CHECK(std::ranges::equal(after, expected, {}, &Episode::total, &Episode::total));
                CHECK(flatten(used.state().state.params) == flatten(fresh.state().state.params));
            }
        }
    }
}

TEMPLATE_TEST_CASE("a policy whose weights are not finite does not count as doing well",
                   "[not_finite]", EpisodicLife<Fickle>, OnlineLife<Fickle>) {
    using Life = TestType;
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        auto genome = noisy_genome<Life>(Key(seed));
        // exp of it is infinite.
        genome.template get<"learner">()
            .template get<"birth">()
            .template get<"log_hidden_gain">()[0] = 200;
        Life life;
        std::vector<Episode> episodes;
        life.live(genome, {}, Key(seed), {.episodes = 3}, episodes);
        REQUIRE(episodes.size() == 3);
        for (const Episode& episode : episodes) CHECK(std::isnan(episode.total));
    }
}

TEST_CASE("evolution counts the policies that break, and its genome stays finite", "[not_finite]") {
    using Life = EpisodicLife<Fickle>;
    std::size_t in_all = 0;
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        ControlRange<Fickle> range;
        // One world in four is at fault.
        range.setting = [](Key key) -> Fickle::Settings {
            if (key.below(4, 0) != 0) return {};
            return {key.below(2, 1) == 0 ? Fickle::Fault::reward : Fickle::Fault::observation,
                    not_a_number};
        };
        range.fewest_episodes = range.most_episodes = 4;
        range.lifetimes = 2;
        const Counted task{ControlTask<Life>(range)};
        Evolution evolution(Snes({.members = 8}), task, Key(seed), 2);
        evolution.run(6, [&](const GenerationReport& report, const auto&) {
            CHECK(report.broken == task.broken->exchange(0));
            // All members meet the same worlds.
            CHECK(report.broken % 8 == 0);
            CHECK(std::isfinite(report.mean) == (report.broken == 0));
            in_all += report.broken;
            return true;
        });
        for (const float gene : evolution.state().mean) REQUIRE(std::isfinite(gene));
    }
    CHECK(in_all > 0);
    CHECK(in_all < seeds * 6 * 16);
}
