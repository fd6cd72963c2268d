// Files that appear whole or not at all.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"

namespace tdca::inline TDCA_ABI {

namespace detail {

/// The error of a system call that has just failed on the way to writing the file `name`.
[[nodiscard]] inline Error system_error(std::string_view name, std::string_view action) {
    const std::string reason = std::generic_category().message(errno);
    return {name, std::string(action) + ": " + reason};
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

/// The file that writing to a path has to replace or to make: a link is followed, so that it stays
/// a link.
class WriteTarget {
public:
    /// @throws tdca::Error where what is there must not be replaced
    explicit WriteTarget(const std::filesystem::path& path) : path_(path), name_(path.string()) {
        std::error_code status;
        const auto type = std::filesystem::status(path, status).type();
        if (type == std::filesystem::file_type::none) {
            throw Error(name_, "cannot be written: " + status.message());
        }
        // The system has just followed as many links, so that they are no circle.
        while (std::filesystem::is_symlink(std::filesystem::symlink_status(path_, status))) {
            path_ = path_.parent_path() / std::filesystem::read_symlink(path_);
        }
        if (path_ != path) name_ += " (a link to " + path_.string() + ")";
        if (type == std::filesystem::file_type::not_found) return;
        if (type != std::filesystem::file_type::regular) {
            throw Error(name_, "exists, and is no ordinary file that could be replaced");
        }
        require_writable();
    }

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    /// What the user calls it, for messages.
    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] std::filesystem::path folder() const {
        return path_.has_parent_path() ? path_.parent_path() : ".";
    }
    /// Owner and mode of the file that is there.
    [[nodiscard]] const std::optional<struct ::stat>& old() const noexcept { return old_; }

private:
    /// Replacing a file takes no permission of the file itself: it is asked for all the same. A
    /// file that nobody may write to is protected from root as well.
    void require_writable() {
        struct ::stat found {};
        if (::stat(path_.c_str(), &found) != 0) throw system_error(name_, "cannot be looked up");
        constexpr ::mode_t any_write = S_IWUSR | S_IWGRP | S_IWOTH;
        if ((found.st_mode & any_write) == 0) {
            throw Error(name_, "cannot be written: the file is read-only");
        }
        if (::faccessat(AT_FDCWD, path_.c_str(), W_OK, AT_EACCESS) != 0) {
            throw system_error(name_, "cannot be written");
        }
        old_ = found;
    }

    std::filesystem::path path_;
    std::string name_;
    std::optional<struct ::stat> old_;
};

/// A file beside its target that is removed again unless it takes the target's place.
class TemporaryFile {
public:
    explicit TemporaryFile(const WriteTarget& target)
        : name_(target.name()),
          temporary_(target.path().string() + unique_ending()),
          file_(create(temporary_, target.old() ? S_IRUSR | S_IWUSR : 0666)) {
        if (file_.get() < 0) throw system_error(name_, "cannot write a file in this folder");
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    ~TemporaryFile() {
        if (!temporary_.empty()) ::unlink(temporary_.c_str());
    }

    /// Those of the file that it is to replace: the mode, and the owner where the system allows it,
    /// which it does to root, and to others for groups that they belong to.
    void take_permissions(const struct ::stat& old) {
        struct ::stat own {};
        if (::fstat(file_.get(), &own) != 0) throw system_error(name_, "cannot be looked up");
        const bool foreign = own.st_uid != old.st_uid || own.st_gid != old.st_gid;
        if (foreign && ::fchown(file_.get(), old.st_uid, old.st_gid) != 0) {
            constexpr auto same_user = static_cast<::uid_t>(-1);
            [[maybe_unused]] const int refused = ::fchown(file_.get(), same_user, old.st_gid);
        }
        constexpr ::mode_t all = S_IRWXU | S_IRWXG | S_IRWXO;
        // Asked for only where it changes something: some file systems know no modes.
        if ((own.st_mode & all) == (old.st_mode & all)) return;
        if (::fchmod(file_.get(), old.st_mode & all) != 0) {
            throw system_error(name_, "cannot keep the mode of the file that is there");
        }
    }

    /// Writes all bytes, and waits until the disk has them.
    void write(std::string_view bytes) {
        while (!bytes.empty()) {
            const ::ssize_t count = ::write(file_.get(), bytes.data(), bytes.size());
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) throw system_error(name_, "cannot be written");
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
        if (::fsync(file_.get()) != 0) throw system_error(name_, "cannot be written to the disk");
        if (!file_.close()) throw system_error(name_, "cannot be closed");
    }

    void replace(const std::filesystem::path& target) {
        if (::rename(temporary_.c_str(), target.c_str()) != 0) {
            throw system_error(name_, "cannot be put in place");
        }
        temporary_.clear();
    }

private:
    /// Differs between processes, and between threads of one.
    static std::string unique_ending() {
        static std::atomic<std::uint64_t> count{0};
        return ".tmp." + to_text(::getpid()) + "." + to_text(count++);
    }

    /// A new file, never one, nor a link, that is there already: a crash may have left it.
    static int create(const std::filesystem::path& path, ::mode_t mode) {
        ::unlink(path.c_str());
        return ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    }

    std::string name_;
    std::filesystem::path temporary_;
    Descriptor file_;
};

}  // namespace detail

/// Writes a file so that whoever opens `path`, at any time and after any crash, finds either the
/// old contents or all of `bytes`.
///
/// The bytes go to `path.tmp.<process>.<number>` in the same folder, are flushed to the disk, and
/// the file is renamed; then the folder is flushed. Replaces ordinary files only, never a device
/// such as /dev/null. A link stays one: the file that it leads to is written, and made where there
/// is none. A file that is replaced hands on its mode (permissions of owner, group and others) and,
/// where the system allows it, its owner and group; access lists and other names of it (hard links)
/// are lost. One that must not be written to is not replaced either. May be called from several
/// threads.
///
/// @param make_way called when the disk has the bytes, right before the file takes its place
/// @throws tdca::Error naming `path` and the system's reason, or that the file there is read-only:
///   nobody may write to it, root included; the old file is then intact and the temporary removed.
///   Only where the folder cannot be flushed, last, is the new file in place.
template <std::invocable MakeWay>
void write_atomically(const std::filesystem::path& path, std::string_view bytes,
                      MakeWay&& make_way) {
    const detail::WriteTarget target(path);
    detail::Descriptor folder(::open(target.folder().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.get() < 0) throw detail::system_error(target.name(), "cannot open its folder");
    detail::TemporaryFile file(target);
    if (target.old()) file.take_permissions(*target.old());
    file.write(bytes);
    std::forward<MakeWay>(make_way)();
    file.replace(target.path());
    // Some file systems cannot flush a folder and say EINVAL; there is no more to be done there.
    if (::fsync(folder.get()) != 0 && errno != EINVAL) {
        throw detail::system_error(target.name(), "is written, but its folder cannot be flushed");
    }
}
inline void write_atomically(const std::filesystem::path& path, std::string_view bytes) {
    write_atomically(path, bytes, [] {});
}

/// Whoever is to write a file at the end of long work asks first.
///
/// @throws tdca::Error as `write_atomically`, where it can be told beforehand
inline void require_writable(const std::filesystem::path& path) {
    const detail::WriteTarget target(path);
    const std::filesystem::path folder = target.folder();
    if (::faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) != 0) {
        throw detail::system_error(target.name(), "cannot be written to its folder");
    }
}

}  // namespace tdca
