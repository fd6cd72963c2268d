// Tables as people have them: separators, headers, quotes, comments, what is missing, what is
// wrong.
#include "tdca/tables/read_table.hpp"

#include <zlib.h>
#include <catch2/catch.hpp>

#include <cstddef>
#include <string>
#include <vector>

#include "unit/io/files.hpp"

using namespace tdca;
using namespace tdca::testing;
using Catch::Contains;

namespace {

Table read(const std::string& text, const TableOptions& options = {}) {
    const TemporaryFolder folder;
    write_file(folder / "t.csv", text);
    return read_table(folder / "t.csv", options);
}

std::string problem_of(const std::string& text, const TableOptions& options = {}) {
    return error_of([&] { (void)read(text, options); });
}

/// All cells of a row, with bars between.
std::string row(const Table& table, std::size_t number) {
    std::string text;
    for (std::size_t c = 0; c < table.columns().size(); ++c) {
        if (c != 0) text += '|';
        text += table.cell(number, c);
    }
    return text;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a table has the columns that its first line names", "[tables]") {
    const Table table = read("a,b,c\n1,x,2.5\n-1e3,y z,+4\n");
    CHECK(table.columns() == Names{"a", "b", "c"});
    REQUIRE(table.rows() == 2);
    CHECK(row(table, 0) == "1|x|2.5");
    CHECK(row(table, 1) == "-1e3|y z|+4");
    CHECK(table.line(1) == 3);
    CHECK(table.require("b") == 1);
    CHECK(table.require("3") == 2);
    CHECK_THROWS_WITH(table.require("d"), Contains("one of a, b, c") && Contains("found d"));
    CHECK_THROWS_WITH(table.require("0"), Contains("no such column"));
}

TEST_CASE("separators are found out", "[tables]") {
    CHECK(row(read("a;b\n1,5;2\n"), 0) == "1,5|2");
    CHECK(row(read("a\tb\n1\t2\n"), 0) == "1|2");
    CHECK(row(read("a|b\n1|2\n"), 0) == "1|2");
    CHECK(row(read("a\n1\n"), 0) == "1");
    // A comma within quotes is none; nor is one that only some lines have.
    CHECK(row(read("\"a,x\";b\n\"1,5\";2\n"), 0) == "1,5|2");
    CHECK(row(read("a;b\n1,5;2,5\n3;4\n"), 0) == "1,5|2,5");
    // One line of another length does not hide it.
    CHECK_THAT(problem_of("a;b;c\n1;2;3\n1;2\n4;5;6\n"),
               Contains("t.csv:3") && Contains("expected 3"));
    TableOptions options;
    options.delimiter = ',';
    CHECK(row(read("a;b,c\n1;2,3\n", options), 0) == "1;2|3");
    options.delimiter = 0;
    options.decimal_comma = true;
    CHECK(row(read("a;b\n1,5;x,y\n", options), 0) == "1.5|x,y");
    CHECK(row(read("1,5;2,25\n3,5;4,5\n", options), 0) == "1.5|2.25");
}

TEST_CASE("whether there is a header is found out", "[tables]") {
    const Table none = read("1,2\n3,4\n");
    CHECK(none.columns() == Names{"1", "2"});
    CHECK(none.rows() == 2);
    CHECK(none.line(0) == 1);
    CHECK(read("x,y\nu,v\n").columns() == Names{"x", "y"});
    CHECK(read("x,x\nu,v\n").rows() == 2);  // twins above texts are a row
    TableOptions options;
    options.header = TableHeader::present;
    CHECK(read("1,2\n3,4\n", options).columns() == Names{"1", "2"});
    CHECK(read("1,2\n3,4\n", options).rows() == 1);
    options.header = TableHeader::absent;
    CHECK(read("x,y\n3,4\n", options).rows() == 2);
    CHECK(read("\"\",x\n\"1\",2\n").columns() == Names{"row", "x"});  // as R writes row names
    CHECK(read(",row,a\n1,7,2\n").columns() == Names{"row_2", "row", "a"});
    CHECK(read("row_2,,row\n1,7,2\n").columns() == Names{"row_2", "row_3", "row"});
    CHECK(read("a,b\n").rows() == 0);
    CHECK(read("NA,x\n1,NA\n").columns() == Names{"NA", "x"});  // names are taken as they stand
}

TEST_CASE("marks, comments, blank lines, carriage returns and lines before a table are skipped",
          "[tables]") {
    const std::string text =
        "\xEF\xBB\xBF# of a kind\r\n\r\na,b\r\n1,2\r\n# in between\r\n   \r\n3,4";
    TableOptions options;
    options.comment = '#';
    const Table table = read(text, options);
    CHECK(table.columns() == Names{"a", "b"});
    REQUIRE(table.rows() == 2);
    CHECK(row(table, 1) == "3|4");
    CHECK(table.line(1) == 7);
    CHECK(read("#a,b\n1,2\n").columns() == Names{"#a", "b"});
    options.skip = 2;
    const Table skipped = read("one line\nanother, with a comma\na,b\n1,2\n", options);
    CHECK(skipped.columns() == Names{"a", "b"});
    CHECK(skipped.line(0) == 4);
}

TEST_CASE("quotes hold separators, quotes and ends of lines", "[tables]") {
    TableOptions options;
    options.comment = '#';
    const Table table = read("a,b\n\"x, \"\"y\"\"\",\"1\n2\"\n# no\n\"# yes\",3\n", options);
    REQUIRE(table.rows() == 2);
    CHECK(row(table, 0) == "x, \"y\"|1\n2");
    CHECK(row(table, 1) == "# yes|3");
    CHECK(table.line(0) == 3);
    CHECK(row(read("a,b\n\" 1.5 \",\xC2\xA0x\xC2\xA0\n"), 0) == "1.5|x");
    CHECK_THAT(problem_of("a,b\n5\" pipe,2\n"), Contains("t.csv:2: a quote within a cell"));
    CHECK_THAT(problem_of("a,b\n\"x\"y,2\n"), Contains("t.csv:2: a quote within a cell"));
    CHECK_THAT(problem_of("a,b\n1,2\n3,\"4\n5,6\n"),
               Contains("t.csv:3: a quote that is opened here is never closed"));
}

TEST_CASE("what stands for a missing value becomes an empty cell", "[tables]") {
    CHECK(row(read("a,b,c,d\nNA,?,,\"\"\n1,2,3,4\n"), 0) == "|||");
    TableOptions options;
    options.missing = {"-"};
    CHECK(row(read("a,b\n-,NA\n", options), 0) == "|NA");
}

TEST_CASE("a table that is none is refused in one sentence", "[tables]") {
    CHECK_THAT(problem_of(""), Contains("is empty"));
    CHECK_THAT(problem_of("\n\n  \n"), Contains("is empty"));
    CHECK_THAT(problem_of("a,b\n1,2\n1,2,3\n"),
               Contains("t.csv:3") && Contains("expected 2, found 3"));
    CHECK_THAT(problem_of("a,b\n1\n"), Contains("t.csv:2") && Contains("expected 2, found 1"));
    CHECK_THAT(problem_of("a,a\n1,2\n"), Contains("two columns are called \"a\""));
    CHECK_THAT(problem_of(std::string("a\0,\0", 4)), Contains("UTF-16"));
    CHECK_THAT(problem_of("a,b\n1,caf\xE9\n"), Contains("t.csv:2: is not UTF-8"));
    for (const char* text : {"\xC0\x80", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xE2\x82", "\x80"}) {
        CHECK_THAT(problem_of(text), Contains("is not UTF-8"));
    }
    CHECK(read("a\n\xE2\x82\xAC\n\xF0\x9F\x98\x80\n").rows() == 2);
    CHECK_THAT(error_of([] { (void)read_table("/no/such.csv"); }), Contains("No such file"));
}

TEST_CASE("a gzipped table is read as the plain one, and a truncated one refused", "[tables]") {
    const TemporaryFolder folder;
    const std::string path = folder / "t.csv.gz";
    std::string text = "a,b\n";
    for (int i = 0; i < 1000; ++i) text += to_text(i) + ",x\n";
    gzFile file = gzopen(path.c_str(), "wb");
    REQUIRE(gzwrite(file, text.data(), static_cast<unsigned>(text.size())) > 0);
    gzclose(file);
    CHECK(read_table(path).rows() == 1000);
    const std::string bytes = read_file(path);
    write_file(path, bytes.substr(0, bytes.size() / 2));
    CHECK_THAT(error_of([&] { (void)read_table(path); }), Contains("truncated"));
}

TEST_CASE("cells are numbers with signs, points and exponents, and nothing else", "[tables]") {
    CHECK(number_in("+4.5") == 4.5);
    CHECK(number_in("-.5e-3") == -0.0005);
    CHECK(number_in("1E5") == 1e5);
    for (const char* text : {"", "+", "-", "nan", "inf", "-Inf", "1e999", "0x10", "1,5", "1 2",
                             "+-1", "--1", "1e", "five"}) {
        CHECK_FALSE(number_in(text).has_value());
    }
}
