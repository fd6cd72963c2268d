// Sequences with a label each, in three parts, and a file of them for programs of other languages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "tdca/core/tensor.hpp"
#include "tdca/data/dataset.hpp"
#include "tdca/io/safetensors.hpp"

namespace tdca::support {

/// How many sequences are for training, for validation and, for final figures only, for testing.
struct PartSizes {
    std::size_t train;
    std::size_t validation;
    std::size_t test;

    [[nodiscard]] std::size_t all() const { return train + validation + test; }
};

/// Sequences in three parts. The subsets refer to the object, which stays where it was made.
class SequenceData {
public:
    /// @param write `write(i, numbers)` fills `features` numbers and returns the label of sequence
    /// i
    template <class Write>
    SequenceData(const std::string& name, const PartSizes& sizes, std::size_t features,
                 std::size_t classes, Write&& write)
        : sizes_(sizes), data_(generate(name, sizes.all(), features, classes, write)) {}

    SequenceData(const SequenceData&) = delete;
    SequenceData& operator=(const SequenceData&) = delete;

    [[nodiscard]] Subset train() const { return all(data_).first(sizes_.train); }
    [[nodiscard]] Subset validation() const {
        return all(data_).range(sizes_.train, sizes_.validation);
    }
    [[nodiscard]] Subset test() const { return all(data_).rest(sizes_.train + sizes_.validation); }

    /// Writes a safetensors file: `train.inputs` (sequences × features, float), `train.labels`, and
    /// likewise `validation` and `test`.
    ///
    /// @throws tdca::Error as `save_safetensors`
    void save(const std::filesystem::path& path) const {
        TensorFile file;
        file.source = path.string();
        const auto add = [&](const std::string& part, const Subset& samples) {
            std::vector<float> inputs(samples.size() * samples.features());
            std::vector<std::uint16_t> labels(samples.size());
            (void)samples.copy(0, inputs, labels);
            file.add<float>(part + ".inputs", {samples.size(), samples.features()}, inputs);
            file.add<std::uint16_t>(part + ".labels", {samples.size()}, labels);
        };
        add("train", train());
        add("validation", validation());
        add("test", test());
        save_safetensors(path, file);
    }

private:
    template <class Write>
    static Dataset generate(const std::string& name, std::size_t samples, std::size_t features,
                            std::size_t classes, Write&& write) {
        auto inputs = Matrix<float>::from_shape({samples, features});
        auto labels = Tensor<std::uint16_t, 1>::from_shape({samples});
        for (std::size_t i = 0; i < samples; ++i) {
            labels.data()[i] = write(i, std::span<float>(inputs.data() + i * features, features));
        }
        return Dataset(name, std::move(inputs), std::move(labels), classes);
    }

    PartSizes sizes_;
    Dataset data_;
};

}  // namespace tdca::support
