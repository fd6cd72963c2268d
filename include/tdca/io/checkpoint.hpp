// Checkpoints of the outer loop: stop at any generation, resume to the same bits.
#pragma once

#include <charconv>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/random.hpp"
#include "tdca/io/safetensors.hpp"

namespace tdca::inline TDCA_ABI {

/// Writes the state of an evolution strategy, whole or not at all.
///
/// @param key the run's key; a resumed run must have the same
/// @param settings whatever else must be the same for a resume to make sense, as one line of text
/// @throws tdca::Error as `save_safetensors`
template <class Strategy>
void save_checkpoint(const std::filesystem::path& path, const typename Strategy::State& state,
                     Key key, const std::string& settings) {
    TensorFile file;
    file.source = path.string();
    file.metadata = {{"format", "tdca-checkpoint-1"},
                     {"strategy", Strategy::name},
                     {"generation", std::to_string(state.generation)},
                     {"key", std::to_string(key.value())},
                     {"settings", settings}};
    state.for_each([&](const char* name, const std::vector<float>& values) {
        file.add<float>(name, {values.size()}, std::span<const float>(values));
    });
    save_safetensors(path, file);
}

/// Reads what `save_checkpoint` wrote.
///
/// @param genes length of the genome
/// @throws tdca::Error naming the file, what was expected and what was found, where the file is
///   broken or belongs to another strategy, seed, settings or genome
template <class Strategy>
[[nodiscard]] typename Strategy::State load_checkpoint(const std::filesystem::path& path,
                                                       std::size_t genes, Key key,
                                                       const std::string& settings) {
    const TensorFile file = load_safetensors(path);
    const auto require = [&](const std::string& fact, const std::string& expected) {
        const auto found = file.metadata.find(fact);
        if (found == file.metadata.end() || found->second != expected) {
            throw Error(path.string(), "a checkpoint of another run: its " + fact + " differs",
                        "'" + expected + "'",
                        found == file.metadata.end() ? "none" : "'" + found->second + "'");
        }
    };
    require("format", "tdca-checkpoint-1");
    require("strategy", Strategy::name);
    require("key", std::to_string(key.value()));
    require("settings", settings);

    typename Strategy::State state;
    state.for_each([&](const char* name, std::vector<float>& values) {
        values = file.read<float>(name, {genes});
        for (const float value : values) {
            if (!std::isfinite(value)) {
                throw Error(path.string() + ": tensor '" + name + "'", "a number is not finite");
            }
        }
    });
    const auto generation = file.metadata.find("generation");
    const std::string text = generation == file.metadata.end() ? "" : generation->second;
    const auto [end, problem] =
        std::from_chars(text.data(), text.data() + text.size(), state.generation);
    if (problem != std::errc{} || end != text.data() + text.size()) {
        throw Error(path.string(), "no number of generations", "a whole number", "'" + text + "'");
    }
    return state;
}

}  // namespace tdca
