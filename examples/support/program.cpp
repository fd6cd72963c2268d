// What every program shares, compiled once.
#include "support/program.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <limits>

#include "support/command_line.hpp"
#include "tdca/math/simd.hpp"
#include "tdca_build_info.hpp"

namespace tdca::support {

void ProgramOptions::add_to(CommandLine& line) {
    line.count("--seed", seed, "everything random follows from it",
               {.most = std::numeric_limits<std::uint64_t>::max()});
    line.count("--threads", threads, "results do not depend on it", {.least = 1, .most = 1024});
    line.file_to_write("--json", json, "write the figures to this file");
    line.flag("--quick", quick, "a short form that proves that everything runs");
}

void EvolutionOptions::add_to(CommandLine& line) {
    ProgramOptions::add_to(line);
    line.file_to_write("--output", output, "file of the genome; its checkpoint lies beside it");
    line.file_to_read("--from", from, "start from this genome, not from the initial one");
    line.count("--generations", generations, "of the outer loop");
    line.real("--checkpoint-seconds", checkpoint_seconds,
              "between checkpoints; 0: after every generation");
    line.count("--keep-checkpoints", keep_checkpoints,
               "the last ones; a damaged one is passed over", {.least = 1, .most = 100});
    line.flag("--resume", resume, "continue from the newest checkpoint that is whole");
}

std::filesystem::path shipped_genome(const std::string& name) {
    if (const char* const folder = std::getenv("TDCA_GENOMES")) {
        return std::filesystem::path(folder) / name;
    }
    return std::filesystem::path(std::string(build_info::source_dir)) / "examples" / "genomes" /
           name;
}

std::string cpu_name() {
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
    }
    return "unknown";
}

Json run_facts(const std::string& program, const ProgramOptions& options) {
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

void save_report(const std::string& program, const ProgramOptions& options,
                 std::initializer_list<std::pair<const char*, double>> figures) {
    if (options.json.empty()) return;
    Json report = run_facts(program, options);
    for (const auto& [name, value] : figures) report[name] = value;
    save_json(options.json, report);
}

std::string with_digits(double value, int digits) {
    std::array<char, 400> text{};  // the largest has 309 digits before the point
    std::snprintf(text.data(), text.size(), "%.*f", digits, value);
    return text.data();
}

int run_program(CommandLine& line, int argc, char** argv, const std::function<int()>& body) {
    if (const auto code = line.parse(argc, argv)) return *code;
    try {
        return body();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s: %s\n", line.name().c_str(), error.what());
        return 2;
    }
}

int run_program(const std::string& name, const std::string& description, int argc, char** argv,
                const std::function<int(const ProgramOptions&)>& body) {
    ProgramOptions options;
    CommandLine line(description, name);
    options.add_to(line);
    return run_program(line, argc, argv, [&] { return body(options); });
}

}  // namespace tdca::support
