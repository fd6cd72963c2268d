// start_shell: a command that runs beside this program. POSIX alone; the umbrella lacks it.
#pragma once

#include <spawn.h>
#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <string>

#include "tdca/core/abi.hpp"

namespace tdca::inline TDCA_ABI {

/// Starts `/bin/sh -c command` in a process group of its own: Ctrl-C ends this program and not the
/// command, and `kill(-id, …)` ends whatever the command began.
///
/// @param in, out descriptors that become its standard input and output; they stay open here
/// @return its process, which is the caller's to wait for; 0 where it cannot be started
[[nodiscard]] inline pid_t start_shell(std::string command, int in, int out) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in, 0);
    posix_spawn_file_actions_adddup2(&actions, out, 1);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setpgroup(&attributes, 0);
    std::string shell = "sh";
    std::string option = "-c";
    const std::array<char*, 4> words{shell.data(), option.data(), command.data(), nullptr};
    pid_t id = 0;
    if (posix_spawn(&id, "/bin/sh", &actions, &attributes, words.data(), environ) != 0) id = 0;
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return id;
}

}  // namespace tdca
