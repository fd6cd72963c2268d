// Shapes, parameter blocks, genomes and fields: sizes, names, views.
#include "tdca/core/parameters.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "tdca/core/error.hpp"
#include "tdca/core/field.hpp"
#include "tdca/core/genome.hpp"
#include "tdca/core/shape.hpp"
#include "tdca/core/tensor.hpp"

using namespace tdca;

namespace {
using Block = Parameters<float, Parameter<"weights", Shape<5, 3>>, Parameter<"bias", Shape<3>>>;
using Inner = Genes<float, Parameter<"a", Shape<2, 2>>, Parameter<"b", Shape<3>>>;
using Outer = Genome<Part<"first", Inner>, Part<"second", Genome<Part<"deep", Inner>>>,
                     Part<"empty", Genes<float>>>;
}  // namespace

TEST_CASE("shapes know their size and their text", "[shape]") {
    STATIC_REQUIRE(Shape<28, 28>::size == 784);
    STATIC_REQUIRE(Shape<>::size == 1);
    CHECK(to_string(Shape<28, 28>{}) == "28x28");
    CHECK(to_string(Shape<>{}) == "scalar");
}

TEST_CASE("tensors of a parameter block are aligned, disjoint and part of the flat view",
          "[parameters]") {
    const auto block = std::make_unique<Block>();
    STATIC_REQUIRE(Block::count == 18);
    STATIC_REQUIRE(Block::flat_size == 32);
    const auto weights = block->get<"weights">();
    const auto bias = block->get<"bias">();
    STATIC_REQUIRE(weights.size() == 15);
    for (const float* start : {weights.data(), bias.data()}) {
        CHECK(reinterpret_cast<std::uintptr_t>(start) % alignment == 0);
    }
    std::iota(weights.begin(), weights.end(), 1.0F);
    std::fill(bias.begin(), bias.end(), 100.0F);
    const auto flat = block->flat();
    CHECK(std::accumulate(flat.begin(), flat.end(), 0.0F) == 120.0F + 300.0F);
    CHECK(flat[14] == 15.0F);
    CHECK(flat[15] == 0.0F);
    CHECK(flat[16] == 100.0F);
}

TEST_CASE("a block visits its tensors by name, in order", "[parameters]") {
    Block block;
    std::vector<std::string> seen;
    block.for_each([&](std::string_view name, auto shape, auto values) {
        seen.push_back(std::string(name) + ":" + to_string(shape));
        CHECK(values.size() == shape.size);
    });
    CHECK(seen == std::vector<std::string>{"weights:5x3", "bias:3"});
}

TEST_CASE("a genome's flat view round-trips and names every gene", "[genome]") {
    STATIC_REQUIRE(Outer::count == 14);
    std::vector<float> genes(Outer::count);
    std::iota(genes.begin(), genes.end(), 1.0F);
    Outer genome;
    genome.read(std::span<const float, Outer::count>(genes));
    CHECK(genome.get<"first">().get<"b">()[0] == 5.0F);
    CHECK(genome.get<"second">().get<"deep">().get<"a">()[3] == 11.0F);
    std::vector<float> back(Outer::count);
    genome.write(std::span<float, Outer::count>(back));
    CHECK(back == genes);
    std::vector<std::string> names;
    genome.for_each([&](std::string name, auto, auto) { names.push_back(name); });
    CHECK(names ==
          std::vector<std::string>{"first.a", "first.b", "second.deep.a", "second.deep.b"});
}

TEST_CASE("fields hold one aligned tensor per shape", "[field]") {
    const auto field = std::make_unique<Field<float, 7, Shape<3>, Shape<2, 5>>>();
    STATIC_REQUIRE(decltype(field->get<1>())::extent == 70);
    CHECK(reinterpret_cast<std::uintptr_t>(field->get<0>().data()) % alignment == 0);
    CHECK(reinterpret_cast<std::uintptr_t>(field->get<1>().data()) % alignment == 0);
}

TEST_CASE("a span is seen as an xtensor view of its shape", "[tensor]") {
    Block block;
    auto weights = view<Shape<5, 3>>(block.get<"weights">());
    weights(4, 2) = 9.0F;
    CHECK(block.get<"weights">()[14] == 9.0F);
    CHECK(weights.shape()[0] == 5);
}

TEST_CASE("an error names the place and both values", "[error]") {
    const Error error("images.gz", "wrong number of rows", 28, 32);
    CHECK(std::string(error.what()) == "images.gz: wrong number of rows (expected 28, found 32)");
    CHECK(error.where() == "images.gz");
}
