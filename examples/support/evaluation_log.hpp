// A file with every evaluation of a search, from which the search can go on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "support/command_objective.hpp"

namespace tdca::support {

/// A CSV file with a line for each evaluation, in the order in which they ended: ticket, value,
/// variables. A search depends on nothing else: told the same values in the same order, it asks for
/// the same points. So the file is the checkpoint. One process has it at a time.
class EvaluationLog {
public:
    /// @param resume whether there may be a file already, to go on from; a last line that was cut
    ///   off is dropped
    /// @throws tdca::Error where the file is there and is not to be gone on from, is one of other
    ///   variables, is damaged, is another process's, or cannot be written; it is then as it was
    EvaluationLog(std::filesystem::path file, const CommandObjective& objective, bool resume);
    EvaluationLog(const EvaluationLog&) = delete;
    EvaluationLog& operator=(const EvaluationLog&) = delete;
    ~EvaluationLog();

    /// Whether the value at this point is on record.
    ///
    /// @throws tdca::Error where the file has another point for the ticket: of another search
    [[nodiscard]] bool expects(std::uint64_t ticket, std::span<const double> point);
    /// Points that were asked for, whose values are on record and not told yet.
    [[nodiscard]] std::size_t waiting() const noexcept { return expected_; }
    /// Whether the next value to be told is on record.
    [[nodiscard]] bool has_next() const noexcept { return told_ < old_.size(); }
    /// @throws tdca::Error where that point was not asked for: the file is of another search
    [[nodiscard]] const Evaluation& next();
    /// Values on record that were never told.
    [[nodiscard]] std::size_t left_over() const noexcept { return old_.size() - told_; }
    /// One more line.
    void add(const Evaluation& evaluation);
    /// The lowest value so far against evaluations, as PNG.
    void draw(const std::filesystem::path& picture) const;

private:
    void load(const std::string& text, const std::string& header);
    void write(const std::string& text);

    std::filesystem::path file_;
    const CommandObjective* objective_;
    int handle_ = -1;
    std::vector<Evaluation> old_;
    std::map<std::uint64_t, std::size_t> place_;  // of a ticket in `old_`
    std::size_t told_ = 0;
    std::size_t expected_ = 0;
    std::vector<double> values_;
};

}  // namespace tdca::support
