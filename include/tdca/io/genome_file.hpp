// Genomes in safetensors files, with the facts of how they came about.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/io/safetensors.hpp"
#include "tdca/io/tensor_checks.hpp"

namespace tdca::inline TDCA_ABI {

namespace detail {

inline constexpr const char* genome_format = "tdca-genome-1";

}  // namespace detail

/// Writes a genome, whole or not at all.
///
/// @param facts what it was evolved on, seed, commit, cost: free text under free keys
/// @throws tdca::Error as `save_safetensors`
template <class GenomeType>
void save_genome(const std::filesystem::path& path, const GenomeType& genome,
                 const std::map<std::string, std::string>& facts = {}) {
    TensorFile file;
    file.metadata = facts;
    file.metadata["format"] = detail::genome_format;
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
    const TensorFile file = load_safetensors(path);
    require_format(file, "genome", detail::genome_format);
    LoadedGenome<GenomeType> loaded{{}, file.metadata};
    read_parameters(file, "", loaded.genome);
    const std::size_t tensors = require_finite_tensors(path.string(), "", "gene", loaded.genome);
    if (file.tensors.size() != tensors) {
        throw Error(path.string(), "tensors that this learner's genome does not have", tensors,
                    file.tensors.size());
    }
    return loaded;
}

}  // namespace tdca
