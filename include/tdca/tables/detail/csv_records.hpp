// Records of a CSV text: the only header that includes libcsv.
#pragma once

#include <csv.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <exception>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"

namespace tdca::inline TDCA_ABI::detail {

/// The line that starts at `begin`, its end included.
[[nodiscard]] inline std::string_view line_at(std::string_view text, std::size_t begin) {
    const std::size_t end = text.find_first_of("\r\n", begin);
    if (end == std::string_view::npos) return text.substr(begin);
    const bool two = text.substr(end, 2) == "\r\n";
    return text.substr(begin, end - begin + (two ? 2 : 1));
}

/// Of the usual separators, the one that splits most of the first lines alike, outside of quotes,
/// and of these the one that splits most; a comma where none does.
///
/// @param decimal_comma a comma is part of a number
[[nodiscard]] inline char find_delimiter(std::string_view text, char comment, bool decimal_comma) {
    constexpr std::array<char, 4> usual{',', ';', '\t', '|'};
    constexpr std::size_t enough = 20;
    std::array<std::vector<std::size_t>, usual.size()> counts;
    bool quoted = false;
    bool fresh = true;
    for (std::size_t begin = 0; begin < text.size() && counts[0].size() < enough;) {
        const std::string_view line = line_at(text, begin);
        begin += line.size();
        if (fresh) {
            if (line.find_first_not_of("\r\n") == std::string_view::npos) continue;
            if (comment != 0 && line.front() == comment) continue;
            for (auto& count : counts) count.push_back(0);
        }
        for (const char c : line) {
            if (c == '"') quoted = !quoted;
            const auto* const found = std::ranges::find(usual, c);
            if (!quoted && found != usual.end()) {
                ++counts[static_cast<std::size_t>(found - usual.begin())].back();
            }
        }
        fresh = !quoted;
    }
    char best = ',';
    std::size_t most_alike = 0;
    std::size_t most_splits = 0;
    for (std::size_t d = decimal_comma ? 1 : 0; d < usual.size(); ++d) {
        for (const std::size_t splits : counts[d]) {
            const auto alike = static_cast<std::size_t>(std::ranges::count(counts[d], splits));
            if (splits == 0 || alike < most_alike) continue;
            if (alike == most_alike && splits <= most_splits) continue;
            best = usual[d];
            most_alike = alike;
            most_splits = splits;
        }
    }
    return best;
}

/// Calls `record(cells, line)` for each record of `text`; `line` is the one that it ends on.
///
/// @param before lines of the file before `text`
/// @throws tdca::Error naming the file and the line where a quote is never closed; what `record`
///   throws
template <class Record>
void read_csv_records(const std::string& file, std::string_view text, char delimiter, char comment,
                      std::size_t before, Record&& record) {
    struct State {
        std::vector<std::string> cells;
        std::size_t count = 0;  // of cells in use: their memory is kept
        std::size_t line = 0;
        bool ended = false;  // a record, on this line
        Record& record;
        std::exception_ptr problem;  // must not cross libcsv, which is C
    };
    struct Parser {
        csv_parser parser{};
        Parser() {
            if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0) throw std::bad_alloc();
        }
        Parser(const Parser&) = delete;
        Parser& operator=(const Parser&) = delete;
        ~Parser() { csv_free(&parser); }
    };
    State state{{}, 0, before, false, record, {}};
    Parser owner;
    csv_parser* const parser = &owner.parser;
    csv_set_delim(parser, static_cast<unsigned char>(delimiter));
    const auto take_cell = [](void* bytes, std::size_t size, void* data) noexcept {
        auto& s = *static_cast<State*>(data);
        if (s.problem) return;
        try {
            if (s.count == s.cells.size()) s.cells.emplace_back();
            s.cells[s.count++].assign(static_cast<const char*>(bytes), size);
        } catch (...) {
            s.problem = std::current_exception();
        }
    };
    const auto take_record = [](int /*end*/, void* data) noexcept {
        auto& s = *static_cast<State*>(data);
        s.ended = true;
        if (s.problem) return;
        try {
            s.cells.resize(s.count);
            s.record(s.cells, s.line);
        } catch (...) {
            s.problem = std::current_exception();
        }
        s.count = 0;
    };
    const auto check = [&state] {
        if (state.problem) std::rethrow_exception(state.problem);
    };
    bool fresh = true;       // no record is under way
    std::size_t opened = 0;  // the line on which the record began
    for (std::size_t begin = 0; begin < text.size();) {
        const std::string_view line = line_at(text, begin);
        begin += line.size();
        ++state.line;
        if (fresh && comment != 0 && line.front() == comment) continue;
        if (fresh) opened = state.line;
        state.ended = false;
        if (csv_parse(parser, line.data(), line.size(), take_cell, take_record, &state) !=
            line.size()) {
            check();
            throw Error(file + ":" + to_text(state.line),
                        "a quote within a cell; there it is written twice, and the cell in quotes");
        }
        check();
        const bool blank = line.find_first_not_of(" \t\r\n") == std::string_view::npos;
        fresh = state.ended || (fresh && blank);
    }
    if (csv_fini(parser, take_cell, take_record, &state) != 0) {
        throw Error(file + ":" + to_text(opened), "a quote that is opened here is never closed");
    }
    check();
}

}  // namespace tdca::detail
