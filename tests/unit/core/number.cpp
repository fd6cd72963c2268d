// Numbers as text, counts out of numbers and text, and checks of what enters.
#include "tdca/core/number.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <set>
#include <string>

#include "tdca/core/error.hpp"

using namespace tdca;

TEST_CASE("different numbers look different, and read back as they were", "[number][fault]") {
    const float one = 1.0F;
    const float next = std::nextafter(one, 2.0F);
    std::set<std::string> seen;
    for (const float x : {one, next, 0.056234F, std::nextafter(0.056234F, 1.0F), -1e-9F, 0.0F,
                          1e-45F, 3.4028235e+38F, 1e6F, 16777216.0F}) {
        const std::string text = to_text(x);
        CHECK(seen.insert(text).second);
        CHECK(std::strtof(text.c_str(), nullptr) == x);
    }
    CHECK(to_text(0.1) == "0.1");
    CHECK(to_text(-std::nan("")) == "nan");
    CHECK(to_text(-std::numeric_limits<float>::infinity()) == "-inf");
    CHECK(to_text(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
    CHECK(to_text(-7) == "-7");
}

TEST_CASE("a count is a whole number that can be counted to", "[number][fault]") {
    CHECK(to_count(0.0) == 0);
    CHECK(to_count(9007199254740992.0) == std::size_t{9007199254740992});
    for (const double none :
         {-1.0, 0.5, 9007199254740994.0, 1e30, std::numeric_limits<double>::infinity(),
          -std::numeric_limits<double>::infinity(), std::nan("")}) {
        CHECK_FALSE(to_count(none));
    }
    CHECK(to_count("18446744073709551615") == std::numeric_limits<std::uint64_t>::max());
    for (const char* none :
         {"", "-1", "+1", " 1", "1 ", "1e3", "1.0", "18446744073709551616", "nan"}) {
        CHECK_FALSE(to_count(none));
    }
    CHECK_FALSE(to_count<std::uint16_t>("65536"));
}

TEST_CASE("a real number is the nearest of its type, whatever its size", "[number][fault]") {
    constexpr float infinity = std::numeric_limits<float>::infinity();
    CHECK(to_real<float>("3.4028235e+38") == std::numeric_limits<float>::max());
    CHECK(to_real<float>("1.00000017881393432617187499") == 1.00000012F);
    CHECK(to_real<double>("1.7976931348623157e308") == std::numeric_limits<double>::max());
    CHECK(to_real<double>("1e-330") == 0);
    CHECK(to_real<double>("1e-324") == 0);
    CHECK(to_real<double>("5e-324") == std::numeric_limits<double>::denorm_min());
    CHECK(to_real<float>("1e39") == infinity);
    CHECK(to_real<float>("-1e+9223372036854775808") == -infinity);
    CHECK(to_real<float>("1e-9223372036854775809") == 0);
    CHECK(to_real<float>("0e99999") == 0);
    CHECK(to_real<float>("0.01e9223372036854775807") == infinity);
    CHECK(to_real<float>("100e-9223372036854775808") == 0);
    CHECK(to_real<float>("-inf") == -infinity);
    CHECK(std::isnan(to_real<float>("nan").value()));
    for (const char* const text : {"", "x", "1x", "+1", " 1", "1 ", "1e", "0x1", "1,5", "1e999x"}) {
        CAPTURE(text);
        CHECK_FALSE(to_real<float>(text));
    }
}

TEST_CASE("what is out of range is told with all its digits", "[number][fault]") {
    CHECK_THROWS_WITH(require_within("x", "share", 0.0F, 1.0F, std::nextafter(1.0F, 2.0F)),
                      "x: share is out of range (expected from 0 to 1, found 1.0000001)");
    CHECK_THROWS_WITH(require_within("x", "share", 0.0, 1.0, std::nan("")), Catch::Contains("nan"));
    CHECK_THROWS_WITH(require_positive("x", "rate", 0.0), Catch::Contains("positive"));
    CHECK_THROWS_WITH(require_not_negative("x", "rate", -1e-9), Catch::Contains("-1e-09"));
    CHECK_THROWS_AS(require_not_negative("x", "rate", std::numeric_limits<double>::infinity()),
                    Error);
}
