// How a table of the suite becomes samples.
#include "support/table_suite.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "support/datasets.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/random.hpp"
#include "tdca/tables/preprocessing.hpp"
#include "tdca/tables/read_table.hpp"
#include "tdca/tables/table.hpp"
#include "tdca/tables/table_dataset.hpp"

namespace tdca::support {

namespace {

namespace fs = std::filesystem;

constexpr Key split_key(20220801);

std::vector<std::string> names_in(std::string_view list) {
    std::vector<std::string> names;
    while (!list.empty()) {
        const std::size_t comma = list.find(',');
        names.emplace_back(list.substr(0, comma));
        list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    }
    return names;
}

Table read(const TableTask& task) {
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
    return read_table(path, reading);
}

}  // namespace

TableData::TableData(const TableTask& task) : task_(task) {
    const Table table = read(task);
    TableTarget target = TableTarget::find(table, names_in(task.targets), task.kind);
    const auto [learn, test] =
        split_rows(table, target, target.told_rows(table), 0.2, split_key / 0);
    const auto [train, validation] = split_rows(table, target, learn, 0.25, split_key / 1);
    PreprocessingOptions options;
    options.leave_out = names_in(task.leave_out);
    options.most_features = wide;
    const auto preprocessing =
        TablePreprocessing::fit(table, train, target.columns_of(table), options);
    target.scale_to(table, train);
    std::vector<std::uint32_t> rows = train;
    rows.insert(rows.end(), validation.begin(), validation.end());
    rows.insert(rows.end(), test.begin(), test.end());
    data_.emplace(dataset_of(table, preprocessing, target, rows,
                             preprocessing.features() > narrow ? wide : narrow));
    const Subset all(*data_);
    parts_.emplace(std::array<Subset, 3>{all.first(train.size()),
                                         all.range(train.size(), validation.size()),
                                         all.rest(train.size() + validation.size())});
}

}  // namespace tdca::support
