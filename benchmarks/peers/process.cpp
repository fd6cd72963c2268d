// A peer that runs in a process of its own: the only file that includes Boost.Process.
#include "peers/process.hpp"

#include <boost/process.hpp>

#include <cmath>
#include <csignal>
#include <exception>
#include <filesystem>
#include <string>
#include <utility>

#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"

namespace tdca::peers {

namespace process = boost::process;

struct PeerProcess::Pipes {
    process::opstream to;
    process::ipstream from;
    process::child child;
};

PeerProcess::PeerProcess(std::string name, const std::vector<std::string>& command, int threads)
    : name_(std::move(name)), pipes_(std::make_unique<Pipes>()) {
    // A peer that has died shall be an error, not the end of this program.
    std::signal(SIGPIPE, SIG_IGN);
    std::string line;
    try {
        process::environment environment = boost::this_process::environment();
        environment["OPENBLAS_NUM_THREADS"] = to_text(threads);
        environment["OMP_NUM_THREADS"] = to_text(threads);
        pipes_->child = process::child(command, environment,
                                       process::std_in<pipes_->to, process::std_out> pipes_->from);
        std::getline(pipes_->from, line);
    } catch (const std::exception& problem) {
        line = std::string("missing cannot be started: ") + problem.what();
    }
    const std::string ready = "ready ";
    const std::string missing = "missing ";
    if (line.starts_with(ready)) {
        detail_ = line.substr(ready.size());
        return;
    }
    detail_ = line.starts_with(missing) ? line.substr(missing.size())
                                        : "ended before it was ready: '" + line + "'";
    pipes_.reset();
}

PeerProcess::PeerProcess(PeerProcess&&) noexcept = default;
PeerProcess& PeerProcess::operator=(PeerProcess&&) noexcept = default;

PeerProcess::~PeerProcess() {
    if (!pipes_) return;
    pipes_->to << "quit" << std::endl;
    pipes_->to.pipe().close();
    std::error_code ignored;
    pipes_->child.wait(ignored);
}

double PeerProcess::run(std::size_t units) {
    if (!pipes_) throw Error(name_, "this peer is missing: " + detail_);
    pipes_->to << "run " << units << std::endl;
    std::string line;
    std::getline(pipes_->from, line);
    if (const auto seconds = to_real<double>(line); seconds && std::isfinite(*seconds)) {
        return *seconds;
    }
    throw Error(name_, "the peer's process said '" + line + "' in place of seconds");
}

std::vector<std::string> python_peer(const std::string& script,
                                     const std::vector<std::string>& arguments) {
    std::vector<std::string> command{"/usr/bin/python3", TDCA_PEERS_DIR "/" + script};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return command;
}

std::vector<std::string> program_peer(const std::string& program,
                                      const std::vector<std::string>& arguments) {
    const auto folder = std::filesystem::read_symlink("/proc/self/exe").parent_path();
    std::vector<std::string> command{(folder / program).string()};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return command;
}

}  // namespace tdca::peers
