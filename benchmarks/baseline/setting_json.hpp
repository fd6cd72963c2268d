// Settings of baselines as JSON, there and back: what was tuned once can be lived again.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <type_traits>

#include "baseline/direct_evolution.hpp"
#include "baseline/policy_gradient.hpp"
#include "tdca/core/error.hpp"
#include "tdca/io/json.hpp"

namespace tdca::baseline {

/// Calls `visit(name, field)` for each field.
template <class Setting, class Visitor>
    requires std::is_same_v<std::remove_const_t<Setting>, PolicyGradientSetting>
void each_field(Setting& setting, Visitor&& visit) {
    visit("algorithm", setting.algorithm);
    visit("rate", setting.rate);
    visit("decays", setting.decays);
    visit("discount", setting.discount);
    visit("lambda", setting.lambda);
    visit("episodes_per_update", setting.episodes_per_update);
    visit("steps_per_update", setting.steps_per_update);
    visit("epochs", setting.epochs);
    visit("entropy", setting.entropy);
    visit("clip", setting.clip);
    visit("value_epochs", setting.value_epochs);
    visit("value_rate", setting.value_rate);
    visit("centres", setting.centres);
    visit("sight", setting.sight);
    visit("output_gain", setting.output_gain);
}
template <class Setting, class Visitor>
    requires std::is_same_v<std::remove_const_t<Setting>, DirectEvolutionSetting>
void each_field(Setting& setting, Visitor&& visit) {
    visit("strategy", setting.strategy);
    visit("members", setting.members);
    visit("sigma", setting.sigma);
}

inline constexpr std::array<const char*, 4> sight_names{"raw", "running", "relative", "scaled"};

template <class Setting>
[[nodiscard]] Json describe(const Setting& setting) {
    Json json;
    each_field(setting, [&]<class Field>(const char* name, const Field& field) {
        if constexpr (std::is_same_v<Field, Sight>) {
            json[name] = sight_names[static_cast<std::size_t>(field)];
        } else {
            json[name] = field;
        }
    });
    return json;
}

/// @throws Error for an unknown sight; what nlohmann throws where a field is missing
template <class Setting>
[[nodiscard]] Setting setting_from(const Json& json) {
    Setting setting;
    each_field(setting, [&]<class Field>(const char* name, Field& field) {
        if constexpr (std::is_same_v<Field, Sight>) {
            const auto text = json.at(name).get<std::string>();
            const auto* found = std::find(sight_names.begin(), sight_names.end(), text);
            if (found == sight_names.end()) throw Error(text, "is no sight");
            field = static_cast<Sight>(found - sight_names.begin());
        } else {
            field = json.at(name).get<Field>();
        }
    });
    return setting;
}

}  // namespace tdca::baseline
