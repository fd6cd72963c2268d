// ProgressBar: lines in a log, a bar on a terminal.
#include "tdca/evolution/progress.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <string>

using namespace tdca;
using Catch::Contains;
using Catch::StartsWith;

namespace {

/// Standard error goes to a file descriptor as long as this lives.
class RedirectedErrors {
public:
    explicit RedirectedErrors(int to) : saved_(::dup(STDERR_FILENO)) { ::dup2(to, STDERR_FILENO); }
    RedirectedErrors(const RedirectedErrors&) = delete;
    RedirectedErrors& operator=(const RedirectedErrors&) = delete;
    ~RedirectedErrors() {
        ::dup2(saved_, STDERR_FILENO);
        ::close(saved_);
    }

private:
    int saved_;
};

/// What arrives up to a line's end that nothing follows, within two seconds.
std::string read_lines(int from) {
    std::string text;
    ::pollfd readable{from, POLLIN, 0};
    while (!text.ends_with('\n') && ::poll(&readable, 1, 2000) == 1) {
        std::array<char, 4096> buffer{};
        const ::ssize_t count = ::read(from, buffer.data(), buffer.size());
        if (count <= 0) break;
        text.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return text;
}

}  // namespace

TEST_CASE("in a log progress is a line every tenth of the way, and one at the end", "[meta]") {
    std::array<int, 2> pipe{};
    REQUIRE(::pipe(pipe.data()) == 0);
    {
        const RedirectedErrors redirected(pipe[1]);
        ProgressBar bar("evolving", 30, 5);
        for (std::size_t done = 6; done <= 30; ++done) bar.report(done, "fitness 3");
        CHECK(bar.seconds() >= 0);
    }
    const std::string text = read_lines(pipe[0]);
    CHECK(std::count(text.begin(), text.end(), '\n') == 9);
    CHECK_THAT(text, StartsWith("evolving 6/30  ") && Contains("  fitness 3\n") &&
                         Contains("\nevolving 30/30  ") && !Contains("evolving 7/30"));
    ::close(pipe[0]);
    ::close(pipe[1]);
}

TEST_CASE("on a terminal progress is a bar that redraws itself, on a line that ends", "[meta]") {
    const int master = ::posix_openpt(O_RDWR | O_NOCTTY);
    REQUIRE(master >= 0);
    REQUIRE(::grantpt(master) == 0);
    REQUIRE(::unlockpt(master) == 0);
    const int terminal = ::open(::ptsname(master), O_RDWR | O_NOCTTY);
    REQUIRE(terminal >= 0);
    {
        const RedirectedErrors redirected(terminal);
        const ProgressBar silent("nothing", 10);
        ProgressBar bar("evolving", 10);
        bar.report(5);
    }
    const std::string text = read_lines(master);
    CHECK_THAT(text, StartsWith("\revolving [###############...............] 5/10"));
    CHECK(text.ends_with("\r\n"));
    ::close(terminal);
    ::close(master);
}
