// Safetensors files between this library and NumPy, in both directions, and a file of PyTorch's.
#include <catch2/catch.hpp>

#include <sys/wait.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <map>
#include <numbers>
#include <string>
#include <string_view>
#include <vector>

#include "tdca/core/parameters.hpp"
#include "tdca/core/random.hpp"
#include "tdca/io/json.hpp"
#include "tdca/io/safetensors.hpp"
#include "unit/io/files.hpp"

using namespace tdca;
using namespace tdca::testing;

namespace {

/// A file in tests/reference/.
std::filesystem::path reference(const std::string& name) {
    return std::filesystem::path(__FILE__).parent_path().parent_path().parent_path() / "reference" /
           name;
}

/// The bytes of a tensor whose elements have no type in C++.
std::vector<int> bytes_in(const TensorFile& file, std::string_view name) {
    std::vector<int> bytes;
    for (const std::byte byte : file.find(name)->bytes) bytes.push_back(std::to_integer<int>(byte));
    return bytes;
}

/// What was read, this library writes and reads again, the same.
void check_round_trip(const TensorFile& file) {
    const TemporaryFolder folder;
    const auto path = folder / "again.safetensors";
    save_safetensors(path, file);
    const TensorFile again = load_safetensors(path);
    CHECK(again.metadata == file.metadata);
    REQUIRE(again.tensors.size() == file.tensors.size());
    for (const TensorRecord& record : file.tensors) CHECK(*again.find(record.name) == record);
}

/// The exit status of tests/reference/read_safetensors.py, whose output goes to `output`.
int run_script(const std::string& action, const std::filesystem::path& file,
               const std::filesystem::path& output) {
    const char* const chosen = std::getenv("TDCA_PYTHON");
    const std::string python = chosen == nullptr ? "/usr/bin/python3" : chosen;
    const std::string command = "'" + python + "' '" + reference("read_safetensors.py").string() +
                                "' " + action + " '" + file.string() + "' > '" + output.string() +
                                "' 2>&1";
    const int status = std::system(command.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// Whether to skip: the script finds no NumPy, or the shell no Python.
bool unavailable(int status) {
    if (status != 77 && status != 127) return false;
    WARN("skipped: this needs Python with NumPy (Debian: python3-numpy)");
    return true;
}

}  // namespace

TEST_CASE("NumPy reads what this library writes", "[safetensors][numpy]") {
    const TemporaryFolder folder;
    const auto path = folder / "ours.safetensors";
    Parameters<float, Parameter<"weights", Shape<2, 3>>, Parameter<"bias", Shape<3>>> block;
    Key(3).fill_normal<float>(block.get<"weights">());
    Key(4).fill_normal<float>(block.get<"bias">());
    TensorFile file;
    file.metadata = {{"evolved on", "Fashion-MNIST"}, {"größe", "\"784-32-10\""}};
    file.add<std::uint8_t>("odd", {3}, std::vector<std::uint8_t>{1, 2, 255});
    add_parameters(file, "layer", block);
    file.add<std::uint64_t>("seed", {}, std::vector<std::uint64_t>{~std::uint64_t{0}});
    file.add<double>("fitness", {1, 2}, std::vector<double>{-0.1, 1e-300});
    file.add<std::int64_t>("none", {0, 2}, {});
    save_safetensors(path, file);

    const int status = run_script("show", path, folder / "output");
    if (unavailable(status)) return;
    const std::string output = read_file(folder / "output");
    INFO(output);
    REQUIRE(status == 0);
    const Json seen = Json::parse(output);
    CHECK(seen["metadata"] == Json(file.metadata));
    REQUIRE(seen["tensors"].size() == 6);
    for (const TensorRecord& record : file.tensors) {
        CHECK(seen["tensors"][record.name]["dtype"] == to_string(record.dtype));
        CHECK(seen["tensors"][record.name]["shape"].get<Extents>() == record.shape);
    }
    const auto values = [&](const char* name) { return seen["tensors"][name]["values"]; };
    CHECK(values("odd").get<std::vector<int>>() == std::vector<int>{1, 2, 255});
    CHECK(values("seed").get<std::vector<std::uint64_t>>()[0] == ~std::uint64_t{0});
    CHECK(values("fitness").get<std::vector<double>>() == std::vector<double>{-0.1, 1e-300});
    CHECK(values("none").empty());
    const auto weights = block.get<"weights">();
    CHECK(values("layer.weights").get<std::vector<float>>() ==
          std::vector<float>(weights.begin(), weights.end()));
    const auto bias = block.get<"bias">();
    CHECK(values("layer.bias").get<std::vector<float>>() ==
          std::vector<float>(bias.begin(), bias.end()));
}

TEST_CASE("this library reads what NumPy writes", "[safetensors][numpy]") {
    const TemporaryFolder folder;
    const auto path = folder / "numpy.safetensors";
    const int status = run_script("write", path, folder / "output");
    if (unavailable(status)) return;
    INFO(read_file(folder / "output"));
    REQUIRE(status == 0);
    const TensorFile file = load_safetensors(path);
    CHECK(file.metadata == std::map<std::string, std::string>{{"made by", "NumPy"},
                                                              {"note", "a \"quoted\" line\n"}});
    CHECK(file.tensors.size() == 10);
    Genes<float, Parameter<"weights", Shape<2, 3>>> layer;
    read_parameters(file, "layer", layer);
    for (std::size_t i = 0; i < 6; ++i) CHECK(layer.flat()[i] == static_cast<float>(i) / 3.0F);
    CHECK(file.read<double>("pi", {}).at(0) == std::numbers::pi);
    CHECK(file.read<std::uint64_t>("counter", {2}) ==
          std::vector<std::uint64_t>{0, ~std::uint64_t{0}});
    CHECK(file.read<std::int32_t>("größe", {2, 1}) ==
          std::vector<std::int32_t>{std::numeric_limits<std::int32_t>::min(), 7});
    CHECK(file.find("mask")->dtype == DType::boolean);
    CHECK(file.find("mask")->bytes ==
          std::vector<std::byte>{std::byte{1}, std::byte{0}, std::byte{1}});
    // Behind three bytes of the mask: 0x3e00 and 0xfbff, not aligned.
    CHECK(file.find("half")->dtype == DType::f16);
    CHECK(bytes_in(file, "half") == std::vector<int>{0x00, 0x3e, 0xff, 0xfb});
    CHECK(file.read<std::int64_t>("count", {}).at(0) == std::numeric_limits<std::int64_t>::min());
    CHECK(file.read<std::int8_t>("level", {1, 1}).at(0) == -128);
    CHECK(file.read<std::uint16_t>("label", {2}) == std::vector<std::uint16_t>{65535, 0});
    CHECK(file.read<float>("nothing", {0, 4}).empty());
    check_round_trip(file);
}

TEST_CASE("this library reads what PyTorch holds", "[safetensors][pytorch]") {
    // Made by tests/reference/write_safetensors_pytorch.py, in PyTorch's own bytes.
    const TensorFile file = load_safetensors(reference("pytorch.safetensors"));
    CHECK(file.metadata == std::map<std::string, std::string>{{"format", "pt"}});
    CHECK(file.tensors.size() == 15);
    const auto weight = file.read<float>("layer.weight", {2, 3});
    const auto transposed = file.read<float>("layer.weight.t", {3, 2});
    for (std::size_t i = 0; i < 6; ++i) {
        CHECK(weight[i] == static_cast<float>(i) / 3.0F);
        CHECK(transposed[i % 3 * 2 + i / 3] == weight[i]);
    }
    const auto bias = file.read<float>("layer.bias", {2});
    CHECK(std::signbit(bias[0]));
    CHECK(std::isinf(bias[1]));
    CHECK(file.find("running_var")->dtype == DType::bf16);
    CHECK(bytes_in(file, "running_var") == std::vector<int>{0x80, 0x3f, 0xc0, 0xbf, 0x49, 0x40});
    CHECK(file.find("half")->shape == Extents{2, 1});
    CHECK(file.find("half")->dtype == DType::f16);
    CHECK(bytes_in(file, "half") == std::vector<int>{0x00, 0x3e, 0xff, 0xfb});
    CHECK(file.read<double>("loss", {}).at(0) == 0.1);
    CHECK(file.read<std::int64_t>("num_batches_tracked", {}).at(0) == std::int64_t{1} << 40U);
    CHECK(file.read<std::int64_t>("index", {2}) ==
          std::vector<std::int64_t>{-1, std::int64_t{1} << 62U});
    CHECK(file.read<std::int32_t>("steps", {1, 2}) ==
          std::vector<std::int32_t>{std::numeric_limits<std::int32_t>::min(), 7});
    CHECK(file.read<std::int16_t>("short", {2}) == std::vector<std::int16_t>{-2, 300});
    CHECK(file.read<std::int8_t>("signed", {3}) == std::vector<std::int8_t>{-128, 127, 0});
    CHECK(file.read<std::uint8_t>("pixels", {1, 2}) == std::vector<std::uint8_t>{0, 255});
    CHECK(file.find("mask")->dtype == DType::boolean);
    CHECK(bytes_in(file, "mask") == std::vector<int>{1, 0, 1});
    CHECK(file.read<float>("größe", {0, 4}).empty());
    CHECK(file.find("none")->shape == Extents{3, 0});
    check_round_trip(file);
}
