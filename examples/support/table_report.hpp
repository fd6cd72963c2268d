// What a program says of a table, of a model's figures, and of rows that it was asked about.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "tdca/core/tensor.hpp"
#include "tdca/io/json.hpp"
#include "tdca/tables/preprocessing.hpp"
#include "tdca/tables/table.hpp"
#include "tdca/tables/target.hpp"

namespace tdca::support {

/// Prints what was found: rows, kinds of columns, what is missing or left out, what is predicted.
void print_findings(const Table& table, const TablePreprocessing& preprocessing,
                    const TableTarget& target);

/// What is true of some rows, in the units of their columns.
struct TableTruth {
    Matrix<double> numbers;  ///< rows × columns to be predicted; labels are 1 and 0; NaN
    std::vector<std::uint16_t> labels;  ///< of rows, where these have classes
};
[[nodiscard]] TableTruth truth_of(const Table& table, const TableTarget& target,
                                  std::span<const std::uint32_t> rows);

/// Prints a model's figures on rows, beside those of whoever always says the same: the mean, or how
/// often each class occurs among the rows to learn from.
///
/// @param predicted rows × outputs
/// @param learned, held_out the rows, with what is true of them
/// @return the figures
Json print_figures(const TableTarget& target, const Matrix<double>& predicted,
                   const TableTruth& learned, const TableTruth& held_out);

/// Draws predicted numbers against true ones, or how often each class is taken for which. Returns
/// false where gnuplot is not installed.
bool draw_predictions(const std::filesystem::path& file, const std::string& title,
                      const TableTarget& target, const Matrix<double>& predicted,
                      const TableTruth& held_out);

/// Writes predictions as a CSV file, a line a row: numbers, or the class and all probabilities, or
/// the probability of each label.
void write_predictions(const std::filesystem::path& file, const TableTarget& target,
                       const Matrix<double>& predicted);

}  // namespace tdca::support
