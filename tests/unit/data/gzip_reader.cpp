// Plain and gzipped bytes of files, and what a reader must not take for a whole file.
#include "tdca/data/detail/gzip_reader.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "support/gzip.hpp"
#include "unit/io/files.hpp"

using namespace tdca;
using namespace tdca::testing;
using Catch::Matchers::Contains;
using tdca::detail::GzipReader;

namespace {

std::string read_all(const std::string& bytes) {
    const TemporaryFolder folder;
    write_file(folder / "file", bytes);
    return GzipReader(folder / "file").read_all();
}

}  // namespace

TEST_CASE("plain files and gzip files of any length are read whole", "[gzip]") {
    for (const std::size_t length : {0U, 1U, 2U, 16'383U, 16'384U, 16'385U, 65'536U, 200'000U}) {
        std::string bytes(length, '\0');
        for (std::size_t i = 0; i < length; ++i) bytes[i] = static_cast<char>(i * i % 251);
        CHECK(read_all(bytes) == bytes);
        for (const int level : {0, 1, 9}) CHECK(read_all(gzipped(bytes, level)) == bytes);
    }
    CHECK(read_all("\x1f") == "\x1f");
    CHECK(read_all("\x1f\x8c") == "\x1f\x8c");
}

TEST_CASE("one gzip file behind another is read, other bytes there are not", "[gzip]") {
    // With gzip's first bytes on either side of the end of the reader's buffer, too.
    for (std::size_t length = 16'360; length < 16'390; ++length) {
        const std::string first = gzipped(std::string(length - 23, 'a'), 0);
        REQUIRE(first.size() == length);
        const std::string both = std::string(length - 23, 'a') + "b";
        CHECK(read_all(first + gzipped("b")) == both);
        CHECK(read_all(first + gzipped("b") + "\x1f") == both);
        CHECK(read_all(first + "\x1f\x8c") + "b" == both);
    }
    CHECK_THAT(error_of([] { (void)read_all(gzipped("a") + "\x1f\x8b"); }), Contains("truncated"));
    CHECK_THAT(error_of([] { (void)read_all(gzipped("a") + "\x1f\x8b\x09\x01"); }),
               Contains("cannot be read: unknown compression method"));
}

TEST_CASE("a truncated gzip file is never taken for a whole one", "[gzip]") {
    // Found by fuzzing: zlib's gzread loses what inflate holds when its output is full and its
    // input at an end, and then reports an orderly end.
    const std::string bytes(20'000, 'a');
    const std::string zip = gzipped(bytes);
    const TemporaryFolder folder;
    for (std::size_t length = 2; length < zip.size(); ++length) {
        const std::string cut = zip.substr(0, length);
        write_file(folder / "file", cut);
        const std::size_t there = gunzipped(cut).size();
        for (std::size_t wanted = there - std::min<std::size_t>(there, 300); wanted <= there;
             ++wanted) {
            GzipReader file(folder / "file");
            std::vector<std::uint8_t> out(wanted);
            REQUIRE(file.read(out) == wanted);
            CHECK(error_of([&] { file.require_end(); }) != "no error");
        }
    }
}
