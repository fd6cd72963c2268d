// TensorFile: named tensors and metadata in memory, as one file holds them.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/text.hpp"

namespace tdca::inline TDCA_ABI {

/// What one element of a stored tensor is. Those that C++ has no type for are kept, not read.
enum class DType : std::uint8_t {
    other,  ///< one that this library does not know; @ref TensorRecord::other_type is its name
    f4,
    f6_e2m3,
    f6_e3m2,
    boolean,
    u8,
    i8,
    f8_e5m2,
    f8_e4m3,
    f8_e8m0,
    u16,
    i16,
    f16,
    bf16,
    u32,
    i32,
    f32,
    u64,
    i64,
    f64,
    c64
};

namespace detail {

struct DTypeFacts {
    std::string_view name;
    std::size_t bits;  ///< of one element
};

/// In the order of the enumerators.
inline constexpr std::array<DTypeFacts, 21> dtypes{
    {{"other", 0}, {"F4", 4},      {"F6_E2M3", 6}, {"F6_E3M2", 6}, {"BOOL", 8}, {"U8", 8},
     {"I8", 8},    {"F8_E5M2", 8}, {"F8_E4M3", 8}, {"F8_E8M0", 8}, {"U16", 16}, {"I16", 16},
     {"F16", 16},  {"BF16", 16},   {"U32", 32},    {"I32", 32},    {"F32", 32}, {"U64", 64},
     {"I64", 64},  {"F64", 64},    {"C64", 64}}};

/// The type of this name in a file.
[[nodiscard]] constexpr DType dtype_named(std::string_view name) noexcept {
    for (std::size_t i = 1; i < dtypes.size(); ++i) {
        if (dtypes[i].name == name) return static_cast<DType>(i);
    }
    return DType::other;
}

template <class T>
inline constexpr std::optional<DType> dtype_of = []() -> std::optional<DType> {
    if (std::is_same_v<T, std::uint8_t>) return DType::u8;
    if (std::is_same_v<T, std::int8_t>) return DType::i8;
    if (std::is_same_v<T, std::uint16_t>) return DType::u16;
    if (std::is_same_v<T, std::int16_t>) return DType::i16;
    if (std::is_same_v<T, std::uint32_t>) return DType::u32;
    if (std::is_same_v<T, std::int32_t>) return DType::i32;
    if (std::is_same_v<T, float>) return DType::f32;
    if (std::is_same_v<T, std::uint64_t>) return DType::u64;
    if (std::is_same_v<T, std::int64_t>) return DType::i64;
    if (std::is_same_v<T, double>) return DType::f64;
    return std::nullopt;
}();

/// Text from a file, for a message: of bounded length, without control characters.
[[nodiscard]] inline std::string in_quotes(std::string_view text) {
    std::size_t length = std::min(text.size(), std::size_t{80});
    // Not in the middle of a character of UTF-8.
    while (length != 0 && length < text.size() && (text[length] & 0xc0) == 0x80) --length;
    std::string shown(text.substr(0, length));
    for (char& c : shown) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
    }
    return "'" + shown + (length < text.size() ? "…'" : "'");
}

}  // namespace detail

/// Its name in a file: "F32".
[[nodiscard]] constexpr std::string_view to_string(DType dtype) {
    return detail::dtypes[static_cast<std::size_t>(dtype)].name;
}

/// Bits of one element; 0 where they are not known.
[[nodiscard]] constexpr std::size_t bits_of(DType dtype) {
    return detail::dtypes[static_cast<std::size_t>(dtype)].bits;
}

/// Bytes of one element; 0 where they are not known, or several elements share one.
[[nodiscard]] constexpr std::size_t size_of(DType dtype) { return bits_of(dtype) / 8; }

/// A type whose values a tensor file can hold.
template <class T>
concept Storable = detail::dtype_of<T>.has_value();

/// Extents of a stored tensor, outermost first; empty for a scalar.
using Extents = std::vector<std::uint64_t>;

/// "F32 [784, 64]", for messages; of a shape from a file no more than 8 extents.
[[nodiscard]] inline std::string describe(DType dtype, std::span<const std::uint64_t> shape) {
    constexpr std::size_t most = 8;
    std::string text;
    for (const std::uint64_t extent : shape.first(std::min(shape.size(), most))) {
        append_part(text, ", ", to_text(extent));
    }
    if (shape.size() > most) text += ", …";
    return std::string(to_string(dtype)) + " [" + text + "]";
}

/// Bytes that a tensor takes, or nothing where its extents multiply to more than can be counted, to
/// no whole number of bytes, or its type is not known.
[[nodiscard]] inline std::optional<std::uint64_t> bytes_of(DType dtype,
                                                           std::span<const std::uint64_t> shape) {
    constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t elements = 1;
    for (const std::uint64_t extent : shape) {
        if (extent != 0 && elements > most / extent) return {};
        elements *= extent;
    }
    // Eight elements take as many bytes as one takes bits.
    const std::uint64_t bits = bits_of(dtype);
    const std::uint64_t rest = elements % 8 * bits;
    if (bits == 0 || rest % 8 != 0 || elements / 8 > (most - rest / 8) / bits) return {};
    return elements / 8 * bits + rest / 8;
}

/// One named tensor: row-major elements, little-endian.
struct TensorRecord {
    std::string name;
    DType dtype = DType::f32;  ///< type of its numbers
    Extents shape;
    std::vector<std::byte> bytes;  ///< the numbers, little-endian, row-major
    /// Name of the type where that is @ref DType::other. Such a tensor is kept as it is.
    std::string other_type = {};

    /// Same name, type, shape and bytes.
    friend bool operator==(const TensorRecord&, const TensorRecord&) = default;
};

namespace detail {

/// The name of the record's type in a file.
[[nodiscard]] inline std::string_view type_of(const TensorRecord& record) {
    return record.dtype == DType::other ? record.other_type : to_string(record.dtype);
}

/// Whether so many bytes are a tensor of the record's type and shape. Of a type that is not known
/// any number of them may be.
[[nodiscard]] inline bool suits(const TensorRecord& record, std::uint64_t bytes) {
    return record.dtype == DType::other || bytes_of(record.dtype, record.shape) == bytes;
}

}  // namespace detail

/// "F32 [784, 64]", for messages; a type that is not known stands in quotes.
[[nodiscard]] inline std::string describe(const TensorRecord& record) {
    std::string shown = describe(record.dtype, record.shape);
    if (record.dtype != DType::other) return shown;
    return detail::in_quotes(record.other_type) + shown.substr(shown.find(' '));
}

static_assert(std::endian::native == std::endian::little,
              "tensor files hold little-endian numbers, and this library does not swap bytes");

/// The contents of a tensor file.
struct TensorFile {
    std::map<std::string, std::string> metadata;  ///< free text by name
    std::vector<TensorRecord> tensors;            ///< in the order of the file
    /// What messages call it: the path it was read from.
    std::string source = "tensor file";

    /// The tensor named `name`, or null. O(tensors).
    [[nodiscard]] const TensorRecord* find(std::string_view name) const noexcept {
        const auto found = std::ranges::find(tensors, name, &TensorRecord::name);
        return found == tensors.end() ? nullptr : &*found;
    }

    /// Copies `values` in as a new tensor: `file.add<float>("bias", {64}, bias)`.
    ///
    /// @throws tdca::Error where the name is taken, or `shape` is not that of so many values
    template <Storable T>
    void add(std::string name, Extents shape, std::span<const T> values) {
        constexpr DType dtype = *detail::dtype_of<T>;
        const std::string where = source + ": tensor " + detail::in_quotes(name);
        if (find(name) != nullptr) throw Error(where, "there is one of this name already");
        if (bytes_of(dtype, shape) != values.size_bytes()) {
            throw Error(where, "the number of values does not suit the shape",
                        describe(dtype, shape), to_text(values.size()) + " values");
        }
        const auto bytes = std::as_bytes(values);
        tensors.push_back(
            {std::move(name), dtype, std::move(shape), {bytes.begin(), bytes.end()}, {}});
    }

    /// The tensor named `name`, sure to hold elements `T` in the shape `shape`.
    ///
    /// @throws tdca::Error naming the file, the tensor, what was expected and what was found
    template <Storable T>
    [[nodiscard]] const TensorRecord& require(std::string_view name, const Extents& shape) const {
        constexpr DType dtype = *detail::dtype_of<T>;
        const std::string where = source + ": tensor " + detail::in_quotes(name);
        const TensorRecord* const record = find(name);
        if (record == nullptr) {
            throw Error(where, "missing", describe(dtype, shape), "no tensor of this name");
        }
        if (record->dtype != dtype || record->shape != shape) {
            throw Error(where, record->dtype != dtype ? "wrong element type" : "wrong shape",
                        describe(dtype, shape), describe(*record));
        }
        if (record->bytes.size() != bytes_of(dtype, shape)) {
            throw Error(where, "the number of bytes does not suit the shape",
                        describe(dtype, shape), to_text(record->bytes.size()) + " bytes");
        }
        return *record;
    }

    /// Copies the tensor named `name` to `out`, which has to have room for `shape` exactly.
    ///
    /// @throws tdca::Error as `require`, and where `out` is of another size
    template <Storable T>
    void read(std::string_view name, const Extents& shape, std::span<T> out) const {
        const TensorRecord& record = require<T>(name, shape);
        if (out.size_bytes() != record.bytes.size()) {
            throw Error(source + ": tensor " + detail::in_quotes(name),
                        "the place to read it to has another size", record.bytes.size() / sizeof(T),
                        out.size());
        }
        if (!out.empty()) std::memcpy(out.data(), record.bytes.data(), record.bytes.size());
    }

    /// The elements of the tensor named `name`.
    ///
    /// @throws tdca::Error as `require`
    template <Storable T>
    [[nodiscard]] std::vector<T> read(std::string_view name, const Extents& shape) const {
        std::vector<T> values(require<T>(name, shape).bytes.size() / sizeof(T));
        read<T>(name, shape, values);
        return values;
    }
};

}  // namespace tdca
