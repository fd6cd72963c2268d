#include "support/table_report.hpp"

#include <gnuplot-iostream.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "support/gnuplot.hpp"
#include "tdca/analysis/scores.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/text.hpp"
#include "tdca/io/atomic_file.hpp"

namespace tdca::support {

namespace {

constexpr std::array<const char*, 3> kind_names{"numbers", "classes", "labels"};

/// Okabe & Ito's, which colour-blind readers can tell apart.
constexpr std::array<const char*, 6> colours{"#0072B2", "#D55E00", "#009E73",
                                             "#CC79A7", "#E69F00", "#56B4E9"};

std::string in_csv(const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + '"';
}

/// One figure of a model, and of whoever always says the same.
struct Figure {
    const char* name;
    double model;
    double trivial;
};

Json print(const std::string& what, const std::vector<Figure>& figures) {
    Json json;
    std::printf("%s\n", what.c_str());
    for (const Figure& figure : figures) {
        std::printf("  %-22s %10.4g   (always the same: %.4g)\n", figure.name, figure.model,
                    figure.trivial);
        json[figure.name] = {{"model", figure.model}, {"always_the_same", figure.trivial}};
    }
    return json;
}

std::vector<double> column(const Matrix<double>& rows, std::size_t k) {
    std::vector<double> values(rows.shape()[0]);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = rows(i, k);
    return values;
}

/// Of those that are known; 0 where none is.
double mean_of(const std::vector<double>& values) {
    double sum = 0;
    double count = 0;
    for (const double value : values) {
        if (std::isnan(value)) continue;
        sum += value;
        ++count;
    }
    return sum / std::fmax(count, 1);
}

std::vector<float> in_single(const Matrix<double>& rows) {
    std::vector<float> values;
    for (const double value : rows) values.push_back(static_cast<float>(value));
    return values;
}

Json print_numbers(const TableTarget& target, const Matrix<double>& predicted,
                   const TableTruth& learned, const TableTruth& held_out) {
    Json json;
    for (std::size_t k = 0; k < target.outputs(); ++k) {
        const std::vector<double> truth = column(held_out.numbers, k);
        if (std::ranges::all_of(truth, [](double y) { return std::isnan(y); })) {
            std::printf("no held-out row says what %s is\n", target.columns[k].c_str());
            continue;
        }
        const std::vector<double> same(truth.size(), mean_of(column(learned.numbers, k)));
        const RegressionScores model = regression_scores(column(predicted, k), truth);
        const RegressionScores trivial = regression_scores(same, truth);
        json[target.columns[k]] = print("on held-out rows, " + target.columns[k] + ":",
                                        {{"RMSE", model.rmse, trivial.rmse},
                                         {"mean absolute error", model.mae, trivial.mae},
                                         {"R2", model.r2, trivial.r2}});
    }
    return json;
}

Json print_classes(const TableTarget& target, const Matrix<double>& predicted,
                   const TableTruth& learned, const TableTruth& held_out) {
    const std::size_t classes = target.outputs();
    std::vector<float> shares(classes, 0.0F);
    for (const std::uint16_t label : learned.labels) {
        shares[label] += 1 / static_cast<float>(learned.labels.size());
    }
    std::vector<float> same;
    for (std::size_t i = 0; i < held_out.labels.size(); ++i) {
        same.insert(same.end(), shares.begin(), shares.end());
    }
    const auto model = classification_scores(in_single(predicted), held_out.labels, classes);
    const auto trivial = classification_scores(same, held_out.labels, classes);
    return print("on held-out rows, " + target.columns.front() + ":",
                 {{"accuracy", model.accuracy, trivial.accuracy},
                  {"macro-F1", model.macro_f1, trivial.macro_f1},
                  {"mean recall", model.mean_recall, trivial.mean_recall},
                  {"AUC, one against rest", model.auc, trivial.auc},
                  {"loss (nats)", model.loss, trivial.loss}});
}

Json print_labels(const TableTarget& target, const Matrix<double>& predicted,
                  const TableTruth& learned, const TableTruth& held_out) {
    const std::size_t labels = target.outputs();
    std::vector<float> shares;
    for (std::size_t k = 0; k < labels; ++k) {
        shares.push_back(static_cast<float>(mean_of(column(learned.numbers, k))));
    }
    std::vector<float> same;
    for (std::size_t i = 0; i < held_out.numbers.shape()[0]; ++i) {
        same.insert(same.end(), shares.begin(), shares.end());
    }
    const std::vector<float> truth = in_single(held_out.numbers);
    const auto model = multi_label_scores(in_single(predicted), truth, labels);
    const auto trivial = multi_label_scores(same, truth, labels);
    return print("on held-out rows, means over " + to_text(labels) + " labels:",
                 {{"accuracy", model.accuracy, trivial.accuracy},
                  {"macro-F1", model.macro_f1, trivial.macro_f1},
                  {"AUC", model.auc, trivial.auc}});
}

/// Nine digits tell numbers of single precision apart.
std::string in_nine_digits(double value) {
    std::array<char, 32> text{};
    (void)std::snprintf(text.data(), text.size(), "%.9g", value);
    return text.data();
}

}  // namespace

void print_findings(const Table& table, const TablePreprocessing& preprocessing,
                    const TableTarget& target) {
    std::printf("%s: %zu rows, %zu columns\n", table.name().c_str(), table.rows(),
                table.columns().size());
    std::printf("  to be predicted:");
    for (std::size_t k = 0; k < std::min<std::size_t>(target.columns.size(), 8); ++k) {
        std::printf("%s %s", k == 0 ? "" : ",", target.columns[k].c_str());
    }
    if (target.columns.size() > 8) std::printf(" and %zu more", target.columns.size() - 8);
    std::printf(" (%s", kind_names.at(static_cast<std::size_t>(target.kind)));
    if (target.kind == TargetKind::classes) std::printf(", %zu of them", target.outputs());
    std::printf(")\n");
    std::size_t numbers = 0;
    std::size_t categories = 0;
    for (const TableColumn& one : preprocessing.columns()) {
        numbers += one.kind == ColumnKind::number ? 1 : 0;
        categories += one.kind == ColumnKind::category ? 1 : 0;
    }
    std::printf("  learned from: %zu columns of numbers, %zu of categories: %zu inputs\n", numbers,
                categories, preprocessing.features());
    for (const TableColumn& one : preprocessing.columns()) {
        if (one.remark.empty()) continue;
        std::printf("  %s%s: %s\n", one.name.c_str(),
                    one.kind == ColumnKind::left_out ? " (left out)" : "", one.remark.c_str());
    }
}

TableTruth truth_of(const Table& table, const TableTarget& target,
                    std::span<const std::uint32_t> rows) {
    const std::vector<std::size_t> at = target.columns_of(table);
    TableTruth truth{Matrix<double>::from_shape({rows.size(), at.size()}), {}};
    for (std::size_t i = 0; i < rows.size(); ++i) {
        for (std::size_t k = 0; k < at.size(); ++k) {
            const std::string_view cell = table.cell(rows[i], at[k]);
            if (target.kind == TargetKind::classes) {
                truth.labels.push_back(target.class_of(cell).value());
            } else if (target.kind == TargetKind::labels) {
                truth.numbers(i, k) = static_cast<double>(target.number_of(k, cell));
            } else {
                truth.numbers(i, k) = number_in(cell).value_or(std::nan(""));
            }
        }
    }
    return truth;
}

Json print_figures(const TableTarget& target, const Matrix<double>& predicted,
                   const TableTruth& learned, const TableTruth& held_out) {
    switch (target.kind) {
        case TargetKind::numbers:
            return print_numbers(target, predicted, learned, held_out);
        case TargetKind::classes:
            return print_classes(target, predicted, learned, held_out);
        case TargetKind::labels:
            break;
    }
    return print_labels(target, predicted, learned, held_out);
}

bool draw_predictions(const std::filesystem::path& file, const std::string& title,
                      const TableTarget& target, const Matrix<double>& predicted,
                      const TableTruth& held_out) {
    if (!has_gnuplot()) return false;
    Gnuplot gnuplot("gnuplot > /dev/null 2>&1");
    gnuplot << "set terminal pngcairo size 800,760 font 'sans,13' noenhanced\n"
            << "set output " << gnuplot_text(file.string()) << "\nset title " << gnuplot_text(title)
            << "\n";
    if (target.kind != TargetKind::classes) {
        const bool labels = target.kind == TargetKind::labels;
        gnuplot << "set grid\nset key top left\nset xlabel '" << (labels ? "label" : "true value")
                << "'\nset ylabel 'predicted" << (labels ? " probability" : "") << "'\nplot "
                << (labels ? "" : "x with lines lc rgb '#000000' dt 2 title 'as it should be', ");
        for (std::size_t k = 0; k < target.columns.size(); ++k) {
            gnuplot << (k == 0 ? "" : ", ") << "'-' with points pt 7 ps 0.5 lc rgb '"
                    << colours.at(k % colours.size()) << "' title "
                    << gnuplot_text(target.columns[k]);
        }
        gnuplot << "\n";
        for (std::size_t k = 0; k < target.columns.size(); ++k) {
            std::vector<double> x;
            std::vector<double> y;
            for (std::size_t i = 0; i < predicted.shape()[0]; ++i) {
                if (std::isnan(held_out.numbers(i, k))) continue;
                x.push_back(held_out.numbers(i, k));
                y.push_back(predicted(i, k));
            }
            gnuplot.send1d(std::make_tuple(x, y));
        }
    } else {
        const std::size_t classes = target.outputs();
        const auto scores = classification_scores(in_single(predicted), held_out.labels, classes);
        std::string names;
        for (std::size_t c = 0; c < classes; ++c) {
            append_part(names, ", ", gnuplot_text(target.texts.front()[c]) + " " + to_text(c));
        }
        gnuplot << "set xlabel 'predicted'\nset ylabel 'true'\nset xtics rotate by -45 (" << names
                << ")\nset ytics (" << names << ")\nset yrange [] reverse\n"
                << "set palette defined (0 '#ffffff', 1 '#0072B2')\nset cblabel 'rows'\n"
                << "plot '-' using 1:2:3 with image notitle"
                << (classes <= 12 ? ", '-' using 1:2:3 with labels notitle\n" : "\n");
        std::vector<std::tuple<std::size_t, std::size_t, std::size_t>> cells;
        for (std::size_t truth = 0; truth < classes; ++truth) {
            for (std::size_t said = 0; said < classes; ++said) {
                cells.emplace_back(said, truth, scores.confusion[truth * classes + said]);
            }
        }
        gnuplot.send1d(cells);
        if (classes <= 12) gnuplot.send1d(cells);
    }
    gnuplot << "unset output\n";
    gnuplot.flush();
    return true;
}

void write_predictions(const std::filesystem::path& file, const TableTarget& target,
                       const Matrix<double>& predicted) {
    const bool classes = target.kind == TargetKind::classes;
    const std::vector<std::string>& names = classes ? target.texts.front() : target.columns;
    std::string text = classes ? in_csv(target.columns.front()) : "";
    for (const std::string& name : names) {
        append_part(text, ",", in_csv(classes ? "probability of " + name : name));
    }
    text += '\n';
    for (std::size_t i = 0; i < predicted.shape()[0]; ++i) {
        std::string line;
        const double* const row = predicted.data() + i * names.size();
        if (classes) {
            const auto best = std::max_element(row, row + names.size()) - row;
            line = in_csv(names[static_cast<std::size_t>(best)]);
        }
        for (std::size_t k = 0; k < names.size(); ++k) {
            append_part(line, ",", in_nine_digits(row[k]));
        }
        text += line + '\n';
    }
    write_atomically(file, text);
}

}  // namespace tdca::support
