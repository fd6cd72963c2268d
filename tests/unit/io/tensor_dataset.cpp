// Datasets from arrays that NumPy wrote, and what is said of those that do not serve.
#include "tdca/io/tensor_dataset.hpp"

#include <catch2/catch.hpp>

#include <sys/wait.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tdca/core/targets.hpp"
#include "unit/io/files.hpp"

using namespace tdca;
using namespace tdca::testing;
using Catch::Contains;

namespace {

/// What tests/reference/read_safetensors.py wrote; false where there is no Python with NumPy.
bool write_samples(const std::filesystem::path& path) {
    const auto script = std::filesystem::path(__FILE__).parent_path().parent_path().parent_path() /
                        "reference" / "read_safetensors.py";
    const char* const chosen = std::getenv("TDCA_PYTHON");
    const std::string python = chosen == nullptr ? "/usr/bin/python3" : chosen;
    const int status = std::system(
        ("'" + python + "' '" + script.string() + "' samples '" + path.string() + "'").c_str());
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    if (code == 77 || code == 127) {
        WARN("skipped: this needs Python with NumPy (Debian: python3-numpy)");
        return false;
    }
    REQUIRE(code == 0);
    return true;
}

}  // namespace

TEST_CASE("arrays of NumPy become samples with targets of any kind", "[safetensors][numpy]") {
    const TemporaryFolder folder;
    const auto path = folder / "samples.safetensors";
    if (!write_samples(path)) return;
    const auto load = [&](const std::string& inputs, const std::string& targets,
                          TensorTargets kind = TensorTargets::by_type) {
        return load_tensor_dataset(path, {.inputs = inputs, .targets = targets, .kind = kind});
    };
    SECTION("labels") {
        const Dataset data = load("images", "labels");
        CHECK(data.size() == 4);
        CHECK(data.features() == 6);
        CHECK(data.rows() == 2);
        CHECK(data.columns() == 3);
        CHECK(data.classes() == 3);
        CHECK(data.label(0) == 2);
        CHECK(data.label(2) == 1);
        CHECK(data.sample(1)[0] == 1.5F);
        CHECK(data.sample(3)[5] == 5.75F);
        CHECK(load("pixels", "truths").classes() == 2);
        CHECK(load("pixels", "truths").sample(3)[5] == 23);
        CHECK(load_tensor_dataset(path, {.inputs = "pixels", .targets = "labels", .classes = 7})
                  .classes() == 7);
        const Dataset halves = load("halves", "labels");
        for (std::size_t i = 0; i < 8; ++i) {
            CHECK(halves.sample(i / 2)[i % 2] == static_cast<float>(i) / 8 - 0.5F);
        }
    }
    SECTION("numbers and several labels") {
        const Dataset prices = load("pixels", "prices");
        CHECK_FALSE(prices.has_labels());
        CHECK(prices.numbers(2)[0] == 3.25F);
        CHECK(std::isnan(prices.numbers(1)[0]));
        const Dataset several = load("pixels", "several");
        CHECK(several.targets() == 2);
        CHECK(several.numbers(1)[1] == 1);
        CHECK(several.numbers(2)[0] == 0);
        CHECK(load("pixels", "wrong", TensorTargets::numbers).numbers(2)[0] == -3);
        // An autoencoder's targets are its inputs.
        CHECK(load("images", "images").targets() == 6);
    }
    SECTION("targets at every step") {
        const Dataset labels = load("pixels", "step_labels");
        CHECK(labels.steps() == 3);
        CHECK(labels.classes() == 2);
        StepTargets<std::uint16_t, 3> told;
        labels.tell(0, told);
        CHECK(told[1].target == 1);
        CHECK(told[1].is_told);
        CHECK_FALSE(told[2].is_told);
        const Dataset numbers = load("pixels", "step_prices");
        StepTargets<std::array<float, 2>, 3> each;
        numbers.tell(1, each);
        CHECK(each[2].target == std::array<float, 2>{10, 11});
    }
    SECTION("what does not serve is told") {
        CHECK_THROWS_WITH(load("inputs", "labels"),
                          Contains("tensor 'inputs'") && Contains("missing") &&
                              Contains("'images'") && Contains("samples.safetensors"));
        CHECK_THROWS_WITH(load("pixels", "prizes"), Contains("tensor 'prizes'"));
        CHECK_THROWS_WITH(load("pixels", "wrong"),
                          Contains("the label of sample 2 is no class") && Contains("found -3"));
        CHECK_THROWS_WITH(load("pixels", "prices", TensorTargets::labels),
                          Contains("the label of sample 0") && Contains("found 1.5"));
        CHECK_THROWS_WITH(load("pixels", "waves"),
                          Contains("tensor 'waves'") && Contains("found C64 [4]"));
        CHECK_THROWS_WITH(load("pixels", "step_prices", TensorTargets::labels),
                          Contains("not the shape of labels") && Contains("F32 [4, 3, 2]"));
        CHECK_THROWS_WITH(
            load_tensor_dataset(path, {.inputs = "pixels", .targets = "labels", .classes = 2}),
            Contains("the label of sample 0 is no class"));
        TensorFile file;
        const std::array<float, 6> six{1, 2, 3, 4, 5, 6};
        file.add<float>("inputs", {3, 2}, std::span<const float>(six));
        file.add<float>("targets", {6}, std::span<const float>(six));
        file.add<float>("scalar", {}, std::span<const float>(six).first(1));
        CHECK_THROWS_WITH(dataset_in(file), Contains("expected 3, found 6"));
        CHECK_THROWS_WITH(dataset_in(file, {.inputs = "scalar"}), Contains("has no samples"));
    }
}
