// AnyTableModel: a table model of whatever size and kind of target, chosen when a program runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>

#include "tdca/core/tensor.hpp"
#include "tdca/tables/preprocessing.hpp"
#include "tdca/tables/read_table.hpp"
#include "tdca/tables/table.hpp"
#include "tdca/tables/table_model.hpp"
#include "tdca/tables/target.hpp"

namespace tdca::support {

/// Sizes are compiled in: tables of up to 16, 64, 256 and 1,024 inputs; 1, up to 10 and up to 100
/// outputs.
class AnyTableModel {
public:
    /// What a training starts from.
    struct Lesson {
        const Table& table;
        TablePreprocessing preprocessing;
        TableTarget target;
        std::span<const std::uint32_t> rows;
        TableEffort effort;
        TableOptions reading;  ///< how the table was read
        std::uint64_t seed;
        std::function<void(const TableProgress&)> notify;
    };

    static constexpr std::size_t most_inputs = 1024;

    /// The smallest networks that the table fits, trained.
    ///
    /// @throws tdca::Error where none is large enough
    [[nodiscard]] static std::unique_ptr<AnyTableModel> train(Lesson lesson);
    /// What `save` wrote.
    ///
    /// @throws tdca::Error naming the file, where it is no such thing
    [[nodiscard]] static std::unique_ptr<AnyTableModel> load(const std::filesystem::path& path);

    AnyTableModel() = default;
    AnyTableModel(const AnyTableModel&) = delete;
    AnyTableModel& operator=(const AnyTableModel&) = delete;
    virtual ~AnyTableModel() = default;

    [[nodiscard]] virtual Matrix<double> predict(const Table& table,
                                                 std::span<const std::uint32_t> rows,
                                                 std::size_t& unseen) = 0;
    virtual void save(const std::filesystem::path& path,
                      const std::map<std::string, std::string>& facts) const = 0;
    [[nodiscard]] virtual const TableTarget& target() const = 0;
    [[nodiscard]] virtual const TableOptions& reading() const = 0;
    /// "4 networks 16-64-32-1, 3000 updates each".
    [[nodiscard]] virtual std::string describe() const = 0;
};

/// How a model of one size is made: from a lesson, or from a file.
struct TableModelMaker {
    std::size_t inputs;
    std::size_t outputs;
    std::unique_ptr<AnyTableModel> (*train)(AnyTableModel::Lesson lesson);
    std::unique_ptr<AnyTableModel> (*load)(const std::filesystem::path& path);
};

/// Those for each kind of target, from small to large.
[[nodiscard]] std::span<const TableModelMaker> makers_for_numbers();
[[nodiscard]] std::span<const TableModelMaker> makers_for_classes();
[[nodiscard]] std::span<const TableModelMaker> makers_for_labels();

}  // namespace tdca::support
