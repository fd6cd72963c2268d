// Genome files and checkpoints: round trips, and a clear no to what does not belong.
#include "tdca/io/genome_file.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "tdca/core/genome.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/core/random.hpp"
#include "tdca/evolution/openai_es.hpp"
#include "tdca/evolution/snes.hpp"
#include "tdca/io/checkpoint.hpp"
#include "unit/io/files.hpp"

using namespace tdca;
using Catch::Contains;
using tdca::testing::error_of;
using tdca::testing::read_file;
using tdca::testing::TemporaryFolder;
using tdca::testing::write_file;

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

template <class Strategy>
typename Strategy::State evolved(const Strategy& strategy) {
    auto state = strategy.init(std::vector<float>(5, 0.5F));
    std::vector<double> fitness(strategy.members());
    for (int generation = 0; generation < 3; ++generation) {
        for (std::size_t m = 0; m < fitness.size(); ++m)
            fitness[m] = std::sin(static_cast<double>(m));
        strategy.tell(state, Key(7), fitness);
    }
    return state;
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
    CHECK_THAT(error_of([&] { (void)load_genome<Small>(file); }),
               Contains("unit.gain") && Contains("not finite"));

    TensorFile plain;
    add_parameters(plain, "", sample());
    save_safetensors(file, plain);
    CHECK_THAT(error_of([&] { (void)load_genome<Small>(file); }), Contains("no genome file"));
}

TEMPLATE_TEST_CASE("a strategy's state comes back bit for bit", "[checkpoint]", Snes, OpenAiEs) {
    const TemporaryFolder folder;
    const auto file = folder / "checkpoint.safetensors";
    const auto state = evolved(TestType{});
    save_checkpoint<TestType>(file, state, Key(7), "members 32");
    const auto loaded = load_checkpoint<TestType>(file, 5, Key(7), "members 32");
    CHECK(loaded.generation == 3);
    std::vector<std::vector<float>> before;
    std::vector<std::vector<float>> after;
    state.for_each([&](const char*, const auto& values) { before.push_back(values); });
    loaded.for_each([&](const char*, const auto& values) { after.push_back(values); });
    CHECK(before == after);
}

TEST_CASE("a checkpoint of another run is refused by what differs", "[checkpoint]") {
    const TemporaryFolder folder;
    const auto file = folder / "checkpoint.safetensors";
    save_checkpoint<Snes>(file, evolved(Snes{}), Key(7), "members 32");
    const auto load = [&](std::size_t genes, Key key, const std::string& settings) {
        return error_of([&] { (void)load_checkpoint<Snes>(file, genes, key, settings); });
    };
    CHECK_THAT(load(5, Key(8), "members 32"), Contains("key") && Contains("'8'"));
    CHECK_THAT(load(5, Key(7), "members 64"), Contains("settings") && Contains("members 64"));
    CHECK_THAT(load(6, Key(7), "members 32"), Contains("mean") && Contains("[6]"));
    CHECK_THAT(error_of([&] { (void)load_checkpoint<OpenAiEs>(file, 5, Key(7), "members 32"); }),
               Contains("strategy") && Contains("openai_es") && Contains("snes"));

    auto broken = evolved(Snes{});
    broken.sigma[2] = INFINITY;
    save_checkpoint<Snes>(file, broken, Key(7), "members 32");
    CHECK_THAT(load(5, Key(7), "members 32"), Contains("sigma") && Contains("not finite"));

    const std::string bytes = read_file(file);
    write_file(file, std::string_view(bytes).substr(0, bytes.size() / 2));
    CHECK_THAT(load(5, Key(7), "members 32"), Contains("checkpoint.safetensors"));
}
