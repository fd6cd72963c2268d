// TablePreprocessing: from the cells of a row to the inputs of a network.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/tables/table.hpp"

namespace tdca::inline TDCA_ABI {

/// What a column of inputs is taken for.
enum class ColumnKind : std::uint8_t { number, category, left_out };

/// A column of inputs, and what was found out about it.
struct TableColumn {
    /// A number that goes into the network: (x − mean) / scale.
    struct Feature {
        double mean = 0;
        double scale = 1;
    };

    std::string name;
    ColumnKind kind = ColumnKind::left_out;
    std::vector<std::string> categories;  ///< with a feature each, the most frequent first
    bool has_missing = false;             ///< then its last feature says so
    /// A number's own one, or one for each category (of two that share all rows, for the first);
    /// then that of missing values.
    std::vector<Feature> features;
    std::string remark;  ///< why it is left out, or what its user should know
};

/// How to find out what columns are.
struct PreprocessingOptions {
    std::vector<std::string> leave_out;    ///< names of columns
    std::vector<std::string> as_category;  ///< names of columns of numbers that are names
    std::size_t most_categories = 32;      ///< of a column; rarer ones count as none of them
    std::size_t most_features = 1024;      ///< in all; where there are more, fewer categories count
};

/// Makes inputs of cells: numbers are standardised, with the mean where one is missing; each
/// category is an input, and whether a value is missing is one where that was so among the rows
/// that it was fitted to. Every input has mean 0 and deviation 1 on these; beyond ±3 it grows as a
/// logarithm, so that no outlier upsets a network.
class TablePreprocessing {
public:
    /// Nothing yet; to be read from a file.
    TablePreprocessing() = default;
    /// As it was.
    explicit TablePreprocessing(std::vector<TableColumn> columns) : columns_(std::move(columns)) {}

    /// Finds out by these rows, those to learn from, what the columns are.
    ///
    /// @param targets columns to be predicted
    /// @throws tdca::Error where a column is not there, where nothing is left to learn from, or
    ///   where a column has numbers but for a few cells, with the first of these
    [[nodiscard]] static TablePreprocessing fit(const Table& table,
                                                std::span<const std::uint32_t> rows,
                                                std::span<const std::size_t> targets,
                                                PreprocessingOptions options = {}) {
        require_some(table.name(), "rows to learn from", rows.size());
        std::vector<std::size_t> left_out;
        for (const std::string& name : options.leave_out) left_out.push_back(table.require(name));
        std::vector<std::size_t> named;
        for (const std::string& name : options.as_category) named.push_back(table.require(name));
        for (;; options.most_categories /= 2) {
            TablePreprocessing result;
            for (std::size_t c = 0; c < table.columns().size(); ++c) {
                if (std::ranges::find(targets, c) != targets.end()) continue;
                const bool out = std::ranges::find(left_out, c) != left_out.end();
                const bool category = std::ranges::find(named, c) != named.end();
                TableColumn column;
                if (!out) column = look_at(table, rows, c, category, options.most_categories);
                column.name = table.columns()[c];
                if (out) column.remark = "as you say";
                result.columns_.push_back(std::move(column));
            }
            if (result.features() == 0)
                throw Error(table.name(), "no column is left to learn from");
            if (result.features() <= options.most_features) return result;
            if (options.most_categories <= 1) {
                throw Error(table.name(), "more inputs than there is room for: leave columns out",
                            options.most_features, result.features());
            }
        }
    }

    /// All columns of inputs, those that are left out among them.
    [[nodiscard]] const std::vector<TableColumn>& columns() const noexcept { return columns_; }

    /// Inputs of a row.
    [[nodiscard]] std::size_t features() const noexcept {
        std::size_t total = 0;
        for (const TableColumn& column : columns_) total += column.features.size();
        return total;
    }

    /// Where the columns are in a table.
    ///
    /// @throws tdca::Error naming the first that is not there, and is needed
    [[nodiscard]] std::vector<std::size_t> columns_of(const Table& table) const {
        std::vector<std::size_t> found;
        for (const TableColumn& column : columns_) {
            const auto at = table.find(column.name);
            if (!at && column.kind != ColumnKind::left_out) {
                throw Error(table.name(), "the column " + column.name + " is missing");
            }
            found.push_back(at.value_or(0));
        }
        return found;
    }

    /// What became of a row.
    struct Encoded {
        std::size_t unseen = 0;                  ///< categories that no row had to learn from
        std::optional<std::size_t> no_number{};  ///< the first column whose cell should be a number
    };

    /// The inputs of one row. Allocates nothing.
    ///
    /// @param cell called with the number of a column among @ref columns; its text
    /// @param out at least @ref features inputs; what a network has more of becomes 0, and the
    ///   others larger, so that its neurons are driven as by a network of the right size
    template <class Cell>
    Encoded encode(const Cell& cell, std::span<float> out) const noexcept {
        const std::size_t used = features();
        const double gain = std::sqrt(static_cast<double>(out.size()) / static_cast<double>(used));
        Encoded result;
        std::size_t next = 0;
        const auto put = [&](const TableColumn::Feature& feature, double x) {
            out[next++] = static_cast<float>(gain * limited((x - feature.mean) / feature.scale));
        };
        for (std::size_t c = 0; c < columns_.size(); ++c) {
            const TableColumn& column = columns_[c];
            if (column.kind == ColumnKind::left_out) continue;
            const std::string_view text = cell(c);
            std::size_t f = 0;
            if (column.kind == ColumnKind::number) {
                const auto number = number_in(text);
                if (!number && !text.empty() && !result.no_number) result.no_number = c;
                put(column.features[f], number.value_or(column.features[f].mean));
                ++f;
            } else {
                bool seen = text.empty();
                const std::size_t inputs = column.features.size() - (column.has_missing ? 1 : 0);
                for (const std::string& category : column.categories) {
                    const bool is = !text.empty() && category == text;
                    seen = seen || is;
                    if (f == inputs) continue;
                    put(column.features[f], is ? 1 : 0);
                    ++f;
                }
                result.unseen += seen ? 0 : 1;
            }
            if (column.has_missing) put(column.features[f], text.empty() ? 1 : 0);
        }
        std::ranges::fill(out.subspan(next), 0.0F);
        return result;
    }

private:
    /// x up to ±3, and a logarithm beyond.
    [[nodiscard]] static double limited(double x) noexcept {
        constexpr double knee = 3;
        const double size = std::fabs(x);
        return size <= knee ? x : std::copysign(knee + std::log1p(size - knee), x);
    }

    [[nodiscard]] static TableColumn::Feature indicator(std::size_t count, std::size_t all) {
        const double share = static_cast<double>(count) / static_cast<double>(all);
        const double deviation = std::sqrt(share * (1 - share));
        return {share, deviation > 0 ? deviation : 1.0};
    }

    static TableColumn look_at(const Table& table, std::span<const std::uint32_t> rows,
                               std::size_t c, bool as_category, std::size_t most_categories) {
        TableColumn column;
        std::vector<double> numbers;
        std::size_t missing = 0;
        bool counts_rows = true;
        std::optional<std::uint32_t> odd;  // the first row that has no number
        for (const std::uint32_t row : rows) {
            const std::string_view cell = table.cell(row, c);
            const auto number = number_in(cell);
            missing += cell.empty() ? 1 : 0;
            if (number) numbers.push_back(*number);
            if (!number && !cell.empty() && !odd) odd = row;
            const auto index = static_cast<double>(row);
            counts_rows = counts_rows && number && (*number == index || *number == index + 1);
        }
        const std::size_t told = rows.size() - missing;
        column.has_missing = missing > 0;
        if (missing > 0) column.remark = to_text(missing) + " missing";
        if (told == 0) {
            column.remark = "no values";
        } else if (odd || as_category) {
            fit_categories(table, rows, c, most_categories, column);
            if (!as_category && column.kind == ColumnKind::left_out &&
                numbers.size() * 10 > told * 9) {
                throw Error(table.name() + ":" + to_text(table.line(*odd)),
                            "the column " + table.columns()[c] +
                                " has numbers in other rows; is this a missing value?",
                            "a number", table.cell(*odd, c));
            }
        } else if (counts_rows && rows.size() > 2) {
            column.remark = "counts the rows";
        } else if (missing == 0 && std::ranges::count(numbers, numbers.front()) ==
                                       static_cast<std::ptrdiff_t>(told)) {
            column.remark = "always the same";
        } else {
            column.kind = ColumnKind::number;
            column.features.push_back(standard(numbers));
        }
        if (column.has_missing && column.kind != ColumnKind::left_out) {
            column.features.push_back(indicator(missing, rows.size()));
        }
        return column;
    }

    [[nodiscard]] static TableColumn::Feature standard(std::span<const double> numbers) {
        const auto mean_of = [&](auto&& term) {
            double total = 0;
            for (const double x : numbers) total += term(x) / static_cast<double>(numbers.size());
            return total;
        };
        const double mean = mean_of([](double x) { return x; });
        const double square = mean_of([mean](double x) { return (x - mean) * (x - mean); });
        return {mean, square > 0 ? std::sqrt(square) : 1.0};
    }

    static void fit_categories(const Table& table, std::span<const std::uint32_t> rows,
                               std::size_t c, std::size_t most, TableColumn& column) {
        std::unordered_map<std::string_view, std::size_t> texts;
        std::size_t told = 0;
        for (const std::uint32_t row : rows) {
            const std::string_view cell = table.cell(row, c);
            if (cell.empty()) continue;
            ++texts[cell];
            ++told;
        }
        if (texts.size() == 1 && !column.has_missing) {
            column.remark = "always the same";
            return;
        }
        std::vector<std::pair<std::string_view, std::size_t>> order(texts.begin(), texts.end());
        std::ranges::sort(order, [](const auto& a, const auto& b) {
            return a.second != b.second ? a.second > b.second : a.first < b.first;
        });
        if (order.size() > most) {
            order.resize(most);
            std::erase_if(order, [](const auto& one) { return one.second < 2; });
        }
        std::size_t covered = 0;
        for (const auto& [text, count] : order) covered += count;
        if (covered * 10 < told) {
            column.remark = to_text(texts.size()) + " different texts, which hardly repeat";
            return;
        }
        column.kind = ColumnKind::category;
        if (order.size() < texts.size()) {
            column.remark += (column.remark.empty() ? "" : ", ") +
                             to_text(texts.size() - order.size()) +
                             " rare categories count as none";
        }
        for (const auto& [text, count] : order) {
            column.categories.emplace_back(text);
            column.features.push_back(indicator(count, rows.size()));
        }
        // Of two, the one is where the other is not.
        if (texts.size() == 2 && order.size() == 2 && !column.has_missing) {
            column.features.pop_back();
        }
    }

    std::vector<TableColumn> columns_;
};

}  // namespace tdca
