// TableTarget: what is to be predicted of a table's rows.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/text.hpp"
#include "tdca/tables/detail/moments.hpp"
#include "tdca/tables/table.hpp"

namespace tdca::inline TDCA_ABI {

/// Kinds of targets: numbers; one of several classes; several labels, each of which may hold.
enum class TargetKind : std::uint8_t { numbers, classes, labels };

/// Columns to be predicted, and what their cells mean.
struct TableTarget {
    TargetKind kind = TargetKind::numbers;  ///< of what is predicted
    std::vector<std::string> columns;       ///< their names
    /// Classes in the order of their texts, of several texts of a number the first; of labels, the
    /// two texts of each column, the one that says that it holds second. Empty for numbers.
    std::vector<std::vector<std::string>> texts;
    std::vector<double> mean;   ///< of numbers, by @ref scale_to; empty: they are as they are
    std::vector<double> scale;  ///< of numbers, by @ref scale_to

    /// What the cells of these columns are: one column of texts, or of two different numbers, has
    /// classes; several that have two different texts each are labels; else they are numbers. 1 and
    /// 1.0 are one value where all cells of their column are numbers.
    ///
    /// @param kind where it is known better than by looking
    /// @throws tdca::Error where a column is not there, has no value at all or but one, where the
    ///   columns are of different kinds, or not of the kind that is asked for
    [[nodiscard]] static TableTarget find(const Table& table, std::span<const std::string> names,
                                          std::optional<TargetKind> kind = {}) {
        require_some(table.name(), "columns to be predicted", names.size());
        TableTarget target;
        std::size_t of_numbers = 0;
        std::size_t of_two = 0;
        for (const std::string& name : names) {
            const std::size_t column = table.require(name);
            if (std::ranges::count(target.columns, table.columns()[column]) > 0) {
                throw Error(table.name(),
                            "the column " + table.columns()[column] + " is to be predicted twice");
            }
            target.columns.push_back(table.columns()[column]);
            const bool numbers = kind != TargetKind::classes && kind != TargetKind::labels &&
                                 table.has_numbers(column);
            target.texts.push_back(texts_of(table, column));
            if (numbers) ++of_numbers;
            if (target.texts.back().size() == 2) ++of_two;
        }
        const bool one = names.size() == 1;
        if (!kind) {
            if (one && (of_numbers == 0 || of_two == 1)) kind = TargetKind::classes;
            if (!one && of_two == names.size()) kind = TargetKind::labels;
        }
        target.kind = kind.value_or(TargetKind::numbers);
        const auto refuse = [&](const char* problem) {
            throw Error(table.name(), problem + joined(target.columns, ", "));
        };
        if (target.kind == TargetKind::numbers) {
            if (of_numbers != names.size()) refuse("not all are numbers in ");
            target.texts.clear();
        } else if (target.kind == TargetKind::classes) {
            if (!one) refuse("classes are in one column, not in ");
            if (target.texts.front().size() > most_classes) refuse("more than 65535 classes in ");
        } else if (of_two != names.size()) {
            refuse("labels are columns of two different values, not ");
        }
        return target;
    }

    /// Output units that a network needs.
    [[nodiscard]] std::size_t outputs() const noexcept {
        return kind == TargetKind::classes ? texts.front().size() : columns.size();
    }

    /// Where its columns are in a table.
    ///
    /// @throws tdca::Error where one is not there
    [[nodiscard]] std::vector<std::size_t> columns_of(const Table& table) const {
        std::vector<std::size_t> found;
        for (const std::string& column : columns) found.push_back(table.require(column));
        return found;
    }

    /// The rows that say anything of the target, in their order.
    [[nodiscard]] std::vector<std::uint32_t> told_rows(const Table& table) const {
        const std::vector<std::size_t> at = columns_of(table);
        std::vector<std::uint32_t> rows;
        for (std::size_t row = 0; row < table.rows(); ++row) {
            const auto told = [&](std::size_t column) { return !table.cell(row, column).empty(); };
            if (std::ranges::any_of(at, told)) rows.push_back(static_cast<std::uint32_t>(row));
        }
        return rows;
    }

    /// Of numbers: brings those of these rows to mean 0 and deviation 1, in double precision,
    /// before they become numbers of single precision.
    ///
    /// @throws tdca::Error where a column or a row is not there
    void scale_to(const Table& table, std::span<const std::uint32_t> rows) {
        table.require_rows(rows);
        if (kind != TargetKind::numbers) return;
        mean.clear();
        scale.clear();
        for (const std::size_t column : columns_of(table)) {
            std::vector<double> numbers;
            for (const std::uint32_t row : rows) {
                const auto number = number_in(table.cell(row, column));
                if (number) numbers.push_back(*number);
            }
            const detail::Moments moments = detail::moments_of(numbers);
            mean.push_back(moments.mean);
            scale.push_back(moments.scale);
        }
    }

    /// The class of a cell, or nothing where it is none.
    [[nodiscard]] std::optional<std::uint16_t> class_of(std::string_view cell) const noexcept {
        const auto found = place_of(cell, texts.front());
        if (!found) return std::nullopt;
        return static_cast<std::uint16_t>(*found);
    }

    /// The number of a cell, less the mean and divided by the scale; or 1 for a label that holds,
    /// and 0 for one that does not. NaN where it is missing or no such thing.
    [[nodiscard]] float number_of(std::size_t column, std::string_view cell) const noexcept {
        constexpr float unknown = std::numeric_limits<float>::quiet_NaN();
        if (kind == TargetKind::numbers) {
            const double number = number_in(cell).value_or(static_cast<double>(unknown));
            return static_cast<float>(
                mean.empty() ? number : detail::standardized(number, mean[column], scale[column]));
        }
        const auto found = place_of(cell, texts[column]);
        return found ? static_cast<float>(*found) : unknown;
    }

private:
    static constexpr std::size_t most_classes = std::numeric_limits<std::uint16_t>::max();

    static bool is_number(std::string_view cell) noexcept { return number_in(cell).has_value(); }

    /// Where a cell stands among texts; as a number where all are.
    static std::optional<std::size_t> place_of(std::string_view cell,
                                               const std::vector<std::string>& among) noexcept {
        auto found = std::ranges::find(among, cell);
        if (found == among.end() && is_number(cell) && std::ranges::all_of(among, is_number)) {
            found = std::ranges::find(among, number_in(cell), number_in);
        }
        if (found == among.end()) return std::nullopt;
        return static_cast<std::size_t>(found - among.begin());
    }

    /// The different texts of a column, sorted: as numbers where all are, of which several texts
    /// are one.
    static std::vector<std::string> texts_of(const Table& table, std::size_t column) {
        std::vector<std::string_view> cells;
        for (std::size_t row = 0; row < table.rows(); ++row) {
            const std::string_view cell = table.cell(row, column);
            if (!cell.empty()) cells.push_back(cell);
        }
        std::ranges::sort(cells);
        cells.erase(std::unique(cells.begin(), cells.end()), cells.end());
        if (std::ranges::all_of(cells, is_number)) {
            const auto number = [](std::string_view cell) { return *number_in(cell); };
            std::ranges::stable_sort(cells, {}, number);
            const auto twins = [&](auto a, auto b) { return number(a) == number(b); };
            cells.erase(std::unique(cells.begin(), cells.end(), twins), cells.end());
        }
        if (cells.size() < 2) {
            throw Error(table.name(),
                        "nothing to learn: the column to be predicted, " + table.columns()[column] +
                            (cells.empty() ? ", has no values" : ", is always the same"));
        }
        return {cells.begin(), cells.end()};
    }
};

/// Rows in two parts by chance, of which the second has this share of each class, as nearly as
/// there are whole rows.
///
/// @throws tdca::Error where `share` is no share, or a row is not there
[[nodiscard]] inline std::pair<std::vector<std::uint32_t>, std::vector<std::uint32_t>> split_rows(
    const Table& table, const TableTarget& target, std::span<const std::uint32_t> rows,
    double share, Key key) {
    if (!(share >= 0 && share <= 1)) {
        throw Error(table.name(), "the part of the rows to hold out is no share", "from 0 to 1",
                    to_text(share));
    }
    table.require_rows(rows);
    const bool classes = target.kind == TargetKind::classes;
    const std::size_t column = target.columns_of(table).at(0);
    std::vector<double> taken(classes ? std::max<std::size_t>(target.texts.front().size(), 1) : 1,
                              0.5);
    std::pair<std::vector<std::uint32_t>, std::vector<std::uint32_t>> parts;
    const Permutation order(key, rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::uint32_t row = rows[order(i)];
        double& due = taken[classes ? target.class_of(table.cell(row, column)).value_or(0) : 0];
        due += share;
        (due >= 1 ? parts.second : parts.first).push_back(row);
        if (due >= 1) due -= 1;
    }
    return parts;
}

}  // namespace tdca
