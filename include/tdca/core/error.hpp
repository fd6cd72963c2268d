// tdca::Error: the one exception type of the library.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "tdca/core/abi.hpp"

namespace tdca::inline TDCA_ABI {

/// What went wrong, where, and, where there are two values to compare, both of them.
///
/// Thrown only outside the inner loop: reading files, binding run-time data to compile-time shapes,
/// configuring an outer loop. The message reads as one line: `where: problem (expected X, found
/// Y)`.
class Error : public std::runtime_error {
public:
    /// @param where the file, tensor or argument the user knows by name
    /// @param problem one clause, without a full stop
    Error(std::string_view where, std::string_view problem)
        : std::runtime_error(join(where, problem)), where_(where) {}

    /// The same with what was wanted and what there was.
    Error(std::string_view where, std::string_view problem, std::string_view expected,
          std::string_view found)
        : std::runtime_error(join(where, problem) + " (expected " + std::string(expected) +
                             ", found " + std::string(found) + ")"),
          where_(where) {}

    Error(std::string_view where, std::string_view problem, std::size_t expected, std::size_t found)
        : Error(where, problem, std::to_string(expected), std::to_string(found)) {}

    /// The file, tensor or argument at fault.
    [[nodiscard]] const std::string& where() const noexcept { return where_; }

private:
    static std::string join(std::string_view where, std::string_view problem) {
        return std::string(where) + ": " + std::string(problem);
    }

    std::string where_;
};

}  // namespace tdca
