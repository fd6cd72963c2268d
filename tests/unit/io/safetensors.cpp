// Safetensors files: round trips, layout, and hostile files.
#include "tdca/io/safetensors.hpp"

#include <catch2/catch.hpp>

#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <filesystem>
#include <istream>
#include <sstream>
#include <streambuf>
#include <string>
#include <string_view>
#include <vector>

#include "tdca/core/random.hpp"
#include "unit/io/files.hpp"

using namespace tdca;
using namespace tdca::testing;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

std::string length_text(std::uint64_t length) {
    const auto bytes = std::bit_cast<std::array<char, 8>>(length);
    return {bytes.begin(), bytes.end()};
}

/// A file of this header, with its length before and so many bytes of data after it.
std::string file_of(const std::string& header, std::size_t data_bytes = 0) {
    return length_text(header.size()) + header + std::string(data_bytes, 'd');
}

/// One tensor of a header.
std::string entry(const std::string& name, const std::string& dtype, const std::string& shape,
                  const std::string& offsets) {
    return "\"" + name + R"(":{"dtype":")" + dtype + R"(","shape":)" + shape +
           R"(,"data_offsets":)" + offsets + "}";
}

TensorFile decode(const std::string& bytes) {
    std::istringstream in(bytes);
    return decode_safetensors(in, "file");
}

std::string error_of_decoding(const std::string& bytes) {
    return error_of([&] { (void)decode(bytes); });
}

TensorFile sample_file() {
    TensorFile file;
    file.metadata = {{"seed", "7"}, {"quote", "a \"line\"\nand ünïcode"}};
    file.add<std::uint8_t>("bytes", {3}, std::vector<std::uint8_t>{1, 2, 255});
    file.add<float>("a.weights", {2, 2}, std::vector<float>{0.1F, -0.0F, 1e-40F, 3.4e38F});
    file.add<std::uint64_t>("counter", {}, std::vector<std::uint64_t>{~std::uint64_t{0}});
    file.add<double>("empty", {0, 5}, {});
    file.add<std::int64_t>("größe", {1, 1}, std::vector<std::int64_t>{-5});
    return file;
}

}  // namespace

TEST_CASE("a safetensors file round-trips, bit for bit", "[safetensors]") {
    const TemporaryFolder folder;
    const auto path = folder / "file.safetensors";
    const TensorFile file = sample_file();
    save_safetensors(path, file);
    const TensorFile back = load_safetensors(path);
    CHECK(back.metadata == file.metadata);
    CHECK(back.source == path.string());
    REQUIRE(back.tensors.size() == file.tensors.size());
    for (const TensorRecord& record : file.tensors) {
        const TensorRecord* const found = back.find(record.name);
        REQUIRE(found != nullptr);
        CHECK(*found == record);
    }
    CHECK(encode_safetensors(back) == read_file(path));
    CHECK(folder.entries() == 1);
}

TEST_CASE("the data start at a multiple of 8 bytes, wide elements first", "[safetensors]") {
    for (std::size_t length = 0; length < 9; ++length) {
        TensorFile file = sample_file();
        file.tensors[0].name = std::string(length, 'n');
        const std::string bytes = encode_safetensors(file);
        CHECK((bytes.size() - (8 + 8 + 16 + 3)) % 8 == 0);
        std::size_t widest = 8;
        for (const TensorRecord& record : decode(bytes).tensors) {
            CHECK(size_of(record.dtype) <= widest);
            widest = size_of(record.dtype);
        }
    }
    CHECK(decode(encode_safetensors({})).tensors.empty());
    CHECK(encode_safetensors({}) == file_of("{}      "));
}

TEST_CASE("files that would not be valid are not written", "[safetensors]") {
    const auto error = [](const TensorFile& file) {
        return error_of([&] { (void)encode_safetensors(file); });
    };
    TensorFile file = sample_file();
    file.tensors.push_back(file.tensors[1]);
    CHECK(error(file) == "tensor file: tensor 'a.weights': this name is taken");
    file.tensors.back().name = "__metadata__";
    CHECK(error(file) == "tensor file: tensor '__metadata__': this name is taken");
    file.tensors.back().name = "\xff";
    CHECK_THAT(error(file), Contains("is not UTF-8"));
    file.tensors.back().name = "short";
    file.tensors.back().bytes.pop_back();
    CHECK(error(file) ==
          "tensor file: tensor 'short': the number of bytes does not suit the shape (expected F32 "
          "[2, 2], found 15 bytes)");
}

TEST_CASE("what other writers may do is read", "[safetensors]") {
    const std::string a = entry("a", "F32", "[2]", "[4,12]");
    const std::string b = entry("b", "BF16", "[2,1]", "[0,4]");
    const TensorFile file = decode(file_of("{ " + a + ",\n\t" + b + "}  ", 12));
    REQUIRE(file.tensors.size() == 2);
    CHECK(file.tensors[0].name == "b");
    CHECK(file.tensors[1].name == "a");
    CHECK(decode(file_of(R"({"__metadata__":{}})")).metadata.empty());
    CHECK(decode(file_of(R"({"__metadata__":{"dtype":"text","":""}})")).metadata.size() == 2);
    const std::string shape = R"({"x":{"shape":[],"data_offsets":[0,4],"dtype":"I32"}})";
    CHECK(decode(file_of(shape, 4)).tensors[0].shape.empty());
    const std::string none = entry("none", "F64", "[0,18446744073709551615]", "[0,0]");
    CHECK(decode(file_of("{" + none + "," + entry("z", "U8", "[1]", "[0,1]") + "}", 1))
              .find("none")
              ->bytes.empty());
}

TEST_CASE("hostile files are refused with a clear reason", "[safetensors]") {
    struct Case {
        std::string bytes;
        std::string error;
    };
    const std::string good = entry("a", "F32", "[2]", "[0,8]");
    const auto one = [](const std::string& dtype, const std::string& shape,
                        const std::string& offsets, std::size_t data = 8) {
        const std::string header = entry("a", dtype, shape, offsets);
        return file_of("{" + header + "}", data);
    };
    const std::string max = "18446744073709551615";
    const std::vector<Case> cases{
        // Lengths.
        {"", "truncated (expected 8 bytes or more, found 0)"},
        {"1234567", "truncated (expected 8 bytes or more, found 7)"},
        {length_text(0), "the header is no JSON object (expected '{', found '')"},
        {length_text(3) + "{}",
         "the header is longer than it can be (expected 2 bytes or fewer, "
         "found 3)"},
        {length_text(~std::uint64_t{0}) + "{}", "the header is longer than it can be"},
        {length_text(std::uint64_t{1} << 63U) + "{}", "the header is longer than it can be"},
        // JSON.
        {file_of("[]"), "the header is no JSON object (expected '{', found '[')"},
        {file_of(" {}"), "the header is no JSON object (expected '{', found ' ')"},
        {file_of("\xef\xbb\xbf{}"), "the header is no JSON object"},
        {file_of("{"), "the header is not valid JSON, at its byte "},
        {file_of("{" + good + "} x", 8), "the header is not valid JSON"},
        {file_of("{" + good + "}{}", 8), "the header is not valid JSON"},
        {file_of("{" + good + ",}", 8), "the header is not valid JSON"},
        {file_of(std::string("{}\0", 3)), "the header is not valid JSON, at its byte 3"},
        {file_of(std::string("{}\0{}", 5)), "the header is not valid JSON, at its byte 3"},
        {file_of("{\"\xff\":{}}"), "the header is not valid JSON"},
        {file_of("{\"\xc0\xaf\":{}}"), "the header is not valid JSON"},
        {file_of(R"({"\ud800":{}})"), "the header is not valid JSON"},
        {file_of(R"({"a":{"dtype":"F32","shape":[NaN]}})"), "tensor 'a': the header is not valid"},
        {file_of(R"({"a":{"shape":[1e999]}})"), "tensor 'a': the header is not valid JSON"},
        {file_of(R"({"a":)" + std::string(100'000, '[')),
         "tensor 'a': an entry of the header "
         "(expected an object, found an array)"},
        {file_of(R"({"a":{"shape":)" + std::string(100'000, '[')),
         "tensor 'a': an extent in the shape"},
        {file_of(R"({"a":{"dtype":{"dtype":{}}}})"),
         "tensor 'a': dtype (expected an element type such as 'F32', found an object)"},
        {file_of(R"({"__metadata__":{"a":{"b":{}}}})"),
         "metadata 'a' (expected a text, found an object)"},
        // Structure.
        {file_of(R"({"a":1})"), "tensor 'a': an entry of the header (expected an object, found 1)"},
        {file_of(R"({"a":null})"),
         "tensor 'a': an entry of the header (expected an object, found "
         "null)"},
        {file_of(R"({"a":{}})"),
         "tensor 'a': keys are missing (expected dtype, shape and "
         "data_offsets, found 0 of them)"},
        {file_of(R"({"a":{"dtype":"F32","shape":[]}})"), "tensor 'a': keys are missing"},
        {file_of(R"({"a":{"offsets":[0,4]}})"),
         "tensor 'a': keys are missing (expected dtype, shape and data_offsets, found 0 of them)"},
        {file_of(R"({"a":{"new":[{"dtype":"F32"},[1]],"shape":[]}})"), "found 1 of them)"},
        {file_of(R"({"a":{"new":[}})"), "tensor 'a': the header is not valid JSON"},
        {file_of("{" + good + "," + good + "}", 8), "file: the key 'a' comes twice"},
        {file_of("{" + good + "," + entry("\\u0061", "F32", "[2]", "[8,16]") + "}", 16),
         "file: the key 'a' comes twice"},
        {file_of(R"({"a":{"dtype":"F32","dtype":"F64"}})"),
         "tensor 'a': the key 'dtype' comes twice"},
        {file_of(R"({"__metadata__":{"k":"1","k":"2"}})"), "the key 'k' comes twice"},
        {file_of(R"({"__metadata__":{},"__metadata__":{}})"), "the key '__metadata__' comes twice"},
        {file_of(R"({"__metadata__":{"k":1}})"), "metadata 'k' (expected a text, found 1)"},
        {file_of(R"({"__metadata__":[]})"), "an entry of the header (expected an object"},
        // Types, shapes and offsets.
        {one("", "[2]", "[0,8]"),
         "tensor 'a': dtype (expected an element type such as 'F32', found '')"},
        {file_of(R"({"a":{"dtype":1}})"), "tensor 'a': dtype (expected an element type"},
        {one("F33", "[2]", "[0,9]"), "tensor 'a': its data are not in the file"},
        {one("F33", "[2]", "[1,8]"), "tensor 'a': a hole comes before its data"},
        {one("F33", "[-2]", "[0,8]"), "tensor 'a': an extent in the shape"},
        {one("F4", "[2]", "[0,8]"), "tensor 'a': its data do not suit its shape"},
        {one("F6_E3M2", "[9]", "[0,7]", 7), "tensor 'a': its data do not suit its shape"},
        {one("F32", "[-2]", "[0,8]"),
         "tensor 'a': an extent in the shape (expected a whole number "
         "from 0 to 2^64 - 1, found -2)"},
        {one("F32", "[2.0]", "[0,8]"), "tensor 'a': an extent in the shape"},
        {one("F32", "[2e0]", "[0,8]"), "tensor 'a': an extent in the shape"},
        {one("F32", "[-0]", "[0,8]"), "tensor 'a': an extent in the shape"},
        {one("F32", "[18446744073709551616]", "[0,8]"), "tensor 'a': an extent in the shape"},
        {one("F32", "[\"2\"]", "[0,8]"), "tensor 'a': an extent in the shape"},
        {one("F32", "[true]", "[0,8]"), "tensor 'a': an extent in the shape"},
        {one("F32", "[false]", "[0,8]"),
         "tensor 'a': an extent in the shape (expected a whole number from 0 to 2^64 - 1, found "
         "false)"},
        {one("F32", "2", "[0,8]"), "tensor 'a': shape (expected an array, found 2)"},
        {one("F32", "[2]", "[0]"),
         "tensor 'a': data_offsets (expected begin and end, found 1 "
         "numbers)"},
        {one("F32", "[2]", "[0,8,8]"), "tensor 'a': data_offsets (expected two whole numbers"},
        {one("F32", "[2]", "[0,-8]"), "tensor 'a': data_offsets (expected two whole numbers"},
        {one("F32", "[2]", "[0,8.5]"), "tensor 'a': data_offsets (expected two whole numbers"},
        {one("F32", "[2]", "[0,12]"),
         "tensor 'a': its data are not in the file (expected within 8 "
         "bytes of data, found bytes 0 to 12)"},
        {one("F32", "[2]", "[8,0]"), "tensor 'a': its data are not in the file"},
        {one("F32", "[2]", "[0," + max + "]"), "tensor 'a': its data are not in the file"},
        {one("F32", "[2]", "[" + max + "," + max + "]"), "tensor 'a': its data are not in the"},
        {one("F32", "[3]", "[0,8]"),
         "tensor 'a': its data do not suit its shape (expected F32 "
         "[3], found bytes 0 to 8)"},
        {one("F64", "[2]", "[0,8]"), "tensor 'a': its data do not suit its shape"},
        {one("F32", "[4611686018427387906]", "[0,8]"), "tensor 'a': its data do not suit its"},
        {one("F32", "[4294967296,4294967296,2]", "[0,8]"), "tensor 'a': its data do not suit its"},
        {one("F32", "[2]", "[0,8]", 9),
         "bytes that belong to no tensor follow the data (expected "
         "8, found 9)"},
        {one("F32", "[2]", "[1,9]", 9),
         "tensor 'a': a hole comes before its data (expected data "
         "from byte 0 on, found bytes 1 to 9)"},
        {file_of("{" + good + "," + entry("b", "U8", "[4]", "[4,8]") + "}", 8),
         "tensor 'b': its data overlap another tensor's (expected data from byte 8 on, found bytes "
         "4 to 8)"},
        {file_of("{" + good + "," + entry("b", "U8", "[8]", "[0,8]") + "}", 8),
         "its data overlap another tensor's"},
        {file_of("{" + good + "," + entry("b", "U8", "[0]", "[4,4]") + "}", 8),
         "tensor 'b': its data overlap another tensor's"},
        {file_of("{" + good + "," + entry("b", "U8", "[1]", "[9,10]") + "}", 10),
         "tensor 'b': a hole comes before its data"},
        {file_of("{}", 1), "bytes that belong to no tensor follow the data (expected 0, found 1)"},
        // Names in messages.
        {file_of("{\"\\u001b[2J" + std::string(100, 'n') + "\":1}"),
         "tensor '?[2J" + std::string(76, 'n') + "…': an entry of the header"},
    };
    for (const Case& test : cases) {
        const std::string error = error_of_decoding(test.bytes);
        CHECK_THAT(error, StartsWith("file: ") && Contains(test.error));
    }
}

TEST_CASE("a tensor of a type that cannot be read does not keep the others from being read",
          "[safetensors][fault]") {
    struct Case {
        std::string type;
        std::string shape;
        DType dtype;
    };
    const Case cases[] = {{"F8_E8M0", "[2,4]", DType::f8_e8m0}, {"F4", "[16]", DType::f4},
                          {"F4", "[4,4]", DType::f4},           {"C64", "[1]", DType::c64},
                          {"F64", "[1]", DType::f64},           {"F7", "[3]", DType::other},
                          {"f32", "[2]", DType::other},         {"größe\\n", "[]", DType::other},
                          {"other", "[9]", DType::other}};
    for (const Case& test : cases) {
        CAPTURE(test.type);
        const std::string header = "{" + entry("odd", test.type, test.shape, "[0,8]") + "," +
                                   entry("a", "F32", "[1]", "[8,12]") + "}";
        const TensorFile file = decode(file_of(header, 12));
        CHECK(file.read<float>("a", {1}).size() == 1);
        const TensorRecord* const odd = file.find("odd");
        REQUIRE(odd != nullptr);
        CHECK(odd->dtype == test.dtype);
        CHECK(odd->bytes == std::vector<std::byte>(8, std::byte{'d'}));
        if (test.dtype != DType::f64) {
            CHECK_THAT(error_of([&] { (void)file.read<double>("odd", odd->shape); }),
                       StartsWith("file: tensor 'odd': wrong element type"));
        }
        // Written back, it is what it was.
        const TensorFile back = decode(encode_safetensors(file));
        REQUIRE(back.find("odd") != nullptr);
        CHECK(*back.find("odd") == *odd);
        CHECK(*back.find("a") == *file.find("a"));
    }
    const std::string sixes = "{" + entry("a", "F6_E2M3", "[4]", "[0,3]") + "," +
                              entry("b", "F6_E3M2", "[2,2]", "[3,6]") + "}";
    CHECK(decode(file_of(sixes, 6)).find("b")->dtype == DType::f6_e3m2);

    TensorFile file;
    file.tensors.push_back({"a", DType::other, {2}, std::vector<std::byte>(8), "F32"});
    CHECK(error_of([&] { (void)encode_safetensors(file); }) ==
          "tensor file: tensor 'a': a known element type is named as one that is not known "
          "(expected another dtype, found 'F32')");
}

TEST_CASE("keys beyond the format in a tensor's entry are ignored", "[safetensors][fault]") {
    const std::string known = R"("dtype":"F32","shape":[2],"data_offsets":[0,8])";
    for (const char* const extra :
         {R"("strides":[1])", R"("note":"text")", R"("note":null)", R"("n":-1.5)", R"("n":7)",
          R"("n":true)", R"("n":{})", R"("n":[])",
          R"("quantization":{"dtype":"I4","shape":[1,[2]],)"
          R"("data_offsets":{"a":[{}]}})",
          R"("n":1,"n":2)"}) {
        CAPTURE(extra);
        const std::string first = "{\"a\":{" + std::string(extra) + "," + known + "}}";
        const std::string last = "{\"a\":{" + known + "," + std::string(extra) + "}}";
        const std::string amid = "{\"a\":{\"dtype\":\"F32\"," + std::string(extra) +
                                 ",\"shape\":[2],\"data_offsets\":[0,8]}}";
        for (const std::string& header : {first, last, amid}) {
            const TensorFile file = decode(file_of(header, 8));
            REQUIRE(file.tensors.size() == 1);
            CHECK(file.read<float>("a", {2}).size() == 2);
            CHECK(encode_safetensors(file) ==
                  encode_safetensors(decode(file_of("{\"a\":{" + known + "}}", 8))));
        }
    }
    // However deep: no call for each level.
    const std::string deep = std::string(1'000'000, '[') + std::string(1'000'000, ']');
    CHECK(decode(file_of("{\"a\":{\"n\":" + deep + "," + known + "}}", 8)).tensors.size() == 1);
}

TEST_CASE("no truncation and no flipped byte of a good file is misread", "[safetensors]") {
    const std::string bytes = encode_safetensors(sample_file());
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        CHECK(error_of_decoding(bytes.substr(0, length)) != "no error");
    }
    // Damage may go unseen in names, metadata and data; it must never do more than give an error.
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        for (std::uint64_t i = 0; i < 2000; ++i) {
            std::string damaged = bytes;
            const auto draw = Key(seed).bits(i);
            damaged[draw[0] % bytes.size()] = static_cast<char>(draw[1] & 0xffU);
            damaged[draw[2] % bytes.size()] = static_cast<char>(draw[3] & 0xffU);
            if (error_of_decoding(damaged) != "no error") continue;
            std::size_t total = 0;
            for (const TensorRecord& record : decode(damaged).tensors) total += record.bytes.size();
            CHECK(total == 8 + 8 + 16 + 3);
        }
    }
}

TEST_CASE("many empty tensors at one place keep their order", "[safetensors]") {
    TensorFile file;
    // By falling names, and more than a sort leaves alone.
    for (int i = 99; i > 0; --i) file.add<float>("t" + std::to_string(i), {0}, {});
    const std::string bytes = encode_safetensors(file);
    const TensorFile back = decode(bytes);
    CHECK(back.tensors == file.tensors);
    CHECK(encode_safetensors(back) == bytes);
}

TEST_CASE("a huge claim in a small or hollow file takes no memory", "[safetensors]") {
    const TemporaryFolder folder;
    const auto path = folder / "hollow";
    // A sparse file: a terabyte long, a few bytes on the disk.
    write_file(path, length_text(200'000'000) + "{");
    std::filesystem::resize_file(path, std::uintmax_t{1} << 40U);
    CHECK(error_of([&] { (void)load_safetensors(path); }) ==
          path.string() +
              ": the header is longer than it can be (expected 100000000 bytes or "
              "fewer, found 200000000)");
}

TEST_CASE("what is no file is not read", "[safetensors]") {
    const TemporaryFolder folder;
    const auto error = [](const std::filesystem::path& path) {
        return error_of([&] { (void)load_safetensors(path); });
    };
    CHECK(error(folder / "missing") == (folder / "missing").string() + ": no such file");
    CHECK(error(folder.path()) ==
          folder.path().string() + ": cannot be read: it is no ordinary file");
    CHECK(error("/dev/zero") == "/dev/zero: cannot be read: it is no ordinary file");
}

TEST_CASE("a stream that ends before its end, or cannot seek, is named", "[safetensors]") {
    /// As a file that is cut while it is read: it says that it is longer than it is.
    class Cut : public std::stringbuf {
    public:
        using std::stringbuf::stringbuf;

    protected:
        pos_type seekoff(off_type offset, std::ios::seekdir from,
                         std::ios::openmode mode) override {
            const pos_type place = std::stringbuf::seekoff(offset, from, mode);
            const bool asked_for_its_place = from == std::ios::cur && offset == 0;
            return asked_for_its_place ? pos_type(off_type(place) + 5) : place;
        }
    };
    const std::string bytes = file_of("{" + entry("a", "U8", "[8]", "[0,8]") + "}", 8);
    Cut cut(bytes.substr(0, bytes.size() - 5));
    std::istream short_stream(&cut);
    CHECK(error_of([&] { (void)decode_safetensors(short_stream, "file"); }) ==
          "file: cannot be read to its end (expected 8, found 3)");

    class Unseekable : public std::streambuf {};
    Unseekable pipe;
    std::istream unseekable(&pipe);
    CHECK(error_of([&] { (void)decode_safetensors(unseekable, "pipe"); }) ==
          "pipe: cannot be read");
}

// UBSan looks at objects through a pipe: with no file to be had it takes any for broken.
#ifdef __has_feature
#if __has_feature(undefined_behavior_sanitizer)
#define TDCA_UBSAN
#endif
#endif
#ifndef TDCA_UBSAN
TEST_CASE("a file that the system does not open is named with the reason", "[safetensors]") {
    const TemporaryFolder folder;
    const auto path = folder / "file.safetensors";
    save_safetensors(path, sample_file());
    rlimit before{};
    REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
    const rlimit none{0, before.rlim_max};
    REQUIRE(setrlimit(RLIMIT_NOFILE, &none) == 0);
    const std::string error = error_of([&] { (void)load_safetensors(path); });
    REQUIRE(setrlimit(RLIMIT_NOFILE, &before) == 0);
    CHECK(error == path.string() + ": cannot be opened: Too many open files");
    CHECK(load_safetensors(path).tensors.size() == sample_file().tensors.size());
}
#endif
