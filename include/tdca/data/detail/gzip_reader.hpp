// Bytes of a file, plain or gzipped.
#pragma once

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <system_error>
#include <utility>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"

namespace tdca::inline TDCA_ABI::detail {

/// A file that is inflated where it is gzipped, and passed on as it is where it is not.
///
/// Not by zlib's gzread, which takes some truncated files for whole: where the compressed bytes end
/// just as its output is full, it forgets what inflate still holds, and reports no error.
class GzipReader {
public:
    /// Bytes that a buffer for a file of unknown length starts with; from there on it doubles.
    static constexpr std::size_t chunk = std::size_t{1} << 16U;

    explicit GzipReader(std::filesystem::path path) : path_(std::move(path)) {
        std::error_code status;
        if (std::filesystem::is_directory(path_, status)) throw error("is a folder, not a file");
        errno = 0;
        file_.reset(std::fopen(path_.c_str(), "rb"));
        if (file_ == nullptr) throw system_error("cannot be opened");
        std::setvbuf(file_.get(), nullptr, _IONBF, 0);
        if (!at_gzip()) return;
        constexpr int largest_window_and_gzip = 15 + 16;
        if (inflateInit2(&stream_, largest_window_and_gzip) != Z_OK) throw std::bad_alloc();
        place_ = Place::gzip;
    }
    GzipReader(const GzipReader&) = delete;
    GzipReader& operator=(const GzipReader&) = delete;
    ~GzipReader() { inflateEnd(&stream_); }

    /// Fills `out` as far as the file goes; returns the number of bytes read.
    ///
    /// @throws tdca::Error where the file cannot be read or its compressed data are damaged
    std::size_t read(std::span<std::uint8_t> out) {
        std::size_t done = 0;
        while (done < out.size()) {
            const auto rest = out.subspan(done);
            const std::size_t count = place_ == Place::plain ? copy(rest) : inflate(rest);
            if (count == 0) break;
            done += count;
        }
        return done;
    }

    /// After the last byte: nothing may follow, and the file has to be whole.
    void require_end() {
        std::uint8_t extra = 0;
        if (read({&extra, 1}) != 0) throw error("bytes follow the values that the header counts");
        require_whole();
    }

    /// All bytes that are left. Memory grows with those that are really there.
    ///
    /// @throws tdca::Error as `read`, and where the file is not whole
    [[nodiscard]] std::string read_all() {
        std::string bytes;
        for (std::size_t done = 0;;) {
            bytes.resize(done + std::max(chunk, done));
            const std::size_t wanted = bytes.size() - done;
            // Bytes are bytes: zlib's are unsigned, a text's are char.
            auto* const out = reinterpret_cast<std::uint8_t*>(bytes.data() + done);
            const std::size_t count = read({out, wanted});
            done += count;
            if (count == wanted) continue;
            require_whole();
            bytes.resize(done);
            return bytes;
        }
    }

    [[nodiscard]] std::string name() const { return path_.string(); }
    [[nodiscard]] Error error(const std::string& problem) const { return {name(), problem}; }

private:
    struct Close {
        void operator()(std::FILE* file) const noexcept { std::fclose(file); }
    };

    /// Where in the file the next byte is: in plain data, within gzip's, or behind them.
    enum class Place : std::uint8_t { plain, gzip, end };

    [[nodiscard]] Error system_error(const std::string& problem) const {
        return error(problem + ": " + std::generic_category().message(errno));
    }

    /// Adds to what is left in the buffer, a byte at most; false at the end of the file.
    bool refill() {
        std::copy_n(stream_.next_in, stream_.avail_in, buffer_.data());
        stream_.next_in = buffer_.data();
        const auto room = std::span(buffer_).subspan(stream_.avail_in);
        const std::size_t count = std::fread(room.data(), 1, room.size(), file_.get());
        if (std::ferror(file_.get()) != 0) throw system_error("cannot be read");
        stream_.avail_in += static_cast<uInt>(count);
        return count != 0;
    }

    /// Whether gzip's first two bytes come next.
    bool at_gzip() {
        if (stream_.avail_in < 2) refill();
        return stream_.avail_in >= 2 && stream_.next_in[0] == 0x1f && stream_.next_in[1] == 0x8b;
    }

    /// Some bytes of plain data, or none at their end.
    std::size_t copy(std::span<std::uint8_t> out) {
        if (stream_.avail_in == 0 && !refill()) return 0;
        const auto count = static_cast<uInt>(std::min<std::size_t>(out.size(), stream_.avail_in));
        std::copy_n(stream_.next_in, count, out.data());
        stream_.next_in += count;
        stream_.avail_in -= count;
        return count;
    }

    /// Some bytes of compressed data, or none at their end.
    std::size_t inflate(std::span<std::uint8_t> out) {
        const auto room =
            static_cast<uInt>(std::min<std::size_t>(out.size(), std::numeric_limits<uInt>::max()));
        stream_.next_out = out.data();
        stream_.avail_out = room;
        while (place_ == Place::gzip && stream_.avail_out == room) {
            const int code = ::inflate(&stream_, Z_NO_FLUSH);
            if (code == Z_STREAM_END) {
                // One gzip file may follow another; anything else is ignored, as gzip ignores it.
                if (!at_gzip()) place_ = Place::end;
                inflateReset(&stream_);
            } else if (code == Z_BUF_ERROR || (code == Z_OK && stream_.avail_in == 0)) {
                if (stream_.avail_out == room && !refill()) break;
            } else if (code != Z_OK) {
                throw error(std::string("cannot be read: ") +
                            (stream_.msg == nullptr ? zError(code) : stream_.msg));
            }
        }
        return room - stream_.avail_out;
    }

    /// Behind the last byte: the gzip trailer has to be there, and inflate has compared it.
    void require_whole() const {
        if (place_ == Place::gzip) throw error("the compressed data end too early: truncated");
    }

    std::filesystem::path path_;
    std::unique_ptr<std::FILE, Close> file_;
    std::array<std::uint8_t, std::size_t{1} << 14U> buffer_{};
    z_stream stream_{};
    Place place_ = Place::plain;
};

}  // namespace tdca::detail
