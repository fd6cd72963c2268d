// ProgressBar: how far long work is and when it will end, on a terminal or in a log.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <string>

#include "tdca/core/abi.hpp"

namespace tdca::inline TDCA_ABI {

/// "1:05", or "2:03:04"; a century for all that is longer.
[[nodiscard]] inline std::string clock_text(double seconds) {
    constexpr double century = 3.1557e9;
    const long whole = seconds > 0 ? std::lround(std::min(seconds, century)) : 0;
    char text[32];
    if (whole >= 3600) {
        std::snprintf(text, sizeof text, "%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60,
                      whole % 60);
    } else {
        std::snprintf(text, sizeof text, "%ld:%02ld", whole / 60, whole % 60);
    }
    return text;
}

/// Reports progress on standard error: a bar with the time left that redraws itself on a
/// terminal, a plain line every tenth of the way otherwise.
///
/// The time left assumes that work goes on at the mean pace since construction.
class ProgressBar {
public:
    /// @param what one or two words, said with every report
    /// @param total units of work
    /// @param done units that an earlier run did already
    ProgressBar(std::string what, std::size_t total, std::size_t done = 0)
        : what_(std::move(what)),
          total_(std::max<std::size_t>(total, 1)),
          first_(done),
          terminal_(isatty(STDERR_FILENO) == 1) {}

    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    /// Ends the line that a terminal still shows.
    ~ProgressBar() {
        if (terminal_ && drawn_) std::fputc('\n', stderr);
    }

    /// `done` units are done now; `note` says how it is going.
    void report(std::size_t done, const std::string& note = {}) {
        const std::size_t tenth = done * 10 / total_;
        const double elapsed = seconds();
        const double pace = done > first_ ? elapsed / static_cast<double>(done - first_) : 0.0;
        const std::string left =
            clock_text(pace * static_cast<double>(total_ - std::min(done, total_)));
        if (terminal_) {
            constexpr std::size_t width = 30;
            const std::size_t filled = std::min(done, total_) * width / total_;
            std::fprintf(stderr, "\r%s [%s%s] %zu/%zu  %s left  %s\033[K", what_.c_str(),
                         std::string(filled, '#').c_str(), std::string(width - filled, '.').c_str(),
                         done, total_, left.c_str(), note.c_str());
            drawn_ = true;
        } else if (tenth != last_tenth_ || done == total_) {
            std::fprintf(stderr, "%s %zu/%zu  %s done  %s left  %s\n", what_.c_str(), done, total_,
                         clock_text(elapsed).c_str(), left.c_str(), note.c_str());
            last_tenth_ = tenth;
        }
        std::fflush(stderr);
    }

    /// Wall time since construction.
    [[nodiscard]] double seconds() const {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    }

private:
    std::string what_;
    std::size_t total_;
    std::size_t first_;
    bool terminal_;
    bool drawn_ = false;
    std::size_t last_tenth_ = static_cast<std::size_t>(-1);
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace tdca
