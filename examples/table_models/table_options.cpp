#include "table_models/table_options.hpp"

#include <filesystem>
#include <system_error>

#include "tdca/core/error.hpp"

namespace tdca::support {

namespace fs = std::filesystem;

void TableProgramOptions::add_to(CommandLine& line) {
    ProgramOptions::add_to(line);
    line.file_to_read("table", table, "CSV file to learn from, plain or gzipped");
    line.texts("--target", targets, "column to be predicted, by name or number, or several");
    line.choice("--task", task_, "what is to be predicted",
                {"any", "numbers", "classes", "labels"});
    line.choice("--effort", effort_, "how much work", {"quick", "normal", "thorough"});
    line.flag("--balanced", balanced_, "all classes count alike, however few rows some have");
    line.file_to_write("--model", model, "of trained networks (default: TABLE.tdca.safetensors)");
    line.file_to_read("--predict", predict, "rows to ask the model about, as a CSV file");
    line.file_to_write("--output", output, "of predictions (default: FILE.predicted.csv)");
    line.real("--held-out", held_out, "share of the rows to judge by", {0, 0.9});
    line.texts("--leave-out", columns.leave_out, "columns not to learn from");
    line.texts("--category", columns.as_category, "columns whose numbers are names");
    line.texts("--missing", missing_, "what else stands for a missing value");
    line.text("--delimiter", delimiter_, "between cells (default: found out)");
    line.flag("--decimal-comma", reading.decimal_comma, "3,5 is 3.5");
    line.count("--skip", reading.skip, "lines before the table", Whole{0, 1'000'000});
    line.choice("--header", header_, "whether the first line names columns",
                {"find-out", "present", "absent"});
    line.text("--comment", comment_, "what lines to be skipped begin with (default: none)");
}

namespace {

/// The one character that an option names, or 0 for none.
char character_of(const std::string& option, const std::string& text) {
    if (text == "tab" || text == "\\t") return '\t';
    const bool is_one = text.size() == 1 && text != "\"" && text != "\n" && text != "\r";
    if (!text.empty() && !is_one) throw Error(option, "is one character, or tab, and no quote");
    return text.empty() ? '\0' : text.front();
}

/// @throws Error where both are one file
void require_two_files(const fs::path& written, const fs::path& read) {
    std::error_code ignored;
    if (written.empty() || read.empty() || !fs::equivalent(written, read, ignored)) return;
    throw Error(written.string(), "would be written over, and is read");
}

}  // namespace

void TableProgramOptions::settle() {
    columns.most_features = AnyTableModel::most_inputs;
    reading.delimiter = character_of("--delimiter", delimiter_);
    reading.comment = character_of("--comment", comment_);
    if (header_ == "present") reading.header = TableHeader::present;
    if (header_ == "absent") reading.header = TableHeader::absent;
    reading.missing.insert(reading.missing.end(), missing_.begin(), missing_.end());
    // An option of several names takes a table behind them for another name.
    std::error_code ignored;
    for (auto* names : {&targets, &columns.leave_out, &columns.as_category, &missing_}) {
        if (!table.empty() || !predict.empty() || names->size() < 2) continue;
        if (!fs::is_regular_file(names->back(), ignored)) continue;
        table = names->back();
        names->pop_back();
    }
    require_two_files(model, table);
    require_two_files(output, predict);
    require_two_files(output, model);
    if (!predict.empty()) {
        if (model.empty()) throw Error("--predict", "needs --model: what to ask");
        if (!table.empty() || !targets.empty()) {
            throw Error("--predict", "asks a model; there is nothing to learn from " +
                                         (table.empty() ? targets.front() : table.string()));
        }
        return;
    }
    if (table.empty() && quick) {  // houses of Boston, as Debian's python3-sklearn has them
        table = "/usr/lib/python3/dist-packages/sklearn/datasets/data/boston_house_prices.csv";
        targets = {"MEDV"};
        reading.skip = 1;
    }
    if (table.empty()) throw Error("train_table", "which table? train_table FILE --target COLUMN");
}

std::optional<TargetKind> TableProgramOptions::kind() const {
    if (task_ == "numbers") return TargetKind::numbers;
    if (task_ == "classes") return TargetKind::classes;
    if (task_ == "labels") return TargetKind::labels;
    return std::nullopt;
}

TableEffort TableProgramOptions::effort() const {
    TableEffort effort;
    if (quick || effort_ == "quick") effort = {{1000}, 0, 1, 1};
    if (!quick && effort_ == "thorough")
        effort = {{100, 300, 1000, 3000, 10'000, 30'000}, 5, 10, 1};
    effort.threads = threads;
    effort.balanced = balanced_;
    return effort;
}

}  // namespace tdca::support
