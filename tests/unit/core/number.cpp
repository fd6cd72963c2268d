// Numbers as text and back: nothing is hidden, nothing wraps, nothing is rounded twice.
#include "tdca/core/number.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

using namespace tdca;

TEST_CASE("two different numbers are two different texts", "[number][fault]") {
    CHECK(to_text(std::nextafter(1.0F, 2.0F)) == "1.0000001");
    CHECK(to_text(1.0F) == "1");
    CHECK(to_text(0.1F) == "0.1");
    CHECK(to_text(-1e-9) == "-1e-09");
    CHECK(to_text(-0.0F) == "-0");
    CHECK(to_text(std::nan("")) == "nan");
    CHECK(to_text(-std::nan("")) == "nan");
    CHECK(to_text(-std::numeric_limits<double>::infinity()) == "-inf");
    CHECK(to_text(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
    CHECK(to_real<float>(to_text(0.1F)) == 0.1F);
    CHECK(to_real<double>(to_text(0.1)) == 0.1);
}

TEST_CASE("a count is a whole number and never wraps", "[number][fault]") {
    CHECK(to_count("18446744073709551615") == std::numeric_limits<std::uint64_t>::max());
    for (const char* const text :
         {"", "-1", "+1", " 1", "1 ", "1.0", "1e3", "18446744073709551616", "0x1", "nan"}) {
        CAPTURE(text);
        CHECK_FALSE(to_count(text));
    }
    CHECK_FALSE(to_count<std::uint16_t>("65536"));
    CHECK(to_count(9007199254740992.0) == most_countable);
    for (const double value : {-1.0, 0.5, 9007199254740994.0, 1e30, std::nan(""),
                               std::numeric_limits<double>::infinity()}) {
        CAPTURE(value);
        CHECK_FALSE(to_count(value));
    }
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
