// Table models, for tdca.Classifier and tdca.Regressor.
#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "bindings.hpp"
#include "hidden_choices.hpp"
#include "sizes.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/text.hpp"
#include "tdca/io/safetensors.hpp"
#include "tdca/tables/detail/moments.hpp"
#include "tdca/tables/preprocessing.hpp"
#include "tdca/tables/table.hpp"
#include "tdca/tables/table_column.hpp"
#include "tdca/tables/table_file.hpp"
#include "tdca/tables/target.hpp"

namespace tdca::python {

namespace {

using Hidden = std::vector<std::size_t>;
using support::AnyTableModel;
using support::TableModelMaker;

struct HiddenChoice {
    Hidden layers;
    std::span<const TableModelMaker> (*classes)();
    std::span<const TableModelMaker> (*numbers)();
};

template <std::size_t... Layers>
HiddenChoice choice() {
    return {{Layers...}, makers_for_classes<Layers...>, makers_for_numbers<Layers...>};
}

/// Those that CMake compiles.
const std::vector<HiddenChoice>& choices() {
    static const std::vector<HiddenChoice> all{TDCA_HIDDEN_CHOICES};
    return all;
}

std::span<const TableModelMaker> makers(const Hidden& layers, TargetKind kind) {
    const auto found = std::ranges::find(choices(), layers, &HiddenChoice::layers);
    if (found == choices().end()) {
        std::string text;
        for (const std::size_t width : layers) append_part(text, "-", to_text(width));
        throw Error("hidden layers", "networks with " + text + " were not compiled");
    }
    return kind == TargetKind::classes ? found->classes() : found->numbers();
}

/// A number as Python writes it, but for whole ones, which have no point: what a category is
/// called that is a number. Nothing where it is not finite.
///
/// @param begin room for `longest_number` characters; what is returned is their end
constexpr std::size_t longest_number = 32;
char* write_number(double number, char* begin) {
    char* const end = begin + longest_number;
    if (!std::isfinite(number)) return begin;
    if (number == 0) number = 0;  // not -0
    const double size = std::abs(number);
    const bool has_exponent = size != 0 && (size < 1e-4 || size >= 1e16);
    return std::to_chars(begin, end, number,
                         has_exponent ? std::chars_format::scientific : std::chars_format::fixed)
        .ptr;
}

/// A table of columns as they come.
///
/// @param numbers rows × columns of numbers; NaN: missing
/// @param texts column by column; empty: missing
/// @param order of each name: its column of numbers, or −1 − its column of texts
/// @throws tdca::Error where sizes differ
std::shared_ptr<Table> make_table(const std::string& name, std::vector<std::string> names,
                                  const Array<double>& numbers,
                                  const std::vector<std::vector<std::string>>& texts,
                                  const std::vector<std::ptrdiff_t>& order) {
    if (numbers.ndim() != 2) throw Error(name, "numbers are a matrix");
    const auto rows = static_cast<std::size_t>(numbers.shape(0));
    const auto width = static_cast<std::size_t>(numbers.shape(1));
    const bool fits = order.size() == names.size() &&
                      std::ranges::all_of(texts, [&](const auto& c) { return c.size() == rows; });
    if (!fits) throw Error(name, "columns of different lengths");
    for (const std::ptrdiff_t at : order) {
        const bool is_there = at >= 0 ? static_cast<std::size_t>(at) < width
                                      : static_cast<std::size_t>(-1 - at) < texts.size();
        if (!is_there) throw Error(name, "a column that is not there");
    }
    const double* const data = numbers.data();
    const py::gil_scoped_release released;
    auto table = std::make_shared<Table>(name, std::move(names));
    std::vector<std::array<char, longest_number>> written(order.size());
    std::vector<std::string_view> cells(order.size());
    for (std::size_t row = 0; row < rows; ++row) {
        for (std::size_t c = 0; c < order.size(); ++c) {
            if (order[c] < 0) {
                cells[c] = texts[static_cast<std::size_t>(-1 - order[c])][row];
                continue;
            }
            const double number = data[row * width + static_cast<std::size_t>(order[c])];
            char* const begin = written[c].data();
            cells[c] = {begin, static_cast<std::size_t>(write_number(number, begin) - begin)};
        }
        table->add(cells, row + 1);
    }
    return table;
}

/// What the columns are. Of a file a column that counts the rows is left out; who hands over an
/// array means it. An input for each of many categories, since that is what people expect who
/// would make columns of them.
TablePreprocessing preprocessing_of(const Table& table, std::span<const std::uint32_t> rows,
                                    const std::vector<std::size_t>& targets,
                                    const std::vector<std::string>& as_category) {
    constexpr std::size_t most_features = AnyTableModel::most_inputs;
    for (std::size_t most_categories = 256;; most_categories /= 2) {
        std::vector<TableColumn> columns;
        for (std::size_t c = 0; c < table.columns().size(); ++c) {
            if (std::ranges::find(targets, c) != targets.end()) continue;
            const bool category =
                std::ranges::find(as_category, table.columns()[c]) != as_category.end();
            columns.push_back(TableColumn::fit(table, rows, c, category, most_categories));
            TableColumn& column = columns.back();
            if (column.remark != "counts the rows") continue;
            std::vector<double> numbers;
            for (const std::uint32_t row : rows) numbers.push_back(*number_in(table.cell(row, c)));
            const auto [mean, scale] = detail::moments_of(numbers);
            column.kind = ColumnKind::number;
            column.features = {{mean, scale}};
            column.remark.clear();
        }
        TablePreprocessing result(std::move(columns));
        const std::size_t features = result.features();
        if (features == 0) {
            const TableColumn& first = result.columns().front();
            throw Error("X", "no column tells rows apart: " + first.name + ": " + first.remark);
        }
        if (features <= most_features) return result;
        if (most_categories <= 1) {
            throw Error("X", "more inputs than the networks have room for", most_features,
                        features);
        }
    }
}

/// Works on a thread of its own, while the one that called asks Python for a signal, such as
/// Control-C. The GIL is released.
///
/// @param work is called with what to call now and then: it throws once there was a signal
/// @throws what `work` throws, or what the signal's handler raised
template <class Work>
auto interruptibly(Work&& work) {
    struct Stopped {};
    std::atomic<bool> stops = false;
    const auto unless_stopped = [&stops](const TableProgress&) {
        if (stops) throw Stopped();
    };
    const py::gil_scoped_release released;
    auto result = std::async(std::launch::async, [&] { return work(unless_stopped); });
    std::optional<py::error_already_set> raised;
    while (result.wait_for(std::chrono::milliseconds(50)) != std::future_status::ready) {
        if (raised) continue;
        const py::gil_scoped_acquire acquired;
        if (PyErr_CheckSignals() == 0) continue;
        raised.emplace();
        stops = true;
    }
    if (!raised) return result.get();
    result.wait();
    const py::gil_scoped_acquire acquired;
    throw py::error_already_set(*raised);
}

/// Answers take scratch memory of the model, and the GIL is released meanwhile.
class SharedModel {
public:
    /// A column that was learned from: its name, what there is to say of it, and whether a part of
    /// what it tells is lost.
    using Input = std::tuple<std::string, std::string, bool>;

    SharedModel(std::unique_ptr<AnyTableModel> model, Hidden hidden, std::vector<Input> inputs = {})
        : model_(std::move(model)), hidden_(std::move(hidden)), inputs_(std::move(inputs)) {}

    [[nodiscard]] Array<double> predict(const Table& table) {
        std::vector<std::uint32_t> rows(table.rows());
        std::iota(rows.begin(), rows.end(), 0U);
        std::size_t unseen = 0;
        const Matrix<double> answers = [&] {
            const py::gil_scoped_release released;
            const std::lock_guard lock(mutex_);
            return model_->predict(table, rows, unseen);
        }();
        Array<double> result({answers.shape()[0], answers.shape()[1]});
        std::copy_n(answers.data(), answers.size(), result.mutable_data());
        return result;
    }
    void save(const std::string& path, const std::map<std::string, std::string>& facts) const {
        const py::gil_scoped_release released;
        model_->save(path, facts);
    }
    [[nodiscard]] std::string describe() const { return model_->describe(); }
    [[nodiscard]] const TableTarget& target() const { return model_->target(); }
    [[nodiscard]] const Hidden& hidden() const { return hidden_; }
    /// Empty after `load`.
    [[nodiscard]] const std::vector<Input>& inputs() const { return inputs_; }

private:
    std::unique_ptr<AnyTableModel> model_;
    Hidden hidden_;
    std::vector<Input> inputs_;
    std::mutex mutex_;
};

const TableModelMaker& smallest(std::span<const TableModelMaker> makers, std::size_t inputs,
                                std::size_t outputs) {
    for (const TableModelMaker& maker : makers) {
        if (maker.inputs >= inputs && maker.outputs >= outputs) return maker;
    }
    throw Error("y", "has more classes, or columns, than the networks have room for",
                makers.back().outputs, outputs);
}

std::unique_ptr<SharedModel> train(const std::shared_ptr<Table>& table, TableTarget target,
                                   const std::vector<std::string>& as_category,
                                   const Hidden& hidden, TableEffort effort, std::uint64_t seed) {
    const auto sizes = makers(hidden, target.kind);
    return interruptibly([&](const auto& notify) {
        std::vector<std::uint32_t> rows(table->rows());
        std::iota(rows.begin(), rows.end(), 0U);
        TablePreprocessing preprocessing =
            preprocessing_of(*table, rows, target.columns_of(*table), as_category);
        const TableModelMaker& maker = smallest(sizes, preprocessing.features(), target.outputs());
        std::vector<SharedModel::Input> inputs;
        for (const TableColumn& column : preprocessing.columns()) {
            const std::size_t c = *table->find(column.name);
            const bool is_lost = column.kind == ColumnKind::left_out &&
                                 std::ranges::any_of(rows, [&](std::uint32_t row) {
                                     return table->cell(row, c) != table->cell(0, c);
                                 });
            inputs.emplace_back(column.name, column.remark, is_lost || column.has_others);
        }
        auto model = maker.train({*table,
                                  std::move(preprocessing),
                                  std::move(target),
                                  rows,
                                  std::move(effort),
                                  {},
                                  seed,
                                  notify});
        return std::make_unique<SharedModel>(std::move(model), hidden, std::move(inputs));
    });
}

/// The widths of hidden layers of the first network in a file: those of its tensors of biases.
Hidden hidden_of(const TensorFile& file) {
    Hidden widths;
    for (std::size_t layer = 0;; ++layer) {
        const TensorRecord* const bias = file.find(detail::network_prefix(0, layer) + ".bias");
        if (bias == nullptr || bias->shape.size() != 1) break;
        widths.push_back(bias->shape.front());
    }
    if (!widths.empty()) widths.pop_back();  // outputs
    return widths;
}

std::unique_ptr<SharedModel> load(const std::string& path) {
    const py::gil_scoped_release released;
    const TableModelFacts facts = load_table_model_facts(path);
    if (facts.target.kind == TargetKind::labels) {
        throw Error(path, "a model of several labels: this module has classes and numbers");
    }
    const Hidden hidden = hidden_of(load_safetensors(path));
    for (const TableModelMaker& maker : makers(hidden, facts.target.kind)) {
        if (maker.inputs == facts.inputs && maker.outputs == facts.outputs) {
            return std::make_unique<SharedModel>(maker.load(path), hidden);
        }
    }
    throw Error(path, "a model of networks that were not compiled: " + to_text(facts.inputs) +
                          " inputs, " + to_text(facts.outputs) + " outputs");
}

std::vector<Hidden> hidden_choices() {
    std::vector<Hidden> all;
    for (const HiddenChoice& one : choices()) all.push_back(one.layers);
    return all;
}

}  // namespace

void bind_tables(py::module_& module) {
    py::class_<Table, std::shared_ptr<Table>>(module, "Table")
        .def(py::init(&make_table), py::arg("name"), py::arg("names"), py::arg("numbers"),
             py::arg("texts"), py::arg("order"));
    py::enum_<TargetKind>(module, "TargetKind")
        .value("numbers", TargetKind::numbers)
        .value("classes", TargetKind::classes);
    py::class_<SharedModel>(module, "TableModel")
        .def("predict", &SharedModel::predict, py::arg("table"))
        .def("save", &SharedModel::save, py::arg("path"), py::arg("facts"))
        .def_property_readonly("description", &SharedModel::describe)
        .def_property_readonly("hidden", &SharedModel::hidden)
        .def_property_readonly("inputs", &SharedModel::inputs)
        .def_property_readonly("texts", [](const SharedModel& m) { return m.target().texts; })
        .def_property_readonly("columns", [](const SharedModel& m) { return m.target().columns; });
    module.def(
        "train",
        [](const std::shared_ptr<Table>& table, TargetKind kind, std::vector<std::string> columns,
           std::vector<std::vector<std::string>> texts, const std::vector<std::string>& as_category,
           const Hidden& hidden, std::vector<std::size_t> updates, std::size_t judgements,
           std::size_t networks, int threads, std::uint64_t seed) {
            return train(table, {kind, std::move(columns), std::move(texts), {}, {}}, as_category,
                         hidden, {std::move(updates), judgements, networks, threads}, seed);
        },
        py::arg("table"), py::arg("kind"), py::arg("columns"), py::arg("texts"),
        py::arg("as_category"), py::arg("hidden"), py::arg("updates"), py::arg("judgements"),
        py::arg("networks"), py::arg("threads"), py::arg("seed"));
    module.def(
        "text_of",
        [](double number) {
            std::array<char, longest_number> text;
            return std::string(text.data(), write_number(number, text.data()));
        },
        py::arg("number"));
    module.def("load_model", &load, py::arg("path"));
    module.def("hidden_choices", &hidden_choices);
}

}  // namespace tdca::python
