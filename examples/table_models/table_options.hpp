// The options of a program that trains on a table of its user's.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "support/command_line.hpp"
#include "support/program.hpp"
#include "table_models/any_table_model.hpp"
#include "tdca/tables/preprocessing.hpp"
#include "tdca/tables/read_table.hpp"
#include "tdca/tables/table_model.hpp"
#include "tdca/tables/target.hpp"

namespace tdca::support {

struct TableProgramOptions : ProgramOptions {
    std::filesystem::path table;
    std::filesystem::path predict;
    std::filesystem::path model;
    std::filesystem::path output;
    std::vector<std::string> targets;
    double held_out = 0.2;
    TableOptions reading;
    PreprocessingOptions columns;

    void add_to(CommandLine& line);
    /// Checks what options say together, and puts the data of the --quick form in place.
    void settle();
    [[nodiscard]] std::optional<TargetKind> kind() const;
    [[nodiscard]] TableEffort effort() const;

private:
    bool balanced_ = false;
    std::vector<std::string> missing_;
    std::string task_ = "any";
    std::string effort_ = "normal";
    std::string delimiter_;
    std::string comment_;
    std::string header_ = "find-out";
};

}  // namespace tdca::support
