// A book as numbered characters, in parts, and what counting says of them.
#pragma once

#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tdca/core/error.hpp"
#include "tdca/core/random.hpp"
#include "tdca/training/lifetime.hpp"

namespace tdca::support {

namespace detail {

[[nodiscard]] inline std::string read_text(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw Error(path.string(), "this text cannot be read");
    return {std::istreambuf_iterator<char>(file), {}};
}

/// The King James Version, a verse a line, as Debian's program prints it; without the verses'
/// names.
[[nodiscard]] inline std::string king_james_bible() {
    std::string printed;
    std::FILE* const pipe = popen("bible -f Gen1:1-Rev22:21 </dev/null 2>/dev/null", "r");
    if (pipe == nullptr) throw Error("bible", "no process could be started");
    std::array<char, 65536> some;
    while (const std::size_t count = std::fread(some.data(), 1, some.size(), pipe)) {
        printed.append(some.data(), count);
    }
    if (pclose(pipe) != 0 || printed.size() < 1'000'000) {
        throw Error("bible",
                    "this program does not print the book; Debian's packages bible-kjv and "
                    "bible-kjv-text provide it, or TDCA_TEXT names a file with another text");
    }
    std::string text;
    text.reserve(printed.size());
    for (std::size_t begin = 0; begin < printed.size();) {
        const std::size_t end = std::min(printed.find('\n', begin), printed.size() - 1) + 1;
        const std::size_t verse = std::min(printed.find(' ', begin), end - 1) + 1;
        text.append(printed, verse, end - verse);
        begin = end;
    }
    return text;
}

}  // namespace detail

/// The text at `path`; where that is empty, the one that the environment's TDCA_TEXT names; or else
/// the King James Version of the Bible, from Debian's packages bible-kjv and bible-kjv-text.
///
/// @throws tdca::Error where it cannot be had, with what provides it
[[nodiscard]] inline std::string load_text(const std::filesystem::path& path) {
    if (!path.empty()) return detail::read_text(path);
    const char* const chosen = std::getenv("TDCA_TEXT");
    if (chosen != nullptr && *chosen != '\0') return detail::read_text(chosen);
    return detail::king_james_bible();
}

/// A text whose characters are numbered, cut into a hundred pieces: of every ten, eight are for
/// training, one is for validation and one for testing, so that each part has a share of every
/// chapter's matter.
///
/// The characters that are most frequent in training have the numbers from 0 on; all that are left
/// over share the last one.
///
/// @tparam Vocabulary numbers
template <std::size_t Vocabulary>
class NumberedText {
public:
    enum class Part { train, validation, test };

    explicit NumberedText(const std::string& text) : tokens_(text.size()) {
        if (text.size() < 100'000) {
            throw Error("text", "too few characters to learn from", 100'000, text.size());
        }
        length_ = text.size() / pieces;
        std::array<std::pair<std::size_t, unsigned char>, 256> frequency{};
        for (std::size_t c = 0; c < 256; ++c) frequency[c].second = static_cast<unsigned char>(c);
        for (std::size_t piece = 0; piece < pieces; ++piece) {
            if (part_of(piece) != Part::train) continue;
            for (std::size_t i = 0; i < length_; ++i) {
                ++frequency[static_cast<unsigned char>(text[piece * length_ + i])].first;
            }
        }
        std::ranges::stable_sort(frequency,
                                 [](const auto& a, const auto& b) { return a.first > b.first; });
        std::array<std::uint8_t, 256> number;
        number.fill(Vocabulary - 1);
        characters_.fill('?');
        for (std::size_t v = 0; v + 1 < Vocabulary && frequency[v].first > 0; ++v) {
            number[frequency[v].second] = static_cast<std::uint8_t>(v);
            characters_[v] = static_cast<char>(frequency[v].second);
        }
        std::ranges::transform(text, tokens_.begin(),
                               [&](char c) { return number[static_cast<unsigned char>(c)]; });
    }

    /// Characters of all parts.
    [[nodiscard]] std::size_t size() const { return length_ * pieces; }
    /// What a number stands for; '?' for what has none of its own.
    [[nodiscard]] char character(std::size_t token) const { return characters_[token]; }

    /// `count` characters side by side in one piece of a part, drawn by `key`.
    [[nodiscard]] std::span<const std::uint8_t> window(Part part, std::size_t count,
                                                       Key key) const {
        const std::vector<std::size_t>& own = pieces_of(part);
        const std::size_t piece = own[key.below(own.size(), 0)];
        const std::size_t start = piece * length_ + key.below(length_ - count + 1, 1);
        return std::span(tokens_).subspan(start, count);
    }

    /// The pieces of a part.
    [[nodiscard]] std::vector<std::span<const std::uint8_t>> whole(Part part) const {
        std::vector<std::span<const std::uint8_t>> result;
        for (const std::size_t piece : pieces_of(part)) {
            result.push_back(std::span(tokens_).subspan(piece * length_, length_));
        }
        return result;
    }

private:
    static_assert(Vocabulary > 1 && Vocabulary <= 256);
    static constexpr std::size_t pieces = 100;

    static Part part_of(std::size_t piece) {
        return piece % 10 == 9 ? Part::test : piece % 10 == 8 ? Part::validation : Part::train;
    }
    static const std::vector<std::size_t>& pieces_of(Part part) {
        static const auto all = [] {
            std::array<std::vector<std::size_t>, 3> lists;
            for (std::size_t piece = 0; piece < pieces; ++piece) {
                lists[static_cast<std::size_t>(part_of(piece))].push_back(piece);
            }
            return lists;
        }();
        return all[static_cast<std::size_t>(part)];
    }

    std::vector<std::uint8_t> tokens_;
    std::array<char, Vocabulary> characters_;
    std::size_t length_ = 0;
};

/// How likely the next character is by counts of what followed the last `order` − 1, smoothed by
/// those of one fewer (Witten & Bell, doi:10.1109/18.87000): with n(h c) counts and T(h) different
/// followers,  p(c | h) = (n(h c) + T(h) p(c | h′)) / (n(h) + T(h)),  and 1 / Vocabulary at last.
template <std::size_t Vocabulary>
class CountModel {
public:
    CountModel(std::size_t order, const std::vector<std::span<const std::uint8_t>>& pieces)
        : counts_(order) {
        for (const auto& piece : pieces) {
            for (std::size_t i = 0; i < piece.size(); ++i) {
                for (std::size_t context = 0; context < order && context <= i; ++context) {
                    Followers& followers =
                        counts_[context][text(piece.subspan(i - context, context))];
                    ++followers.total;
                    followers.kinds += followers.of[piece[i]]++ == 0 ? 1 : 0;
                }
            }
        }
    }

    /// Of every character, after these.
    [[nodiscard]] std::array<double, Vocabulary> next(std::span<const std::uint8_t> before) const {
        std::array<double, Vocabulary> p;
        p.fill(1.0 / Vocabulary);
        for (std::size_t context = 0; context < counts_.size(); ++context) {
            const auto found = counts_[context].find(text(before.last(context)));
            if (found == counts_[context].end()) break;
            const Followers& followers = found->second;
            for (std::size_t c = 0; c < Vocabulary; ++c) {
                p[c] = (followers.of[c] + followers.kinds * p[c]) /
                       (followers.total + followers.kinds);
            }
        }
        return p;
    }

    /// On windows whose last character is to be foretold.
    [[nodiscard]] Evaluation evaluate(
        const std::vector<std::span<const std::uint8_t>>& windows) const {
        Evaluation result;
        const auto share = 1 / static_cast<double>(windows.size());
        for (const auto& window : windows) {
            const auto p = next(window.first(window.size() - 1));
            result.loss -= share * std::log(p[window.back()]);
            result.accuracy += std::ranges::max_element(p) - p.begin() == window.back() ? share : 0;
        }
        return result;
    }

private:
    struct Followers {
        std::array<double, Vocabulary> of{};
        double total = 0;
        double kinds = 0;
    };

    static std::string text(std::span<const std::uint8_t> tokens) {
        return {tokens.begin(), tokens.end()};
    }

    std::vector<std::map<std::string, Followers>> counts_;  ///< by the length of the context
};

}  // namespace tdca::support
