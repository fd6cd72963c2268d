// An evolution that ends in a file: stages, what is refused, and the same bits after a resume.
#include "tdca/io/evolution_run.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <cstddef>
#include <vector>

#include "support/plain_genome.hpp"
#include "unit/io/files.hpp"

using namespace tdca;
using Catch::Contains;
using tdca::testing::flat_genes;
using tdca::testing::genes_of;
using tdca::testing::PlainGenome;
using tdca::testing::TemporaryFolder;

namespace {

/// A sphere around `target`. Asks for a stop in lifetime number `stop_at` of all.
struct Sphere {
    using Genome = PlainGenome<4>;
    struct Workspace {};

    float target = 1;
    std::size_t* lived = nullptr;
    std::size_t stop_at = 0;

    static void initialize(Genome&, Key) {}
    [[nodiscard]] static std::size_t lifetimes() { return 1; }
    [[nodiscard]] static Workspace workspace() { return {}; }
    [[nodiscard]] double lifetime(const LifetimeId& id, const Genome& genome, Workspace&) const {
        if (lived != nullptr && ++*lived == stop_at) std::raise(SIGTERM);
        double fitness = 0.01 * id.key.uniform(0);
        for (const float x : genes_of(genome)) fitness -= double{x - target} * double{x - target};
        return fitness;
    }
};

std::vector<EvolutionStage<Sphere>> two_stages(std::size_t* lived = nullptr,
                                               std::size_t stop_at = 0) {
    return {{0.5, 8,
             [=] {
                 return Sphere{1, lived, stop_at};
             }},
            {1.0, 12, [=] {
                 return Sphere{2, lived, stop_at};
             }}};
}

}  // namespace

TEST_CASE("an evolution ends in a genome file with its facts", "[evolution_run]") {
    const TemporaryFolder folder;
    const EvolutionRun run{
        .output = folder / "genome.safetensors", .generations = 20, .seed = 3, .threads = 1};
    const EvolutionResult result = evolve_to_file(run, two_stages(), {{"recipe", "a sphere"}});
    CHECK_FALSE(result.stopped);
    CHECK(result.exit_code == 0);
    CHECK(result.generations == 20);
    CHECK(result.lifetimes == 10 * 8 + 10 * 12);
    CHECK(result.broken == 0);
    CHECK(result.fitness.size() == 20);
    const auto loaded = load_genome<Sphere::Genome>(run.output);
    CHECK(loaded.facts.at("recipe") == "a sphere");
    CHECK(loaded.facts.at("seed") == "3");
    CHECK(loaded.facts.at("generations") == "20");
    // It went where the stages sent it.
    CHECK(genes_of(loaded.genome)[0] > 0.2F);
}

TEST_CASE("a run that was stopped goes on to the same bits, in either stage", "[evolution_run]") {
    const TemporaryFolder folder;
    EvolutionRun run{.output = folder / "whole.safetensors", .generations = 12, .threads = 1};
    (void)evolve_to_file(run, two_stages());
    const auto whole = flat_genes(load_genome<Sphere::Genome>(run.output).genome);
    for (const std::size_t stop_at : {3U, 48U, 70U}) {  // of 6 × 8 + 6 × 12 lives
        CAPTURE(stop_at);
        run.output = folder / ("stopped_" + to_text(stop_at) + ".safetensors");
        run.resume = false;
        std::size_t lived = 0;
        const EvolutionResult stopped = evolve_to_file(run, two_stages(&lived, stop_at));
        CHECK(stopped.stopped);
        CHECK(stopped.exit_code == 128 + SIGTERM);
        CHECK(stopped.generations < 12);
        CHECK_FALSE(std::filesystem::exists(run.output));
        run.resume = true;
        const EvolutionResult resumed = evolve_to_file(run, two_stages());
        CHECK_FALSE(resumed.stopped);
        CHECK(resumed.generations == 12);
        CHECK(flat_genes(load_genome<Sphere::Genome>(run.output).genome) == whole);
    }
}

TEST_CASE(
    "other settings, no stages and no folder to write to are refused before anything is lived",
    "[evolution_run]") {
    const TemporaryFolder folder;
    EvolutionRun run{
        .output = folder / "genome.safetensors", .generations = 2, .threads = 1, .settings = "one"};
    CHECK_THROWS_WITH(evolve_to_file(run, std::vector<EvolutionStage<Sphere>>{}),
                      Contains("stages"));
    std::size_t lived = 0;
    EvolutionRun nowhere = run;
    nowhere.output = folder / "gone" / "genome.safetensors";
    CHECK_THROWS_WITH(evolve_to_file(nowhere, two_stages(&lived)), Contains("gone"));
    CHECK(lived == 0);
    (void)evolve_to_file(run, two_stages());
    run.settings = "another";
    run.resume = true;
    CHECK_THROWS_WITH(evolve_to_file(run, two_stages()), Contains("one") && Contains("another"));
}

TEST_CASE("an evolution begins where it is told to", "[evolution_run]") {
    const TemporaryFolder folder;
    Sphere::Genome start;
    for (float& gene : genes_of(start)) gene = 7;
    const EvolutionRun run{.output = folder / "genome.safetensors",
                           .generations = 0,
                           .threads = 1,
                           .first = first_state(start)};
    (void)evolve_to_file(run, two_stages());
    CHECK(flat_genes(load_genome<Sphere::Genome>(run.output).genome) == flat_genes(start));
}
