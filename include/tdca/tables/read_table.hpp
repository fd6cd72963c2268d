// Reader of tables as people have them: CSV with a header, other separators, quotes, missing
// values.
#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/data/inflated_text.hpp"
#include "tdca/tables/detail/csv_records.hpp"
#include "tdca/tables/detail/utf8.hpp"
#include "tdca/tables/table.hpp"

namespace tdca::inline TDCA_ABI {

/// Whether the first line of a table has the names of columns.
enum class TableHeader { find_out, present, absent };

/// How to read a table.
struct TableOptions {
    char delimiter = 0;  ///< between cells; 0: that of , ; tab | which splits most lines alike
    TableHeader header = TableHeader::find_out;  ///< what the first line is
    std::size_t skip = 0;                        ///< lines before the table
    char comment = 0;                            ///< lines that begin with it are skipped; 0: none
    /// Whether 3,5 is 3.5, as where cells are separated by semicolons.
    bool decimal_comma = false;
    /// Cells that mean a missing value, besides empty ones.
    std::vector<std::string> missing{"NA",   "N/A",  "#N/A", "NaN", "nan",
                                     "null", "NULL", "None", "?"};
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

/// "row", as no other column is called: else "row_2" and so on.
[[nodiscard]] inline std::string name_of_rows(const std::vector<std::string>& names) {
    std::string name = "row";
    for (int i = 2; std::ranges::count(names, name) > 0; ++i) name = "row_" + to_text(i);
    return name;
}

/// "3,5" becomes "3.5".
inline void point_for_comma(std::string& cell) {
    const std::size_t comma = cell.find(',');
    if (comma == std::string::npos) return;
    std::string changed = cell;
    changed[comma] = '.';
    if (number_in(changed)) cell = changed;
}

/// Without blanks at both ends, those that do not break among them.
inline void trim(std::string& cell) {
    constexpr std::string_view no_break = "\xC2\xA0";
    std::string_view text = cell;
    for (;;) {
        if (text.starts_with(no_break)) {
            text.remove_prefix(2);
        } else if (text.ends_with(no_break)) {
            text.remove_suffix(2);
        } else if (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
            text.remove_prefix(1);
        } else if (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
            text.remove_suffix(1);
        } else {
            break;
        }
    }
    if (text.size() < cell.size()) cell = std::string(text);
}

/// A table as its records come.
class TableBuilder {
public:
    TableBuilder(std::string file, const TableOptions& options)
        : file_(std::move(file)), options_(options) {}

    void take(std::vector<std::string>& cells, std::size_t line) {
        for (std::string& cell : cells) trim(cell);
        if (first_.empty()) {
            first_ = cells;
            first_line_ = line;
            return;
        }
        if (!table_) begin(cells);
        add(cells, line);
    }

    /// @throws tdca::Error where nothing came
    [[nodiscard]] Table finish() {
        if (first_.empty()) throw Error(file_, "is empty: there is no row");
        if (!table_) begin({});
        return *std::move(table_);
    }

private:
    /// Before the second row nobody knows what the first one is.
    void begin(const std::vector<std::string>& below) {
        std::vector<std::string> names = first_;
        if (std::ranges::count(names, "") == 1) *std::ranges::find(names, "") = name_of_rows(names);
        std::vector<std::string> values = names;
        if (options_.decimal_comma) std::ranges::for_each(values, point_for_comma);
        const bool header = options_.header == TableHeader::find_out
                                ? looks_like_a_header(values, below)
                                : options_.header == TableHeader::present;
        table_.emplace(file_, header ? names : numbered(first_.size()));
        if (!header) add(first_, first_line_);
    }

    void add(std::vector<std::string>& cells, std::size_t line) {
        row_.clear();
        for (std::string& cell : cells) {
            const bool missing =
                std::ranges::find(options_.missing, cell) != options_.missing.end();
            if (missing) cell.clear();
            if (options_.decimal_comma) point_for_comma(cell);
            row_.emplace_back(cell);
        }
        table_->add(row_, line);
    }

    std::string file_;
    const TableOptions& options_;
    std::optional<Table> table_;
    std::vector<std::string> first_;
    std::size_t first_line_ = 0;
    std::vector<std::string_view> row_;
};

}  // namespace detail

/// Reads a table out of text; `file` is what errors call it. See `read_table`.
///
/// @throws tdca::Error as `read_table`, but for files
[[nodiscard]] inline Table parse_table(const std::string& file, std::string_view text,
                                       const TableOptions& options = {}) {
    detail::require_utf8(file, text);
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    for (std::size_t line = 0; line < options.skip && !text.empty(); ++line) {
        text.remove_prefix(detail::line_at(text, 0).size());
    }
    const char delimiter = options.delimiter != 0 ? options.delimiter
                                                  : detail::find_delimiter(text, options.comment,
                                                                           options.decimal_comma);
    detail::TableBuilder builder(file, options);
    detail::read_csv_records(
        file, text, delimiter, options.comment, options.skip,
        [&](std::vector<std::string>& cells, std::size_t line) { builder.take(cells, line); });
    return builder.finish();
}

/// Reads a table, plain or gzipped: `read_table("houses.csv")`.
///
/// Cells are separated by commas, semicolons, tabulators or bars, and may be quoted; blanks around
/// them, empty lines, a byte-order mark and carriage returns are skipped. The grammar is libcsv's.
/// Where the first line has the names of columns can be told from the line itself: names are no
/// numbers. A column whose name is empty, as R writes it above row names, is called "row", or
/// "row_2" where another one is.
///
/// @throws tdca::Error naming file and line for a file that is missing, damaged, empty or no UTF-8,
///   a row of another length, a quote that is never closed or stands within a cell, two columns of
///   one name
///
/// Linear in the length of the text; takes the text, a copy of its cells and eight bytes for each.
[[nodiscard]] inline Table read_table(const std::filesystem::path& path,
                                      const TableOptions& options = {}) {
    return parse_table(path.string(), inflated_text(path), options);
}

}  // namespace tdca
