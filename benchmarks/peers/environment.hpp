// What peers must find in the environment before they are loaded.
#pragma once

#include <unistd.h>

#include <cstdlib>

namespace tdca::peers {

/// Starts the program anew, once, in an environment in which every peer is at its best.
///
/// Debian's OpenBLAS picks a kernel of 2004 on CPUs newer than itself, and machines like ours set
/// variables that hold it back; it gets the kernel for AVX-512 where the CPU has that. A program
/// that measures one thread says so, since some peers take all cores otherwise.
/// `TDCA_OPENBLAS_CORETYPE` chooses another kernel.
inline void prepare_environment(char** argv, bool single_thread) {
    constexpr const char* done = "TDCA_PEERS_PREPARED";
    if (std::getenv(done) != nullptr) return;
    const char* const chosen = std::getenv("TDCA_OPENBLAS_CORETYPE");
    const char* const best = __builtin_cpu_supports("avx512f") ? "SkylakeX" : "Haswell";
    setenv("OPENBLAS_CORETYPE", chosen != nullptr ? chosen : best, 1);
    unsetenv("OPENBLAS_L2_SIZE");
    if (single_thread) setenv("OMP_NUM_THREADS", "1", 1);
    setenv(done, "1", 1);
    execv("/proc/self/exe", argv);
}

}  // namespace tdca::peers
