// TableColumn: a column of inputs, and how to find out what it is.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/text.hpp"
#include "tdca/tables/detail/moments.hpp"
#include "tdca/tables/table.hpp"

namespace tdca::inline TDCA_ABI {

/// What a column of inputs is taken for.
enum class ColumnKind : std::uint8_t { number, category, left_out };

/// A column of inputs, and what was found out about it.
struct TableColumn {
    /// A number that goes into the network: (x − mean) / scale.
    struct Feature {
        double mean = 0;   ///< what is subtracted
        double scale = 1;  ///< what is divided by
    };

    std::string name;
    ColumnKind kind = ColumnKind::left_out;  ///< what it is taken for
    std::vector<std::string> categories;     ///< with a feature each, the most frequent first
    bool has_missing = false;                ///< then its last feature says so
    bool has_others = false;                 ///< other categories, without a feature of their own
    /// A number's own one, or one for each category; then that of missing values.
    std::vector<Feature> features;
    std::string remark;  ///< why it is left out, or what its user should know

    /// Finds out by these rows what a column is.
    ///
    /// @param as_category its numbers are names
    /// @param most_categories that get a feature each; of more than 32 those of a single row get
    /// none
    /// @throws tdca::Error as `Table::has_numbers` and `Table::require_rows`
    [[nodiscard]] static TableColumn fit(const Table& table, std::span<const std::uint32_t> rows,
                                         std::size_t c, bool as_category,
                                         std::size_t most_categories) {
        table.require_rows(rows);
        TableColumn column;
        column.name = table.columns()[c];
        // Whether it has numbers follows from all rows: it must not depend on which are held out.
        const bool is_number = !as_category && table.has_numbers(c);
        std::vector<double> numbers;
        bool counts_rows = true;
        for (const std::uint32_t row : rows) {
            const auto number = number_in(table.cell(row, c));
            if (number) numbers.push_back(*number);
            const auto index = static_cast<double>(row);
            counts_rows = counts_rows && number && (*number == index || *number == index + 1);
        }
        const auto missing = static_cast<std::size_t>(std::ranges::count_if(
            rows, [&](std::uint32_t row) { return table.cell(row, c).empty(); }));
        const std::size_t told = rows.size() - missing;
        column.has_missing = missing > 0;
        if (missing > 0) column.remark = to_text(missing) + " missing";
        if (told == 0) {
            column.remark = "no values";
        } else if (!is_number) {
            column.fit_categories(table, rows, c, most_categories);
        } else if (counts_rows && rows.size() > 2) {
            column.remark = "counts the rows";
        } else if (missing == 0 && std::ranges::count(numbers, numbers.front()) ==
                                       static_cast<std::ptrdiff_t>(told)) {
            column.remark = "always the same";
        } else {
            column.kind = ColumnKind::number;
            const auto [mean, scale] = detail::moments_of(numbers);
            column.features.push_back({mean, scale});
        }
        if (column.has_missing && column.kind != ColumnKind::left_out) {
            column.features.push_back(indicator(missing, rows.size()));
        }
        return column;
    }

private:
    [[nodiscard]] static Feature indicator(std::size_t count, std::size_t all) {
        const double share = static_cast<double>(count) / static_cast<double>(all);
        const double deviation = std::sqrt(share * (1 - share));
        return {share, deviation > 0 ? deviation : 1.0};
    }

    void fit_categories(const Table& table, std::span<const std::uint32_t> rows, std::size_t c,
                        std::size_t most) {
        std::unordered_map<std::string_view, std::size_t> texts;
        std::size_t told = 0;
        for (const std::uint32_t row : rows) {
            const std::string_view cell = table.cell(row, c);
            if (cell.empty()) continue;
            ++texts[cell];
            ++told;
        }
        if (texts.size() == 1 && !has_missing) {
            remark = "always the same";
            return;
        }
        std::vector<std::pair<std::string_view, std::size_t>> order(texts.begin(), texts.end());
        std::ranges::sort(order, [](const auto& a, const auto& b) {
            return a.second != b.second ? a.second > b.second : a.first < b.first;
        });
        // Where there are many, those of one row alone tell nothing of others.
        constexpr std::size_t many = 32;
        if (order.size() > std::min(most, many)) {
            order.resize(std::min(most, order.size()));
            std::erase_if(order, [](const auto& one) { return one.second < 2; });
        }
        std::size_t covered = 0;
        for (const auto& [text, count] : order) covered += count;
        if (covered * 10 < told) {
            remark = to_text(texts.size()) + " different texts, which hardly repeat";
            return;
        }
        kind = ColumnKind::category;
        has_others = order.size() < texts.size();
        if (has_others) {
            append_part(remark, ", ",
                        to_text(texts.size() - order.size()) + " rarer categories count as none");
        }
        for (const auto& [text, count] : order) {
            categories.emplace_back(text);
            features.push_back(indicator(count, rows.size()));
        }
    }
};

}  // namespace tdca
