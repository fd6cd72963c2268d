// Tensor files in memory: adding, reading back, and parameter blocks.
#include "tdca/io/tensor_file.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <limits>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "tdca/core/genome.hpp"
#include "tdca/core/parameters.hpp"
#include "tdca/io/safetensors.hpp"
#include "unit/io/files.hpp"

using namespace tdca;
using namespace tdca::testing;
using Catch::Matchers::Contains;

namespace {

using Block = Parameters<float, Parameter<"weights", Shape<5, 3>>, Parameter<"bias", Shape<3>>,
                         Parameter<"gain", Shape<>>>;
using Precise = Genes<double, Parameter<"weights", Shape<2>>>;
using Inner = Genes<float, Parameter<"a", Shape<2, 2>>, Parameter<"b", Shape<3>>>;
using Tree = Genome<Part<"first", Inner>, Part<"second", Genome<Part<"deep", Inner>>>>;

static_assert(Storable<float> && Storable<double> && Storable<std::uint64_t>);
static_assert(!Storable<bool> && !Storable<long double> && !Storable<char>);
static_assert(NamedTensors<Block> && NamedTensors<Precise> && NamedTensors<Tree>);
static_assert(!NamedTensors<std::vector<float>>);

/// A block whose every number, gaps included, tells where it is.
std::unique_ptr<Block> numbered_block() {
    auto block = std::make_unique<Block>();
    std::iota(block->flat().begin(), block->flat().end(), 1.0F);
    return block;
}

}  // namespace

TEST_CASE("element types have the names and sizes of the format", "[tensor_file]") {
    CHECK(to_string(DType::boolean) == "BOOL");
    CHECK(to_string(DType::bf16) == "BF16");
    CHECK(to_string(DType::f64) == "F64");
    CHECK(size_of(DType::f8_e4m3) == 1);
    CHECK(size_of(DType::bf16) == 2);
    CHECK(size_of(DType::u32) == 4);
    CHECK(size_of(DType::i64) == 8);
    CHECK(describe(DType::f32, Extents{784, 64}) == "F32 [784, 64]");
    CHECK(describe(DType::u64, {}) == "U64 []");
    // Messages stay short, whatever a file claims.
    CHECK(describe(DType::u8, Extents(100'000, 1)) == "U8 [1, 1, 1, 1, 1, 1, 1, 1, …]");
    CHECK(describe(DType::u8, Extents(8, 1)) == "U8 [1, 1, 1, 1, 1, 1, 1, 1]");
}

TEST_CASE("bytes of a shape are counted without wrapping around", "[tensor_file]") {
    const std::uint64_t half = std::uint64_t{1} << 63U;
    CHECK(bytes_of(DType::f64, {}) == 8U);
    CHECK(bytes_of(DType::f32, Extents{2, 3}) == 24U);
    CHECK(bytes_of(DType::f32, Extents{0, half, half}) == 0U);
    CHECK(bytes_of(DType::u8, Extents{half}) == half);
    CHECK_FALSE(bytes_of(DType::u16, Extents{half}).has_value());
    CHECK_FALSE(bytes_of(DType::u8, Extents{half, 2}).has_value());
    CHECK_FALSE(bytes_of(DType::u8, Extents{std::uint64_t{1} << 32U, std::uint64_t{1} << 32U}));
}

TEST_CASE("elements smaller than a byte fill whole bytes", "[tensor_file][fault]") {
    CHECK(bits_of(DType::f4) == 4);
    CHECK(size_of(DType::f4) == 0);
    CHECK(bytes_of(DType::f4, Extents{3, 2}) == 3U);
    CHECK_FALSE(bytes_of(DType::f4, Extents{3}).has_value());
    CHECK(bytes_of(DType::f6_e2m3, Extents{4, 5}) == 15U);
    CHECK_FALSE(bytes_of(DType::f6_e3m2, Extents{2}).has_value());
    CHECK(bytes_of(DType::f4, Extents{0}) == 0U);
    CHECK(bytes_of(DType::f8_e8m0, Extents{7}) == 7U);
    CHECK(bytes_of(DType::c64, Extents{2}) == 16U);
    constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    CHECK(bytes_of(DType::f4, Extents{most - 1}) == most / 2);
    CHECK(bytes_of(DType::u8, Extents{most}) == most);
    CHECK(bytes_of(DType::f64, Extents{most, 0}) == 0U);
    CHECK(bytes_of(DType::f64, Extents{most / 8}) == most / 8 * 8);
    CHECK_FALSE(bytes_of(DType::f64, Extents{most / 8 + 1}).has_value());
    CHECK_FALSE(bytes_of(DType::other, Extents{1}).has_value());
}

TEST_CASE("a tensor of an unknown type is an error where it is asked for", "[tensor_file][fault]") {
    TensorFile file;
    file.tensors.push_back({"new", DType::other, {2}, std::vector<std::byte>(8), "F7_E1M5"});
    file.tensors.push_back({"scale", DType::f8_e8m0, {8}, std::vector<std::byte>(8)});
    CHECK(error_of([&] { (void)file.read<float>("new", {2}); }) ==
          "tensor file: tensor 'new': wrong element type (expected F32 [2], found 'F7_E1M5' [2])");
    CHECK(error_of([&] { (void)file.read<std::uint8_t>("scale", {8}); }) ==
          "tensor file: tensor 'scale': wrong element type (expected U8 [8], found F8_E8M0 [8])");
    TensorRecord renamed = file.tensors[0];
    renamed.other_type = "F7_E2M4";
    CHECK(renamed != file.tensors[0]);
}

TEST_CASE("tensors are read back with their type and shape", "[tensor_file]") {
    TensorFile file;
    const std::vector<float> values{1, 2, 3, 4, 5, 6};
    const std::vector<std::uint64_t> counters{std::numeric_limits<std::uint64_t>::max()};
    file.add<float>("values", {2, 3}, values);
    file.add<std::uint64_t>("counter", {}, counters);
    file.add<double>("nothing", {0, 7}, {});
    CHECK(file.read<float>("values", {2, 3}) == values);
    CHECK(file.read<std::uint64_t>("counter", {}) == counters);
    CHECK(file.read<double>("nothing", {0, 7}).empty());
    CHECK(file.find("values")->shape == Extents{2, 3});
    CHECK(file.find("value") == nullptr);
}

TEST_CASE("records are equal where all of them is", "[tensor_file]") {
    const TensorRecord record{"name", DType::f32, {2}, std::vector<std::byte>(8)};
    std::vector<TensorRecord> others(4, record);
    CHECK(others[0] == record);
    others[0].name = "other";
    others[1].dtype = DType::i32;
    others[2].shape = {2, 1};
    others[3].bytes[7] = std::byte{1};
    for (const TensorRecord& other : others) CHECK(other != record);
}

TEST_CASE("names in messages are cut between characters", "[tensor_file]") {
    const auto quoted = [](const std::string& name) {
        return error_of([&] { (void)TensorFile().require<float>(name, {}); });
    };
    const std::string dots(79, '.');
    CHECK_THAT(quoted(dots + "ü"), Contains("tensor '" + dots + "…'"));
    CHECK_THAT(quoted(dots + "u"), Contains("tensor '" + dots + "u'"));
    // No UTF-8 at all: nothing of it is shown.
    CHECK_THAT(quoted(std::string(100, '\x80')), Contains("tensor '…'"));
}

TEST_CASE("tensors that do not suit are named with expected and found", "[tensor_file]") {
    TensorFile file;
    const std::vector<float> values{1, 2, 3, 4, 5, 6};
    file.add<float>("values", {2, 3}, values);
    CHECK(error_of([&] { file.add<float>("values", {6}, values); }) ==
          "tensor file: tensor 'values': there is one of this name already");
    CHECK(error_of([&] { file.add<float>("other", {7}, values); }) ==
          "tensor file: tensor 'other': the number of values does not suit the shape (expected F32 "
          "[7], found 6 values)");
    const std::uint64_t quarter = std::uint64_t{1} << 62U;
    CHECK_THAT(error_of([&] { file.add<float>("other", {quarter}, {}); }),
               Contains("does not suit"));
    file.source = "some.safetensors";
    CHECK(error_of([&] { (void)file.read<float>("missing", {3}); }) ==
          "some.safetensors: tensor 'missing': missing (expected F32 [3], found no tensor of this "
          "name)");
    CHECK(
        error_of([&] {
            (void)file.read<double>("values", {2, 3});
        }) ==
        "some.safetensors: tensor 'values': wrong element type (expected F64 [2, 3], found F32 [2, "
        "3])");
    CHECK(error_of([&] {
              (void)file.read<float>("values", {3, 2});
          }) ==
          "some.safetensors: tensor 'values': wrong shape (expected F32 [3, 2], found F32 [2, 3])");
    std::vector<float> small(5);
    CHECK(
        error_of([&] {
            file.read<float>("values", {2, 3}, small);
        }) ==
        "some.safetensors: tensor 'values': the place to read it to has another size (expected 6, "
        "found 5)");
    file.tensors[0].bytes.pop_back();
    CHECK(
        error_of([&] {
            (void)file.read<float>("values", {2, 3});
        }) ==
        "some.safetensors: tensor 'values': the number of bytes does not suit the shape (expected "
        "F32 [2, 3], found 23 bytes)");
}

TEST_CASE("parameter blocks and genomes round-trip by name", "[tensor_file]") {
    TensorFile file;
    const auto block = numbered_block();
    Precise precise;
    precise.get<"weights">()[1] = 0.1;
    Tree tree;
    tree.get<"second">().get<"deep">().get<"b">()[2] = 0.25F;
    add_parameters(file, "network.0", *block);
    add_parameters(file, "", precise);
    add_parameters(file, "genome", tree);
    CHECK(file.find("network.0.weights")->shape == Extents{5, 3});
    CHECK(file.find("network.0.gain")->shape.empty());
    CHECK(file.find("weights")->dtype == DType::f64);
    CHECK(file.tensors.back().name == "genome.second.deep.b");

    const auto back = std::make_unique<Block>();
    read_parameters(file, "network.0", *back);
    block->for_each([&](std::string_view name, auto shape, auto values) {
        CHECK(file.read<float>("network.0." + std::string(name), detail::extents_of(shape)) ==
              std::vector<float>(values.begin(), values.end()));
    });
    CHECK(back->get<"weights">()[14] == 15.0F);
    CHECK(back->get<"gain">()[0] == block->get<"gain">()[0]);
    CHECK(back->flat()[15] == 0.0F);  // the gaps between tensors are not in the file
    Precise precise_back;
    read_parameters(file, "", precise_back);
    CHECK(precise_back.get<"weights">()[1] == 0.1);
    Tree tree_back;
    read_parameters(file, "genome", tree_back);
    CHECK(tree_back.get<"second">().get<"deep">().get<"b">()[2] == 0.25F);
    CHECK_THAT(error_of([&] { add_parameters(file, "genome", tree); }), Contains("already"));
}

TEST_CASE("a block is untouched by a file that does not fit it", "[tensor_file]") {
    const auto block = numbered_block();
    const std::vector<float> before(block->flat().begin(), block->flat().end());
    const std::vector<float> values(15);
    const std::vector<double> doubles(3);
    TensorFile file;
    file.source = "run.safetensors";
    file.add<float>("net.weights", {5, 3}, values);
    const auto error = [&] { return error_of([&] { read_parameters(file, "net", *block); }); };
    CHECK(error() ==
          "run.safetensors: tensor 'net.bias': missing (expected F32 [3], found no tensor of this "
          "name)");
    file.add<double>("net.bias", {3}, doubles);
    CHECK(
        error() ==
        "run.safetensors: tensor 'net.bias': wrong element type (expected F32 [3], found F64 [3])");
    file.tensors.pop_back();
    file.add<float>("net.bias", {3}, std::span(values).first(3));
    file.add<float>("net.gain", {1}, std::span(values).first(1));
    CHECK(error() ==
          "run.safetensors: tensor 'net.gain': wrong shape (expected F32 [], found F32 [1])");
    CHECK(std::equal(before.begin(), before.end(), block->flat().begin()));
    file.tensors.back().shape.clear();
    CHECK(error() == "no error");
    CHECK(block->get<"weights">()[14] == 0.0F);
}
