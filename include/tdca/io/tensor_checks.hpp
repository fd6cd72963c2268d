// What files of genomes and of networks are checked for alike.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/io/safetensors.hpp"
#include "tdca/io/tensor_file.hpp"

namespace tdca::inline TDCA_ABI {

/// @throws tdca::Error where the file is not of this format
/// @param what it should be: "genome"
inline void require_format(const TensorFile& file, const std::string& what,
                           const std::string& format) {
    const auto found = file.metadata.find("format");
    if (found != file.metadata.end() && found->second == format) return;
    throw Error(
        file.source, "no " + what + " file", "format " + format,
        found == file.metadata.end() ? "no format" : "format " + detail::in_quotes(found->second));
}

/// Counts the tensors of a block.
///
/// @param prefix of their names, as in `read_parameters`
/// @param what one of their numbers is
/// @throws tdca::Error naming `source` and the first tensor that holds a number that is not finite
template <NamedTensors Block>
std::size_t require_finite_tensors(const std::string& source, std::string_view prefix,
                                   std::string_view what, const Block& block) {
    std::size_t tensors = 0;
    block.for_each([&](const auto& name, auto, auto values) {
        ++tensors;
        require_finite(source + ": tensor " + detail::in_quotes(detail::tensor_name(prefix, name)),
                       what, std::span<const float>(values));
    });
    return tensors;
}

}  // namespace tdca
