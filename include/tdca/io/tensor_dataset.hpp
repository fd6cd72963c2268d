// Datasets from safetensors files: arrays of NumPy, PyTorch or JAX as samples and targets.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/tensor.hpp"
#include "tdca/core/text.hpp"
#include "tdca/data/dataset.hpp"
#include "tdca/io/safetensors.hpp"
#include "tdca/io/tensor_file.hpp"

namespace tdca::inline TDCA_ABI {

/// What the targets of a file are.
enum class TensorTargets : std::uint8_t {
    by_type,  ///< whole numbers are labels; others, and truth values of several labels, are numbers
    labels,   ///< of whole numbers, however they are stored
    numbers   ///< whole ones too
};

/// Which arrays of a file are the samples, and what they mean.
struct TensorDatasetOptions {
    std::string inputs = "inputs";                ///< name of the array of samples
    std::string targets = "targets";              ///< name of the array of what is told of each
    TensorTargets kind = TensorTargets::by_type;  ///< of targets
    std::size_t classes = 0;  ///< of labels; 0: as many as the largest label says
};

namespace detail {

/// The array named `name`; where there is none the message names those that there are.
[[nodiscard]] inline const TensorRecord& require_tensor(const TensorFile& file,
                                                        const std::string& name) {
    if (const TensorRecord* const found = file.find(name)) return *found;
    std::string names;
    for (std::size_t i = 0; i < std::min<std::size_t>(file.tensors.size(), 8); ++i) {
        append_part(names, ", ", in_quotes(file.tensors[i].name));
    }
    if (file.tensors.size() > 8) names += ", …";
    throw Error(file.source + ": tensor " + in_quotes(name), "missing", in_quotes(name),
                names.empty() ? "no tensors" : names);
}

/// A number of half precision.
[[nodiscard]] inline float half_to_float(std::uint16_t bits) noexcept {
    const int exponent = (bits >> 10) & 31;
    const auto fraction = static_cast<float>(bits & 1023);
    const float sign = (bits & 0x8000) != 0 ? -1.0F : 1.0F;
    if (exponent == 31) {
        return fraction == 0 ? sign * std::numeric_limits<float>::infinity()
                             : std::numeric_limits<float>::quiet_NaN();
    }
    if (exponent == 0) return sign * std::ldexp(fraction, -24);
    return sign * std::ldexp(fraction + 1024.0F, exponent - 25);
}

/// Element `i` of a record whose elements are a `T` each.
template <class T>
[[nodiscard]] T element(const TensorRecord& record, std::size_t i) noexcept {
    T value;
    std::memcpy(&value, record.bytes.data() + i * sizeof(T), sizeof(T));
    return value;
}

/// Calls `visit(read)`, where `read(i)` is element i as the type that it is stored as.
///
/// @throws tdca::Error where elements are no numbers that C++ has a type for
template <class Visit>
void with_elements(const TensorFile& file, const TensorRecord& record, Visit&& visit) {
    const auto of = [&]<class T>() {
        visit([&record](std::size_t i) { return element<T>(record, i); });
    };
    switch (record.dtype) {
        case DType::boolean:
        case DType::u8:
            return of.template operator()<std::uint8_t>();
        case DType::i8:
            return of.template operator()<std::int8_t>();
        case DType::u16:
            return of.template operator()<std::uint16_t>();
        case DType::i16:
            return of.template operator()<std::int16_t>();
        case DType::u32:
            return of.template operator()<std::uint32_t>();
        case DType::i32:
            return of.template operator()<std::int32_t>();
        case DType::u64:
            return of.template operator()<std::uint64_t>();
        case DType::i64:
            return of.template operator()<std::int64_t>();
        case DType::f16:
            return visit([&record](std::size_t i) {
                return half_to_float(element<std::uint16_t>(record, i));
            });
        case DType::bf16:
            return visit([&record](std::size_t i) {
                return std::bit_cast<float>(std::uint32_t{element<std::uint16_t>(record, i)}
                                            << 16U);
            });
        case DType::f32:
            return of.template operator()<float>();
        case DType::f64:
            return of.template operator()<double>();
        default:
            break;
    }
    throw Error(file.source + ": tensor " + in_quotes(record.name),
                "of elements that no samples are made of",
                "BOOL, whole numbers, F16, BF16, F32, F64", describe(record));
}

/// Samples × all else, as single precision.
[[nodiscard]] inline Matrix<float> numbers_in(const TensorFile& file, const TensorRecord& record) {
    const std::string where = file.source + ": tensor " + in_quotes(record.name);
    if (record.shape.empty() || record.shape[0] == 0) {
        throw Error(where, "has no samples", "samples × anything", describe(record));
    }
    std::size_t each = 1;
    for (std::size_t d = 1; d < record.shape.size(); ++d) each *= record.shape[d];
    auto numbers = Matrix<float>::from_shape({static_cast<std::size_t>(record.shape[0]), each});
    with_elements(file, record, [&](const auto& read) {
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            numbers.data()[i] = static_cast<float>(read(i));
        }
    });
    return numbers;
}

/// Labels of samples, or of their steps; what is below 0 is none.
struct LabelsInFile {
    Matrix<std::uint16_t> labels;  ///< samples × steps
    std::size_t classes;
};

[[nodiscard]] inline LabelsInFile labels_in(const TensorFile& file, const TensorRecord& record,
                                            std::size_t classes) {
    const std::string where = file.source + ": tensor " + in_quotes(record.name);
    const std::size_t axes = record.shape.size();
    if (axes == 0 || axes > 2) {
        throw Error(where, "not the shape of labels", "[samples] or [samples, steps]",
                    describe(record));
    }
    const auto samples = static_cast<std::size_t>(record.shape[0]);
    const auto steps = axes == 2 ? static_cast<std::size_t>(record.shape[1]) : std::size_t{1};
    LabelsInFile result{Matrix<std::uint16_t>::from_shape({samples, steps}), classes};
    std::size_t largest = 0;
    with_elements(file, record, [&](const auto& read) {
        for (std::size_t i = 0; i < result.labels.size(); ++i) {
            const auto number = static_cast<double>(read(i));
            const bool is_none = steps > 1 && number < 0;
            if (!is_none &&
                !(number >= 0 && number < Dataset::no_label && number == std::floor(number))) {
                throw Error(where,
                            "the label of sample " + to_text(i / steps) +
                                (steps > 1 ? ", step " + to_text(i % steps) + "," : "") +
                                " is no class",
                            steps > 1 ? "a whole number from 0 to 65534, or below 0 for none"
                                      : "a whole number from 0 to 65534",
                            to_text(number));
            }
            result.labels.data()[i] =
                is_none ? Dataset::no_label : static_cast<std::uint16_t>(number);
            if (!is_none) largest = std::max(largest, static_cast<std::size_t>(number));
        }
    });
    if (classes == 0) result.classes = largest + 1;
    return result;
}

[[nodiscard]] inline bool holds_whole_numbers(DType dtype) noexcept {
    constexpr std::array whole{DType::u8,  DType::i8,  DType::u16, DType::i16,
                               DType::u32, DType::i32, DType::u64, DType::i64};
    return std::ranges::find(whole, dtype) != whole.end();
}

}  // namespace detail

/// Two arrays of a file as samples and targets.
///
/// | inputs | become |
/// | --- | --- |
/// | [samples, …] | samples × all other extents, row-major; of [samples, rows, columns] images, where each has one label or row of numbers |
///
/// | targets | become |
/// | --- | --- |
/// | [samples], whole numbers or truth values | labels |
/// | [samples, steps], whole numbers | labels of the steps of sequences; below 0: none |
/// | [samples], [samples, n], [samples, steps, n] of fractions, or of truth values in several columns | numbers; NaN: not known |
///
/// Elements may be truth values, whole numbers, or fractions of 16, 32 or 64 bits; all become
/// single precision.
///
/// @throws tdca::Error naming file and tensor where one is missing (and which there are), or has
///   elements or a shape that do not serve; as `Dataset`
[[nodiscard]] inline Dataset dataset_in(const TensorFile& file,
                                        const TensorDatasetOptions& options = {}) {
    const TensorRecord& inputs = detail::require_tensor(file, options.inputs);
    const TensorRecord& targets = detail::require_tensor(file, options.targets);
    Matrix<float> samples = detail::numbers_in(file, inputs);
    const bool are_images = inputs.shape.size() == 3;
    const std::size_t rows = are_images ? static_cast<std::size_t>(inputs.shape[1]) : 0;
    const std::size_t columns = are_images ? static_cast<std::size_t>(inputs.shape[2]) : 0;
    const bool one_truth = targets.dtype == DType::boolean && targets.shape.size() == 1;
    const bool by_type = options.kind == TensorTargets::by_type;
    if (options.kind == TensorTargets::labels ||
        (by_type && (one_truth || detail::holds_whole_numbers(targets.dtype)))) {
        auto [labels, classes] = detail::labels_in(file, targets, options.classes);
        if (labels.shape()[1] > 1) return {file.source, std::move(samples), labels, classes};
        auto each = Tensor<std::uint16_t, 1>::from_shape({labels.shape()[0]});
        std::copy_n(labels.data(), labels.size(), each.data());
        return {file.source, std::move(samples), std::move(each), classes, rows, columns};
    }
    return {file.source, std::move(samples), detail::numbers_in(file, targets), rows, columns};
}

/// The same of a file: what python's `safetensors.numpy.save_file`, or `tdca.save_tensors`, wrote.
///
/// @throws tdca::Error as `dataset_in` and `load_safetensors`
[[nodiscard]] inline Dataset load_tensor_dataset(const std::filesystem::path& path,
                                                 const TensorDatasetOptions& options = {}) {
    return dataset_in(load_safetensors(path), options);
}

}  // namespace tdca
