// Which sources, compiler and flags made this program: for the JSON of examples and benchmarks.
#pragma once

#include <string_view>

namespace tdca::build_info {

/// Full git hash, "-dirty" behind it when tracked files differ, or "unknown" outside a clone.
extern const std::string_view commit;
/// Name and version: "GNU 12.2.0".
extern const std::string_view compiler;
/// What the compiler was told, without include paths and warnings.
extern const std::string_view flags;
/// CMake's word for the kind of build: "Release".
extern const std::string_view build_type;
/// Where the sources lay when this was built: shipped genomes are found from there.
extern const std::string_view source_dir;

}  // namespace tdca::build_info
