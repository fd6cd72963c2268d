// A peer that runs in a process of its own, driven over pipes.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace tdca::peers {

/// Another library's program, so that nothing of it is linked into ours and its runs interleave
/// with ours.
///
/// It answers in lines. First `ready DETAIL` or `missing REASON`; then, to `run N`, the seconds
/// that N units of work took; `quit` ends it.
class PeerProcess {
public:
    /// @param command program and arguments; one that cannot be started counts as missing
    /// @param threads that its libraries may use: OpenBLAS minds no other limit than its own
    PeerProcess(std::string name, const std::vector<std::string>& command, int threads = 1);
    ~PeerProcess();
    PeerProcess(PeerProcess&&) noexcept;
    PeerProcess& operator=(PeerProcess&&) noexcept;

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] bool available() const noexcept { return pipes_ != nullptr; }
    /// Version, threads and kernels as the peer tells them; or why it is missing.
    [[nodiscard]] const std::string& detail() const noexcept { return detail_; }

    /// Seconds that `units` of work take.
    ///
    /// @throws tdca::Error where the process has died or says no number
    [[nodiscard]] double run(std::size_t units);

private:
    struct Pipes;
    std::string name_;
    std::string detail_;
    std::unique_ptr<Pipes> pipes_;
};

/// `benchmarks/peers/SCRIPT` under Debian's own Python, which is the one with Debian's PyTorch.
[[nodiscard]] std::vector<std::string> python_peer(const std::string& script,
                                                   const std::vector<std::string>& arguments);
/// A program built beside the one that runs.
[[nodiscard]] std::vector<std::string> program_peer(const std::string& program,
                                                    const std::vector<std::string>& arguments);

}  // namespace tdca::peers
