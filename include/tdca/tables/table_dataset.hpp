// From rows of a table to samples that a network learns from.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/tensor.hpp"
#include "tdca/data/dataset.hpp"
#include "tdca/tables/preprocessing.hpp"
#include "tdca/tables/table.hpp"
#include "tdca/tables/target.hpp"

namespace tdca::inline TDCA_ABI {

namespace detail {

[[noreturn]] inline void refuse_cell(const Table& table, std::uint32_t row, std::size_t column) {
    throw Error(table.name() + ":" + to_text(table.line(row)),
                "no number in the column " + table.columns()[column],
                "a number, or nothing where it is missing", table.cell(row, column));
}

}  // namespace detail

/// The inputs of these rows.
///
/// @param width inputs of the network, at least as many as there are features
/// @throws tdca::Error where a column or a row is missing, or a cell that should be a number is
/// none
[[nodiscard]] inline Matrix<float> inputs_of(const Table& table,
                                             const TablePreprocessing& preprocessing,
                                             std::span<const std::uint32_t> rows,
                                             std::size_t width) {
    if (width < preprocessing.features()) {
        throw Error(table.name(), "more inputs than the network has room for", width,
                    preprocessing.features());
    }
    table.require_rows(rows);
    const std::vector<std::size_t> columns = preprocessing.columns_of(table);
    auto result = Matrix<float>::from_shape({rows.size(), width});
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto encoded =
            preprocessing.encode([&](std::size_t c) { return table.cell(rows[i], columns[c]); },
                                 std::span<float>(result.data() + i * width, width));
        if (encoded.no_number) detail::refuse_cell(table, rows[i], columns[*encoded.no_number]);
    }
    return result;
}

/// These rows as samples: inputs and what is to be predicted, in its own units, or in those that
/// `TableTarget::scale_to` brought it to; a model's target is in its own, trained or loaded.
///
/// @throws tdca::Error as `inputs_of`, and where a cell to be predicted is no number of single
///   precision, or no class
[[nodiscard]] inline Dataset dataset_of(const Table& table, const TablePreprocessing& preprocessing,
                                        const TableTarget& target,
                                        std::span<const std::uint32_t> rows, std::size_t width) {
    Matrix<float> inputs = inputs_of(table, preprocessing, rows, width);
    const std::vector<std::size_t> columns = target.columns_of(table);
    const auto refuse = [&](std::uint32_t row, std::size_t column, const char* expected) {
        throw Error(table.name() + ":" + to_text(table.line(row)),
                    "cannot be learned from, in the column " + table.columns()[column], expected,
                    table.cell(row, column));
    };
    if (target.kind == TargetKind::classes) {
        auto labels = Tensor<std::uint16_t, 1>::from_shape({rows.size()});
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const auto label = target.class_of(table.cell(rows[i], columns[0]));
            if (!label) refuse(rows[i], columns[0], "a known class");
            labels.data()[i] = *label;
        }
        return {table.name(), std::move(inputs), std::move(labels), target.outputs()};
    }
    auto numbers = Matrix<float>::from_shape({rows.size(), columns.size()});
    for (std::size_t i = 0; i < rows.size(); ++i) {
        for (std::size_t k = 0; k < columns.size(); ++k) {
            const std::string_view cell = table.cell(rows[i], columns[k]);
            const float number = target.number_of(k, cell);
            if (std::isnan(number) && !cell.empty()) {
                refuse(rows[i], columns[k],
                       target.kind == TargetKind::numbers ? "a number" : "a known label");
            }
            if (std::isinf(number)) {
                refuse(rows[i], columns[k], "a number of single precision, below 3.4e38");
            }
            numbers.data()[i * columns.size() + k] = number;
        }
    }
    return {table.name(), std::move(inputs), std::move(numbers)};
}

}  // namespace tdca
