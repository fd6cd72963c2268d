// Table models in safetensors files: networks, preprocessing, names of columns and classes.
#pragma once

#include <cmath>
#include <cstddef>
#include <exception>
#include <filesystem>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/io/json.hpp"
#include "tdca/io/network_file.hpp"
#include "tdca/io/safetensors.hpp"
#include "tdca/io/tensor_checks.hpp"
#include "tdca/tables/preprocessing.hpp"
#include "tdca/tables/read_table.hpp"
#include "tdca/tables/table_model.hpp"
#include "tdca/tables/target.hpp"

namespace tdca::inline TDCA_ABI {

namespace detail {

inline constexpr const char* table_model_format = "tdca-table-model-1";

[[nodiscard]] inline std::string network_prefix(std::size_t network, std::size_t layer) {
    return "network " + to_text(network) + " " + layer_prefix(layer);
}

/// A number that counts.
[[nodiscard]] inline std::size_t count_in(const Json& json) {
    if (!json.is_number_unsigned()) throw Error(json.dump(), "is no count");
    return json.get<std::size_t>();
}

[[nodiscard]] inline Json to_json(const TablePreprocessing& preprocessing) {
    Json columns = Json::array();
    for (const TableColumn& column : preprocessing.columns()) {
        Json features = Json::array();
        for (const auto& feature : column.features) {
            features.push_back({feature.mean, feature.scale});
        }
        columns.push_back({{"name", column.name},
                           {"kind", static_cast<int>(column.kind)},
                           {"categories", column.categories},
                           {"has_missing", column.has_missing},
                           {"has_others", column.has_others},
                           {"features", features},
                           {"remark", column.remark}});
    }
    return columns;
}

[[nodiscard]] inline TablePreprocessing preprocessing_from(const Json& json) {
    std::vector<TableColumn> columns;
    for (const Json& one : json) {
        TableColumn column;
        column.name = one.at("name").get<std::string>();
        const std::size_t kind = count_in(one.at("kind"));
        if (kind > static_cast<std::size_t>(ColumnKind::left_out)) {
            throw Error(column.name, "is a column of a kind that there is not");
        }
        column.kind = static_cast<ColumnKind>(kind);
        column.categories = one.at("categories").get<std::vector<std::string>>();
        column.has_missing = one.at("has_missing").get<bool>();
        column.has_others = one.at("has_others").get<bool>();
        column.remark = one.at("remark").get<std::string>();
        for (const Json& feature : one.at("features")) {
            column.features.push_back({feature.at(0).get<double>(), feature.at(1).get<double>()});
            const auto& [mean, scale] = column.features.back();
            if (!std::isfinite(mean) || !(scale > 0) || !std::isfinite(scale)) {
                throw Error(column.name, "is a column with a mean or a scale that is none");
            }
        }
        const std::size_t own = column.features.size() - (column.has_missing ? 1 : 0);
        const bool is_number = column.kind == ColumnKind::number;
        const bool fits =
            column.kind == ColumnKind::left_out
                ? column.features.empty()
                : !column.features.empty() && own == (is_number ? 1 : column.categories.size());
        if (!fits) throw Error(column.name, "is a column with another number of inputs");
        columns.push_back(std::move(column));
    }
    return TablePreprocessing(std::move(columns));
}

[[nodiscard]] inline Json to_json(const TableTarget& target) {
    return {{"kind", static_cast<int>(target.kind)},
            {"columns", target.columns},
            {"texts", target.texts}};
}

[[nodiscard]] inline TableTarget target_from(const Json& json) {
    TableTarget target;
    const std::size_t kind = count_in(json.at("kind"));
    if (kind > static_cast<std::size_t>(TargetKind::labels)) {
        throw Error("the target", "is of a kind that there is not");
    }
    target.kind = static_cast<TargetKind>(kind);
    target.columns = json.at("columns").get<std::vector<std::string>>();
    target.texts = json.at("texts").get<std::vector<std::vector<std::string>>>();
    const std::size_t texts = target.kind == TargetKind::numbers ? 0 : target.columns.size();
    const bool fits = !target.columns.empty() && target.texts.size() == texts &&
                      (target.kind != TargetKind::classes ||
                       (target.columns.size() == 1 && !target.texts.front().empty()));
    if (!fits) throw Error("the target", "has not the texts of its kind");
    return target;
}

}  // namespace detail

/// What a file of a table model says before its networks are read: which type they need.
struct TableModelFacts {
    TablePreprocessing preprocessing;  ///< of rows
    TableTarget target;                ///< what is predicted
    TableOptions reading;              ///< marks for missing values, and whether commas are decimal
    std::size_t inputs = 0;            ///< of the networks
    std::size_t outputs = 0;           ///< of the networks
    Json json;                         ///< all that is said
};

namespace detail {

[[nodiscard]] inline TableModelFacts table_model_facts(const TensorFile& file) {
    require_format(file, "table model", table_model_format);
    try {
        TableModelFacts facts;
        facts.json = Json::parse(file.metadata.at("model"));
        facts.preprocessing = preprocessing_from(facts.json.at("inputs"));
        facts.target = target_from(facts.json.at("target"));
        facts.inputs = count_in(facts.json.at("network_inputs"));
        facts.outputs = count_in(facts.json.at("network_outputs"));
        facts.reading.missing = facts.json.at("missing").get<std::vector<std::string>>();
        facts.reading.decimal_comma = facts.json.at("decimal_comma").get<bool>();
        require_some("the model", "inputs", facts.preprocessing.features());
        return facts;
    } catch (const Error& error) {
        throw Error(file.source,
                    std::string("is no table model that can be read: ") + error.what());
    } catch (const std::exception& error) {
        throw Error(file.source,
                    std::string("is no table model that can be read: ") + error.what());
    }
}

}  // namespace detail

/// Reads what the file says of a model, not its networks.
///
/// @throws tdca::Error naming the file where it is broken, or no table model
[[nodiscard]] inline TableModelFacts load_table_model_facts(const std::filesystem::path& path) {
    return detail::table_model_facts(load_safetensors(path));
}

/// Writes a model, whole or not at all: all that asking it about raw rows takes.
///
/// @param facts free text under free keys
/// @throws tdca::Error naming file and tensor where a parameter is not finite; as
/// `save_safetensors`
template <class PresetType>
void save_table_model(const std::filesystem::path& path, const TableModel<PresetType>& model,
                      const std::map<std::string, std::string>& facts = {}) {
    using Net = typename PresetType::network;
    TensorFile file;
    file.metadata = facts;
    file.metadata["format"] = detail::table_model_format;
    file.metadata["model"] = Json{
        {"inputs", detail::to_json(model.preprocessing())},
        {"target", detail::to_json(model.target())},
        {"missing", model.reading().missing},
        {"decimal_comma", model.reading().decimal_comma},
        {"network_inputs", PresetType::features},
        {"network_outputs", PresetType::outputs},
        {"networks", model.networks().size()},
        {"updates", model.updates()},
        {"mean", model.mean()},
        {"scale", model.scale()}}.dump();
    file.source = path.string();
    for (std::size_t n = 0; n < model.networks().size(); ++n) {
        Net::for_each_layer([&](auto i) {
            const auto& layer = std::get<i>(model.networks()[n]);
            const std::string prefix = detail::network_prefix(n, i);
            (void)require_finite_tensors(path.string(), prefix, "parameter", layer);
            add_parameters(file, prefix, layer);
        });
    }
    save_safetensors(path, file);
}

/// Reads what `save_table_model<PresetType>` wrote.
///
/// @throws tdca::Error naming the file, and the tensor, where the file is broken, is no table model
///   or one of other networks
template <class PresetType>
[[nodiscard]] TableModel<PresetType> load_table_model(const std::filesystem::path& path) {
    using Net = typename PresetType::network;
    const TensorFile file = load_safetensors(path);
    TableModelFacts facts = detail::table_model_facts(file);
    if (facts.inputs != PresetType::features || facts.outputs != PresetType::outputs) {
        throw Error(path.string(), "a model of other networks",
                    to_text(PresetType::features) + " inputs and " + to_text(PresetType::outputs) +
                        " outputs",
                    to_text(facts.inputs) + " and " + to_text(facts.outputs));
    }
    TableModel<PresetType> model(std::move(facts.preprocessing), std::move(facts.target));
    std::size_t networks = 0;
    try {
        networks = detail::count_in(facts.json.at("networks"));
        model.updates() = detail::count_in(facts.json.at("updates"));
        model.reading() = facts.reading;
        model.mean() = facts.json.at("mean").get<std::vector<double>>();
        model.scale() = facts.json.at("scale").get<std::vector<double>>();
    } catch (const std::exception& error) {
        throw Error(path.string(), std::string("is no table model: ") + error.what());
    }
    if (networks == 0 || networks > file.tensors.size() ||
        model.mean().size() != PresetType::outputs || model.scale().size() != PresetType::outputs) {
        throw Error(path.string(), "is no table model: its networks or scales are not all there");
    }
    for (std::size_t k = 0; k < PresetType::outputs; ++k) {
        require_finite(path.string(), "a mean", model.mean()[k]);
        require_positive(path.string(), "a scale", model.scale()[k]);
    }
    std::size_t tensors = 0;
    model.networks().resize(networks);
    for (std::size_t n = 0; n < networks; ++n) {
        Net::for_each_layer([&](auto i) {
            auto& layer = std::get<i>(model.networks()[n]);
            const std::string prefix = detail::network_prefix(n, i);
            read_parameters(file, prefix, layer);
            tensors += require_finite_tensors(path.string(), prefix, "parameter", layer);
        });
    }
    if (file.tensors.size() != tensors) {
        throw Error(path.string(), "tensors that this model does not have", tensors,
                    file.tensors.size());
    }
    return model;
}

}  // namespace tdca
