// Checkpoints: round trips, what is refused, damage, and the last ones of a run.
#include "tdca/io/checkpoint.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "tdca/evolution/openai_es.hpp"
#include "tdca/evolution/snes.hpp"
#include "tdca/io/last_checkpoints.hpp"
#include "unit/io/files.hpp"

using namespace tdca;
using namespace tdca::testing;
using Catch::Contains;
using Catch::EndsWith;
using Catch::Matchers::StartsWith;

namespace {

constexpr std::size_t genes = 5;

/// A state after some generations.
template <class Strategy = Snes>
typename Strategy::State evolved(int generations = 3) {
    const Strategy strategy;
    auto state = strategy.init(std::vector<float>(genes, 0.5F));
    std::vector<double> fitness(strategy.members());
    for (int generation = 0; generation < generations; ++generation) {
        for (std::size_t m = 0; m < fitness.size(); ++m)
            fitness[m] = std::sin(static_cast<double>(m));
        strategy.tell(state, Key(7), fitness);
    }
    return state;
}

template <class State>
std::vector<std::vector<float>> numbers_of(const State& state) {
    std::vector<std::vector<float>> numbers;
    state.for_each([&](const char*, const auto& values) { numbers.push_back(values); });
    return numbers;
}

std::string error_of_loading(const std::filesystem::path& file, std::size_t length = genes,
                             Key key = Key(7), const std::string& settings = "members 32") {
    return error_of([&] { (void)load_checkpoint<Snes>(file, length, key, settings); });
}

/// A file of a run, with other words in its metadata and the checksum that they call for.
void rewrite(const std::filesystem::path& path, const std::string& fact, const std::string& value) {
    TensorFile file = load_safetensors(path);
    file.metadata[fact] = value;
    if (fact != "crc32") file.metadata["crc32"] = detail::checksum_of(file);
    save_safetensors(path, file);
}

LastCheckpoints<Snes> last(const TemporaryFolder& folder, std::size_t kept = 3, Key key = Key(7)) {
    return {folder / "run", kept, key, "members 32"};
}

}  // namespace

TEMPLATE_TEST_CASE("a strategy's state comes back bit for bit", "[checkpoint]", Snes, OpenAiEs) {
    const TemporaryFolder folder;
    const auto file = folder / "checkpoint.safetensors";
    const auto state = evolved<TestType>();
    save_checkpoint<TestType>(file, state, Key(7), "members 32");
    const auto loaded = load_checkpoint<TestType>(file, genes, Key(7), "members 32");
    CHECK(loaded.generation == 3);
    CHECK(numbers_of(loaded) == numbers_of(state));
}

TEST_CASE("a checkpoint of another run is refused by what differs, and stays", "[checkpoint]") {
    const TemporaryFolder folder;
    const auto file = folder / "checkpoint.safetensors";
    save_checkpoint<Snes>(file, evolved(), Key(7), "members 32");
    const std::string bytes = read_file(file);
    CHECK_THAT(error_of_loading(file, genes, Key(8)), Contains("key") && Contains("'8'"));
    CHECK_THAT(error_of_loading(file, genes, Key(7), "members 64"),
               Contains("settings") && Contains("members 64"));
    CHECK_THAT(error_of_loading(file, 6), Contains("mean") && Contains("[6]"));
    CHECK_THAT(
        error_of([&] { (void)load_checkpoint<OpenAiEs>(file, genes, Key(7), "members 32"); }),
        Contains("strategy") && Contains("openai_es") && Contains("snes"));
    CHECK(read_file(file) == bytes);
    CHECK(folder.entries() == 1);

    auto broken = evolved();
    broken.sigma[2] = INFINITY;
    save_checkpoint<Snes>(file, broken, Key(7), "members 32");
    CHECK_THAT(error_of_loading(file), Contains("sigma") && Contains("not finite"));
}

TEST_CASE("a checkpoint of another version is refused by its format", "[checkpoint]") {
    const TemporaryFolder folder;
    const auto file = folder / "checkpoint.safetensors";
    save_checkpoint<Snes>(file, evolved(), Key(7), "members 32");
    rewrite(file, "format", "tdca-checkpoint-3");
    CHECK_THAT(error_of_loading(file), Contains("its format differs") &&
                                           Contains("expected 'tdca-checkpoint-2'") &&
                                           Contains("found 'tdca-checkpoint-3'"));
    // The first version had no checksum.
    TensorFile first = load_safetensors(file);
    first.metadata.erase("crc32");
    first.metadata["format"] = "tdca-checkpoint-1";
    save_safetensors(file, first);
    CHECK_THAT(error_of_loading(file),
               Contains("its format differs") && Contains("found 'tdca-checkpoint-1'"));
}

TEST_CASE("facts of a hostile checkpoint are shown short, and without control characters",
          "[checkpoint]") {
    const TemporaryFolder folder;
    const auto file = folder / "checkpoint.safetensors";
    save_checkpoint<Snes>(file, evolved(), Key(7), "members 32");
    rewrite(file, "settings", "\x1b[2J\n" + std::string(1000, 'x'));
    CHECK_THAT(error_of_loading(file), Contains("found '?[2J?xxx") && EndsWith("x…')"));
    rewrite(file, "settings", "members 32");
    rewrite(file, "generation", "1\n");
    CHECK_THAT(error_of_loading(file), EndsWith("(expected a whole number, found '1?')"));
}

TEST_CASE("a number of generations is a whole number", "[checkpoint]") {
    const TemporaryFolder folder;
    const auto file = folder / "checkpoint.safetensors";
    save_checkpoint<Snes>(file, evolved(), Key(7), "members 32");
    for (const char* const count : {"three", "3.5", "", "-1"}) {
        rewrite(file, "generation", count);
        CHECK_THAT(error_of_loading(file), Contains("no number of generations") &&
                                               Contains("'" + std::string(count) + "'"));
    }
}

TEST_CASE("a checkpoint that lacks a fact says which", "[checkpoint]") {
    const TemporaryFolder folder;
    const auto file = folder / "checkpoint.safetensors";
    const auto error_without = [&](const char* const fact) {
        save_checkpoint<Snes>(file, evolved(), Key(7), "members 32");
        TensorFile contents = load_safetensors(file);
        contents.metadata.erase(fact);
        if (std::string(fact) != "crc32") {
            contents.metadata["crc32"] = detail::checksum_of(contents);
        }
        save_safetensors(file, contents);
        return error_of_loading(file);
    };
    for (const char* const fact : {"format", "strategy", "key", "settings"}) {
        CHECK_THAT(error_without(fact),
                   Contains("its " + std::string(fact) + " differs") && EndsWith("found none)"));
    }
    CHECK_THAT(error_without("generation"),
               EndsWith("no number of generations (expected a whole number, found '')"));
    CHECK_THAT(error_without("crc32"), Contains("damaged") && EndsWith("found none)"));

    TensorFile bare = load_safetensors(file);
    bare.metadata.clear();
    save_safetensors(file, bare);
    CHECK_THAT(error_of_loading(file), Contains("its format differs") && EndsWith("found none)"));
}

TEST_CASE("any bit that turns, and any cut, is noticed", "[checkpoint]") {
    const TemporaryFolder folder;
    const auto file = folder / "checkpoint.safetensors";
    save_checkpoint<Snes>(file, evolved(), Key(7), "members 32");
    const std::string bytes = read_file(file);
    const auto read = [&](const std::string& contents) {
        write_file(file, contents);
        return error_of([&] { (void)detail::read_checkpoint(file); });
    };
    REQUIRE(read(bytes) == "no error");
    for (std::size_t place = 0; place < bytes.size(); ++place) {
        for (int bit = 0; bit < 8; ++bit) {
            std::string turned = bytes;
            turned[place] = static_cast<char>(turned[place] ^ (1 << bit));
            CAPTURE(place, bit);
            if (read(turned) != "no error") continue;
            // One space of the header has become another.
            const auto loaded = load_checkpoint<Snes>(file, genes, Key(7), "members 32");
            REQUIRE(numbers_of(loaded) == numbers_of(evolved()));
            REQUIRE(loaded.generation == 3);
        }
        REQUIRE_THAT(read(bytes.substr(0, place)), StartsWith(file.string()));
    }
    write_file(file, bytes);
    rewrite(file, "crc32", "1");
    CHECK_THAT(error_of_loading(file), Contains("damaged: its checksum is wrong"));
}

TEST_CASE("the last checkpoints are kept, the newest first", "[last_checkpoints]") {
    const TemporaryFolder folder;
    const auto checkpoints = last(folder, 3);
    CHECK_FALSE(checkpoints.load(genes));
    for (int generation = 1; generation <= 5; ++generation) {
        checkpoints.save(evolved(generation));
        const auto found = checkpoints.load(genes);
        REQUIRE(found);
        CHECK(found->file == folder / "run");
        CHECK(numbers_of(found->state) == numbers_of(evolved(generation)));
        CHECK(found->damage.empty());
        CHECK(folder.entries() == std::min(generation, 3));
    }
    for (const auto& [name, generation] : {std::pair("run.1", 4U), std::pair("run.2", 3U)}) {
        CHECK(load_checkpoint<Snes>(folder / name, genes, Key(7), "members 32").generation ==
              generation);
    }
    last(folder, 1).save(evolved(6));
    CHECK(last(folder, 1).load(genes)->state.generation == 6);
    CHECK(error_of([&] { (void)last(folder, 0); }) ==
          "LastCheckpoints: how many to keep (expected 1 to 100, found 0)");
    CHECK(error_of([&] { (void)last(folder, 101); }) ==
          "LastCheckpoints: how many to keep (expected 1 to 100, found 101)");
}

TEST_CASE("a damaged checkpoint is passed over, and kept", "[last_checkpoints]") {
    const TemporaryFolder folder;
    const auto checkpoints = last(folder);
    for (int generation = 1; generation <= 3; ++generation) checkpoints.save(evolved(generation));
    write_file(folder / "run", "broken");
    write_file(folder / "run.1", "broken too");
    const auto found = checkpoints.load(genes);
    REQUIRE(found);
    CHECK(found->file == folder / "run.2");
    CHECK(found->state.generation == 1);
    REQUIRE(found->damage.size() == 2);
    CHECK_THAT(found->damage[0], StartsWith((folder / "run").string() + ": truncated") &&
                                     Contains("it is now " + (folder / "run.damaged").string()));
    CHECK(read_file(folder / "run.damaged") == "broken");
    CHECK(read_file(folder / "run.1.damaged") == "broken too");
    // The run goes on past the gap, and a name that is taken is not taken again.
    checkpoints.save(evolved(2));
    CHECK(read_file(folder / "run.damaged") == "broken");
    write_file(folder / "run", "again");
    CHECK(checkpoints.load(genes)->state.generation == 1);
    CHECK(read_file(folder / "run.damaged.2") == "again");
}

TEST_CASE("where no checkpoint is whole, nothing is touched", "[last_checkpoints]") {
    const TemporaryFolder folder;
    write_file(folder / "run", "broken");
    write_file(folder / "run.1", "");
    CHECK_THAT(error_of([&] { (void)last(folder).load(genes); }),
               StartsWith((folder / "run").string() + ": no checkpoint is whole: ") &&
                   Contains((folder / "run.1").string()));
    CHECK(read_file(folder / "run") == "broken");
    CHECK(folder.entries() == 2);
}

TEST_CASE("a whole checkpoint of another run is not passed over", "[last_checkpoints]") {
    const TemporaryFolder folder;
    last(folder).save(evolved(1));
    last(folder, 3, Key(8)).save(evolved(2));
    CHECK_THAT(error_of([&] { (void)last(folder).load(genes); }), Contains("its key differs"));
    CHECK(folder.entries() == 2);
}

TEST_CASE("a crash between two renames leaves a gap that is bridged", "[last_checkpoints]") {
    const TemporaryFolder folder;
    const auto checkpoints = last(folder);
    for (int generation = 1; generation <= 3; ++generation) checkpoints.save(evolved(generation));
    std::filesystem::rename(folder / "run", folder / "run.1");
    CHECK(checkpoints.load(genes)->state.generation == 3);
    checkpoints.save(evolved(4));
    CHECK(checkpoints.load(genes)->state.generation == 4);
    CHECK(load_checkpoint<Snes>(folder / "run.1", genes, Key(7), "members 32").generation == 3);
}

TEST_CASE("the last checkpoints keep the mode of the first, and a read-only one stays",
          "[last_checkpoints][fault]") {
    namespace fs = std::filesystem;
    const TemporaryFolder folder;
    const auto checkpoints = last(folder);
    const auto mode_of = [&](const char* name) { return fs::status(folder / name).permissions(); };
    checkpoints.save(evolved(1));
    constexpr auto secret = fs::perms::owner_read | fs::perms::owner_write;
    fs::permissions(folder / "run", secret);
    for (int generation = 2; generation <= 3; ++generation) checkpoints.save(evolved(generation));
    for (const char* const name : {"run", "run.1", "run.2"}) CHECK(mode_of(name) == secret);

    fs::permissions(folder / "run.2", fs::perms::owner_read);
    const auto refused = [&] { return error_of([&] { checkpoints.save(evolved(4)); }); };
    CHECK(refused() == (folder / "run.2").string() + ": cannot be written: the file is read-only");
    fs::permissions(folder / "run.2", secret);
    fs::permissions(folder / "run", fs::perms::owner_read);
    CHECK(refused() == (folder / "run").string() + ": cannot be written: the file is read-only");
    CHECK(checkpoints.load(genes)->state.generation == 3);
    CHECK(folder.entries() == 3);
}

TEST_CASE("a folder in the way of an older checkpoint leaves the newest", "[last_checkpoints]") {
    const TemporaryFolder folder;
    last(folder, 2).save(evolved(1));
    std::filesystem::create_directory(folder / "run.1");
    CHECK(error_of([&] { last(folder, 2).save(evolved(2)); }) ==
          (folder / "run.1").string() + ": exists, and is no ordinary file that could be replaced");
    CHECK(last(folder).load(genes)->state.generation == 1);
    CHECK(folder.entries() == 2);
}

TEST_CASE("places where no checkpoint can be looked for are named", "[last_checkpoints]") {
    const TemporaryFolder folder;
    std::filesystem::create_symlink("run", folder / "run");
    CHECK(error_of([&] { (void)last(folder).load(genes); }) ==
          (folder / "run").string() + ": cannot be looked up: Too many levels of symbolic links");

    // Of the longest name that a file can have; none is left for the damaged one.
    const auto file = folder / std::string(253, 'n');
    save_checkpoint<Snes>(folder / "whole", evolved(), Key(7), "members 32");
    std::filesystem::rename(folder / "whole", file.string() + ".1");
    write_file(file, "broken");
    const LastCheckpoints<Snes> checkpoints(file, 3, Key(7), "members 32");
    CHECK_THAT(error_of([&] { (void)checkpoints.load(genes); }),
               StartsWith(file.string() + ".damaged: cannot be looked up: File name too long"));
    CHECK(read_file(file) == "broken");
}

TEST_CASE("a link to a checkpoint stays a link, to the newest", "[last_checkpoints]") {
    const TemporaryFolder folder;
    std::filesystem::create_directory(folder / "elsewhere");
    write_file(folder / "elsewhere/file", "old");
    std::filesystem::create_symlink("elsewhere/file", folder / "run");
    for (int generation = 1; generation <= 3; ++generation) last(folder).save(evolved(generation));
    CHECK(std::filesystem::is_symlink(folder / "run"));
    CHECK(last(folder).load(genes)->state.generation == 3);
    CHECK(folder.entries() == 2);
}
