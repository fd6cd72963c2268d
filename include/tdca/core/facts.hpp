// Facts that go with a network in its file: texts under keys, numbers that read back as they were.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/text.hpp"

namespace tdca::inline TDCA_ABI {

/// What a user of a network must know beside its parameters: free text under free keys.
using Facts = std::map<std::string, std::string>;

/// Numbers as a fact that @ref read_fact reads back to the same bits.
template <class Number, std::size_t Size>
[[nodiscard]] std::string to_fact(std::span<Number, Size> numbers) {
    std::string text;
    for (const auto number : numbers) append_part(text, " ", to_text(number));
    return text;
}

/// The fact called `name`.
///
/// @param where what errors name
/// @param whose it is: "policy"
/// @throws tdca::Error where there is none
[[nodiscard]] inline const std::string& require_fact(const Facts& facts, const std::string& name,
                                                     std::string_view where,
                                                     std::string_view whose) {
    const auto found = facts.find(name);
    if (found == facts.end()) {
        throw Error(where,
                    "the file is no " + std::string(whose) + "'s: it lacks the fact " + name);
    }
    return found->second;
}

/// The numbers of the fact called `name`, as @ref to_fact wrote them. What is refused may leave
/// some of `numbers` read.
///
/// @param where, whose as @ref require_fact
/// @throws tdca::Error where there is no such fact, where it has fewer numbers or more, or one that
///   is not finite
template <class Number, std::size_t Size>
void read_fact(const Facts& facts, const std::string& name, std::string_view where,
               std::string_view whose, std::span<Number, Size> numbers) {
    std::string_view text = require_fact(facts, name, where, whose);
    for (Number& number : numbers) {
        const std::string_view word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(word.size() + 1, text.size()));
        const auto value = to_real<Number>(word);
        if (!value || !std::isfinite(*value)) {
            throw Error(where, "the fact " + name + " is broken",
                        to_text(numbers.size()) + " finite numbers", std::string(word));
        }
        number = *value;
    }
    if (!text.empty()) {
        throw Error(where, "the fact " + name + " is too long",
                    to_text(numbers.size()) + " numbers", "more");
    }
}

}  // namespace tdca
