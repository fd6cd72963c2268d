// Text of a file, plain or gzipped.
#pragma once

#include <filesystem>
#include <string>

#include "tdca/core/abi.hpp"
#include "tdca/data/detail/gzip_reader.hpp"

namespace tdca::inline TDCA_ABI {

/// All of a file's bytes, inflated where it is gzipped.
///
/// @throws tdca::Error naming the file where it is missing, a folder, damaged or truncated
[[nodiscard]] inline std::string inflated_text(const std::filesystem::path& path) {
    return detail::GzipReader(path).read_all();
}

}  // namespace tdca
