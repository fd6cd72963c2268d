// Network files: round trips, and a clear no to what does not belong.
#include "tdca/io/network_file.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <string>

#include "tdca/bottom_up/dense.hpp"
#include "tdca/bottom_up/dropout.hpp"
#include "tdca/bottom_up/network.hpp"
#include "tdca/bottom_up/residual.hpp"
#include "tdca/bottom_up/running_norm.hpp"
#include "unit/io/files.hpp"

using namespace tdca;
using Catch::Contains;
using tdca::testing::TemporaryFolder;

namespace {

using Net = Network<Input<6>, Dense<8, Relu>, Dropout<20>, Residual<Dense<8, Relu>>, RunningNorm,
                    Dense<3, Softmax>>;
using Narrow = Network<Input<6>, Dense<7, Relu>, Dense<3, Softmax>>;
using Shorter = Network<Input<6>, Dense<8, Relu>>;

template <class N>
std::unique_ptr<typename N::Params> born(std::uint64_t seed) {
    auto params = std::make_unique<typename N::Params>();
    N::initialize(*params, Key(seed));
    return params;
}

template <class N>
bool same(const typename N::Params& a, const typename N::Params& b) {
    bool equal = true;
    N::for_each_layer([&](auto i) {
        const auto one = std::get<i>(a).flat();
        const auto other = std::get<i>(b).flat();
        equal = equal && std::ranges::equal(one, other);
    });
    return equal;
}

}  // namespace

TEST_CASE("a network comes back as it was saved, with its facts", "[network_file]") {
    const TemporaryFolder folder;
    const auto file = folder / "network.safetensors";
    const auto saved = born<Net>(1);
    save_network<Net>(file, *saved, {{"mean", "0.25"}});
    auto loaded = born<Net>(2);
    REQUIRE_FALSE(same<Net>(*saved, *loaded));
    const auto facts = load_network<Net>(file, *loaded);
    CHECK(same<Net>(*saved, *loaded));
    CHECK(facts.at("mean") == "0.25");
    // Names that other programs find.
    const TensorFile tensors = load_safetensors(file);
    CHECK(tensors.find("layer 0.weights") != nullptr);
    CHECK(tensors.find("layer 4.bias") != nullptr);
}

TEST_CASE("a file of another network is refused, and nothing is changed", "[network_file]") {
    const TemporaryFolder folder;
    const auto file = folder / "network.safetensors";
    save_network<Narrow>(file, *born<Narrow>(1));
    const auto before = born<Net>(2);
    auto params = born<Net>(2);
    CHECK_THROWS_WITH(load_network<Net>(file, *params),
                      Contains("network.safetensors") && Contains("layer 0.weights") &&
                          Contains("[6, 8]") && Contains("[6, 7]"));
    CHECK(same<Net>(*before, *params));
    // One that has more than is asked for.
    save_network<Net>(file, *born<Net>(1));
    auto shorter = born<Shorter>(3);
    CHECK_THROWS_WITH(load_network<Shorter>(file, *shorter),
                      Contains("tensors that this network does not have"));
    CHECK(same<Shorter>(*born<Shorter>(3), *shorter));
}

TEST_CASE("what is no network file is refused by its name", "[network_file]") {
    const TemporaryFolder folder;
    const auto file = folder / "genome.safetensors";
    TensorFile other;
    other.metadata["format"] = "tdca-genome-1";
    save_safetensors(file, other);
    auto params = born<Narrow>(1);
    CHECK_THROWS_WITH(load_network<Narrow>(file, *params),
                      Contains("genome.safetensors: no network file") &&
                          Contains("tdca-network-1") && Contains("tdca-genome-1"));
    CHECK_THROWS_WITH(load_network<Narrow>(folder / "gone.safetensors", *params),
                      Contains("gone.safetensors"));
}

TEST_CASE("a parameter that is not finite is neither saved nor loaded", "[network_file]") {
    const TemporaryFolder folder;
    const auto file = folder / "network.safetensors";
    for (const float value : {std::nanf(""), std::numeric_limits<float>::infinity()}) {
        auto params = born<Narrow>(1);
        save_network<Narrow>(file, *params);
        std::get<1>(*params).get<"bias">()[2] = value;
        CHECK_THROWS_WITH(save_network<Narrow>(file, *params),
                          Contains("layer 1.bias") && Contains("parameter 2 is not finite"));
        // What was there before is whole.
        CHECK_NOTHROW(load_network<Narrow>(file, *params));

        TensorFile broken = load_safetensors(file);
        for (TensorRecord& record : broken.tensors) {
            if (record.name == "layer 1.bias") std::memcpy(record.bytes.data(), &value, 4);
        }
        save_safetensors(file, broken);
        CHECK_THROWS_WITH(load_network<Narrow>(file, *params),
                          Contains("layer 1.bias") && Contains("parameter 0 is not finite"));
    }
}
