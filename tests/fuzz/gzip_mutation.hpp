// A mutated file as it is, gzipped, or gzipped and then damaged.
#pragma once

#include <string>
#include <string_view>

#include "fuzzing.hpp"
#include "support/gzip.hpp"

namespace tdca::testing {

/// What a file holds, plain or gzipped. Of much of it only the beginning, but seldom: large files
/// are slow to read.
[[nodiscard]] inline std::string plain_beginning(std::string_view file, Choices& choices) {
    std::string plain = gunzipped(file);
    if (plain.size() > 4096 && !choices.one_in(64)) plain.resize(4096);
    return plain;
}

/// The bytes of a file that holds `plain`: mostly as `before` did, plain or gzipped.
[[nodiscard]] inline std::string wrapped(const std::string& plain, std::string_view before,
                                         Choices& choices) {
    if (is_gzip(before) == choices.one_in(8)) return plain;
    std::string zipped = gzipped(plain, static_cast<int>(choices.below(10)));
    switch (choices.below(12)) {
        case 0:  // cut, maybe within the trailer of 8 bytes
            zipped.resize(zipped.size() - choices.below(choices.one_in(2) ? 10 : zipped.size()));
            break;
        case 1:  // a wrong length or checksum
            ++zipped[zipped.size() - 1 - choices.below(8)];
            break;
        case 2:  // another one behind it
            zipped += gzipped(plain.substr(choices.below(plain.size())));
            break;
        case 3:  // bytes behind it
            zipped += plain.substr(choices.below(plain.size()));
            break;
        case 4:
            mutate_bytes(zipped);
            break;
        default:
            break;
    }
    return zipped;
}

}  // namespace tdca::testing
