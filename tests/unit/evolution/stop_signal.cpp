// StopSignal: the first signal is noted, handlers come back, ignored signals stay ignored.
#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigaction is POSIX

#include <catch2/catch.hpp>
#include <csignal>

#include "tdca/evolution/stop_signal.hpp"

using namespace tdca;

namespace {

auto handler_of(int number) {
    struct sigaction now {};
    ::sigaction(number, nullptr, &now);
    return now.sa_handler;
}

}  // namespace

TEST_CASE("A signal is noted, and the next one would end the process", "[stop_signal]") {
    const auto before = handler_of(SIGTERM);
    {
        const StopSignal stop;
        CHECK_FALSE(stop.requested());
        std::raise(SIGTERM);
        CHECK(stop.requested());
        CHECK(stop.exit_code() == 128 + SIGTERM);
        CHECK(handler_of(SIGTERM) == SIG_DFL);
        CHECK(handler_of(SIGINT) != SIG_DFL);
    }
    CHECK(handler_of(SIGTERM) == before);
    const StopSignal next;
    CHECK_FALSE(next.requested());
}

TEST_CASE("A signal that the process ignores stays ignored", "[stop_signal]") {
    const auto before = std::signal(SIGINT, SIG_IGN);
    {
        const StopSignal stop;
        std::raise(SIGINT);
        CHECK_FALSE(stop.requested());
    }
    CHECK(handler_of(SIGINT) == SIG_IGN);
    std::signal(SIGINT, before);
}
