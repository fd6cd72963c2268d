// Files that appear whole or not at all.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"

namespace tdca::inline TDCA_ABI {

namespace detail {

/// The error of a system call that has just failed on the way to writing `path`.
[[nodiscard]] inline Error system_error(const std::filesystem::path& path,
                                        std::string_view action) {
    const std::string reason = std::generic_category().message(errno);
    return {path.string(), std::string(action) + ": " + reason};
}

/// An open file descriptor.
class Descriptor {
public:
    explicit Descriptor(int value) noexcept : value_(value) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() { close(); }

    [[nodiscard]] int get() const noexcept { return value_; }
    /// False, with errno set, where closing reports that something was not written.
    bool close() noexcept {
        const int value = std::exchange(value_, -1);
        return value < 0 || ::close(value) == 0;
    }

private:
    int value_;
};

/// A file beside `target` that is removed again unless it takes the target's place.
class TemporaryFile {
public:
    /// @param path what the user calls the target, for messages
    TemporaryFile(std::filesystem::path path, const std::filesystem::path& target)
        : path_(std::move(path)),
          temporary_(target.string() + unique_ending()),
          // Not through a link that someone else has put there.
          file_(::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
                       0666)) {
        if (file_.get() < 0) throw system_error(path_, "cannot write a file in this folder");
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    ~TemporaryFile() {
        if (!temporary_.empty()) ::unlink(temporary_.c_str());
    }

    /// Writes all bytes, and waits until the disk has them.
    void write(std::string_view bytes) {
        while (!bytes.empty()) {
            const ::ssize_t count = ::write(file_.get(), bytes.data(), bytes.size());
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) throw system_error(path_, "cannot be written");
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
        if (::fsync(file_.get()) != 0) throw system_error(path_, "cannot be written to the disk");
        if (!file_.close()) throw system_error(path_, "cannot be closed");
    }

    void replace(const std::filesystem::path& target) {
        if (::rename(temporary_.c_str(), target.c_str()) != 0) {
            throw system_error(path_, "cannot be put in place");
        }
        temporary_.clear();
    }

private:
    /// Differs between processes, and between threads of one.
    static std::string unique_ending() {
        static std::atomic<std::uint64_t> count{0};
        return ".tmp." + to_text(::getpid()) + "." + to_text(count++);
    }

    std::filesystem::path path_;
    std::filesystem::path temporary_;
    Descriptor file_;
};

/// The file that writing to `path` has to replace: a link is followed, so that it stays a link.
[[nodiscard]] inline std::filesystem::path file_behind(const std::filesystem::path& path) {
    std::error_code status;
    const auto type = std::filesystem::status(path, status).type();
    if (type == std::filesystem::file_type::regular) return std::filesystem::canonical(path);
    if (type == std::filesystem::file_type::not_found) return path;
    if (type == std::filesystem::file_type::none) {
        throw Error(path.string(), "cannot be written: " + status.message());
    }
    throw Error(path.string(), "exists, and is no ordinary file that could be replaced");
}

}  // namespace detail

/// Writes a file so that whoever opens `path`, at any time and after any crash, finds either the
/// old contents or all of `bytes`.
///
/// The bytes go to `path.tmp.<process>.<number>` in the same folder, are flushed to the disk, and
/// the file is renamed; then the folder is flushed. Replaces ordinary files only, never a device
/// such as /dev/null. May be called from several threads.
///
/// @param make_way called when the disk has the bytes, right before the file takes its place
/// @throws tdca::Error naming `path` and the system's reason; the old file is then intact and the
///   temporary removed. Only where the folder cannot be flushed, last, is the new file in place.
template <std::invocable MakeWay>
void write_atomically(const std::filesystem::path& path, std::string_view bytes,
                      MakeWay&& make_way) {
    const std::filesystem::path target = detail::file_behind(path);
    const std::filesystem::path parent = target.has_parent_path() ? target.parent_path() : ".";
    detail::Descriptor folder(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.get() < 0) throw detail::system_error(path, "cannot open its folder");
    detail::TemporaryFile file(path, target);
    file.write(bytes);
    std::forward<MakeWay>(make_way)();
    file.replace(target);
    // Some file systems cannot flush a folder and say EINVAL; there is no more to be done there.
    if (::fsync(folder.get()) != 0 && errno != EINVAL) {
        throw detail::system_error(path, "is written, but its folder cannot be flushed");
    }
}
inline void write_atomically(const std::filesystem::path& path, std::string_view bytes) {
    write_atomically(path, bytes, [] {});
}

}  // namespace tdca
