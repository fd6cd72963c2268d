// Safetensors files: tensors that NumPy, PyTorch and JAX can read, written whole or not at all.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <istream>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_set>
#include <utility>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/shape.hpp"
#include "tdca/io/atomic_file.hpp"
#include "tdca/io/detail/safetensors_header.hpp"
#include "tdca/io/json.hpp"
#include "tdca/io/tensor_file.hpp"

namespace tdca::inline TDCA_ABI {

namespace detail {

/// The format's own limit.
inline constexpr std::uint64_t largest_safetensors_header = 100'000'000;

/// Tensors in the order in which their data are written: wide elements first, so that each starts
/// at a multiple of its element's size, and those of no known number of bytes last.
[[nodiscard]] inline std::vector<const TensorRecord*> order_of_data(const TensorFile& file) {
    std::unordered_set<std::string_view> names{"__metadata__"};
    std::vector<const TensorRecord*> order;
    for (const TensorRecord& record : file.tensors) {
        const std::string where = file.source + ": tensor " + in_quotes(record.name);
        if (!names.insert(record.name).second) throw Error(where, "this name is taken");
        if (!suits(record, record.bytes.size())) {
            throw Error(where, "the number of bytes does not suit the shape", describe(record),
                        to_text(record.bytes.size()) + " bytes");
        }
        if (record.dtype == DType::other && dtype_named(record.other_type) != DType::other) {
            throw Error(where, "a known element type is named as one that is not known",
                        "another dtype", in_quotes(record.other_type));
        }
        order.push_back(&record);
    }
    std::ranges::stable_sort(order, std::ranges::greater{},
                             [](const TensorRecord* record) { return size_of(record->dtype); });
    return order;
}

/// The header's text, padded with spaces so that the data start at a multiple of 8 bytes.
[[nodiscard]] inline std::string safetensors_header(const TensorFile& file,
                                                    std::span<const TensorRecord* const> order) {
    Json header = Json::object();
    if (!file.metadata.empty()) header["__metadata__"] = file.metadata;
    std::uint64_t begin = 0;
    for (const TensorRecord* const record : order) {
        const std::uint64_t end = begin + record->bytes.size();
        header[record->name] = {
            {"dtype", type_of(*record)}, {"shape", record->shape}, {"data_offsets", {begin, end}}};
        begin = end;
    }
    std::string text;
    try {
        text = header.dump();
    } catch (const Json::exception&) {
        throw Error(file.source, "a tensor's name or a text in the metadata is not UTF-8");
    }
    text.resize((text.size() + 7) / 8 * 8, ' ');
    if (text.size() > largest_safetensors_header) {
        throw Error(file.source, "the header is too long", largest_safetensors_header, text.size());
    }
    return text;
}

/// Each announced tensor suits its shape, and together they cover the data once, without a hole.
inline void require_seamless(std::vector<AnnouncedTensor>& tensors, std::uint64_t data_bytes,
                             const std::string& source) {
    const auto place = [](const AnnouncedTensor& tensor) {
        return std::pair(tensor.begin, tensor.end);
    };
    // Empty tensors may share a place: they stay in the header's order.
    std::ranges::stable_sort(tensors, {}, place);
    std::uint64_t covered = 0;
    for (const auto& [record, begin, end] : tensors) {
        const std::string where = source + ": tensor " + in_quotes(record.name);
        const std::string found = "bytes " + to_text(begin) + " to " + to_text(end);
        if (begin > end || end > data_bytes) {
            throw Error(where, "its data are not in the file",
                        "within " + to_text(data_bytes) + " bytes of data", found);
        }
        if (!suits(record, end - begin)) {
            throw Error(where, "its data do not suit its shape", describe(record), found);
        }
        if (begin != covered) {
            const std::string problem = begin < covered ? "its data overlap another tensor's"
                                                        : "a hole comes before its data";
            throw Error(where, problem, "data from byte " + to_text(covered) + " on", found);
        }
        covered = end;
    }
    if (covered != data_bytes) {
        throw Error(source, "bytes that belong to no tensor follow the data", covered, data_bytes);
    }
}

/// Reads `count` bytes that the stream's size promises.
inline void read_exactly(std::istream& in, void* out, std::uint64_t count,
                         const std::string& source) {
    in.read(static_cast<char*>(out), static_cast<std::streamsize>(count));
    if (in) return;
    throw Error(source, "cannot be read to its end", count, static_cast<std::size_t>(in.gcount()));
}

}  // namespace detail

/// The bytes of a safetensors file (https://github.com/huggingface/safetensors, "Format").
///
/// @throws tdca::Error where a name comes twice, bytes and shape of a record disagree, or a known
///   element type is named as one that is not known
[[nodiscard]] inline std::string encode_safetensors(const TensorFile& file) {
    const auto order = detail::order_of_data(file);
    const std::string header = detail::safetensors_header(file, order);
    const auto length = std::bit_cast<std::array<char, 8>>(std::uint64_t{header.size()});
    std::string bytes(length.begin(), length.end());
    bytes += header;
    for (const TensorRecord* const record : order) {
        bytes.append(reinterpret_cast<const char*>(record->bytes.data()), record->bytes.size());
    }
    return bytes;
}

/// Reads a safetensors file from a stream that can seek; tensors come in the order of their data.
///
/// A tensor of an element type that this library does not know (@ref DType::other) keeps its name,
/// shape and bytes, is written back as it was, and is an error only where it is asked for. Keys of
/// a tensor's entry beyond `dtype`, `shape` and `data_offsets` are ignored, as the reference reader
/// ignores them, and are not written back. All else that the format does not allow is refused.
///
/// Every size is checked against the size of the stream before memory is taken for it: for each
/// byte of data one, for each byte of the header at most 24, and 16 KiB. Time is linear but for O(n
/// log n) in the number of names.
///
/// @param source what messages call the stream
/// @throws tdca::Error naming `source`, the tensor, what was expected and what was found
[[nodiscard]] inline TensorFile decode_safetensors(std::istream& in, std::string source) {
    in.seekg(0, std::ios::end);
    const auto end = static_cast<std::streamoff>(in.tellg());
    in.seekg(0);
    if (!in || end < 0) throw Error(source, "cannot be read");
    const auto size = static_cast<std::uint64_t>(end);
    if (size < 8) throw Error(source, "truncated", "8 bytes or more", to_text(size));
    std::uint64_t length = 0;
    detail::read_exactly(in, &length, 8, source);
    if (const auto most = std::min(size - 8, detail::largest_safetensors_header); length > most) {
        throw Error(source, "the header is longer than it can be",
                    to_text(most) + " bytes or fewer", to_text(length));
    }
    std::string text(length, '\0');
    detail::read_exactly(in, text.data(), length, source);
    detail::SafetensorsHeader header(text, source);
    detail::require_seamless(header.tensors, size - 8 - length, source);

    TensorFile file{std::move(header.metadata), {}, std::move(source)};
    file.tensors.reserve(header.tensors.size());
    for (auto& [record, first, last] : header.tensors) {
        record.bytes.resize(last - first);
        detail::read_exactly(in, record.bytes.data(), last - first, file.source);
        file.tensors.push_back(std::move(record));
    }
    return file;
}

/// Writes a safetensors file, whole or not at all.
///
/// @throws tdca::Error as `encode_safetensors` and `write_atomically`
inline void save_safetensors(const std::filesystem::path& path, const TensorFile& file) {
    write_atomically(path, encode_safetensors(file));
}

/// Reads a safetensors file.
///
/// @throws tdca::Error as `decode_safetensors`, and where there is no such file
[[nodiscard]] inline TensorFile load_safetensors(const std::filesystem::path& path) {
    std::error_code status;
    const auto type = std::filesystem::status(path, status).type();
    if (type == std::filesystem::file_type::not_found) throw Error(path.string(), "no such file");
    if (type != std::filesystem::file_type::regular) {
        throw Error(path.string(), "cannot be read: it is no ordinary file");
    }
    std::ifstream in(path, std::ios::binary);
    if (!in) throw detail::system_error(path.string(), "cannot be opened");
    return decode_safetensors(in, path.string());
}

namespace detail {

/// "prefix.name", or the name alone where the prefix is empty.
template <class TensorName>
[[nodiscard]] std::string tensor_name(std::string_view prefix, const TensorName& name) {
    return prefix.empty() ? std::string(name) : std::string(prefix) + "." + std::string(name);
}

template <StaticShape S>
[[nodiscard]] Extents extents_of(S /*shape*/) {
    return {S::extents.begin(), S::extents.end()};
}

struct AnyVisitor {
    void operator()(const auto& /*name*/, auto /*shape*/, auto /*values*/) const {}
};

}  // namespace detail

/// A `ParameterBlock`, a `Genome`, or anything else that shows its tensors by name.
template <class Block>
concept NamedTensors = requires(const Block& block) {
    requires Storable<typename Block::scalar>;
    block.for_each(detail::AnyVisitor{});
};

/// Adds every tensor of `block` as "prefix.name", or as "name" where the prefix is empty.
///
/// @throws tdca::Error where a name is taken
template <NamedTensors Block>
void add_parameters(TensorFile& file, std::string_view prefix, const Block& block) {
    using Scalar = typename Block::scalar;
    block.for_each([&](const auto& name, auto shape, auto values) {
        file.add<Scalar>(detail::tensor_name(prefix, name), detail::extents_of(shape), values);
    });
}

/// Fills every tensor of `block` from the file's tensor "prefix.name". Tensors that the block does
/// not have are left alone.
///
/// @throws tdca::Error naming file, tensor, expected and found for one that is missing, or of
///   another element type or shape; `block` is then untouched
template <NamedTensors Block>
void read_parameters(const TensorFile& file, std::string_view prefix, Block& block) {
    using Scalar = typename Block::scalar;
    std::as_const(block).for_each([&](const auto& name, auto shape, auto) {
        (void)file.require<Scalar>(detail::tensor_name(prefix, name), detail::extents_of(shape));
    });
    block.for_each([&](const auto& name, auto shape, auto values) {
        file.read<Scalar>(detail::tensor_name(prefix, name), detail::extents_of(shape),
                          std::span<Scalar>(values));
    });
}

}  // namespace tdca
