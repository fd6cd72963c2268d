// The only file that includes CLI11, which takes the compiler longer than most programs do.
#include "support/command_line.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cmath>
#include <system_error>
#include <utility>

#include "tdca/core/error.hpp"
#include "tdca/core/text.hpp"
#include "tdca/io/atomic_file.hpp"

namespace tdca::support {

namespace {

namespace fs = std::filesystem;

constexpr int any_number = -1;

std::string in_quotes(const std::string& text) { return "'" + text + "'"; }

std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) append_part(text, ", ", in_quotes(name));
    return text;
}

std::string shown(const Whole& allowed) {
    return "from " + to_text(allowed.least) + " to " + to_text(allowed.most) +
           (allowed.multiple_of == 1 ? "" : ", a multiple of " + to_text(allowed.multiple_of));
}

std::string shown(const Real& allowed) {
    return "from " + to_text(allowed.least) + " to " + to_text(allowed.most);
}

/// What is wrong with a choice; empty where nothing is.
std::string not_among(const std::vector<std::string>& names, const std::string& chosen) {
    if (std::ranges::find(names, chosen) != names.end()) return "";
    return in_quotes(chosen) + " is not one of " + listed(names);
}

bool is_allowed(std::uint64_t number, const Whole& allowed) {
    return number >= allowed.least && number <= allowed.most && number % allowed.multiple_of == 0;
}

/// What keeps a file from being written; empty where nothing does.
std::string unwritable(const fs::path& file) {
    try {
        require_writable(file);
    } catch (const Error& problem) {
        return problem.what();
    }
    return "";
}

}  // namespace

CommandLine::CommandLine(const std::string& description, const std::string& program, bool writes)
    : name_(program), writes_(writes), app_(std::make_unique<CLI::App>(description, program)) {}

CommandLine::~CommandLine() = default;

void CommandLine::add(const std::string& option, const std::string& kind, const std::string& before,
                      const std::string& purpose, int most,
                      std::function<std::string(const Texts&)> take) {
    const auto checked = [option, take = std::move(take)](const CLI::results_t& texts) {
        const std::string problem = take(texts);
        if (!problem.empty()) throw CLI::ValidationError(option, problem);
        return true;
    };
    CLI::Option* const added = app_->add_option(option, checked, purpose);
    added->type_name(kind)->type_size(1)->expected(1, most == any_number ? 1 << 20 : most);
    if (most == any_number && !option.starts_with('-')) added->allow_extra_args();
    if (!before.empty()) added->default_str(before);
}

void CommandLine::flag(const std::string& option, bool& value, const std::string& purpose) {
    app_->add_flag(option, value, purpose);
}

void CommandLine::add_count(const std::string& option, const std::string& before,
                            const std::string& purpose, const Whole& allowed, int most,
                            std::function<void(const std::vector<std::uint64_t>&)> take) {
    add(option, "COUNT", before, purpose + " (" + shown(allowed) + ")", most,
        [allowed, take = std::move(take)](const Texts& texts) -> std::string {
            std::vector<std::uint64_t> numbers;
            for (const std::string& text : texts) {
                const auto number = to_count<std::uint64_t>(text);
                if (!number || !is_allowed(*number, allowed)) {
                    return in_quotes(text) + " is not a whole number " + shown(allowed);
                }
                numbers.push_back(*number);
            }
            take(numbers);
            return "";
        });
}

void CommandLine::counts(const std::string& option, std::vector<std::size_t>& values,
                         const std::string& purpose, const Whole& allowed) {
    std::vector<std::string> before;
    for (const std::size_t value : values) before.push_back(to_text(value));
    add_count(option, joined(before, " "), purpose, within<std::size_t>(allowed), any_number,
              [&values](const auto& numbers) { values.assign(numbers.begin(), numbers.end()); });
}

void CommandLine::add_real(const std::string& option, const std::string& before,
                           const std::string& purpose, const Real& allowed,
                           std::function<void(double)> take) {
    add(option, "REAL", before, purpose + " (" + shown(allowed) + ")", 1,
        [allowed, take = std::move(take)](const Texts& texts) -> std::string {
            const auto number = to_real<double>(texts.front());
            // False for NaN, too.
            if (number && *number >= allowed.least && *number <= allowed.most) {
                take(*number);
                return "";
            }
            return in_quotes(texts.front()) + " is not a number " + shown(allowed);
        });
}

void CommandLine::choice(const std::string& option, std::string& value, const std::string& purpose,
                         const std::vector<std::string>& names) {
    add(option, "NAME", value, purpose + " (one of " + listed(names) + ")", 1,
        [&value, names](const Texts& texts) {
            value = texts.front();
            return not_among(names, value);
        });
}

void CommandLine::choices(const std::string& option, std::vector<std::string>& values,
                          const std::string& purpose, const std::vector<std::string>& names) {
    add(option, "NAME", joined(values, " "), purpose + " (of " + listed(names) + ")", any_number,
        [&values, names](const Texts& texts) {
            values = texts;
            std::string problem;
            for (const std::string& text : texts) {
                if (problem.empty()) problem = not_among(names, text);
            }
            return problem;
        });
}

void CommandLine::letters(const std::string& option, std::string& value, const std::string& purpose,
                          const std::string& known) {
    add(option, "LETTERS", value, purpose + " (of " + known + ")", 1,
        [&value, known](const Texts& texts) -> std::string {
            const std::string& word = texts.front();
            if (word.empty() || word.find_first_not_of(known) != std::string::npos) {
                return in_quotes(word) + " is not some of the letters " + known;
            }
            value = word;
            return "";
        });
}

void CommandLine::texts(const std::string& option, std::vector<std::string>& values,
                        const std::string& purpose) {
    add(option, "TEXT", joined(values, " "), purpose, any_number,
        [&values](const Texts& texts) -> std::string {
            values = texts;
            return "";
        });
}

void CommandLine::text(const std::string& option, std::string& value, const std::string& purpose) {
    add(option, "TEXT", value, purpose, 1, [&value](const Texts& texts) -> std::string {
        value = texts.front();
        return "";
    });
}

void CommandLine::add_path(const std::string& option, const std::string& kind, fs::path& path,
                           const std::string& purpose,
                           std::function<std::string(const fs::path&)> problem) {
    add(option, kind, path.string(), purpose, 1,
        [&path, problem = std::move(problem)](const Texts& texts) -> std::string {
            if (texts.front().empty()) return "'' is no name of a file or a folder";
            path = texts.front();
            return problem(path);
        });
}

void CommandLine::file_to_read(const std::string& option, fs::path& file,
                               const std::string& purpose) {
    add_path(option, "FILE", file, purpose, [](const fs::path& name) -> std::string {
        std::error_code unknown;
        if (fs::is_directory(name, unknown)) return in_quotes(name) + " is a folder, not a file";
        return fs::exists(name, unknown) ? "" : in_quotes(name) + " is no file";
    });
}

void CommandLine::folder_to_read(const std::string& option, fs::path& folder,
                                 const std::string& purpose) {
    add_path(option, "FOLDER", folder, purpose, [](const fs::path& name) -> std::string {
        std::error_code unknown;
        return fs::is_directory(name, unknown) ? "" : in_quotes(name) + " is no folder";
    });
}

void CommandLine::file_to_write(const std::string& option, fs::path& file,
                                const std::string& purpose) {
    add_path(option, "FILE", file, purpose,
             [writes = writes_](const fs::path& name) { return writes ? unwritable(name) : ""; });
}

void CommandLine::folder_to_write(const std::string& option, fs::path& folder,
                                  const std::string& purpose) {
    add_path(option, "FOLDER", folder, purpose, [writes = writes_](const fs::path& name) {
        if (!writes) return std::string();
        // Missing folders are made.
        std::error_code unknown;
        fs::path there = name;
        while (!there.empty() && !fs::exists(there, unknown)) there = there.parent_path();
        if (!there.empty() && !fs::is_directory(there, unknown)) {
            return in_quotes(name) + " cannot be made: " + in_quotes(there) + " is no folder";
        }
        return unwritable(there / "file");
    });
}

void CommandLine::shipped_genomes(const std::string& option, std::string& name,
                                  const std::string& purpose) {
    add(option, "NAME", name, purpose, 1, [&name](const Texts& texts) -> std::string {
        const fs::path first = shipped_genome(texts.front() + "_1.safetensors");
        std::error_code unknown;
        if (texts.front().empty() || !fs::exists(first, unknown)) {
            return in_quotes(texts.front()) + " is no name of shipped genomes: there is no " +
                   in_quotes(first);
        }
        name = texts.front();
        return "";
    });
}

std::optional<int> CommandLine::parse(int argc, const char* const* argv) {
    try {
        app_->parse(argc, argv);
    } catch (const CLI::ParseError& problem) {
        constexpr int failure = 2;
        return app_->exit(problem) == 0 ? 0 : failure;  // 0 after --help
    }
    return std::nullopt;
}

}  // namespace tdca::support
