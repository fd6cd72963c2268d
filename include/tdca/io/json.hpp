// JSON: the only door to nlohmann-json.
#pragma once

#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>

#include "tdca/core/error.hpp"
#include "tdca/io/atomic_file.hpp"

namespace tdca {

/// A JSON value whose objects keep their keys in the order in which they were added.
using Json = nlohmann::ordered_json;

/// Writes `value` to `path`, indented by two spaces, whole or not at all.
///
/// Infinities and NaN have no spelling in JSON and become null.
///
/// @throws tdca::Error where the file cannot be written or a text in `value` is not UTF-8
inline void save_json(const std::filesystem::path& path, const Json& value) {
    std::string text;
    try {
        text = value.dump(2) + "\n";
    } catch (const Json::exception& problem) {
        throw Error(path.string(), std::string("cannot be written as JSON: ") + problem.what());
    }
    write_atomically(path, text);
}

}  // namespace tdca
