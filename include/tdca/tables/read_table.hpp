// Reader of tables as people have them: CSV with a header, other separators, quotes, missing
// values.
#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/data/inflated_text.hpp"
#include "tdca/tables/detail/csv_records.hpp"
#include "tdca/tables/table.hpp"

namespace tdca::inline TDCA_ABI {

/// Whether the first line of a table has the names of columns.
enum class TableHeader { find_out, present, absent };

/// How to read a table.
struct TableOptions {
    char delimiter =
        0;  ///< between cells; 0: the one of , ; tab | that splits the first lines alike
    TableHeader header = TableHeader::find_out;
    std::size_t skip = 0;  ///< lines before the table
    char comment = '#';    ///< lines that begin with it are skipped; 0: none
    /// Whether 3,5 is 3.5, as where cells are separated by semicolons.
    bool decimal_comma = false;
    /// Cells that mean a missing value, besides empty ones.
    std::vector<std::string> missing{"NA", "N/A", "NaN", "nan", "null", "NULL", "None", "?"};
};

namespace detail {

/// Whether a first row holds names, by the row below: none of its cells is empty or a number, and
/// they differ, or else the row below has a number.
[[nodiscard]] inline bool looks_like_a_header(std::vector<std::string> cells,
                                              const std::vector<std::string>& below) {
    const auto is_number = [](const std::string& cell) { return number_in(cell).has_value(); };
    const auto is_no_name = [&](const std::string& cell) {
        return cell.empty() || is_number(cell);
    };
    if (std::ranges::any_of(cells, is_no_name)) return false;
    std::ranges::sort(cells);
    return std::ranges::adjacent_find(cells) == cells.end() ||
           std::ranges::any_of(below, is_number);
}

/// Names for columns that have none: "1", "2" and so on.
[[nodiscard]] inline std::vector<std::string> numbered(std::size_t columns) {
    std::vector<std::string> names(columns);
    for (std::size_t i = 0; i < columns; ++i) names[i] = to_text(i + 1);
    return names;
}

/// "3,5" becomes "3.5".
inline void point_for_comma(std::string& cell) {
    const std::size_t comma = cell.find(',');
    if (comma == std::string::npos) return;
    std::string changed = cell;
    changed[comma] = '.';
    if (number_in(changed)) cell = changed;
}

}  // namespace detail

/// Reads a table, plain or gzipped: `read_table("houses.csv")`.
///
/// Cells are separated by commas, semicolons, tabulators or bars, and may be quoted; blanks around
/// them, empty lines, comments, a byte-order mark and carriage returns are skipped. The grammar is
/// libcsv's. Where the first line has the names of columns can be told from the line itself: names
/// are no numbers. A column whose name is empty, as R writes it above row names, is called "row".
///
/// @throws tdca::Error naming file and line for a file that is missing, damaged or empty, a row of
///   another length, a quote that is never closed, two columns of one name, UTF-16
///
/// Linear in the length of the text; takes the text, a copy of its cells and eight bytes for each.
[[nodiscard]] inline Table read_table(const std::filesystem::path& path,
                                      const TableOptions& options = {}) {
    const std::string text = inflated_text(path);
    const std::string file = path.string();
    std::string_view rest = text;
    if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);
    if (rest.starts_with("\xFF\xFE") || rest.starts_with("\xFE\xFF")) {
        throw Error(file, "is UTF-16: save it as UTF-8");
    }
    for (std::size_t line = 0; line < options.skip; ++line) {
        rest.remove_prefix(detail::line_at(rest, 0).size());
    }
    const char delimiter =
        options.delimiter != 0 ? options.delimiter : detail::find_delimiter(rest, options.comment);

    std::optional<Table> table;
    std::vector<std::string> first;
    std::size_t first_line = 0;
    std::vector<std::string_view> row;
    const auto add = [&](const std::vector<std::string>& cells, std::size_t line) {
        row.assign(cells.begin(), cells.end());
        table->add(row, line);
    };
    // Before the second row nobody knows what the first one is.
    const auto begin = [&](const std::vector<std::string>& below) {
        std::vector<std::string> names = first;
        if (std::ranges::count(names, "") == 1) *std::ranges::find(names, "") = "row";
        const bool header = options.header == TableHeader::find_out
                                ? detail::looks_like_a_header(names, below)
                                : options.header == TableHeader::present;
        table.emplace(file, header ? names : detail::numbered(first.size()));
        if (!header) add(first, first_line);
    };
    const auto take = [&](std::vector<std::string>& cells, std::size_t line) {
        for (std::string& cell : cells) {
            if (std::ranges::find(options.missing, cell) != options.missing.end()) cell.clear();
            if (options.decimal_comma) detail::point_for_comma(cell);
        }
        if (first.empty()) {
            first = cells;
            first_line = line;
            return;
        }
        if (!table) begin(cells);
        add(cells, line);
    };
    detail::read_csv_records(file, rest, delimiter, options.comment, options.skip, take);
    if (first.empty()) throw Error(file, "is empty: there is no row");
    if (!table) begin({});
    return *std::move(table);
}

}  // namespace tdca
