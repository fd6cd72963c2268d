// TablePreprocessing: from the cells of a row to the inputs of a network.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/tables/detail/moments.hpp"
#include "tdca/tables/table.hpp"
#include "tdca/tables/table_column.hpp"

namespace tdca::inline TDCA_ABI {

/// How to find out what columns are.
struct PreprocessingOptions {
    std::vector<std::string> leave_out;  ///< names of columns
    /// Names of columns of numbers that are names: as they are written, 7 and 007 are two.
    std::vector<std::string> as_category;
    std::size_t most_categories = 32;  ///< of a column; rarer ones count as none of them
    std::size_t most_features = 1024;  ///< in all; where there are more, fewer categories count
};

/// Makes inputs of cells: numbers are standardised, with the mean where one is missing; each
/// category is an input, and whether a value is missing is one where that was so among the rows
/// that it was fitted to. Every input has mean 0 and deviation 1 on these; beyond ±3 it grows as a
/// logarithm, so that no outlier upsets a network, however large.
class TablePreprocessing {
public:
    /// Nothing yet; to be read from a file.
    TablePreprocessing() = default;
    /// As it was.
    explicit TablePreprocessing(std::vector<TableColumn> columns) : columns_(std::move(columns)) {}

    /// Finds out by these rows, those to learn from, what the columns are.
    ///
    /// @param targets columns to be predicted
    /// @throws tdca::Error where a column or a row is not there, where nothing is left to learn
    ///   from, or where a column has numbers but for a few cells, with the first of these
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
                if (!out) {
                    result.columns_.push_back(
                        TableColumn::fit(table, rows, c, category, options.most_categories));
                    continue;
                }
                TableColumn column;
                column.name = table.columns()[c];
                column.remark = "as you say";
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
        /// Cells like none that there was to learn from: a category, or a missing value.
        std::size_t unseen = 0;
        std::optional<std::size_t> no_number{};  ///< the first column whose cell should be a number
    };

    /// The inputs of one row. Allocates nothing.
    ///
    /// @param cell called with the number of a column among @ref columns; its text
    /// @param out at least @ref features inputs; what a network has more of becomes 0, and the
    ///   others larger, so that its neurons are driven as by a network of the right size
    template <class Cell>
    // NOLINTNEXTLINE(modernize-use-nodiscard): rows that were learned from have nothing unseen
    Encoded encode(const Cell& cell, std::span<float> out) const noexcept {
        const std::size_t used = features();
        const double gain = std::sqrt(static_cast<double>(out.size()) / static_cast<double>(used));
        Encoded result;
        std::size_t next = 0;
        const auto put = [&](const TableColumn::Feature& feature, double x) {
            out[next++] = static_cast<float>(gain * limited(x, feature));
        };
        for (std::size_t c = 0; c < columns_.size(); ++c) {
            const TableColumn& column = columns_[c];
            if (column.kind == ColumnKind::left_out) continue;
            const std::string_view text = cell(c);
            std::size_t f = 0;
            if (column.kind == ColumnKind::number) {
                const auto number = number_in(text);
                if (!number && !text.empty() && !result.no_number) result.no_number = c;
                if (text.empty() && !column.has_missing) ++result.unseen;
                put(column.features[f], number.value_or(column.features[f].mean));
                ++f;
            } else {
                f = put_categories(column, text, put, result);
            }
            if (column.has_missing) put(column.features[f], text.empty() ? 1 : 0);
        }
        std::ranges::fill(out.subspan(next), 0.0F);
        return result;
    }

private:
    /// x in deviations up to ±3, and a logarithm beyond.
    [[nodiscard]] static double limited(double x, const TableColumn::Feature& feature) noexcept {
        constexpr double knee = 3;
        const double z = detail::standardized(x, feature.mean, feature.scale);
        const double size = std::fabs(z);
        if (size <= knee) return z;
        // So many deviations that no number tells them: the logarithm of a quotient, from halves.
        const double beyond = std::isfinite(size) ? std::log1p(size - knee)
                                                  : std::log(std::fabs(x / 2 - feature.mean / 2)) +
                                                        std::numbers::ln2 - std::log(feature.scale);
        return std::copysign(knee + beyond, z);
    }

    /// The inputs of a cell of categories; how many there are. What nothing was learned of is, in
    /// each of them, what rows are on average.
    template <class Put>
    static std::size_t put_categories(const TableColumn& column, std::string_view text,
                                      const Put& put, Encoded& result) noexcept {
        const auto found = std::ranges::find(column.categories, text);
        const bool unseen = found == column.categories.end() &&
                            (text.empty() ? !column.has_missing : !column.has_others);
        if (unseen) ++result.unseen;
        std::size_t f = 0;
        for (; f < column.categories.size(); ++f) {
            const bool is = found == column.categories.begin() + static_cast<std::ptrdiff_t>(f);
            put(column.features[f], unseen ? column.features[f].mean : is ? 1.0 : 0.0);
        }
        return f;
    }

    std::vector<TableColumn> columns_;
};

}  // namespace tdca
