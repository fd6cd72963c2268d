// What a CSV file does not say of itself.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "tdca/core/abi.hpp"

namespace tdca::inline TDCA_ABI {

/// What the first line of a CSV file holds.
enum class CsvHeader : bool {
    none,   ///< a sample, as all others
    counts  ///< `samples,features,name of class 0,name of class 1,…`, as scikit-learn writes it
};

/// What a CSV file does not say of itself.
struct CsvOptions {
    /// What error messages and metadata call these data; if empty, the file's name up to its first
    /// full stop.
    std::string name = {};
    CsvHeader header = CsvHeader::none;  ///< what the first line holds
    /// Extents of one image, or 0 where the samples are not images.
    std::size_t rows = 0;
    std::size_t columns = 0;  ///< of one image
    /// Number of classes; if not given, the number of names in the header or, without a header, one
    /// more than the largest label.
    std::optional<std::size_t> classes = std::nullopt;
};

}  // namespace tdca
