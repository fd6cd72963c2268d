// The tables of the suite: which there are, what is predicted, and which half evolution may see.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "tdca/data/dataset.hpp"
#include "tdca/data/subset.hpp"
#include "tdca/tables/target.hpp"

namespace tdca::support {

/// What a table is for. The two halves were written down before the first evolution on them, and
/// before anything was measured on the held-out half; what prototypes had been tried on is in the
/// half of evolution.
enum class Half : bool { evolution, held_out };

/// A table, and what is to be predicted of it.
struct TableTask {
    std::string_view name;  ///< of the file, without its ending
    Half half;
    TargetKind kind;
    std::string_view targets;         ///< names of columns, separated by commas
    std::string_view leave_out = "";  ///< columns that would give the answer away, or say nothing
    std::size_t skip = 0;             ///< lines before the table
};

/// For quick forms: a table that every machine with the tests' data has, of scikit-learn's.
inline constexpr TableTask quick_table{
    "boston_house_prices", Half::evolution, TargetKind::numbers, "MEDV", "", 1};

/// All, those of evolution first.
inline constexpr std::array table_suite{
    // Numbers.
    TableTask{"diamonds", Half::evolution, TargetKind::numbers, "price"},
    TableTask{"concrete", Half::evolution, TargetKind::numbers, "compressive_strength"},
    TableTask{"BostonHousing", Half::evolution, TargetKind::numbers, "medv"},
    TableTask{"ames", Half::evolution, TargetKind::numbers, "Sale_Price"},
    TableTask{"Sacramento", Half::evolution, TargetKind::numbers, "price", "zip"},
    // Classes.
    TableTask{"hpc_data", Half::evolution, TargetKind::classes, "class"},
    TableTask{"wa_churn", Half::evolution, TargetKind::classes, "churn"},
    TableTask{"LetterRecognition", Half::evolution, TargetKind::classes, "lettr"},
    TableTask{"Vehicle", Half::evolution, TargetKind::classes, "Class"},
    TableTask{"Glass", Half::evolution, TargetKind::classes, "Type"},
    TableTask{"DNA", Half::evolution, TargetKind::classes, "Class"},
    TableTask{"PimaIndiansDiabetes2", Half::evolution, TargetKind::classes, "diabetes"},
    // Several labels: what an animal is like, by what it is.
    TableTask{"Zoo", Half::evolution, TargetKind::labels,
              "hair,feathers,eggs,airborne,aquatic,predator", "type"},

    TableTask{"Ozone", Half::held_out, TargetKind::numbers, "V4"},
    TableTask{"Servo", Half::held_out, TargetKind::numbers, "Class"},
    TableTask{"biomass", Half::held_out, TargetKind::numbers, "HHV", "sample,dataset"},
    TableTask{"Chicago", Half::held_out, TargetKind::numbers, "ridership", "date"},
    TableTask{"car_prices", Half::held_out, TargetKind::numbers, "Price"},
    TableTask{"check_times", Half::held_out, TargetKind::numbers, "check_time", "package"},
    TableTask{"diabetes", Half::held_out, TargetKind::numbers, "progression"},
    TableTask{"meats", Half::held_out, TargetKind::numbers, "water,fat,protein"},
    TableTask{"Satellite", Half::held_out, TargetKind::classes, "classes"},
    TableTask{"Shuttle", Half::held_out, TargetKind::classes, "Class"},
    TableTask{"Vowel", Half::held_out, TargetKind::classes, "Class"},
    TableTask{"Sonar", Half::held_out, TargetKind::classes, "Class"},
    TableTask{"Soybean", Half::held_out, TargetKind::classes, "Class"},
    TableTask{"Ionosphere", Half::held_out, TargetKind::classes, "Class"},
    TableTask{"BreastCancer", Half::held_out, TargetKind::classes, "Class", "Id"},
    TableTask{"spam", Half::held_out, TargetKind::classes, "type"},
    TableTask{"ticdata", Half::held_out, TargetKind::classes, "CARAVAN"},
    TableTask{"income", Half::held_out, TargetKind::classes, "INCOME"},
    TableTask{"musk", Half::held_out, TargetKind::classes, "Class"},
    TableTask{"attrition", Half::held_out, TargetKind::classes, "Attrition"},
    TableTask{"cells", Half::held_out, TargetKind::classes, "class", "case"},
    TableTask{"credit_data", Half::held_out, TargetKind::classes, "Status"},
    TableTask{"mlc_churn", Half::held_out, TargetKind::classes, "churn"},
    TableTask{"lending_club", Half::held_out, TargetKind::classes, "Class"},
    TableTask{"penguins", Half::held_out, TargetKind::classes, "species"},
    TableTask{"HouseVotes84", Half::held_out, TargetKind::labels, "V3,V4,V5,V8,V9,V12"},
    TableTask{"stackoverflow", Half::held_out, TargetKind::labels,
              "Data_scientist,Database_administrator,Desktop_applications_developer,DevOps,"
              "Embedded_developer,Mobile_developer,Systems_administrator,Web_developer"},
};

/// A table as samples of a network: preprocessed, and, where there are numbers to be predicted,
/// these standardised, by the training samples alone. Stays where it was made, since the parts
/// refer to it.
class TableData {
public:
    /// Inputs of the networks that the suite's tables are for; fewer categories count where a table
    /// would have more.
    static constexpr std::size_t narrow = 64;
    static constexpr std::size_t wide = 256;

    /// Three fifths of the rows are for training, one for validation, one for testing; of classes
    /// each part has its share. The split follows from the table alone.
    ///
    /// @throws tdca::Error where the table is not there, with what makes it
    explicit TableData(const TableTask& task);
    TableData(const TableData&) = delete;
    TableData& operator=(const TableData&) = delete;

    [[nodiscard]] const TableTask& task() const noexcept { return task_; }
    /// Inputs of a network for it.
    [[nodiscard]] std::size_t width() const noexcept { return data_->features(); }
    [[nodiscard]] std::size_t outputs() const noexcept { return data_->targets(); }
    [[nodiscard]] Subset train() const { return parts_->at(0); }
    [[nodiscard]] Subset validation() const { return parts_->at(1); }
    [[nodiscard]] Subset test() const { return parts_->at(2); }

private:
    TableTask task_;
    std::optional<Dataset> data_;
    std::optional<std::array<Subset, 3>> parts_;
};

}  // namespace tdca::support
