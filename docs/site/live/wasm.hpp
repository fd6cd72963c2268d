// What Debian's emscripten 3.1.6 lacks of what the library's headers use. Included before all else.
#pragma once

// Random123 stops on processors that it was not tested on, WebAssembly among them. RISC-V gets its
// portable code, which is what WebAssembly needs; the worker compares a block with the published
// one.
#define __riscv
#include <Random123/philox.h>
#undef __riscv

#include <algorithm>
#include <charconv>
#include <concepts>
#include <cstdio>
#include <functional>
#include <iterator>
#include <system_error>

#if defined(_LIBCPP_VERSION) && _LIBCPP_VERSION < 15000
namespace std {

template <floating_point T>
to_chars_result to_chars(char* first, char* last, T value) {
    char text[32];
    const int length = snprintf(text, sizeof text, "%.9g", static_cast<double>(value));
    if (last - first < length) return {last, errc::value_too_large};
    return {copy_n(text, length, first), errc{}};
}

namespace ranges {

template <class Range, class T>
void fill(Range&& range, const T& value) {
    std::fill(std::begin(range), std::end(range), value);
}
template <class Range, class Out>
void copy(const Range& range, Out out) {
    std::copy(std::begin(range), std::end(range), out);
}
template <class Range, class Out, class Function>
void transform(const Range& range, Out out, Function function) {
    std::transform(std::begin(range), std::end(range), out, function);
}
template <class Range, class T, class Projection>
auto find(Range& range, const T& value, Projection projection) {
    return std::find_if(std::begin(range), std::end(range),
                        [&](const auto& item) { return std::invoke(projection, item) == value; });
}
template <class Range, class Predicate>
bool all_of(const Range& range, Predicate predicate) {
    return std::all_of(std::begin(range), std::end(range), predicate);
}

}  // namespace ranges
}  // namespace std
#endif
