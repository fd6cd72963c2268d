// The lines of a CSV file, counted and then parsed.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/data/csv_options.hpp"
#include "tdca/data/dataset.hpp"

namespace tdca::inline TDCA_ABI::detail {

[[nodiscard]] inline std::size_t count_fields(std::string_view line) noexcept {
    return 1 + static_cast<std::size_t>(std::ranges::count(line, ','));
}

/// Takes the first field off `line`.
[[nodiscard]] inline std::string_view next_field(std::string_view& line) noexcept {
    const std::size_t end = std::min(line.find(','), line.size());
    const std::string_view field = line.substr(0, end);
    line.remove_prefix(std::min(end + 1, line.size()));
    return field;
}

[[nodiscard]] inline std::string_view last_field(std::string_view line) noexcept {
    return line.substr(line.rfind(',') + 1);
}

/// Whether a field that is no number is a name of something: a letter or a quote is in it.
[[nodiscard]] inline bool is_name(std::string_view field) noexcept {
    const auto names = [](char c) {
        const bool of_ascii = static_cast<unsigned char>(c) < 0x80;
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '"' || !of_ascii;
    };
    return std::ranges::any_of(field, names) && !to_real<float>(field);
}

/// Takes the first line off `text`, which is not empty.
[[nodiscard]] inline std::string_view next_line(std::string_view& text) noexcept {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

/// Whether no field of a line is anything but a name; fields may be empty.
[[nodiscard]] inline bool has_names_alone(std::string_view line) noexcept {
    while (!line.empty()) {
        const std::string_view field = next_field(line);
        if (!field.empty() && !is_name(field)) return false;
    }
    return true;
}

/// Whether the first line of a text names its columns: it has names alone, or ends with one where
/// the next line ends with a number.
[[nodiscard]] inline bool has_header_of_names(std::string_view text) noexcept {
    const std::string_view line = next_line(text);
    if (!is_name(last_field(line))) return false;
    if (!text.empty() && to_real<float>(last_field(next_line(text)))) return true;
    return has_names_alone(line);
}

/// The lines of a text, one after the other; each ends with LF, CR LF or the text.
class CsvLines {
public:
    CsvLines(std::string_view text, std::string_view file, CsvHeader header)
        : text_(text), rest_(text), file_(file), header_(header) {}

    [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }

    /// Only where not at the end.
    [[nodiscard]] std::string_view next() noexcept {
        ++number_;
        return line_ = next_line(rest_);
    }

    [[nodiscard]] Error error(const std::string& problem, const std::string& expected,
                              const std::string& found) const {
        return {file_, "line " + to_text(number_) + ": " + problem + cause(), expected, found};
    }
    [[nodiscard]] Error error(std::size_t column, const std::string& problem,
                              const std::string& expected, std::string_view field) const {
        return {
            file_,
            "line " + to_text(number_) + ", column " + to_text(column) + ": " + problem + cause(),
            expected, quoted(field)};
    }

private:
    /// What makes the current line another than it should be, where that can be told.
    [[nodiscard]] std::string cause() const {
        const auto holds = [this](char c) { return line_.find(c) != std::string_view::npos; };
        if (line_.find_first_not_of(" \t") == std::string_view::npos) return ": a blank line";
        if (holds('\0')) return ": bytes of zero, as text in UTF-16 has them";
        if (holds('\r')) return ": a carriage return without a line feed";
        if (holds(';')) return ": values are separated by ';', not by ','";
        if (holds('\t')) return ": values are separated by tabs, not by ','";
        if (!holds(',') && holds(' ')) return ": values are separated by blanks, not by ','";
        if (header_ == CsvHeader::none && number_ <= 2 && has_header_of_names(text_)) {
            return ": line 1 is a header of names; CsvHeader::counts reads one that begins with "
                   "counts";
        }
        if (holds('"')) return ": values are in quotes";
        return "";
    }

    /// The field as one line of an error can hold it.
    static std::string quoted(std::string_view field) {
        constexpr std::size_t longest = 40;
        std::string text(field.substr(0, longest));
        std::ranges::replace_if(
            text, [](char c) { return c < ' ' || c > '~'; }, '?');
        return "'" + text + (field.size() > longest ? "…'" : "'");
    }

    std::string_view text_;
    std::string_view rest_;
    std::string_view line_;
    std::string_view file_;
    std::size_t number_ = 0;
    CsvHeader header_;
};

/// @throws tdca::Error where the text says by its first bytes that it is not plain
inline void require_plain_text(std::string_view text, std::string_view file) {
    if (text.empty()) throw Error(file, "is empty");
    if (text.starts_with("\xEF\xBB\xBF")) {
        throw Error(file, "begins with a byte-order mark", "text without one", "EF BB BF");
    }
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
        throw Error(file, "begins with a byte-order mark", "text in ASCII or UTF-8", "UTF-16");
    }
}

[[nodiscard]] inline float parse_input(const CsvLines& lines, std::size_t column,
                                       std::string_view field) {
    const auto value = to_real<float>(field);
    if (!value) throw lines.error(column, "not a number", "a finite number", field);
    if (std::isfinite(*value)) return *value;
    throw lines.error(column, "no number to learn from", "a finite value of single precision",
                      field);
}

[[nodiscard]] inline std::uint16_t parse_label(const CsvLines& lines, std::size_t column,
                                               std::string_view field, std::size_t classes) {
    const auto label = to_count<std::uint16_t>(field);
    if (!label) throw lines.error(column, "not a label", "an integer from 0 to 65535", field);
    if (*label < classes) return *label;
    throw lines.error(column, "the label is no class", "below " + to_text(classes), field);
}

/// What the body of the file has to agree with.
struct CsvCounts {
    std::optional<std::size_t> samples;
    std::optional<std::size_t> features;
    std::size_t classes = std::size_t{1} << 16U;
};

[[nodiscard]] inline CsvCounts parse_csv_header(CsvLines& lines) {
    std::string_view line = lines.next();
    const std::size_t fields = count_fields(line);
    if (fields < 3) {
        throw lines.error("columns of the header", "samples,features,class names…",
                          to_text(fields) + " columns");
    }
    if (has_names_alone(line)) {
        throw lines.error(1, "a header of names", "one of counts: samples,features,class names…",
                          line.substr(0, line.find(',')));
    }
    const auto count = [&](std::size_t column) {
        const std::string_view field = next_field(line);
        const auto value = to_count(field);
        if (value && *value > 0) return *value;
        throw lines.error(column, column == 1 ? "number of samples" : "number of features",
                          "a positive integer", field);
    };
    const std::size_t samples = count(1);
    const std::size_t features = count(2);
    for (std::size_t column = 3; column <= fields; ++column) {
        const std::string_view name = next_field(line);
        const bool blank = name.find_first_not_of(" \t") == std::string_view::npos;
        // A name in quotes may hold commas, and so count for more than one class.
        if (!blank && name.find('"') == std::string_view::npos) continue;
        throw lines.error(column, "name of a class", "a name without quotes", name);
    }
    return {samples, features, fields - 2};
}

/// Goes over the body once: how many samples there are, of how many features.
///
/// Only what this has counted is allocated, so that no header and no single long line can ask for
/// more than a few bytes for each byte of the text.
inline void count_csv_body(CsvLines lines, CsvCounts& counts, std::string_view file) {
    std::size_t samples = 0;
    for (; !lines.at_end(); ++samples) {
        const std::size_t fields = count_fields(lines.next());
        if (!counts.features) {
            if (fields < 2) {
                throw lines.error("columns", "at least one feature and the label", to_text(fields));
            }
            counts.features = fields - 1;
        }
        if (fields - 1 != *counts.features) {
            // Not features + 1, which a header can make overflow.
            throw lines.error("columns", to_text(*counts.features) + " features and a label",
                              to_text(fields) + (fields == 1 ? " column" : " columns"));
        }
    }
    if (samples == 0) throw Error(file, "no samples in it");
    if (samples > std::numeric_limits<std::uint32_t>::max()) {
        throw Error(file, "too many lines", std::numeric_limits<std::uint32_t>::max(), samples);
    }
    if (counts.samples.value_or(samples) != samples) {
        throw Error(file, "line 1: the header's number of samples is not that of the lines below",
                    samples, *counts.samples);
    }
    counts.samples = samples;
}

/// The samples in `text`; `file` is what errors call it.
[[nodiscard]] inline Dataset parse_csv(std::string_view text, std::string_view file,
                                       const CsvOptions& options) {
    require_plain_text(text, file);
    CsvLines lines(text, file, options.header);
    CsvCounts counts;
    const bool has_header = options.header == CsvHeader::counts;
    if (has_header) {
        counts = parse_csv_header(lines);
        if (options.classes.value_or(counts.classes) != counts.classes) {
            throw lines.error("class names in the header", to_text(*options.classes),
                              to_text(counts.classes));
        }
    }
    counts.classes = options.classes.value_or(counts.classes);
    count_csv_body(lines, counts, file);

    const std::size_t samples = *counts.samples;
    const std::size_t features = *counts.features;
    auto inputs = Matrix<float>::from_shape({samples, features});
    auto labels = Tensor<std::uint16_t, 1>::from_shape({samples});
    float* input = inputs.data();
    for (std::uint16_t& label : labels) {
        std::string_view line = lines.next();
        for (std::size_t f = 0; f < features; ++f) {
            *input++ = parse_input(lines, f + 1, next_field(line));
        }
        label = parse_label(lines, features + 1, line, counts.classes);
    }
    const std::size_t classes = options.classes || has_header
                                    ? counts.classes
                                    : std::size_t{*std::ranges::max_element(labels)} + 1;
    return Dataset(options.name, std::move(inputs), std::move(labels), classes, options.rows,
                   options.columns);
}

}  // namespace tdca::detail
