// Fuzz target of the CSV reader. An input is one byte of options and the file, plain or gzipped.
#include "tdca/data/csv.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fuzzing.hpp"
#include "gzip_mutation.hpp"
#include "tdca/core/number.hpp"

using namespace tdca;
using namespace tdca::testing;

namespace {

CsvOptions options_of(std::uint8_t byte) {
    CsvOptions options{.name = "fuzz"};
    if ((byte & 1U) != 0) options.header = CsvHeader::counts;
    if ((byte & 2U) != 0) options.classes = (byte >> 4U) + 1U;
    if ((byte & 4U) != 0) options.rows = 2;
    if ((byte & 8U) != 0) options.columns = 2;
    return options;
}

void require_consistent(const Dataset& data, const CsvOptions& options, std::string_view text) {
    require(data.size() > 0 && data.features() > 0, "there are samples and features");
    require(data.inputs().size() == data.size() * data.features(), "inputs fill their matrix");
    require(data.labels().size() == data.size(), "a label for each sample");
    require(std::ranges::all_of(data.labels(), [&](auto label) { return label < data.classes(); }),
            "labels are classes");
    require(std::ranges::all_of(data.inputs(), [](float x) { return std::isfinite(x); }),
            "inputs are finite");
    require(options.classes.value_or(data.classes()) == data.classes(), "classes as asked for");
    require(data.rows() == options.rows && data.columns() == options.columns, "extents as given");
    const auto separators = static_cast<std::size_t>(std::ranges::count(text, ','));
    const bool header = options.header == CsvHeader::counts;
    require(separators == data.size() * data.features() + (header ? data.classes() + 1 : 0),
            "every field becomes a number");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const CsvOptions options = options_of(data[0]);
    const std::string bytes = text_of(data + 1, size - 1);
    static MemoryFile file;
    const std::string& path = file.holding(bytes);
    const auto outcome = watched([&] { return load_csv(path, options); });
    const std::string text = gunzipped(bytes);
    require_memory(outcome.peak, 6, text.size(), 147'456);
    if (outcome.value) require_consistent(*outcome.value, options, text);
    return 0;
}

namespace {

constexpr std::array<std::string_view, 40> cells{"",
                                                 "0",
                                                 "1",
                                                 "2",
                                                 "3",
                                                 "-1",
                                                 "-0",
                                                 "65535",
                                                 "65536",
                                                 "255",
                                                 "0.5",
                                                 ".5",
                                                 "5.",
                                                 "1e-60",
                                                 "-1e-400",
                                                 "1e38",
                                                 "1e39",
                                                 "1e400",
                                                 "nan",
                                                 "-inf",
                                                 "0x1p3",
                                                 "+1",
                                                 " 1",
                                                 "1 ",
                                                 "\"1\"",
                                                 "\"",
                                                 "\"\"",
                                                 "1e",
                                                 "e1",
                                                 "-",
                                                 ".",
                                                 "3.40282346638528859e38",
                                                 "3.4028235677973366e38",
                                                 "4294967296",
                                                 "18446744073709551615",
                                                 "18446744073709551616",
                                                 "\xef\xbb\xbf"
                                                 "1",
                                                 "\t",
                                                 "rose",
                                                 "1,1"};
constexpr std::array<std::string_view, 7> ends{"\n", "\r\n", "\r", "\n\n", ",", ";", "\n\r"};

/// Cells of a line, and what ends it.
struct Line {
    std::vector<std::string> cells;
    std::string end;
};

std::vector<Line> lines_of(std::string_view text) {
    std::vector<Line> lines;
    while (!text.empty()) {
        Line line;
        std::size_t stop = 0;
        do {
            stop = text.find_first_of(",\n");
            line.cells.emplace_back(text.substr(0, stop));
            text.remove_prefix(std::min(stop, text.size()));
            line.end = text.substr(0, 1);
            text.remove_prefix(line.end.size());
        } while (line.end == ",");
        if (line.end == "\n" && line.cells.back().ends_with('\r')) {
            line.cells.back().pop_back();
            line.end = "\r\n";
        }
        lines.push_back(std::move(line));
    }
    return lines;
}

std::string text_of(const std::vector<Line>& lines) {
    std::string text;
    for (const Line& line : lines) {
        for (const std::string& cell : line.cells) text += cell + ',';
        if (!line.cells.empty()) text.pop_back();
        text += line.end;
    }
    return text;
}

/// Lets the header, which the first line then is, count what follows it.
void count_again(std::vector<Line>& lines) {
    if (lines.size() < 2) return;
    auto& header = lines[0].cells;
    if (header.size() < 3) header.resize(3, "rose");
    header[0] = to_text(lines.size() - 1);
    header[1] = to_text(lines[1].cells.size() - 1);
}

/// Changes cells, separators or lines.
void mutate_lines(std::vector<Line>& lines, Choices& choices) {
    if (lines.empty()) lines.push_back({{"1", "0"}, "\n"});
    Line& line = choices.from(lines);
    std::string& cell = choices.from(line.cells);
    switch (choices.below(10)) {
        case 0:
            cell = choices.from(choices.from(lines).cells);
            break;
        case 1:
            mutate_bytes(cell);
            break;
        case 2:
            line.end = choices.from(ends);
            break;
        case 3:
            lines.emplace_back(line);
            break;
        case 4:
            std::swap(line, lines.back());
            lines.pop_back();
            break;
        case 5:  // a column more in every line
            for (Line& each : lines) each.cells.insert(each.cells.begin(), "1");
            break;
        case 6:  // or fewer
            for (Line& each : lines) each.cells.pop_back();
            break;
        case 7:
            line.cells.emplace_back(choices.from(cells));
            break;
        default:
            cell = choices.from(cells);
    }
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
    Choices choices(seed);
    if (size == 0 || choices.one_in(4)) return LLVMFuzzerMutate(data, size, most);
    if (choices.one_in(8)) data[0] = static_cast<std::uint8_t>(choices.below(256));
    const std::string before = testing::text_of(data + 1, size - 1);
    std::vector<Line> lines = lines_of(plain_beginning(before, choices));
    if (!choices.one_in(8)) mutate_lines(lines, choices);
    if ((data[0] & 1U) != 0 && !choices.one_in(4)) count_again(lines);
    return 1 + hand_back(wrapped(text_of(lines), before, choices), data + 1, most - 1);
}
