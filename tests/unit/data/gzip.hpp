// Gzipped bytes for tests of readers.
#pragma once

#include <zlib.h>

#include <string>
#include <string_view>

#include "unit/io/files.hpp"

namespace tdca::testing {

[[nodiscard]] inline std::string gzipped(std::string_view bytes) {
    const TemporaryFolder folder;
    const auto path = folder / "file.gz";
    const gzFile file = gzopen(path.c_str(), "wb");
    gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size()));
    gzclose(file);
    return read_file(path);
}

}  // namespace tdca::testing
