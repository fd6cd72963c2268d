// What every program of ours offers: options, a header of facts for its JSON, error exits.
#pragma once

#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <string>

#include "tdca/core/parallel.hpp"
#include "tdca/core/simd.hpp"
#include "tdca/io/json.hpp"
#include "tdca_build_info.hpp"

namespace tdca::support {

/// The options that all programs share.
struct ProgramOptions {
    std::uint64_t seed = 1;
    int threads = default_threads();
    std::filesystem::path json;
    bool quick = false;

    void add_to(CLI::App& app) {
        app.add_option("--seed", seed, "everything random follows from it")->capture_default_str();
        app.add_option("--threads", threads, "results do not depend on it")
            ->check(CLI::Range(1, 1024))
            ->capture_default_str();
        app.add_option("--json", json, "write the figures to this file");
        app.add_flag("--quick", quick, "a short form that proves that everything runs");
    }
};

/// A genome that comes with the sources: "fashion_mnist.safetensors".
[[nodiscard]] inline std::filesystem::path shipped_genome(const std::string& name) {
    return std::filesystem::path(std::string(build_info::source_dir)) / "examples" / "genomes" /
           name;
}

/// The processor's name, as the system tells it.
[[nodiscard]] inline std::string cpu_name() {
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
    }
    return "unknown";
}

/// What any figure needs to be believed: program, commit, compiler, flags, CPU, threads, seed.
[[nodiscard]] inline Json run_facts(const std::string& program, const ProgramOptions& options) {
    return {{"program", program},
            {"git_commit", std::string(build_info::commit)},
            {"compiler", std::string(build_info::compiler)},
            {"flags", std::string(build_info::flags)},
            {"simd_lanes", lanes<float>},
            {"cpu", cpu_name()},
            {"threads", options.threads},
            {"seed", options.seed},
            {"quick", options.quick}};
}

/// Wall time since construction, in seconds.
class Stopwatch {
public:
    [[nodiscard]] double seconds() const {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    }

private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// Parses the command line and runs `body`, which returns the exit code. Whatever is thrown
/// becomes one line on standard error and exit code 2.
template <class Body>
int run_program(CLI::App& app, int argc, char** argv, Body&& body) {
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error);
    }
    try {
        return body();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s: %s\n", app.get_name().c_str(), error.what());
        return 2;
    }
}

}  // namespace tdca::support
