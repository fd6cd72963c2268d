// Table: rows of text under named columns, as a file has them.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/text.hpp"

namespace tdca::inline TDCA_ABI {

/// The number that a cell holds, or nothing: decimal, with a sign and an exponent where there are.
[[nodiscard]] inline std::optional<double> number_in(std::string_view cell) noexcept {
    if (cell.starts_with('+') && !cell.starts_with("+-")) cell.remove_prefix(1);
    if (cell.empty() || cell.find_first_of("nN") != std::string_view::npos) return std::nullopt;
    const auto number = to_real<double>(cell);
    return number && std::isfinite(*number) ? number : std::nullopt;
}

/// Rows of text under named columns. An empty cell is a missing value. All text stands in one
/// buffer: a cell costs its length and eight bytes.
class Table {
public:
    /// A table without rows.
    ///
    /// @param name what error messages call it: the file
    /// @param columns their names
    /// @throws tdca::Error where there is no column, or two have one name
    Table(std::string name, std::vector<std::string> columns)
        : name_(std::move(name)), columns_(std::move(columns)) {
        require_some(name_, "columns", columns_.size());
        std::vector<std::string> sorted = columns_;
        std::ranges::sort(sorted);
        const auto twin = std::ranges::adjacent_find(sorted);
        if (twin != sorted.end()) throw Error(name_, "two columns are called \"" + *twin + "\"");
    }

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    /// Names of the columns, from left to right.
    [[nodiscard]] const std::vector<std::string>& columns() const noexcept { return columns_; }
    /// Number of rows.
    [[nodiscard]] std::size_t rows() const noexcept { return lines_.size(); }

    /// Adds a row.
    ///
    /// @param cells from left to right, one a column; empty where a value is missing
    /// @param line of the file, for messages
    /// @throws tdca::Error where there are more or fewer cells than columns
    void add(std::span<const std::string_view> cells, std::size_t line) {
        if (cells.size() != columns_.size()) {
            throw Error(name_ + ":" + to_text(line),
                        "a row of another length than there are columns", columns_.size(),
                        cells.size());
        }
        for (const std::string_view cell : cells) {
            text_.append(cell);
            ends_.push_back(text_.size());
        }
        lines_.push_back(line);
    }

    /// What stands in this row and column, both counted from 0; both must be there.
    [[nodiscard]] std::string_view cell(std::size_t row, std::size_t column) const noexcept {
        const std::size_t i = row * columns_.size() + column;
        const std::uint64_t begin = i == 0 ? 0 : ends_[i - 1];
        return std::string_view(text_).substr(begin, ends_[i] - begin);
    }
    /// The line of the file that a row ends on, counted from 1; the row must be there.
    [[nodiscard]] std::size_t line(std::size_t row) const noexcept { return lines_[row]; }

    /// The column of this name, or nothing.
    [[nodiscard]] std::optional<std::size_t> find(std::string_view column) const noexcept {
        const auto found = std::ranges::find(columns_, column);
        if (found == columns_.end()) return std::nullopt;
        return static_cast<std::size_t>(found - columns_.begin());
    }

    /// The column of this name, or of this number, counted from 1; a name wins.
    ///
    /// @throws tdca::Error with the names that there are
    [[nodiscard]] std::size_t require(std::string_view column) const {
        if (const auto found = find(column)) return *found;
        const auto number = to_count<std::size_t>(column);
        if (number && *number >= 1 && *number <= columns_.size()) return *number - 1;
        throw Error(name_, "no such column", "one of " + joined(columns_, ", "), column);
    }

    /// @throws tdca::Error naming the first of these rows, counted from 0, that is not there
    void require_rows(std::span<const std::uint32_t> wanted) const {
        for (const std::uint32_t row : wanted) {
            if (row < rows()) continue;
            throw Error(name_, "no such row", "below " + to_text(rows()), to_text(row));
        }
    }

    /// Whether a column has numbers: every cell that is not empty holds one.
    ///
    /// @throws tdca::Error naming line and cell where nearly all hold numbers, more than a few
    ///   different ones, and some do not: a mark for missing values that nobody told of, commas, or
    ///   marks of thousands
    [[nodiscard]] bool has_numbers(std::size_t column) const {
        constexpr std::size_t few = 10;
        std::size_t told = 0;
        std::size_t numbers = 0;
        std::vector<double> different;
        std::optional<std::size_t> odd;
        std::optional<std::size_t> marked;  // with marks of thousands
        bool commas = true;                 // all that are no numbers would be, but for commas
        for (std::size_t row = 0; row < rows(); ++row) {
            const std::string_view text = cell(row, column);
            if (text.empty()) continue;
            ++told;
            const auto number = number_in(text);
            if (!number) {
                if (!odd) odd = row;
                commas = commas && is_number_with_commas(text);
                if (commas && !marked && has_marks_of_thousands(text)) marked = row;
                continue;
            }
            ++numbers;
            const bool is_new =
                different.size() <= few && std::ranges::find(different, *number) == different.end();
            if (is_new) different.push_back(*number);
        }
        if (!odd) return told > 0;
        const bool nearly = numbers * 10 >= told * 9 && different.size() > few;
        if (!nearly && !commas) return false;
        const char* problem =
            " has numbers in nearly all rows; does this mean that one is missing?";
        if (commas) {
            problem = marked ? " has numbers with marks of thousands: write them without"
                             : " has numbers with commas: write them with points, without marks "
                               "of thousands, or say where a file is read that commas are decimal";
            odd = marked ? marked : odd;
        }
        throw Error(name_ + ":" + to_text(line(*odd)), "the column " + columns_[column] + problem,
                    "a number", cell(*odd, column));
    }

private:
    /// With commas, whatever they mean: 1,5 and 1,234.5 and 1.234.567,8.
    [[nodiscard]] static bool is_number_with_commas(std::string_view text) {
        if (text.find(',') == std::string_view::npos) return false;
        const auto is_number_without = [&](char mark, bool comma_is_point) {
            std::string without(text);
            std::erase(without, mark);
            if (comma_is_point) std::ranges::replace(without, ',', '.');
            return number_in(without).has_value();
        };
        return is_number_without(',', false) || is_number_without('.', true);
    }
    /// Of a number with commas: more of them than one, or a point as well.
    [[nodiscard]] static bool has_marks_of_thousands(std::string_view text) {
        return text.find('.') != std::string_view::npos || std::ranges::count(text, ',') > 1;
    }

    std::string name_;
    std::vector<std::string> columns_;
    std::string text_;
    std::vector<std::uint64_t> ends_;
    std::vector<std::size_t> lines_;
};

}  // namespace tdca
