// Whether a call ends its process by abort(), as a failed assertion does.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

namespace tdca::testing {

/// Calls `act` in a process of its own, silently.
template <class Act>
[[nodiscard]] bool aborts(Act&& act) {
    const pid_t child = fork();
    if (child == 0) {
        std::signal(SIGABRT, SIG_DFL);
        std::fclose(stderr);
        act();
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

}  // namespace tdca::testing
