// How a table of the suite becomes samples.
#include "support/table_suite.hpp"

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <numeric>
#include <system_error>
#include <utility>

#include "support/datasets.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/tensor.hpp"
#include "tdca/tables/preprocessing.hpp"
#include "tdca/tables/read_table.hpp"
#include "tdca/tables/table.hpp"
#include "tdca/tables/table_dataset.hpp"

namespace tdca::support {

namespace {

namespace fs = std::filesystem;

constexpr Key split_key(20220801);
constexpr std::size_t most_features = 256;

std::vector<std::string> names_in(std::string_view list) {
    std::vector<std::string> names;
    while (!list.empty()) {
        const std::size_t comma = list.find(',');
        names.emplace_back(list.substr(0, comma));
        list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    }
    return names;
}

/// A table that has been read, split and looked at.
struct Prepared {
    Table table;
    TableTarget target;
    std::array<std::vector<std::uint32_t>, 3> rows;
    TablePreprocessing preprocessing;
};

Prepared prepare(const TableTask& task) {
    const fs::path folder =
        task.name == quick_table.name ? default_sklearn_directory() : default_tables_directory();
    const fs::path path = folder / (std::string(task.name) + ".csv");
    std::error_code status;
    if (!fs::exists(path, status)) {
        throw Error(path.string(),
                    "no such file; scripts/data.sh tables makes it, or TDCA_TABLES names another "
                    "folder");
    }
    TableOptions reading;
    reading.skip = task.skip;
    Table table = read_table(path, reading);
    TableTarget target = TableTarget::find(table, names_in(task.targets), task.kind);
    const auto told = target.told_rows(table);
    auto [learn, test] = split_rows(table, target, told, 0.2, split_key / 0);
    auto [train, validation] = split_rows(table, target, learn, 0.25, split_key / 1);
    PreprocessingOptions options;
    options.leave_out = names_in(task.leave_out);
    options.most_features = most_features;
    TablePreprocessing preprocessing =
        TablePreprocessing::fit(table, train, target.columns_of(table), options);
    return {std::move(table),
            std::move(target),
            {std::move(train), std::move(validation), std::move(test)},
            std::move(preprocessing)};
}

/// Numbers standardised by those of the training samples, the first of all.
Dataset standardized(const Dataset& data, std::size_t train) {
    auto numbers = data.numbers();
    for (std::size_t k = 0; k < data.targets(); ++k) {
        double sum = 0;
        double squares = 0;
        double count = 0;
        for (std::size_t i = 0; i < train; ++i) {
            const auto y = static_cast<double>(data.numbers(i)[k]);
            if (std::isnan(y)) continue;
            sum += y;
            ++count;
        }
        const double mean = sum / count;
        for (std::size_t i = 0; i < train; ++i) {
            const double distance = static_cast<double>(data.numbers(i)[k]) - mean;
            if (!std::isnan(distance)) squares += distance * distance;
        }
        const double scale = std::sqrt(squares / count);
        for (std::size_t i = 0; i < data.size(); ++i) {
            float& y = numbers.data()[i * data.targets() + k];
            y = static_cast<float>((static_cast<double>(y) - mean) / scale);
        }
    }
    return {data.name(), data.inputs(), std::move(numbers)};
}

}  // namespace

std::vector<TableTask> tables_of(Half half, TargetKind kind) {
    std::vector<TableTask> found;
    for (const TableTask& task : table_suite) {
        if (task.half == half && task.kind == kind) found.push_back(task);
    }
    return found;
}

TableData::TableData(const TableTask& task, std::size_t width) {
    const Prepared prepared = prepare(task);
    features_ = prepared.preprocessing.features();
    std::vector<std::uint32_t> rows;
    for (const auto& part : prepared.rows) rows.insert(rows.end(), part.begin(), part.end());
    data_.emplace(dataset_of(prepared.table, prepared.preprocessing, prepared.target, rows, width));
    if (task.kind == TargetKind::numbers) data_ = standardized(*data_, prepared.rows[0].size());
    const Subset all(*data_);
    const std::size_t train = prepared.rows[0].size();
    const std::size_t validation = prepared.rows[1].size();
    parts_.emplace(std::array<Subset, 3>{all.first(train), all.range(train, validation),
                                         all.rest(train + validation)});
}

fs::path default_tables_directory() {
    const auto environment = [](const char* variable) {
        const char* const value = std::getenv(variable);
        return value != nullptr && *value != '\0' ? value : nullptr;
    };
    if (const char* const chosen = environment("TDCA_TABLES")) return chosen;
    const fs::path inside = fs::path("tdca") / "tables";
    if (const char* const cache = environment("XDG_CACHE_HOME")) return cache / inside;
    const char* const home = environment("HOME");
    return (home != nullptr ? home : ".") / (".cache" / inside);
}

std::size_t features_of(const TableTask& task) { return prepare(task).preprocessing.features(); }

}  // namespace tdca::support
