// Files that appear whole or not at all, and JSON files.
#include "tdca/io/atomic_file.hpp"

#include <catch2/catch.hpp>

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "tdca/io/json.hpp"
#include "tdca/io/safetensors.hpp"
#include "unit/io/files.hpp"

using namespace tdca;
using namespace tdca::testing;
using Catch::Matchers::Contains;
using Catch::Matchers::Equals;
using Catch::Matchers::StartsWith;

namespace {

/// While it lives, no file of this process can grow beyond so many bytes: a full disk.
class FullDisk {
public:
    explicit FullDisk(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit{bytes, before_.rlim_max};
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;
    ~FullDisk() {
        setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }

private:
    void (*handler_)(int);
    rlimit before_{};
};

std::string error_of_writing(const std::filesystem::path& path, std::string_view bytes = "new") {
    return error_of([&] { write_atomically(path, bytes); });
}

::mode_t mode_of(const std::filesystem::path& path) {
    struct ::stat found {};
    REQUIRE(::stat(path.c_str(), &found) == 0);
    return found.st_mode & 07777;
}

}  // namespace

TEST_CASE("a file is written, replaced, and leaves nothing beside it", "[atomic_file]") {
    const TemporaryFolder folder;
    const auto path = folder / "file";
    write_atomically(path, "old");
    CHECK(read_file(path) == "old");
    const std::string large(3'000'000, 'x');
    write_atomically(path, large);
    CHECK(read_file(path) == large);
    write_atomically(path, "");
    CHECK(read_file(path).empty());
    const std::string binary("\0\n\xff", 3);
    write_atomically(path, binary);
    CHECK(read_file(path) == binary);
    CHECK(folder.entries() == 1);
}

TEST_CASE("a name without a folder is written to the current one", "[atomic_file]") {
    const TemporaryFolder folder;
    const auto before = std::filesystem::current_path();
    std::filesystem::current_path(folder.path());
    write_atomically("file", "here");
    std::filesystem::current_path(before);
    CHECK(read_file(folder / "file") == "here");
}

TEST_CASE("a link to a file stays a link", "[atomic_file]") {
    const TemporaryFolder folder;
    std::filesystem::create_directory(folder / "elsewhere");
    write_file(folder / "elsewhere/file", "old");
    std::filesystem::create_symlink("elsewhere/file", folder / "link");
    write_atomically(folder / "link", "new");
    CHECK(std::filesystem::is_symlink(folder / "link"));
    CHECK(read_file(folder / "elsewhere/file") == "new");
    CHECK(folder.entries() == 2);
}

TEST_CASE("a link to a file that is not there yet makes that file", "[atomic_file][fault]") {
    const TemporaryFolder folder;
    std::filesystem::create_directory(folder / "elsewhere");
    std::filesystem::create_symlink("elsewhere/file", folder / "link");
    std::filesystem::create_symlink(folder / "link", folder / "link_to_link");
    write_atomically(folder / "link_to_link", "new");
    CHECK(std::filesystem::is_symlink(folder / "link_to_link"));
    CHECK(std::filesystem::is_symlink(folder / "link"));
    CHECK(read_file(folder / "elsewhere/file") == "new");
    CHECK(folder.entries() == 3);
    // Through a link to a folder, the way back is the folder's own.
    std::filesystem::create_directory(folder / "elsewhere/deep");
    std::filesystem::create_directory_symlink("elsewhere/deep", folder / "to_deep");
    std::filesystem::create_symlink("../beside", folder / "elsewhere/deep/link");
    write_atomically(folder / "to_deep/link", "beside");
    CHECK(read_file(folder / "elsewhere/beside") == "beside");

    const auto astray = folder / "astray";
    std::filesystem::create_symlink("missing/file", astray);
    CHECK(error_of_writing(astray) == astray.string() + " (a link to " +
                                          (folder / "missing/file").string() +
                                          "): cannot open its folder: No such file or directory");
    CHECK(std::filesystem::is_symlink(astray));
}

TEST_CASE("a file that is written over keeps its mode", "[atomic_file][fault]") {
    const TemporaryFolder folder;
    const auto path = folder / "file";
    for (const ::mode_t mode : {0600U, 0644U, 0664U, 0666U, 0640U, 0755U, 0200U}) {
        write_file(path, "old");
        REQUIRE(::chmod(path.c_str(), mode) == 0);
        write_atomically(path, "new");
        CHECK(mode_of(path) == mode);
        // While it is being made, no more may read it than may read the old one.
        write_atomically(path, "newer", [&] {
            for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
                CHECK((mode_of(entry.path()) & ~mode) == 0);
            }
        });
        std::filesystem::remove(path);
    }
    // A new file is what the user's mask makes of it.
    const ::mode_t before = ::umask(027);
    write_atomically(path, "new");
    ::umask(before);
    CHECK(mode_of(path) == 0640);
    // Behind a link, too; and everything that is saved goes this way.
    std::filesystem::create_symlink("file", folder / "link");
    REQUIRE(::chmod(path.c_str(), 0600) == 0);
    save_json(folder / "link", 1);
    CHECK(mode_of(path) == 0600);
    save_safetensors(path, {});
    CHECK(mode_of(path) == 0600);
}

TEST_CASE("a file that is written over keeps its owner where root writes it",
          "[atomic_file][fault]") {
    if (::geteuid() != 0) return;
    const TemporaryFolder folder;
    const auto path = folder / "file";
    write_file(path, "old");
    REQUIRE(::chown(path.c_str(), 1234, 5678) == 0);
    REQUIRE(::chmod(path.c_str(), 0660) == 0);
    write_atomically(path, "new");
    struct ::stat found {};
    REQUIRE(::stat(path.c_str(), &found) == 0);
    CHECK(found.st_uid == 1234);
    CHECK(found.st_gid == 5678);
    CHECK(mode_of(path) == 0660);
}

TEST_CASE("a read-only file is not replaced, not even by root", "[atomic_file][fault]") {
    const TemporaryFolder folder;
    const auto path = folder / "file";
    write_file(path, "old");
    REQUIRE(::chmod(path.c_str(), 0444) == 0);
    const std::string error = path.string() + ": cannot be written: the file is read-only";
    CHECK(error_of_writing(path) == error);
    CHECK(error_of([&] { require_writable(path); }) == error);
    CHECK(read_file(path) == "old");
    CHECK(mode_of(path) == 0444);
    std::filesystem::create_symlink("file", folder / "link");
    CHECK(error_of_writing(folder / "link") == (folder / "link").string() + " (a link to " +
                                                   path.string() +
                                                   "): cannot be written: the file is read-only");
    CHECK(folder.entries() == 2);
}

TEST_CASE("what stops a file from being written can be asked for before", "[atomic_file][fault]") {
    const TemporaryFolder folder;
    const auto error = [](const std::filesystem::path& path) {
        return error_of([&] { require_writable(path); });
    };
    CHECK(error(folder / "new") == "no error");
    write_file(folder / "file", "old");
    CHECK(error(folder / "file") == "no error");
    CHECK_THAT(error(folder.path()), Contains("exists, and is no ordinary file"));
    CHECK_THAT(error(folder / "missing/file"),
               Contains("cannot be written to its folder: No such file or directory"));
    CHECK(folder.entries() == 1);
}

TEST_CASE("a disk that fills up leaves the old file and no temporary", "[atomic_file]") {
    const TemporaryFolder folder;
    const auto path = folder / "file";
    write_atomically(path, "old");
    std::string error;
    {
        const FullDisk disk(4096);
        error = error_of_writing(path, std::string(100'000, 'x'));
    }
    CHECK(error == path.string() + ": cannot be written: File too large");
    CHECK(read_file(path) == "old");
    CHECK(folder.entries() == 1);
}

TEST_CASE("a file that cannot be put in place leaves no temporary", "[atomic_file]") {
    const TemporaryFolder folder;
    // Short enough to be a file's name, too long for the temporary's.
    const auto path = folder / std::string(250, 'n');
    CHECK(error_of_writing(path) ==
          path.string() + ": cannot write a file in this folder: File name too long");
    CHECK(folder.entries() == 0);
}

TEST_CASE("places that cannot be written to are named with the reason", "[atomic_file]") {
    const TemporaryFolder folder;
    write_file(folder / "file", "old");
    std::filesystem::create_directory(folder / "folder");
    const auto under_file = folder / "file/under";
    CHECK(error_of_writing(under_file) ==
          under_file.string() + ": cannot open its folder: Not a directory");
    const auto missing = folder / "missing/file";
    CHECK(error_of_writing(missing) ==
          missing.string() + ": cannot open its folder: No such file or directory");
    const auto directory = folder / "folder";
    CHECK(error_of_writing(directory) ==
          directory.string() + ": exists, and is no ordinary file that could be replaced");
    CHECK_THAT(error_of_writing("/dev/null"), StartsWith("/dev/null: exists, and is no ordinary"));
    CHECK(std::filesystem::is_character_file("/dev/null"));
    CHECK_THAT(error_of_writing("/proc/tdca"),
               StartsWith("/proc/tdca: cannot write a file in this folder: "));
    CHECK(folder.entries() == 2);
    CHECK(read_file(folder / "file") == "old");
}

TEST_CASE("a circle of links is named, and left as it is", "[atomic_file]") {
    const TemporaryFolder folder;
    std::filesystem::create_symlink("second", folder / "first");
    std::filesystem::create_symlink("first", folder / "second");
    const auto path = folder / "first";
    CHECK(error_of_writing(path) ==
          path.string() + ": cannot be written: Too many levels of symbolic links");
    CHECK(std::filesystem::is_symlink(path));
    CHECK(folder.entries() == 2);
}

TEST_CASE("a folder that takes the name meanwhile stays, and no temporary", "[atomic_file]") {
    const TemporaryFolder folder;
    const auto path = folder / "file";
    const auto meanwhile = [&] { std::filesystem::create_directory(path); };
    CHECK(error_of([&] { write_atomically(path, "new", meanwhile); }) ==
          path.string() + ": cannot be put in place: Is a directory");
    CHECK(std::filesystem::is_directory(path));
    CHECK(folder.entries() == 1);
}

TEST_CASE("threads that write the same file leave one of the contents, whole", "[atomic_file]") {
    const TemporaryFolder folder;
    const auto path = folder / "file";
    std::vector<std::thread> threads;
    for (const char letter : {'a', 'b', 'c', 'd'}) {
        threads.emplace_back([&path, letter] {
            for (int i = 0; i < 8; ++i) write_atomically(path, std::string(50'000, letter));
        });
    }
    for (std::thread& thread : threads) thread.join();
    const std::string contents = read_file(path);
    CHECK(contents == std::string(50'000, contents.at(0)));
    CHECK(folder.entries() == 1);
}

TEST_CASE("JSON keeps the order of its keys", "[json]") {
    const TemporaryFolder folder;
    const auto path = folder / "results.json";
    save_json(path, {{"zebra", 1}, {"ape", {0.5, "text"}}});
    CHECK(read_file(path) == "{\n  \"zebra\": 1,\n  \"ape\": [\n    0.5,\n    \"text\"\n  ]\n}\n");
    save_json(path, Json::array({std::numeric_limits<double>::quiet_NaN(), 0.1F}));
    CHECK_THAT(read_file(path), Contains("null"));
    CHECK(load_json(path)[1].get<float>() == 0.1F);
}

TEST_CASE("JSON that cannot be read names its file", "[json]") {
    const TemporaryFolder folder;
    const auto path = folder / "results.json";
    CHECK_THAT(error_of([&] { (void)load_json(path); }),
               Equals(path.string() + ": cannot be read: No such file or directory"));
    CHECK(error_of([&] { (void)load_json(folder.path()); }) ==
          folder.path().string() + ": is a folder, not a file");
    write_atomically(path, "{\"cut\": [1, 2");
    CHECK_THAT(error_of([&] { (void)load_json(path); }),
               StartsWith(path.string() + ": is not JSON: "));
}

TEST_CASE("JSON that cannot be written leaves the old file", "[json]") {
    const TemporaryFolder folder;
    const auto path = folder / "results.json";
    save_json(path, 1);
    CHECK_THAT(error_of([&] { save_json(path, "\xff"); }),
               StartsWith(path.string() + ": cannot be written as JSON: "));
    CHECK(read_file(path) == "1\n");
    CHECK_THAT(error_of([&] { save_json(folder / "missing/results.json", 1); }),
               Contains("cannot open its folder"));
}
