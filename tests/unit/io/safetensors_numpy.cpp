// Safetensors files between this library and NumPy, in both directions.
#include <catch2/catch.hpp>

#include <sys/wait.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <numbers>
#include <string>
#include <vector>

#include "tdca/core/parameters.hpp"
#include "tdca/core/random.hpp"
#include "tdca/io/json.hpp"
#include "tdca/io/safetensors.hpp"
#include "unit/io/files.hpp"

using namespace tdca;
using namespace tdca::testing;

namespace {

/// The exit status of tests/reference/read_safetensors.py, whose output goes to `output`.
int run_script(const std::string& action, const std::filesystem::path& file,
               const std::filesystem::path& output) {
    const char* const chosen = std::getenv("TDCA_PYTHON");
    const std::string python = chosen == nullptr ? "/usr/bin/python3" : chosen;
    const auto script = std::filesystem::path(__FILE__).parent_path().parent_path().parent_path() /
                        "reference" / "read_safetensors.py";
    const std::string command = "'" + python + "' '" + script.string() + "' " + action + " '" +
                                file.string() + "' > '" + output.string() + "' 2>&1";
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
    CHECK(file.tensors.size() == 6);
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
    CHECK(file.read<float>("nothing", {0, 4}).empty());
}
