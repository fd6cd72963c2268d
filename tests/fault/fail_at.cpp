// A disk that fails: preloaded into a program, it counts what the program asks of files in one
// folder, and lets one request fail, or ends the process at it.
//
//   LD_PRELOAD=libfail_at.so FAIL_FOLDER=/a/folder FAIL_AT=7 FAIL_HOW=ENOSPC program …
//
// FAIL_HOW: ENOSPC, EIO, EROFS; half (a write stores half its bytes, and all that follow fail); or
// crash (half of a write is stored, and the process is gone). Counted are: open for writing,
// fchmod, write, fsync, close and rename. FAIL_LOG names a file that the request is written to.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

namespace {

template <class Function>
Function* real(const char* name) {
    return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

const char* setting(const char* name) {
    const char* const value = std::getenv(name);
    return value == nullptr ? "" : value;
}

/// `path` may be relative to the current folder.
bool is_watched(const std::filesystem::path& path) {
    const std::string_view folder = setting("FAIL_FOLDER");
    return !folder.empty() && std::filesystem::absolute(path).native().starts_with(folder);
}

bool is_watched(int file) {
    std::error_code problem;
    const auto path =
        std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(file), problem);
    return !problem && is_watched(path);
}

/// Whether the request that is made now is the one.
bool is_the_one(const char* request) {
    static long count = 0;
    if (++count != std::atol(setting("FAIL_AT"))) return false;
    if (std::FILE* const log = std::fopen(setting("FAIL_LOG"), "w")) {
        std::fprintf(log, "%s\n", request);
        std::fclose(log);
    }
    return true;
}

bool disk_is_full = false;

/// The request fails, or the process ends.
int fail() {
    const std::string_view how = setting("FAIL_HOW");
    if (how == "crash") _exit(99);
    errno = how == "EIO" ? EIO : how == "EROFS" ? EROFS : ENOSPC;
    return -1;
}

int open_as(const char* name, const char* path, int flags, mode_t mode) {
    if ((flags & O_CREAT) != 0 && is_watched(path) && (disk_is_full || is_the_one("open"))) {
        return fail();
    }
    return real<int(const char*, int, ...)>(name)(path, flags, mode);
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
    std::va_list rest;
    va_start(rest, flags);
    const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return open_as("open", path, flags, mode);
}

int open64(const char* path, int flags, ...) {
    std::va_list rest;
    va_start(rest, flags);
    const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return open_as("open64", path, flags, mode);
}

ssize_t write(int file, const void* bytes, std::size_t count) {
    const auto store = real<ssize_t(int, const void*, std::size_t)>("write");
    if (!is_watched(file)) return store(file, bytes, count);
    if (disk_is_full) return fail();
    if (!is_the_one("write")) return store(file, bytes, count);
    const std::string_view how = setting("FAIL_HOW");
    if (how != "half" && how != "crash") return fail();
    const ssize_t stored = store(file, bytes, count / 2);
    if (how == "crash") return fail();
    disk_is_full = true;
    return stored;
}

int fchmod(int file, mode_t mode) {
    if (is_watched(file) && is_the_one("fchmod")) return fail();
    return real<int(int, mode_t)>("fchmod")(file, mode);
}

int fsync(int file) {
    if (is_watched(file) && is_the_one("fsync")) return fail();
    return real<int(int)>("fsync")(file);
}

int close(int file) {
    if (is_watched(file) && is_the_one("close")) {
        real<int(int)>("close")(file);
        return fail();
    }
    return real<int(int)>("close")(file);
}

int rename(const char* from, const char* to) {
    if (is_watched(to) && is_the_one("rename")) return fail();
    return real<int(const char*, const char*)>("rename")(from, to);
}

}  // extern "C"
