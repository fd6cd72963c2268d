// Genomes in safetensors files, with the facts of how they came about.
#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/io/safetensors.hpp"

namespace tdca::inline TDCA_ABI {

/// Writes a genome, whole or not at all.
///
/// @param facts what it was evolved on, seed, commit, cost: free text under free keys
/// @throws tdca::Error as `save_safetensors`
template <class GenomeType>
void save_genome(const std::filesystem::path& path, const GenomeType& genome,
                 const std::map<std::string, std::string>& facts = {}) {
    TensorFile file;
    file.metadata = facts;
    file.metadata["format"] = "tdca-genome-1";
    file.source = path.string();
    add_parameters(file, "", genome);
    save_safetensors(path, file);
}

/// A genome and the facts that were saved with it.
template <class GenomeType>
struct LoadedGenome {
    GenomeType genome;
    std::map<std::string, std::string> facts;  ///< the file's metadata
};

/// Reads the genome of a learner: `load_genome<Learner::Genome>("fashion_mnist.safetensors")`.
///
/// @throws tdca::Error naming the file, and the tensor, where the file is broken, is no genome,
///   lacks a tensor, has one of another shape or one too many, or holds a number that is not finite
template <class GenomeType>
[[nodiscard]] LoadedGenome<GenomeType> load_genome(const std::filesystem::path& path) {
    TensorFile file = load_safetensors(path);
    const auto format = file.metadata.find("format");
    if (format == file.metadata.end() || format->second != "tdca-genome-1") {
        throw Error(path.string(), "no genome file", "format tdca-genome-1",
                    format == file.metadata.end() ? "no format"
                                                  : "format " + detail::in_quotes(format->second));
    }
    LoadedGenome<GenomeType> loaded{{}, file.metadata};
    read_parameters(file, "", loaded.genome);
    std::size_t tensors = 0;
    loaded.genome.for_each([&](const auto& name, auto, auto values) {
        ++tensors;
        require_finite(path.string() + ": tensor '" + std::string(name) + "'", "gene", values);
    });
    if (file.tensors.size() != tensors) {
        throw Error(path.string(), "tensors that this learner's genome does not have", tensors,
                    file.tensors.size());
    }
    return loaded;
}

}  // namespace tdca
