// Reader of CSV files of numbers, plain or gzipped: the format of scikit-learn's small data sets.
#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/data/dataset.hpp"
#include "tdca/data/detail/gzip_reader.hpp"

namespace tdca::inline TDCA_ABI {

/// What the first line of a CSV file holds.
enum class CsvHeader : bool {
    none,   ///< a sample, as all others
    counts  ///< `samples,features,name of class 0,name of class 1,…`, as scikit-learn writes it
};

/// What a CSV file does not say of itself.
struct CsvOptions {
    /// What error messages and metadata call these data; if empty, the file's name up to its first
    /// full stop.
    std::string name = {};
    CsvHeader header = CsvHeader::none;  ///< what the first line holds
    /// Extents of one image, or 0 where the samples are not images.
    std::size_t rows = 0;
    std::size_t columns = 0;  ///< of one image
    /// Number of classes; if not given, the number of names in the header or, without a header, one
    /// more than the largest label.
    std::optional<std::size_t> classes = std::nullopt;
};

namespace detail {

/// The lines of a text, one after the other; each ends with LF, CR LF or the text.
class CsvLines {
public:
    CsvLines(std::string_view text, std::string_view file) : rest_(text), file_(file) {}

    [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }

    /// Only where not at the end.
    [[nodiscard]] std::string_view next() noexcept {
        ++number_;
        const std::size_t end = std::min(rest_.find('\n'), rest_.size());
        std::string_view line = rest_.substr(0, end);
        rest_.remove_prefix(std::min(end + 1, rest_.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        return line;
    }

    [[nodiscard]] Error error(const std::string& problem, const std::string& expected,
                              const std::string& found) const {
        return {file_, "line " + to_text(number_) + ": " + problem, expected, found};
    }
    [[nodiscard]] Error error(std::size_t column, const std::string& problem,
                              const std::string& expected, std::string_view field) const {
        return {file_, "line " + to_text(number_) + ", column " + to_text(column) + ": " + problem,
                expected, quoted(field)};
    }

private:
    /// The field as one line of an error can hold it.
    static std::string quoted(std::string_view field) {
        constexpr std::size_t longest = 40;
        std::string text(field.substr(0, longest));
        std::ranges::replace_if(
            text, [](char c) { return c < ' ' || c > '~'; }, '?');
        return "'" + text + (field.size() > longest ? "…'" : "'");
    }

    std::string_view rest_;
    std::string_view file_;
    std::size_t number_ = 0;
};

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

/// The whole field as a number, or nothing. Knows no locale, no blanks and no leading plus.
template <class Number>
[[nodiscard]] std::optional<Number> parse_number(std::string_view field) noexcept {
    Number value{};
    const char* const end = field.data() + field.size();
    const auto [stop, status] = std::from_chars(field.data(), end, value);
    if (status != std::errc() || stop != end) return std::nullopt;
    return value;
}

[[nodiscard]] inline float parse_input(const CsvLines& lines, std::size_t column,
                                       std::string_view field) {
    // In double precision first: only there does a number too small for a float become 0.
    const auto value = parse_number<double>(field);
    if (!value) throw lines.error(column, "not a number", "a finite number", field);
    // False for NaN, too.
    if (std::abs(*value) <= std::numeric_limits<float>::max()) return static_cast<float>(*value);
    throw lines.error(column, "no number to learn from", "a finite value of single precision",
                      field);
}

[[nodiscard]] inline std::uint16_t parse_label(const CsvLines& lines, std::size_t column,
                                               std::string_view field, std::size_t classes) {
    const auto label = parse_number<std::uint16_t>(field);
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
    const auto count = [&](std::size_t column) {
        const std::string_view field = next_field(line);
        const auto value = parse_number<std::size_t>(field);
        if (value && *value > 0) return *value;
        throw lines.error(column, column == 1 ? "number of samples" : "number of features",
                          "a positive integer", field);
    };
    const std::size_t samples = count(1);
    return {samples, count(2), fields - 2};
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
    if (text.empty()) throw Error(file, "is empty");
    CsvLines lines(text, file);
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

}  // namespace detail

/// Samples from a CSV file, plain or gzipped: one a line, numbers separated by commas, the label in
/// the last column. `load_csv("iris.csv", {.header = CsvHeader::counts})`.
///
/// The names of the classes in a header are counted, and not kept. There are no quotes, comments,
/// blanks or empty lines. We split and parse the lines ourselves, by std::from_chars, because
/// neither CSV library in Debian 12 is strict: libfccp-dev fixes the columns at compile time, takes
/// an empty field for 0 and rounds numbers, and libcsv-dev leaves numbers and ragged rows to us.
///
/// @throws tdca::Error naming file, line, column, what was expected and what was found, for a file
///   that is missing, truncated, damaged or empty; a line with more or fewer columns; an input that
///   is no number, not finite, or beyond single precision; a label that is not an integer from 0 to
///   65535, or no class; a header that disagrees with the lines below it
///
/// Linear in the length of the text, inflated. Takes at most six bytes of memory for each of the
/// text and 144 KiB: twice the text, and the dataset, which is at most four times the text where
/// the line that makes it so large is refused in the end, else twice.
[[nodiscard]] inline Dataset load_csv(const std::filesystem::path& path, CsvOptions options = {}) {
    const std::string text = detail::GzipReader(path).read_all();
    if (options.name.empty()) {
        const std::string file = path.filename().string();
        options.name = file.substr(0, file.find('.'));
    }
    return detail::parse_csv(text, path.string(), options);
}

}  // namespace tdca
