// A table model of one size, behind the interface of all.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "table_models/any_table_model.hpp"
#include "tdca/core/number.hpp"
#include "tdca/presets.hpp"
#include "tdca/tables/table_file.hpp"

namespace tdca::support {

/// @tparam PresetType as `TableModel`'s
template <class PresetType>
class TypedTableModel : public AnyTableModel {
public:
    explicit TypedTableModel(TableModel<PresetType> model) : model_(std::move(model)) {}

    static std::unique_ptr<AnyTableModel> trained(Lesson lesson) {
        auto model = TableModel<PresetType>::train(lesson.table, std::move(lesson.preprocessing),
                                                   std::move(lesson.target), lesson.rows,
                                                   lesson.effort, lesson.seed, lesson.notify);
        model.reading() = std::move(lesson.reading);
        return std::make_unique<TypedTableModel>(std::move(model));
    }
    static std::unique_ptr<AnyTableModel> loaded(const std::filesystem::path& path) {
        return std::make_unique<TypedTableModel>(load_table_model<PresetType>(path));
    }
    static constexpr TableModelMaker maker{PresetType::features, PresetType::outputs, trained,
                                           loaded};

    [[nodiscard]] Matrix<double> predict(const Table& table, std::span<const std::uint32_t> rows,
                                         std::size_t& unseen) override {
        return model_.predict(table, rows, &unseen);
    }
    void save(const std::filesystem::path& path,
              const std::map<std::string, std::string>& facts) const override {
        save_table_model(path, model_, facts);
    }
    [[nodiscard]] const TableTarget& target() const override { return model_.target(); }
    [[nodiscard]] const TableOptions& reading() const override { return model_.reading(); }
    [[nodiscard]] std::string describe() const override {
        std::string layers = to_text(PresetType::features);
        PresetType::network::for_each_layer([&](auto i) {
            layers += "-" + to_text(PresetType::network::template layer<i>::output_shape::size);
        });
        return to_text(model_.networks().size()) + " networks " + layers + ", " +
               to_text(model_.updates()) + " updates each";
    }

private:
    TableModel<PresetType> model_;
};

/// Makers of one preset at all sizes: `Of<inputs, outputs>::type`.
template <template <std::size_t, std::size_t> class Of, std::size_t... Outputs>
[[nodiscard]] std::span<const TableModelMaker> makers_of() {
    static const std::array makers{
        TypedTableModel<Of<16, Outputs>>::maker..., TypedTableModel<Of<64, Outputs>>::maker...,
        TypedTableModel<Of<256, Outputs>>::maker..., TypedTableModel<Of<1024, Outputs>>::maker...};
    return makers;
}

}  // namespace tdca::support
