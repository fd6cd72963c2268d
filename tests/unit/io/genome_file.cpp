// Genome files: round trips, and a clear no to what does not belong.
#include "tdca/io/genome_file.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <string>
#include <vector>

#include "tdca/core/genome.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/random.hpp"
#include "unit/io/files.hpp"

using namespace tdca;
using Catch::Contains;
using tdca::testing::error_of;
using tdca::testing::TemporaryFolder;

namespace {

using Inner = Genes<float, Parameter<"weights", Shape<2, 3>>, Parameter<"gain", Shape<1>>>;
using Small = Genome<Part<"unit", Inner>, Part<"none", Genes<float>>>;
using Other = Genome<
    Part<"unit", Genes<float, Parameter<"weights", Shape<3, 2>>, Parameter<"gain", Shape<1>>>>>;
using Fewer = Genome<Part<"unit", Genes<float, Parameter<"gain", Shape<1>>>>>;

Small sample() {
    Small genome;
    std::vector<float> genes(Small::count);
    Key(1).fill_normal(std::span<float>(genes));
    genome.read(std::span<const float, Small::count>(genes));
    return genome;
}

}  // namespace

TEST_CASE("a genome comes back as it was saved, with its facts", "[genome_file]") {
    const TemporaryFolder folder;
    const auto file = folder / "genome.safetensors";
    save_genome(file, sample(), {{"seed", "3"}, {"evolved_on", "nothing"}});
    const auto loaded = load_genome<Small>(file);
    std::vector<float> before(Small::count);
    std::vector<float> after(Small::count);
    sample().write(std::span<float, Small::count>(before));
    loaded.genome.write(std::span<float, Small::count>(after));
    CHECK(before == after);
    CHECK(loaded.facts.at("seed") == "3");
    CHECK(folder.entries() == 1);
}

TEST_CASE("a genome of another learner, or a broken one, is refused by name", "[genome_file]") {
    const TemporaryFolder folder;
    const auto file = folder / "genome.safetensors";
    save_genome(file, sample());
    CHECK_THAT(error_of([&] { (void)load_genome<Other>(file); }),
               Contains("genome.safetensors") && Contains("unit.weights") && Contains("[3, 2]") &&
                   Contains("[2, 3]"));
    CHECK_THAT(error_of([&] { (void)load_genome<Fewer>(file); }), Contains("expected 1, found 2"));
    CHECK_THAT(error_of([&] { (void)load_genome<Small>(folder / "none"); }), Contains("none"));

    auto genome = sample();
    genome.get<"unit">().get<"gain">()[0] = std::nanf("");
    save_genome(file, genome);
    CHECK_THAT(
        error_of([&] { (void)load_genome<Small>(file); }),
        Contains("unit.gain") && Contains("gene 0 is not finite (expected a finite value, "));

    TensorFile plain;
    add_parameters(plain, "", sample());
    save_safetensors(file, plain);
    CHECK_THAT(error_of([&] { (void)load_genome<Small>(file); }),
               Contains("no genome file (expected format tdca-genome-1, found no format)"));
    plain.metadata["format"] = "tdca-genome-2\n";
    save_safetensors(file, plain);
    CHECK_THAT(
        error_of([&] { (void)load_genome<Small>(file); }),
        Contains("no genome file (expected format tdca-genome-1, found format 'tdca-genome-2?')"));
}
