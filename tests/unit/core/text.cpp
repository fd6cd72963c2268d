// Lists as text.
#include "tdca/core/text.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <string>
#include <string_view>
#include <vector>

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
