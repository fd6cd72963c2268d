// What every program of ours offers: options, a header of facts for its JSON, error exits.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <string>
#include <utility>

#include "tdca/core/parallel.hpp"
#include "tdca/io/json.hpp"

namespace tdca::support {

class CommandLine;

/// The options that all programs share.
struct ProgramOptions {
    std::uint64_t seed = 1;
    int threads = default_threads();
    std::filesystem::path json;
    bool quick = false;

    void add_to(CommandLine& line);
};

/// And those of programs that evolve a genome.
struct EvolutionOptions : ProgramOptions {
    std::filesystem::path output = "genome.safetensors";
    std::filesystem::path from;  ///< empty: the initial genome
    std::size_t generations = 200;
    double checkpoint_seconds = 10;
    std::size_t keep_checkpoints = 2;
    bool resume = false;

    void add_to(CommandLine& line);
};

/// A genome that comes with the sources: "fashion_mnist.safetensors". The environment's
/// TDCA_GENOMES names another folder to look in, for genomes that were evolved again.
[[nodiscard]] std::filesystem::path shipped_genome(const std::string& name);

/// The processor's name, as the system tells it.
[[nodiscard]] std::string cpu_name();

/// What any figure needs to be believed: program, commit, compiler, flags, CPU, threads, seed.
[[nodiscard]] Json run_facts(const std::string& program, const ProgramOptions& options);

/// Writes the facts and some figures to `options.json`, where that is given.
void save_report(const std::string& program, const ProgramOptions& options,
                 std::initializer_list<std::pair<const char*, double>> figures);

/// A number with so many digits after the point, for figures whose size is known.
[[nodiscard]] std::string with_digits(double value, int digits);

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
/// becomes one line on standard error and exit code 2. Programs with options of their own include
/// support/command_line.hpp and add them to `line`.
int run_program(CommandLine& line, int argc, char** argv, const std::function<int()>& body);

/// The same for a program with the shared options alone.
int run_program(const std::string& name, const std::string& description, int argc, char** argv,
                const std::function<int(const ProgramOptions&)>& body);

}  // namespace tdca::support
