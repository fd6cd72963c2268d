// Which size serves.
#include "table_models/any_table_model.hpp"

#include <algorithm>
#include <utility>

#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/tables/table_file.hpp"

namespace tdca::support {

namespace {

std::span<const TableModelMaker> makers_for(TargetKind kind) {
    switch (kind) {
        case TargetKind::classes:
            return makers_for_classes();
        case TargetKind::labels:
            return makers_for_labels();
        case TargetKind::numbers:
            break;
    }
    return makers_for_numbers();
}

}  // namespace

std::unique_ptr<AnyTableModel> AnyTableModel::train(Lesson lesson) {
    const auto makers = makers_for(lesson.target.kind);
    const std::size_t inputs = lesson.preprocessing.features();
    const std::size_t outputs = lesson.target.outputs();
    const auto fits = [&](const TableModelMaker& maker) {
        return maker.inputs >= inputs && maker.outputs >= outputs;
    };
    const auto found = std::ranges::find_if(makers, fits);
    if (found != makers.end()) return found->train(std::move(lesson));
    const bool wide = inputs > makers.back().inputs;
    throw Error(lesson.table.name(),
                wide ? "takes more inputs than this program was compiled for: leave columns out"
                     : "has more classes or columns to predict than this program was compiled for",
                wide ? makers.back().inputs : makers.back().outputs, wide ? inputs : outputs);
}

std::unique_ptr<AnyTableModel> AnyTableModel::load(const std::filesystem::path& path) {
    const TableModelFacts facts = load_table_model_facts(path);
    for (const TableModelMaker& maker : makers_for(facts.target.kind)) {
        if (maker.inputs == facts.inputs && maker.outputs == facts.outputs) return maker.load(path);
    }
    throw Error(path.string(), "a model of networks that this program was not compiled for: " +
                                   to_text(facts.inputs) + " inputs, " + to_text(facts.outputs) +
                                   " outputs");
}

}  // namespace tdca::support
