// NaN and infinity in data, fitness, files and objectives: refused by name, or ranked last and
// counted.
#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "support/halves.hpp"
#include "support/plain_genome.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/genome.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/data/csv.hpp"
#include "tdca/data/transform.hpp"
#include "tdca/evolution/evolution.hpp"
#include "tdca/evolution/openai_es.hpp"
#include "tdca/evolution/snes.hpp"
#include "tdca/io/checkpoint.hpp"
#include "tdca/io/genome_file.hpp"
#include "tdca/optimization/optimize.hpp"
#include "tdca/optimization/search.hpp"
#include "unit/io/files.hpp"

using namespace tdca;
using namespace tdca::testing;
using Catch::Contains;

namespace {

constexpr std::size_t seeds = 8;
constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();
constexpr float infinite = std::numeric_limits<float>::infinity();

/// A sphere whose lifetimes break with probability ½ beyond x₀ = 0, and come out as `fault` then.
struct Cliff {
    using Genome = PlainGenome<5>;
    struct Workspace {};

    double fault = 0;

    static void initialize(Genome&, Key) {}
    [[nodiscard]] static std::size_t lifetimes() { return 3; }
    [[nodiscard]] static Workspace workspace() { return {}; }
    [[nodiscard]] double lifetime(const LifetimeId& id, const Genome& genes,
                                  Workspace& /*workspace*/) const {
        const auto genome = genes_of(genes);
        double fitness = 0;
        for (const float x : genome) fitness -= double{x - 1} * double{x - 1};
        return genome[0] > 0 && id.key.below(2, 0) == 0 ? fault : fitness;
    }
};

/// One that is born broken.
struct Stillborn : Cliff {
    static void initialize(Genome& genome, Key key) {
        genes_of(genome)[key.below(Genome::count, 0)] = not_a_number;
    }
};

using SmallGenome =
    Genome<Part<"a", Genes<float, Parameter<"x", Shape<2, 3>>, Parameter<"y", Shape<1>>>>>;

}  // namespace

TEST_CASE("a dataset with a number that is not finite is refused by name, sample and feature",
          "[not_finite]") {
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        const Dataset sound = halves(20, Key(seed));
        for (const float value : {not_a_number, infinite, -infinite}) {
            Matrix<float> inputs = sound.inputs();
            const std::uint64_t at = Key(seed).below(inputs.size(), 0);
            inputs.data()[at] = value;
            CHECK_THROWS_WITH(
                Dataset("lab", inputs, sound.labels(), 2),
                Contains("lab: feature " + to_text(at % 4) + " of sample " + to_text(at / 4)));
        }
        // Sound data, and a transform that makes them overflow.
        CHECK_THROWS_WITH((Standardization{0, 1e-39}).apply(sound), Contains("halves: feature"));
        CHECK_THROWS_WITH((Standardization{double{not_a_number}, 1}).apply(sound),
                          Contains("halves: feature 0 of sample 0"));
    }
}

TEST_CASE("a table with a number that is not finite is refused by file, line and column",
          "[not_finite]") {
    const TemporaryFolder folder;
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        for (const char* const value :
             {"nan", "NaN", "inf", "-inf", "-infinity", "1e39", "1e999"}) {
            const std::uint64_t at = Key(seed).below(30, 0);
            std::string text;
            for (std::uint64_t i = 0; i < 30; ++i) {
                text += i == at ? value : "0.5";
                text += i % 3 == 2 ? ",1\n" : ",";
            }
            write_file(folder / "lab.csv", text);
            CAPTURE(value);
            CHECK_THROWS_WITH(load_csv(folder / "lab.csv"),
                              Contains("lab.csv: line " + to_text(at / 3 + 1) + ", column " +
                                       to_text(at % 3 + 1)));
        }
    }
}

TEMPLATE_TEST_CASE("a lifetime that breaks ranks last, however it broke, and is counted",
                   "[not_finite]", Snes, OpenAiEs) {
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        // The same run with three kinds of break, and two ways to add lifetimes up: those of a
        // member differ in nothing but whether they break.
        std::vector<std::vector<float>> genomes;
        for (const Aggregation aggregation : {Aggregation::rank, Aggregation::mean}) {
            for (const float fault : {not_a_number, infinite, -infinite}) {
                CAPTURE(seed, fault);
                Evolution evolution(TestType({.members = 16}), Cliff{fault}, Key(seed), 2,
                                    aggregation);
                std::size_t broken = 0;
                evolution.run(10, [&](const GenerationReport& report, const auto&) {
                    broken += report.broken;
                    CHECK(std::isfinite(report.best));
                    CHECK(report.mean <= report.best);
                    return true;
                });
                CHECK(broken > 0);
                evolution.state().for_each([](const char*, const std::vector<float>& values) {
                    for (const float value : values) REQUIRE(std::isfinite(value));
                });
                genomes.push_back(evolution.state().mean);
            }
        }
        for (const auto& genome : genomes) CHECK(genome == genomes[0]);
    }
}

TEST_CASE("a generation in which every lifetime breaks is told as such, and moves nothing",
          "[not_finite]") {
    struct Hopeless : Cliff {
        [[nodiscard]] static double lifetime(const LifetimeId&, const Genome&, Workspace&) {
            return std::numeric_limits<double>::infinity();
        }
    };
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        Evolution evolution(Snes({.members = 8}), Hopeless{}, Key(seed), 2);
        const GenerationReport report = evolution.step();
        CHECK(report.broken == 24);
        CHECK(report.best == -double{infinite});
        CHECK(std::isnan(report.mean));
        for (const float gene : evolution.state().mean) CHECK(gene == Approx(0).margin(1e-6));
        // An infinite fitness must not look like the best of all.
        CHECK(std::isnan(evolution.judge(evolution.genome(), Key(seed), 1)));
    }
}

TEMPLATE_TEST_CASE("a strategy that is rewarded for growth never grows beyond what is finite",
                   "[not_finite]", Snes, OpenAiEs) {
    TestType strategy = [] {
        if constexpr (std::is_same_v<TestType, Snes>) {
            return Snes({.members = 16, .initial_sigma = 1e35F, .mean_rate = 10, .sigma_rate = 1});
        } else {
            return OpenAiEs({.members = 16, .sigma = 1, .rate = 1e38});
        }
    }();
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        auto state = strategy.init(std::vector<float>(6, 1.0F));
        std::vector<float> genome(6);
        std::vector<double> fitness(strategy.members());
        for (int generation = 0; generation < 300; ++generation) {
            for (std::size_t m = 0; m < fitness.size(); ++m) {
                strategy.ask(state, Key(seed), m, genome);
                fitness[m] = 0;
                for (const float x : genome) fitness[m] += double{x};
            }
            strategy.tell(state, Key(seed), fitness);
            state.for_each([](const char*, const std::vector<float>& values) {
                for (const float value : values) REQUIRE(std::isfinite(value));
            });
        }
        CHECK(state.mean[0] > 1e35F);
    }
}

TEST_CASE("evolution does not begin or go on from a gene that is not finite", "[not_finite]") {
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        CHECK_THROWS_WITH(Evolution(Snes{}, Stillborn{}, Key(seed), 1),
                          Contains("initial genome: gene ") && Contains("finite"));
        Evolution evolution(Snes{}, Cliff{}, Key(seed), 1);
        for (const float value : {not_a_number, infinite, -infinite}) {
            auto state = evolution.state();
            const std::uint64_t at = Key(seed).below(state.mean.size(), 0);
            state.mean[at] = value;
            CHECK_THROWS_WITH(evolution.resume(state),
                              Contains("resume, mean: number " + to_text(at)));
        }
    }
}

TEST_CASE("a file with a gene that is not finite is refused by file and tensor", "[not_finite]") {
    const TemporaryFolder folder;
    const auto path = folder / "genome.safetensors";
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        for (const float value : {not_a_number, infinite, -infinite}) {
            std::array<float, SmallGenome::count> genes{};
            const std::uint64_t at = Key(seed).below(genes.size(), 0);
            genes[at] = value;
            SmallGenome genome;
            genome.read(genes);
            save_genome(path, genome);
            CHECK_THROWS_WITH(load_genome<SmallGenome>(path),
                              Contains("genome.safetensors") &&
                                  Contains(at < 6 ? "'a.x'" : "'a.y'") && Contains("not finite"));

            auto state = Snes{}.init(std::vector<float>(7, 0.5F));
            (seed % 2 == 0 ? state.mean : state.sigma)[at] = value;
            save_checkpoint<Snes>(path, state, Key(1), "");
            CHECK_THROWS_WITH(
                load_checkpoint<Snes>(path, 7, Key(1), ""),
                Contains(seed % 2 == 0 ? "'mean'" : "'sigma'") && Contains("not finite"));
        }
    }
}

TEST_CASE("an objective that fails at random points costs a search those points", "[not_finite]") {
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        Search<> search;
        search.begin(shipped_optimizer(), Box::cube(3, -4, 6), {800, {}, true}, Key(seed));
        std::size_t failures = 0;
        std::uint64_t evaluations = 0;
        std::vector<double> values;
        while (!search.done()) {
            const auto points = search.ask();
            values.resize(search.asked());
            for (std::size_t p = 0; p < values.size(); ++p) {
                values[p] = 0;
                for (const double x : points.subspan(3 * p, 3)) {
                    REQUIRE(std::isfinite(x));
                    values[p] += (x - 1) * (x - 1);
                }
                const std::uint64_t die = (Key(seed) / 9).below(10, evaluations++);
                if (die < 3) {
                    values[p] =
                        static_cast<double>(std::array{not_a_number, infinite, -infinite}[die]);
                    ++failures;
                }
            }
            search.tell(values);
        }
        CHECK(search.invalid() == failures);
        CHECK(failures > 150);
        CHECK((search.best_value() >= 0 && search.best_value() < 0.1));
    }
}
