// CSV files: what is read, what is refused, and what a damaged file can do at worst.
#include "tdca/data/csv.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "support/gzip.hpp"
#include "tdca/core/random.hpp"
#include "unit/io/files.hpp"

using namespace tdca;
using namespace tdca::testing;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

const std::string flowers = "3,2,rose,lily\n1,2.5,0\n-3,4e1,1\n.5,1e-60,0\n";
const CsvOptions with_header{.header = CsvHeader::counts};

Dataset load(std::string_view text, const CsvOptions& options = {}) {
    const TemporaryFolder folder;
    write_file(folder / "data.csv", text);
    return load_csv(folder / "data.csv", options);
}

/// What loading this text has to say, without the folder.
std::string error_in(std::string_view text, const CsvOptions& options = {}) {
    const std::string error = error_of([&] { (void)load(text, options); });
    return error.substr(std::min(error.find("data.csv"), error.size()));
}

}  // namespace

TEST_CASE("a CSV file with a header of counts becomes a dataset", "[csv]") {
    const Dataset data = load(flowers, with_header);
    CHECK(data.name() == "data");
    CHECK(data.inputs() == Matrix<float>{{1, 2.5F}, {-3, 40}, {0.5F, 0}});
    CHECK(data.labels() == Tensor<std::uint16_t, 1>{0, 1, 0});
    CHECK(data.classes() == 2);
    CHECK(data.rows() == 0);
    // A class may have no sample.
    CHECK(load("1,1,a,b,c\n5,0\n", with_header).classes() == 3);
}

TEST_CASE("a CSV file without a header becomes a dataset, of images too", "[csv]") {
    const CsvOptions options{.name = "squares", .rows = 2, .columns = 2};
    const Dataset data = load("0,1,2,3,1\n4,5,6,7,3\n", options);
    CHECK(data.name() == "squares");
    CHECK(data.inputs() == Matrix<float>{{0, 1, 2, 3}, {4, 5, 6, 7}});
    CHECK(data.rows() == 2);
    CHECK(data.columns() == 2);
    CHECK(data.classes() == 4);
    CHECK(load("1,0", {.classes = 7}).classes() == 7);
    CHECK(load("1,65535").classes() == 65536);
}

TEST_CASE("lines end with LF, CR LF or the file", "[csv]") {
    const Dataset expected = load("1,2,0\n3,4,1\n");
    for (const char* const text : {"1,2,0\n3,4,1", "1,2,0\r\n3,4,1\r\n", "1,2,0\r\n3,4,1"}) {
        CHECK(load(text).inputs() == expected.inputs());
        CHECK(load(text).labels() == expected.labels());
    }
}

TEST_CASE("a gzipped CSV file reads as the plain one", "[csv]") {
    const TemporaryFolder folder;
    write_file(folder / "flowers.csv.gz", gzipped(flowers));
    const Dataset data = load_csv(folder / "flowers.csv.gz", with_header);
    CHECK(data.name() == "flowers");
    CHECK(data.inputs() == load(flowers, with_header).inputs());
    // Beyond one block of the reader.
    std::string text;
    for (int i = 0; i < 40'000; ++i)
        text += std::to_string(i) + ",-1.25," + std::to_string(i % 3) + "\n";
    const Dataset large = load(gzipped(text));
    CHECK(large.size() == 40'000);
    CHECK(large.inputs()(39'999, 0) == 39'999);
    CHECK(large.classes() == 3);
    CHECK(large.inputs() == load(text).inputs());
}

TEST_CASE("a CSV file that cannot be read is named", "[csv]") {
    const TemporaryFolder folder;
    const auto path = folder / "data.csv";
    const auto error = [&] { return error_of([&] { (void)load_csv(path); }); };
    CHECK(error() == path.string() + ": cannot be opened: No such file or directory");
    std::filesystem::create_directory(path);
    CHECK(error() == path.string() + ": is a folder, not a file");
    CHECK(error_in("") == "data.csv: is empty");
    CHECK(error_in(gzipped("")) == "data.csv: is empty");
    const std::string zip = gzipped(flowers);
    for (const std::size_t length :
         {zip.size() - 1, zip.size() - 8, zip.size() - 14, zip.size() / 2}) {
        CHECK(error_in(zip.substr(0, length), with_header) ==
              "data.csv: the compressed data end too early: truncated");
    }
    std::string flipped = zip;
    flipped[zip.size() - 6] = static_cast<char>(flipped[zip.size() - 6] ^ 1);  // its checksum
    CHECK_THAT(error_in(flipped, with_header), StartsWith("data.csv: cannot be read: "));
}

TEST_CASE("a CSV error tells line, column, expected and found", "[csv]") {
    const std::string ragged = "line 2: columns (expected 2 features and a label, found ";
    const std::string no_number = "not a number (expected a finite number, found ";
    const std::string no_label = "not a label (expected an integer from 0 to 65535, found ";
    const std::string too_large =
        "no number to learn from (expected a finite value of single precision, found ";
    struct Case {
        std::string text;
        std::string error;
    };
    const Case cases[] = {
        {"7\n", "line 1: columns (expected at least one feature and the label, found 1)"},
        {"\n",
         "line 1: columns: a blank line (expected at least one feature and the label, found 1)"},
        {"1,2,0\n1,0\n", ragged + "2 columns)"},
        {"1,2,0\n1,2,3,0\n", ragged + "4 columns)"},
        {"1,2,0\n1\n", ragged + "1 column)"},
        {"1,2,0\n1,2x,0\n", "line 2, column 2: " + no_number + "'2x')"},
        {"1,2,0\n,2,0\n", "line 2, column 1: " + no_number + "'')"},
        {"1, 2,0\n", "line 1, column 2: " + no_number + "' 2')"},
        {"+1,2,0\n", "line 1, column 1: " + no_number + "'+1')"},
        {"0x1p3,2,0\n", "line 1, column 1: " + no_number + "'0x1p3')"},
        {std::string(50, 'a') + ",2,0\n",
         "line 1, column 1: " + no_number + "'" + std::string(40, 'a') + "…')"},
        {"1,nan,0\n", "line 1, column 2: " + too_large + "'nan')"},
        {"1,-inf,0\n", "line 1, column 2: " + too_large + "'-inf')"},
        {"1,1e39,0\n", "line 1, column 2: " + too_large + "'1e39')"},
        {"1,2,-1\n", "line 1, column 3: " + no_label + "'-1')"},
        {"1,2,1.0\n", "line 1, column 3: " + no_label + "'1.0')"},
        {"1,2,65536\n", "line 1, column 3: " + no_label + "'65536')"},
        {"1,2,\n", "line 1, column 3: " + no_label + "'')"},
        {"1,2,rose\n", "line 1, column 3: " + no_label + "'rose')"},
    };
    for (const Case& test : cases) CHECK(error_in(test.text) == "data.csv: " + test.error);
    CHECK(error_in("1,2,0\n1,2,3\n", {.classes = 3}) ==
          "data.csv: line 2, column 3: the label is no class (expected below 3, found '3')");
    CHECK_THAT(error_of([] { (void)load("1,2,0\n", {.rows = 2, .columns = 2}); }),
               StartsWith("data: image extents do not multiply"));
}

TEST_CASE("a CSV error names its cause", "[csv][fault]") {
    const std::string number = ", column 1: not a number: ";
    const std::string names =
        "line 1 is a header of names; CsvHeader::counts reads one that begins "
        "with counts (expected ";
    struct Case {
        std::string text;
        std::string error;
    };
    const Case cases[] = {
        // What comes before the first line.
        {"\xEF\xBB\xBF"
         "1,2,0\n",
         "begins with a byte-order mark (expected text without one, found EF BB BF)"},
        {std::string("\xFF\xFE"
                     "1\0,\0000\0",
                     8),
         "begins with a byte-order mark (expected text in ASCII or UTF-8, found UTF-16)"},
        {std::string("\0001\0,\0000", 6),
         "line 1" + number + "bytes of zero, as text in UTF-16 has"},
        // Lines.
        {"1,2,0\n\n1,2,0\n", "line 2: columns: a blank line (expected 2 features and a label, "},
        {"1,2,0\n\n", "line 2: columns: a blank line"},
        {"1,2,0\r\n \t\r\n", "line 2: columns: a blank line"},
        {"\n\n", "line 1: columns: a blank line"},
        {"1,2,0\r3,4,1\r", "line 1, column 3: not a number: a carriage return without a line feed"},
        {"x,y,label\r1,2,0\r", "line 1" + number + "a carriage return without a line feed"},
        {"1,2,0\n3,4,1\r5,6,1\n", "line 2: columns: a carriage return without a line feed"},
        // Separators.
        {"1;2;0\n", "line 1: columns: values are separated by ';', not by ',' (expected at least"},
        {"1,5;2,5;0\n", "line 1, column 2: not a number: values are separated by ';', not by ','"},
        {"1,2,0\n1;2;0\n", "line 2: columns: values are separated by ';', not by ','"},
        {"x;y;label\n1;2;0\n", "line 1: columns: values are separated by ';', not by ','"},
        {"1\t2\t0\n", "line 1: columns: values are separated by tabs, not by ','"},
        {"1 2 0\n", "line 1: columns: values are separated by blanks, not by ','"},
        // Headers.
        {"x,y,label\n1,2,0\n", "line 1" + number + names + "a finite number, found 'x')"},
        {"x,y,label\n", "line 1" + number + names},
        {"\"x\",\"y\",\"label\"\n1,2,0\n", "line 1" + number + names},
        {",0,1,label\n0,1,2,0\n", "line 1" + number + names + "a finite number, found '')"},
        {"label,1x1,1x2\n5,0,0\n", "line 1" + number + names},
        {"größe,ä\n1,0\n", "line 1" + number + names},
        {"3,2,rose,lily\n1,2,0\n", "line 2: columns: " + names},  // of counts, not asked for
        {"2,3,rose,lily\n1,2,3,0\n", "line 1, column 3: not a number: " + names},
        // Quotes.
        {"\"1\",2,0\n", "line 1" + number + "values are in quotes (expected a finite number, "},
        {"1,2,\"0\"\n", "line 1, column 3: not a label: values are in quotes"},
        {"1,2,0\n\"1,5\",2,0\n", "line 2: columns: values are in quotes"},
        // No cause that could be told.
        {"1,2,rose\n3,4,lily\n", "line 1, column 3: not a label (expected"},
        {"1,2,0\nx,y,label\n", "line 2, column 1: not a number (expected"},
        {"1,2x,0\n1,2,0\n", "line 1, column 2: not a number (expected"},
    };
    for (const Case& test : cases) {
        CHECK_THAT(error_in(test.text), StartsWith("data.csv: " + test.error));
    }
    // A lone file without a line feed at its end is as it was.
    CHECK(load("1,2,0\r\n3,4,1\r").size() == 2);
}

TEST_CASE("classes without names, and names in quotes, are not counted as classes",
          "[csv][fault]") {
    const std::string problem = "name of a class (expected a name without quotes, found ";
    const std::string quoted =
        "name of a class: values are in quotes (expected a name without quotes, found ";
    struct Case {
        std::string text;
        std::string error;
    };
    const Case cases[] = {
        {"1,2,a,,b\n1,2,0\n", "line 1, column 4: " + problem + "'')"},
        {"1,2,a,b,\n1,2,0\n", "line 1, column 5: " + problem + "'')"},
        {"1,2,\n1,2,0\n", "line 1, column 3: " + problem + "'')"},
        {"1,2,a, ,b\r\n1,2,0\n", "line 1, column 4: " + problem + "' ')"},
        {"1,2,a,\"b\"\n1,2,0\n", "line 1, column 4: " + quoted + "'\"b\"')"},
        {"1,2,a,\"b, or c\"\n1,2,0\n", "line 1, column 4: " + quoted + "'\"b')"},
        {"x,y,label\n1,2,0\n",
         "line 1, column 1: a header of names (expected one of counts: samples,features,class "
         "names…, found 'x')"},
        {"1;2;a\n1,2,0\n",
         "line 1: columns of the header: values are separated by ';', not by ',' (expected "
         "samples,features,class names…, found 1 columns)"},
    };
    for (const Case& test : cases) {
        CHECK(error_in(test.text, with_header) == "data.csv: " + test.error);
    }
}

TEST_CASE("a number of a CSV file is rounded once, to the nearest float", "[csv][fault]") {
    const auto read = [](const std::string& number) {
        return load(number + ",0\n").inputs()(0, 0);
    };
    constexpr float largest = std::numeric_limits<float>::max();
    constexpr float least = std::numeric_limits<float>::denorm_min();
    CHECK(read("3.4028235e+38") == largest);  // the shortest text of it
    CHECK(read("-3.4028235e+38") == -largest);
    CHECK(read("3.40282356779733661637539395458142568447e38") == largest);
    CHECK_THAT(error_in("3.40282356779733661637539395458142568448e38,0\n"),
               Contains("no number to learn from (expected a finite value of single precision"));
    CHECK_THAT(error_in("-1e999999999999999999999,0\n"), Contains("no number to learn from"));
    CHECK_THAT(error_in("1" + std::string(400, '0') + ",0\n"), Contains("no number to learn from"));
    // Halfway between two floats but for its last digit, which a double does not keep.
    CHECK(read("1.00000017881393432617187499") == 1.00000012F);
    CHECK(read("1.00000017881393432617187500") == 1.00000024F);  // a tie, to even
    CHECK(read("1.00000017881393432617187501") == 1.00000024F);
    // Too small for a float, for a double, for a long double.
    for (const char* const tiny :
         {"1e-60", "1e-300", "1e-330", "1e-9999", "1e-99999999999999999999", "7.006e-46"}) {
        CHECK(read(tiny) == 0);
        CHECK(std::signbit(read("-" + std::string(tiny))));
    }
    CHECK(read("0." + std::string(400, '0') + "1") == 0);
    CHECK(read("0." + std::string(400, '0') + "1e401") == 1);
    CHECK(read("1" + std::string(400, '0') + "e-400") == 1);
    CHECK(read("1" + std::string(40, '0') + "e-400") == 0);
    CHECK(read("1e-40") == 1e-40F);
    CHECK(read("-1e-40") == -1e-40F);
    CHECK(read("7.007e-46") == least);
    CHECK(read("1.401298464324817e-45") == least);
}

TEST_CASE("numbers of a CSV file are the floats that strtof reads", "[csv][fault]") {
    std::string text;
    std::vector<float> expected;
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        for (std::uint64_t i = 0; i < 500; ++i) {
            const auto draw = Key(seed).bits(i);
            const auto value = std::bit_cast<float>(draw[0]);
            const auto above = std::bit_cast<float>(draw[0] + 1);
            if (!std::isfinite(value) || !std::isfinite(above)) continue;
            // With few digits and many, and exactly halfway to the next one, or just off it.
            const double half = (double{value} + double{above}) / 2;
            std::array<char, 300> number{};
            for (int kind = 0; kind < 4; ++kind) {
                const int digits = kind < 2 ? 1 + static_cast<int>(draw[1] % 20) : 150;
                std::snprintf(number.data(), number.size(), "%.*e", digits,
                              kind == 0 ? double{value} : half);
                std::string written = number.data();
                if (kind == 3) written.insert(written.find('e'), "1");
                text += written + ",0\n";
                expected.push_back(std::strtof(written.c_str(), nullptr));
            }
        }
    }
    const Dataset data = load(text);
    REQUIRE(data.size() == expected.size());
    REQUIRE(expected.size() > 15'000);
    const bool same =
        std::ranges::equal(data.inputs(), expected, {}, std::bit_cast<std::uint32_t, float>,
                           std::bit_cast<std::uint32_t, float>);
    CHECK(same);
}

TEST_CASE("a header that disagrees with its file is refused", "[csv]") {
    const std::string huge = std::to_string(std::numeric_limits<std::size_t>::max());
    struct Case {
        std::string text;
        std::string error;
    };
    const Case cases[] = {
        {"3,2\n",
         "line 1: columns of the header (expected samples,features,class names…, found 2 "
         "columns)"},
        {"x,2,a\n", "line 1, column 1: number of samples (expected a positive integer, found 'x')"},
        {"0,2,a\n", "line 1, column 1: number of samples (expected a positive integer, found '0')"},
        {"1,0,a\n0\n",
         "line 1, column 2: number of features (expected a positive integer, found '0')"},
        {"1,99999999999999999999,a\n",
         "line 1, column 2: number of features (expected a positive integer, found "
         "'99999999999999999999')"},
        {"1,2,a\n", "no samples in it"},
        {"2,2,a\n1,2,0\n",
         "line 1: the header's number of samples is not that of the lines below "
         "(expected 1, found 2)"},
        {huge + ",2,a\n1,2,0\n",
         "line 1: the header's number of samples is not that of the lines "
         "below (expected 1, found " +
             huge + ")"},
        {"1,3,a\n1,2,0\n", "line 2: columns (expected 3 features and a label, found 3 columns)"},
        {"1," + huge + ",a\n1,2,0\n",
         "line 2: columns (expected " + huge + " features and a label, found 3 columns)"},
        {"2,1,a,b\n1,0\n1,2\n",
         "line 3, column 2: the label is no class (expected below 2, found '2')"},
        // Without its header this would be read as a sample.
        {"1,2,0\n1,2,0\n1,2,0\n",
         "line 1: the header's number of samples is not that of the lines "
         "below (expected 2, found 1)"},
    };
    for (const Case& test : cases) {
        CHECK(error_in(test.text, with_header) == "data.csv: " + test.error);
    }
    CsvOptions three = with_header;
    three.classes = 3;
    CHECK(error_in(flowers, three) ==
          "data.csv: line 1: class names in the header (expected 3, found 2)");
}

TEST_CASE("one long line among many short ones costs no memory", "[csv]") {
    // Lines × columns would be 10¹¹.
    const std::string text = std::string(1'000'000, ',') + "0\n" + std::string(100'000, '\n');
    CHECK_THAT(error_in(text), StartsWith("data.csv: line 2: columns"));
}

TEST_CASE("a damaged CSV file is an error or other data, never anything else", "[csv]") {
    // Changes, drops or doubles a byte or three; whatever is not tdca::Error fails the test.
    const std::string_view bytes = std::string_view("0129.,-+eEn\n\r\"\0 \xff", 17);
    int refused = 0;
    for (std::uint64_t seed = 0; seed < 4000; ++seed) {
        std::string text = flowers;
        const auto draws = Key(seed).bits(0);
        for (std::size_t change = 0; change <= seed % 3; ++change) {
            const std::size_t position = (draws[change] >> 8U) % text.size();
            const char byte = bytes[draws[3] / (change + 1) % bytes.size()];
            if (draws[change] % 3 == 0) text[position] = byte;
            if (draws[change] % 3 == 1) text.erase(position, 1);
            if (draws[change] % 3 == 2) text.insert(position, 1, byte);
        }
        const CsvOptions options = seed % 2 == 0 ? with_header : CsvOptions{};
        refused += error_of([&] { (void)detail::parse_csv(text, "text", options); }) != "no error";
    }
    CHECK(refused > 2000);
    CHECK(refused < 4000);
}
