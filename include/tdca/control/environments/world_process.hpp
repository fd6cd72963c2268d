// WorldProcess: another program, spoken to a line at a time. POSIX alone; the umbrella lacks it.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): kill is POSIX's
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/shell.hpp"

namespace tdca::inline TDCA_ABI {

/// A program that runs beside this one, with its standard input and output in our hands, and its
/// errors where ours go. It is started in a process group of its own, which ends with this object.
class WorldProcess {
public:
    /// Starts `/bin/sh -c command`.
    ///
    /// @param seconds how long it may take to answer
    /// @throws tdca::Error where it cannot be started
    explicit WorldProcess(std::string command, double seconds = 60)
        : command_(std::move(command)), seconds_(seconds) {
        require_positive("WorldProcess", "the time to answer", seconds);
        std::array<int, 2> ends{};
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
            throw Error(command_, "no socket for it");
        }
        socket_ = ends[0];
        id_ = start_shell(command_, ends[1], ends[1]);
        close(ends[1]);
        if (id_ == 0) {
            close(socket_);
            throw Error(command_, "cannot be started");
        }
    }
    WorldProcess(const WorldProcess&) = delete;
    WorldProcess& operator=(const WorldProcess&) = delete;

    /// It is told by the end of its input, is given a moment, and then ends for sure.
    ~WorldProcess() {
        close(socket_);
        for (int moment = 0; moment < 20 && is_running(); ++moment) {
            poll(nullptr, 0, 10);  // 10 ms
        }
        kill(-id_, SIGKILL);  // whatever it began, too
        if (is_running()) waitpid(id_, nullptr, 0);
    }

    /// What was run.
    [[nodiscard]] const std::string& command() const noexcept { return command_; }

    /// Sends a line.
    ///
    /// @throws tdca::Error where nobody listens any more
    void send_line(std::string line) {
        line += '\n';
        for (std::string_view rest = line; !rest.empty();) {
            // No signal where it has ended: an error says it.
            const ssize_t sent = ::send(socket_, rest.data(), rest.size(), MSG_NOSIGNAL);
            if (sent < 0 && errno == EINTR) continue;
            if (sent <= 0) throw ended();
            rest.remove_prefix(static_cast<std::size_t>(sent));
        }
    }

    /// The next line that it prints, without its end.
    ///
    /// @throws tdca::Error where it has ended, takes too long or prints no end of a line
    [[nodiscard]] std::string read_line() {
        using Clock = std::chrono::steady_clock;
        const auto deadline = Clock::now() + std::chrono::duration<double>(seconds_);
        for (;;) {
            if (const auto end = heard_.find('\n'); end != std::string::npos) {
                std::string line = heard_.substr(0, end);
                heard_.erase(0, end + 1);
                if (line.ends_with('\r')) line.pop_back();
                return line;
            }
            if (heard_.size() > longest_line) {
                throw Error(command_, "a line without an end, of more than " +
                                          to_text(longest_line) + " characters");
            }
            const std::chrono::duration<double> left = deadline - Clock::now();
            pollfd from{socket_, POLLIN, 0};
            if (left.count() <= 0 ||
                poll(&from, 1, static_cast<int>(std::fmin(1e3 * left.count() + 1, 1e9))) == 0) {
                throw Error(command_, "no answer within " + to_text(seconds_) + " seconds");
            }
            std::array<char, 4096> buffer;
            const ssize_t size = read(socket_, buffer.data(), buffer.size());
            if (size < 0 && errno == EINTR) continue;
            if (size <= 0) throw ended();
            heard_.append(buffer.data(), static_cast<std::size_t>(size));
        }
    }

private:
    static constexpr std::size_t longest_line = std::size_t{1} << 20U;

    [[nodiscard]] bool is_running() noexcept {
        if (has_ended_) return false;
        has_ended_ = waitpid(id_, &status_, WNOHANG) == id_;
        return !has_ended_;
    }

    /// What to say of its end.
    [[nodiscard]] Error ended() {
        for (int moment = 0; moment < 100 && is_running(); ++moment) poll(nullptr, 0, 10);
        if (!has_ended_) return {command_, "has closed its output"};
        if (WIFSIGNALED(status_)) {
            return {command_, "was ended by signal " + to_text(WTERMSIG(status_))};
        }
        return {command_, "has ended, with exit code " + to_text(WEXITSTATUS(status_))};
    }

    std::string command_;
    double seconds_;
    int socket_ = -1;
    pid_t id_ = 0;
    std::string heard_;
    int status_ = 0;
    bool has_ended_ = false;
};

}  // namespace tdca
