// Reader of IDX files, plain or gzipped: the format of MNIST and Fashion-MNIST.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/data/dataset.hpp"
#include "tdca/data/detail/gzip_reader.hpp"

namespace tdca::inline TDCA_ABI {

namespace detail {

/// The contents of one IDX file of unsigned bytes.
template <std::size_t Rank>
struct IdxArray {
    std::array<std::size_t, Rank> extents;
    std::vector<std::uint8_t> values;
};

[[nodiscard]] inline std::uint32_t big_endian(std::span<const std::uint8_t, 4> bytes) noexcept {
    return (std::uint32_t{bytes[0]} << 24U) | (std::uint32_t{bytes[1]} << 16U) |
           (std::uint32_t{bytes[2]} << 8U) | std::uint32_t{bytes[3]};
}

[[nodiscard]] inline std::string hexadecimal(std::uint32_t value) {
    std::array<char, 11> text{};
    std::snprintf(text.data(), text.size(), "0x%08x", value);
    return text.data();
}

/// The extents in the header of an IDX file: magic number 0x0000TTRR with type 08 (unsigned byte)
/// and the rank, then one big-endian 32-bit extent per axis.
template <std::size_t Rank>
[[nodiscard]] std::array<std::size_t, Rank> read_idx_header(GzipReader& file) {
    std::array<std::uint8_t, 4 + 4 * Rank> header{};
    if (const std::size_t count = file.read(header); count != header.size()) {
        throw Error(file.name(), "truncated header", to_text(header.size()) + " bytes",
                    to_text(count));
    }
    constexpr std::uint32_t magic = 0x0800U + Rank;
    const std::uint32_t found = big_endian(std::span(header).template first<4>());
    if (found != magic) {
        throw Error(file.name(), "no IDX file of unsigned bytes of rank " + to_text(Rank),
                    "magic number " + hexadecimal(magic), hexadecimal(found));
    }
    std::array<std::size_t, Rank> extents{};
    for (std::size_t axis = 0; axis < Rank; ++axis) {
        extents[axis] = big_endian(std::span(header).subspan(4 + 4 * axis).template first<4>());
        if (extents[axis] == 0) {
            throw Error(file.name(), "extent " + to_text(axis) + " in the header", "at least 1",
                        "0");
        }
    }
    return extents;
}

/// Memory grows with the bytes that are really there, whatever the header claims.
template <std::size_t Rank>
[[nodiscard]] IdxArray<Rank> read_idx(const std::filesystem::path& path) {
    GzipReader file(path);
    IdxArray<Rank> array{read_idx_header<Rank>(file), {}};
    std::size_t total = 1;
    for (const std::size_t extent : array.extents) {
        // Values become floats, so that four bytes each have to be countable.
        if (extent > std::numeric_limits<std::size_t>::max() / sizeof(float) / total) {
            throw Error(file.name(), "the header's extents multiply to more than can be counted");
        }
        total *= extent;
    }
    auto& values = array.values;
    while (values.size() < total) {
        const std::size_t start = values.size();
        const std::size_t wanted = std::min(total - start, std::max(GzipReader::chunk, start));
        values.resize(start + wanted);
        const std::size_t count = file.read(std::span(values).subspan(start));
        if (count != wanted) {
            throw Error(file.name(), "truncated values", to_text(total) + " bytes",
                        to_text(start + count));
        }
    }
    file.require_end();
    return array;
}

}  // namespace detail

/// Images and labels from a pair of IDX files (http://yann.lecun.com/exdb/mnist, "file format"),
/// each plain or gzipped; pixels 0 … 255 become 0 … 1.
///
/// @param classes number of classes; if not given, one more than the largest label
/// @throws tdca::Error naming the file, what was expected and what was found, for a file that is
///   missing, truncated, damaged, too long, of another kind, or does not match its partner. Bytes
///   behind the trailer of a gzip file are ignored, as gzip ignores them.
///
/// Linear in the size of the files, inflated. Takes at most six bytes of memory for each of theirs,
/// four of them for the dataset, and 192 KiB, whatever their headers claim.
[[nodiscard]] inline Dataset load_idx(const std::filesystem::path& images_path,
                                      const std::filesystem::path& labels_path, std::string name,
                                      std::optional<std::size_t> classes = std::nullopt) {
    const auto labels = detail::read_idx<1>(labels_path);
    const auto images = detail::read_idx<3>(images_path);
    const auto [samples, rows, columns] = images.extents;
    if (labels.extents[0] != samples) {
        throw Error(labels_path.string(),
                    "one label is needed for each image of " + images_path.string(), samples,
                    labels.extents[0]);
    }
    auto inputs = Matrix<float>::from_shape({samples, rows * columns});
    std::ranges::transform(images.values, inputs.data(),
                           [](std::uint8_t pixel) { return static_cast<float>(pixel) / 255.0F; });
    auto targets = Tensor<std::uint16_t, 1>::from_shape({samples});
    std::ranges::copy(labels.values, targets.data());
    const std::size_t largest = *std::ranges::max_element(labels.values);
    return Dataset(std::move(name), std::move(inputs), std::move(targets),
                   classes.value_or(largest + 1), rows, columns);
}

/// Which half of a published dataset.
enum class Split : bool { train, test };

/// One half of a dataset in MNIST's layout: `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`,
/// `t10k-images-…`, `t10k-labels-…`, each plain or with `.gz`; plain wins where both are there.
///
/// @param name if empty, the folder's name and the half: "fashion-mnist train"
/// @throws tdca::Error as `load_idx`
[[nodiscard]] inline Dataset load_idx_directory(const std::filesystem::path& directory, Split half,
                                                std::string name = {}) {
    const auto find = [&](const std::string& kind) {
        const std::string file = (half == Split::train ? "train-" : "t10k-") + kind;
        for (const char* const ending : {"", ".gz"}) {
            std::filesystem::path path = directory / (file + ending);
            std::error_code status;
            if (std::filesystem::exists(path, status)) return path;
        }
        throw Error(directory.string(), "no such file in this folder", file + " or " + file + ".gz",
                    "neither");
    };
    if (name.empty()) {
        const auto folder = (directory / "").lexically_normal().parent_path().filename();
        name = folder.string() + (half == Split::train ? " train" : " test");
    }
    const auto images = find("images-idx3-ubyte");
    return load_idx(images, find("labels-idx1-ubyte"), std::move(name));
}

/// Where Fashion-MNIST is: the environment's TDCA_FASHION_MNIST, or else the folder of Debian's
/// package dataset-fashion-mnist.
[[nodiscard]] inline std::filesystem::path default_fashion_mnist_directory() {
    const char* const chosen = std::getenv("TDCA_FASHION_MNIST");
    if (chosen != nullptr && *chosen != '\0') return chosen;
    return "/usr/share/datasets/fashion-mnist";
}

}  // namespace tdca
