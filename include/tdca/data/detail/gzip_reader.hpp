// Bytes of a file, plain or gzipped.
#pragma once

#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"

namespace tdca::inline TDCA_ABI::detail {

/// A file read through zlib, which inflates gzip and passes anything else on as it is.
class GzipReader {
public:
    explicit GzipReader(std::filesystem::path path) : path_(std::move(path)) {
        std::error_code status;
        if (std::filesystem::is_directory(path_, status)) throw error("is a folder, not a file");
        errno = 0;
        file_.reset(gzopen(path_.c_str(), "rb"));
        if (file_ == nullptr) {
            throw error("cannot be opened: " + std::generic_category().message(errno));
        }
    }

    /// Fills `out` as far as the file goes; returns the number of bytes read.
    ///
    /// @throws tdca::Error where the file cannot be read or its compressed data are damaged
    std::size_t read(std::span<std::uint8_t> out) {
        constexpr std::size_t largest = std::size_t{1} << 30U;  // gzread counts in int
        std::size_t done = 0;
        while (done < out.size()) {
            const auto room = static_cast<unsigned>(std::min(out.size() - done, largest));
            const int count = gzread(file_.get(), out.data() + done, room);
            if (count < 0) throw error("cannot be read: " + reason());
            if (count == 0) break;
            done += static_cast<std::size_t>(count);
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
        constexpr std::size_t chunk = std::size_t{1} << 16U;
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
        void operator()(gzFile file) const noexcept { gzclose(file); }
    };

    /// Behind the last byte: the gzip trailer has to be there and agree.
    void require_whole() {
        int code = Z_OK;
        gzerror(file_.get(), &code);
        if (code == Z_BUF_ERROR) throw error("the compressed data end too early: truncated");
    }

    [[nodiscard]] std::string reason() const {
        int code = Z_OK;
        const char* const message = gzerror(file_.get(), &code);
        return code == Z_ERRNO ? std::generic_category().message(errno) : std::string(message);
    }

    std::filesystem::path path_;
    std::unique_ptr<std::remove_pointer_t<gzFile>, Close> file_;
};

}  // namespace tdca::detail
