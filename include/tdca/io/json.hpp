// JSON: the only door to nlohmann-json.
#pragma once

#include <nlohmann/json.hpp>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/io/atomic_file.hpp"

namespace tdca::inline TDCA_ABI {

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

/// Reads what @ref save_json wrote, or any other JSON text in UTF-8.
///
/// @throws tdca::Error where the file cannot be read or is not JSON; it names the line and column
[[nodiscard]] inline Json load_json(const std::filesystem::path& path) {
    std::error_code unknown;
    if (std::filesystem::is_directory(path, unknown)) {
        throw Error(path.string(), "is a folder, not a file");
    }
    errno = 0;
    std::ifstream stream(path);
    if (!stream) {
        throw Error(path.string(), "cannot be read: " + std::generic_category().message(errno));
    }
    try {
        return Json::parse(stream);
    } catch (const Json::exception& problem) {
        throw Error(path.string(), std::string("is not JSON: ") + problem.what());
    }
}

}  // namespace tdca
