// What every program shares, compiled once: CLI11 takes the compiler longer than most programs do.
#include "support/program.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <system_error>

#include "support/command_line.hpp"
#include "tdca/core/simd.hpp"
#include "tdca_build_info.hpp"

namespace tdca::support {

namespace {

namespace fs = std::filesystem;

std::string unwritable(const std::string& name, fs::path folder) {
    if (folder.empty()) folder = ".";
    const int error = access((folder / "").c_str(), W_OK) == 0 ? 0 : errno;
    return error == 0 ? ""
                      : "'" + name + "' cannot be written: '" + folder.string() +
                            "': " + std::generic_category().message(error);
}

}  // namespace

std::string unwritable_file(const std::string& name) {
    std::error_code unknown;
    if (fs::is_directory(name, unknown)) return "'" + name + "' cannot be written: it is a folder";
    return unwritable(name, fs::path(name).parent_path());
}

std::string unwritable_folder(const std::string& name) {
    std::error_code unknown;
    fs::path folder = name;
    while (!folder.empty() && !fs::exists(folder, unknown)) folder = folder.parent_path();
    return unwritable(name, folder);
}

void ProgramOptions::add_to(CLI::App& app) {
    app.add_option("--seed", seed, "everything random follows from it")->capture_default_str();
    app.add_option("--threads", threads, "results do not depend on it")
        ->check(CLI::Range(1, 1024))
        ->capture_default_str();
    app.add_option("--json", json, "write the figures to this file")->check(unwritable_file);
    app.add_flag("--quick", quick, "a short form that proves that everything runs");
}

void EvolutionOptions::add_to(CLI::App& app) {
    ProgramOptions::add_to(app);
    app.add_option("--output", output, "file of the genome; its checkpoint lies beside it")
        ->capture_default_str();
    app.add_option("--from", from, "start from this genome, not from the initial one")
        ->check(CLI::ExistingFile);
    app.add_option("--generations", generations, "of the outer loop")->capture_default_str();
    app.add_option("--checkpoint-seconds", checkpoint_seconds,
                   "between checkpoints; 0: after every generation")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    app.add_option("--keep-checkpoints", keep_checkpoints,
                   "the last ones; a damaged one is passed over")
        ->check(CLI::Range(1, 100))
        ->capture_default_str();
    app.add_flag("--resume", resume, "continue from the newest checkpoint that is whole");
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

int run_program(CLI::App& app, int argc, char** argv, const std::function<int()>& body) {
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

int run_program(const std::string& name, const std::string& description, int argc, char** argv,
                const std::function<int(const ProgramOptions&)>& body) {
    ProgramOptions options;
    CLI::App app(description, name);
    options.add_to(app);
    return run_program(app, argc, argv, [&] { return body(options); });
}

}  // namespace tdca::support
