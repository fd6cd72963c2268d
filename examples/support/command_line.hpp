// The command line of a program: each option is of a kind that is checked before anything runs.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "support/program.hpp"  // IWYU pragma: export
#include "tdca/core/number.hpp"

namespace CLI {  // NOLINT(readability-identifier-naming): CLI11's own
class App;
}

namespace tdca::support {

/// What a whole number may be.
struct Whole {
    std::uint64_t least = 0;
    std::uint64_t most = most_countable;
    std::uint64_t multiple_of = 1;

    /// Members of a population, which come in pairs.
    static constexpr Whole population() { return {2, 100'000, 2}; }
    /// Lives, or whatever else there is room for at a time.
    static constexpr Whole lives() { return {1, 1'000'000, 1}; }
    /// Dimensions of a landscape, whose turn has as many numbers squared.
    static constexpr Whole dimensions() { return {1, 10'000, 1}; }
};

/// What a real number may be: never NaN, never infinite.
struct Real {
    double least = 0;
    double most = 1e9;
};

/// The options of a program. There is no other way to have one: a number is never taken from its
/// text unchecked, a choice is one of those that there are, a file to read is there, and one to
/// write can be written. What is not is refused in one sentence with the option and the value, and
/// the program returns 2.
class CommandLine {
public:
    /// @param program its name, for messages
    /// @param writes whether this process writes the files that options name
    CommandLine(const std::string& description, const std::string& program, bool writes = true);
    CommandLine(const CommandLine&) = delete;
    CommandLine& operator=(const CommandLine&) = delete;
    ~CommandLine();

    void flag(const std::string& option, bool& value, const std::string& purpose);

    template <std::integral Count>
    void count(const std::string& option, Count& value, const std::string& purpose,
               const Whole& allowed = {}) {
        add_count(option, to_text(value), purpose, within<Count>(allowed), 1,
                  [&value](const auto& numbers) { value = static_cast<Count>(numbers.front()); });
    }
    /// One or more of them.
    void counts(const std::string& option, std::vector<std::size_t>& values,
                const std::string& purpose, const Whole& allowed = {});

    template <std::floating_point Number>
    void real(const std::string& option, Number& value, const std::string& purpose,
              const Real& allowed = {}) {
        add_real(option, to_text(value), purpose, allowed,
                 [&value](double number) { value = static_cast<Number>(number); });
    }

    void choice(const std::string& option, std::string& value, const std::string& purpose,
                const std::vector<std::string>& names);
    /// One or more of them.
    void choices(const std::string& option, std::vector<std::string>& values,
                 const std::string& purpose, const std::vector<std::string>& names);
    /// Some letters of `known`, as one word.
    void letters(const std::string& option, std::string& value, const std::string& purpose,
                 const std::string& known);
    /// Names that only the data know, one or more.
    void texts(const std::string& option, std::vector<std::string>& values,
               const std::string& purpose);
    /// Part of a name.
    void text(const std::string& option, std::string& value, const std::string& purpose);

    /// An option without dashes is an argument by its place.
    void file_to_read(const std::string& option, std::filesystem::path& file,
                      const std::string& purpose);
    void folder_to_read(const std::string& option, std::filesystem::path& folder,
                        const std::string& purpose);
    void file_to_write(const std::string& option, std::filesystem::path& file,
                       const std::string& purpose);
    void folder_to_write(const std::string& option, std::filesystem::path& folder,
                         const std::string& purpose);
    /// Genomes that come with the sources, by what their names begin with: NAME_1 and so on.
    void shipped_genomes(const std::string& option, std::string& name, const std::string& purpose);

    /// Takes the values; what the program returns where it is not to run.
    [[nodiscard]] std::optional<int> parse(int argc, const char* const* argv);
    [[nodiscard]] const std::string& name() const noexcept { return name_; }

private:
    using Texts = std::vector<std::string>;

    template <std::integral Count>
    static Whole within(Whole allowed) {
        constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<Count>::max());
        if (allowed.most > most) allowed.most = most;
        return allowed;
    }

    /// @param most of its values
    /// @param take gets them; what it returns is wrong with them, or nothing
    void add(const std::string& option, const std::string& kind, const std::string& before,
             const std::string& purpose, int most, std::function<std::string(const Texts&)> take);
    void add_count(const std::string& option, const std::string& before, const std::string& purpose,
                   const Whole& allowed, int most,
                   std::function<void(const std::vector<std::uint64_t>&)> take);
    void add_real(const std::string& option, const std::string& before, const std::string& purpose,
                  const Real& allowed, std::function<void(double)> take);
    void add_path(const std::string& option, const std::string& kind, std::filesystem::path& path,
                  const std::string& purpose,
                  std::function<std::string(const std::filesystem::path&)> problem);

    std::string name_;
    bool writes_;
    std::unique_ptr<CLI::App> app_;
};

}  // namespace tdca::support
