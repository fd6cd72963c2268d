// Lists as text, and text that is put together while compiling.
#include "tdca/core/text.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "tdca/core/number.hpp"

using namespace tdca;

TEST_CASE("a list as text has its separator between parts alone", "[text]") {
    CHECK(joined(std::vector<std::string>{}, ", ").empty());
    CHECK(joined(std::vector<std::string>{"a"}, ", ") == "a");
    CHECK(joined(std::array<std::string_view, 3>{"a", "b", "c"}, ", ") == "a, b, c");
    CHECK(joined(std::array<const char*, 3>{"", "b", ""}, "|") == "|b|");  // empty parts count
    std::string text;
    append_part(text, ", ", "a");
    append_part(text, ", ", "b");
    CHECK(text == "a, b");
}

TEST_CASE("Text is put together while compiling") {
    static constexpr auto name = [] {
        StaticText<40> text;
        text << "of_" << std::size_t{0} << "_" << std::size_t{1203} << std::string_view("_");
        text << std::numeric_limits<std::size_t>::max();
        return text;
    }();
    static_assert(name.view().starts_with("of_0_1203_"));
    CHECK(name.view() == "of_0_1203_" + to_text(std::numeric_limits<std::size_t>::max()));
    CHECK(StaticText<1>().view().empty());
}
