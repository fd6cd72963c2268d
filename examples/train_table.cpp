// Trains networks on a table of one's own, and asks them about other rows. There is nothing to
// tune.
//
//   train_table houses.csv --target price                what it is worth on rows held out; a model
//   train_table --predict new.csv --model houses.tdca.safetensors
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "support/command_line.hpp"
#include "support/program.hpp"
#include "support/table_report.hpp"
#include "table_models/any_table_model.hpp"
#include "table_models/table_options.hpp"
#include "tdca/core/error.hpp"
#include "tdca/evolution/progress.hpp"
#include "tdca/io/atomic_file.hpp"
#include "tdca/tables/read_table.hpp"

namespace fs = std::filesystem;
using namespace tdca;
using namespace tdca::support;

namespace {

int train(const TableProgramOptions& options) {
    const Stopwatch watch;
    const Table table = read_table(options.table, options.reading);
    if (options.targets.empty()) {
        std::string names;
        for (const std::string& name : table.columns()) names += " " + name;
        throw Error(table.name(), "which column is to be predicted? --target of:" + names);
    }
    const TableTarget target = TableTarget::find(table, options.targets, options.kind());
    const auto told = target.told_rows(table);
    const auto [learn, judge] =
        split_rows(table, target, told, options.held_out, Key(options.seed));
    const auto preprocessing =
        TablePreprocessing::fit(table, learn, target.columns_of(table), options.columns);
    print_findings(table, preprocessing, target);
    std::printf("  %zu rows to learn from, %zu held out", learn.size(), judge.size());
    std::printf(told.size() < table.rows() ? ", %zu without a target\n" : "\n",
                table.rows() - told.size());
    const std::string stem = options.table.stem().string();
    const fs::path file =
        options.model.empty() ? fs::path(stem + ".tdca.safetensors") : options.model;
    require_writable(file);
    std::optional<ProgressBar> bar;
    const auto notify = [&bar](const TableProgress& progress) {
        if (!bar) bar.emplace("updates", progress.total);
        bar->report(progress.done);
    };
    const auto model = AnyTableModel::train({table, preprocessing, target, learn, options.effort(),
                                             options.reading, options.seed, notify});
    bar.reset();
    std::printf("trained %s, in %.1f seconds\n", model->describe().c_str(), watch.seconds());
    model->save(file, {{"table", table.name()}, {"seed", to_text(options.seed)}});
    Json report = run_facts("train_table", options);
    report["model"] = model->describe();
    if (!judge.empty()) {
        const TableTruth held_out = truth_of(table, target, judge);
        std::size_t unseen = 0;
        const Matrix<double> predicted = model->predict(table, judge, unseen);
        report["held_out"] =
            print_figures(target, predicted, truth_of(table, target, learn), held_out);
        const fs::path picture = file.string() + ".png";
        const bool drawn =
            draw_predictions(picture, stem + ", held-out rows", target, predicted, held_out);
        if (drawn) std::printf("picture: %s\n", picture.c_str());
    }
    std::printf("model:   %s\n", file.c_str());
    if (!options.json.empty()) save_json(options.json, report);
    return 0;
}

int predict(const TableProgramOptions& options) {
    const auto model = AnyTableModel::load(options.model);
    TableOptions reading = options.reading;
    reading.missing.insert(reading.missing.end(), model->reading().missing.begin(),
                           model->reading().missing.end());
    reading.decimal_comma = reading.decimal_comma || model->reading().decimal_comma;
    const Table table = read_table(options.predict, reading);
    std::vector<std::uint32_t> rows(table.rows());
    std::iota(rows.begin(), rows.end(), 0U);
    std::size_t unseen = 0;
    const Matrix<double> predicted = model->predict(table, rows, unseen);
    const fs::path output = options.output.empty()
                                ? fs::path(options.predict.stem().string() + ".predicted.csv")
                                : options.output;
    write_predictions(output, model->target(), predicted);
    if (unseen > 0) {
        std::printf("%zu cells are like none that there was to learn from: a category, or none\n",
                    unseen);
    }
    std::printf("%zu predictions: %s\n", rows.size(), output.c_str());
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    TableProgramOptions options;
    CommandLine line("Trains networks on a table, with nothing to tune", "train_table");
    options.add_to(line);
    return run_program(line, argc, argv, [&] {
        options.settle();
        return options.predict.empty() ? train(options) : predict(options);
    });
}
