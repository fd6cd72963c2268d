// Reader of CSV files of numbers, plain or gzipped: the format of scikit-learn's small data sets.
#pragma once

#include <filesystem>
#include <string>

#include "tdca/core/abi.hpp"
#include "tdca/data/csv_options.hpp"  // IWYU pragma: export
#include "tdca/data/dataset.hpp"
#include "tdca/data/detail/csv_parser.hpp"
#include "tdca/data/inflated_text.hpp"

namespace tdca::inline TDCA_ABI {

/// Samples from a CSV file, plain or gzipped: one a line, numbers separated by commas, the label in
/// the last column. `load_csv("iris.csv", {.header = CsvHeader::counts})`.
///
/// Each number is rounded once, to the nearest float: what is too small becomes 0 or a subnormal.
/// The names of the classes in a header are counted, and not kept. There is no byte-order mark, no
/// other separator than the comma, and there are no quotes, comments, blanks or empty lines. We
/// split and parse the lines ourselves, by std::from_chars, because neither CSV library in Debian
/// 12 is strict: libfccp-dev fixes the columns at compile time, takes an empty field for 0 and
/// rounds numbers, and libcsv-dev leaves numbers and ragged rows to us.
///
/// @throws tdca::Error naming file, line, column, what was expected, what was found and, where it
///   can be told, the cause, for a file that is missing, truncated, damaged or empty; a line with
///   more or fewer columns; an input that is no number, not finite, or beyond single precision; a
///   label that is not an integer from 0 to 65535, or no class; a header that disagrees with the
///   lines below it, or whose classes have no names, or quoted ones
///
/// Linear in the length of the text, inflated. Takes at most six bytes of memory for each of the
/// text and 144 KiB: twice the text, and the dataset, which is at most four times the text where
/// the line that makes it so large is refused in the end, else twice.
[[nodiscard]] inline Dataset load_csv(const std::filesystem::path& path, CsvOptions options = {}) {
    const std::string text = inflated_text(path);
    if (options.name.empty()) {
        const std::string file = path.filename().string();
        options.name = file.substr(0, file.find('.'));
    }
    return detail::parse_csv(text, path.string(), options);
}

}  // namespace tdca
