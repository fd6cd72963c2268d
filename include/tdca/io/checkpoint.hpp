// Checkpoints of the outer loop: stop at any generation, resume to the same bits.
#pragma once

#include <zlib.h>

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/random.hpp"
#include "tdca/io/safetensors.hpp"

namespace tdca::inline TDCA_ABI {

namespace detail {

/// Version 1 had no checksum.
inline constexpr const char* checkpoint_format = "tdca-checkpoint-2";

/// CRC-32 of all that a checkpoint holds, its own place left out. All versions share it.
[[nodiscard]] inline std::string checksum_of(TensorFile file) {
    file.metadata.erase("crc32");
    const std::string bytes = encode_safetensors(file);
    return to_text(::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

/// A fact in the metadata; null where it is not told.
[[nodiscard]] inline const std::string* fact_of(const TensorFile& file, const std::string& fact) {
    const auto found = file.metadata.find(fact);
    return found == file.metadata.end() ? nullptr : &found->second;
}

/// The same for messages.
[[nodiscard]] inline std::string shown(const std::string* fact) {
    return fact == nullptr ? "none" : in_quotes(*fact);
}

template <class Strategy>
[[nodiscard]] std::string encode_checkpoint(const std::filesystem::path& path,
                                            const typename Strategy::State& state, Key key,
                                            const std::string& settings) {
    TensorFile file;
    file.source = path.string();
    file.metadata = {{"format", checkpoint_format},
                     {"strategy", Strategy::name},
                     {"generation", to_text(state.generation)},
                     {"key", to_text(key.value())},
                     {"settings", settings}};
    state.for_each([&](const char* name, const std::vector<float>& values) {
        file.add<float>(name, {values.size()}, std::span<const float>(values));
    });
    file.metadata["crc32"] = checksum_of(file);
    return encode_safetensors(file);
}

/// Reads a checkpoint of any run.
///
/// @throws tdca::Error where a bit is not as it was written
[[nodiscard]] inline TensorFile read_checkpoint(const std::filesystem::path& path) {
    TensorFile file = load_safetensors(path);
    const std::string* const format = fact_of(file, "format");
    const std::string* const found = fact_of(file, "crc32");
    // Of another version, which `state_in` says.
    if (found == nullptr && (format == nullptr || *format != checkpoint_format)) return file;
    if (const std::string expected = checksum_of(file); found == nullptr || *found != expected) {
        throw Error(path.string(), "damaged: its checksum is wrong", "'" + expected + "'",
                    shown(found));
    }
    return file;
}

/// The state in a checkpoint.
///
/// @throws tdca::Error where it belongs to another run
template <class Strategy>
[[nodiscard]] typename Strategy::State state_in(const TensorFile& file, std::size_t genes, Key key,
                                                const std::string& settings) {
    const auto require = [&](const std::string& fact, const std::string& expected) {
        const std::string* const found = fact_of(file, fact);
        if (found != nullptr && *found == expected) return;
        throw Error(file.source, "a checkpoint of another run: its " + fact + " differs",
                    "'" + expected + "'", shown(found));
    };
    require("format", checkpoint_format);
    require("strategy", Strategy::name);
    require("key", to_text(key.value()));
    require("settings", settings);

    typename Strategy::State state;
    state.for_each([&](const char* name, std::vector<float>& values) {
        values = file.read<float>(name, {genes});
        require_finite(file.source + ": tensor '" + name + "'", "number", values);
    });
    const std::string* const generation = fact_of(file, "generation");
    const std::string text = generation == nullptr ? "" : *generation;
    const auto count = to_count(text);
    if (!count) {
        throw Error(file.source, "no number of generations", "a whole number", in_quotes(text));
    }
    state.generation = *count;
    return state;
}

}  // namespace detail

/// Writes the state of an evolution strategy, whole or not at all. @ref LastCheckpoints keeps
/// earlier ones as well.
///
/// @param key the run's key; a resumed run must have the same
/// @param settings whatever else must be the same for a resume to make sense, as one line of text
/// @throws tdca::Error as `save_safetensors`
template <class Strategy>
void save_checkpoint(const std::filesystem::path& path, const typename Strategy::State& state,
                     Key key, const std::string& settings) {
    write_atomically(path, detail::encode_checkpoint<Strategy>(path, state, key, settings));
}

/// Reads what `save_checkpoint` wrote.
///
/// @param genes length of the genome
/// @throws tdca::Error naming the file, what was expected and what was found, where the file is
///   damaged or belongs to another version, strategy, seed, settings or genome
template <class Strategy>
[[nodiscard]] typename Strategy::State load_checkpoint(const std::filesystem::path& path,
                                                       std::size_t genes, Key key,
                                                       const std::string& settings) {
    return detail::state_in<Strategy>(detail::read_checkpoint(path), genes, key, settings);
}

}  // namespace tdca
