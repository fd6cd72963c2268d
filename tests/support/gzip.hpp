// Gzipped bytes for tests of readers, and back.
#pragma once

#include <zlib.h>

#include <array>
#include <cstddef>
#include <new>
#include <string>
#include <string_view>

namespace tdca::testing {

/// A zlib stream that reads `bytes`.
[[nodiscard]] inline z_stream stream_of(std::string_view bytes) {
    z_stream stream{};
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    return stream;
}

/// What zlib adds to the logarithm of its window's size, to mean gzip.
inline constexpr int gzip_format = 16;

/// @param level from 0, stored as they are, to 9
[[nodiscard]] inline std::string gzipped(std::string_view bytes, int level = 6) {
    z_stream stream = stream_of(bytes);
    // Small tables: most files of tests are.
    const int window = 12 + gzip_format;
    const int memory = 4;
    if (deflateInit2(&stream, level, Z_DEFLATED, window, memory, Z_DEFAULT_STRATEGY) != Z_OK) {
        throw std::bad_alloc();
    }
    std::string zipped(deflateBound(&stream, stream.avail_in), '\0');
    stream.next_out = reinterpret_cast<Bytef*>(zipped.data());
    stream.avail_out = static_cast<uInt>(zipped.size());
    deflate(&stream, Z_FINISH);
    zipped.resize(stream.total_out);
    deflateEnd(&stream);
    return zipped;
}

[[nodiscard]] inline bool is_gzip(std::string_view bytes) { return bytes.starts_with("\x1f\x8b"); }

/// What gzipped bytes hold, as far as they are sound; bytes that are not gzipped as they are.
[[nodiscard]] inline std::string gunzipped(std::string_view bytes) {
    if (!is_gzip(bytes)) return std::string(bytes);
    z_stream stream = stream_of(bytes);
    if (inflateInit2(&stream, 15 + gzip_format) != Z_OK) throw std::bad_alloc();
    std::string plain;
    std::array<char, 4096> block;
    int status = Z_OK;
    while (status == Z_OK || (status == Z_STREAM_END && stream.avail_in != 0)) {
        // One gzip file may follow another.
        if (status == Z_STREAM_END && inflateReset(&stream) != Z_OK) break;
        stream.next_out = reinterpret_cast<Bytef*>(block.data());
        stream.avail_out = static_cast<uInt>(block.size());
        status = inflate(&stream, Z_NO_FLUSH);
        plain.append(block.data(), block.size() - stream.avail_out);
    }
    inflateEnd(&stream);
    return plain;
}

}  // namespace tdca::testing
