// What an architecture is trained on: a data set as it is, or one coded as sequences.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "support/datasets.hpp"
#include "tdca/core/tensor.hpp"
#include "tdca/data/dataset.hpp"
#include "tdca/data/subset.hpp"
#include "tdca/io/safetensors.hpp"

namespace tdca::support {

/// Samples to learn from, to tune on and to be tested on, and what a caption calls them.
struct ArchitectureTask {
    std::string name;
    std::shared_ptr<const void> owner;  ///< of what the subsets refer to
    Subset train;
    Subset validation;
    Subset test;
};

/// A data set that `load_dataset` knows.
///
/// @throws tdca::Error as `load_dataset`
[[nodiscard]] inline ArchitectureTask known_task(std::string caption, const std::string& name) {
    const std::shared_ptr<const ExperimentData> data(new ExperimentData(load_dataset(name)));
    return {std::move(caption), data, data->train(), data->validation(), data->test()};
}

/// `samples` rows of `features` numbers, each written by `write(i, numbers)`, which returns the
/// label of sample i.
template <class Write>
[[nodiscard]] Dataset generate(const std::string& name, std::size_t samples, std::size_t features,
                               std::size_t classes, Write&& write) {
    auto inputs = Matrix<float>::from_shape({samples, features});
    auto labels = Tensor<std::uint16_t, 1>::from_shape({samples});
    for (std::size_t i = 0; i < samples; ++i) {
        labels.data()[i] = write(i, std::span<float>(inputs.data() + i * features, features));
    }
    return Dataset(name, std::move(inputs), std::move(labels), classes);
}

/// A task of three data sets of its own.
[[nodiscard]] inline ArchitectureTask generated_task(std::string caption, Dataset train,
                                                     Dataset validation, Dataset test) {
    using Three = std::array<Dataset, 3>;
    const auto data = std::make_shared<const Three>(
        Three{std::move(train), std::move(validation), std::move(test)});
    return {std::move(caption), data, all((*data)[0]), all((*data)[1]), all((*data)[2])};
}

/// Writes the samples as a safetensors file, for programs of other languages that learn the same:
/// tensors `train.inputs` (samples × features, float) and `train.labels`, and likewise `validation`
/// and `test`.
///
/// @throws tdca::Error as `save_safetensors`
inline void save_task(const std::filesystem::path& path, const ArchitectureTask& task) {
    TensorFile file;
    file.metadata["task"] = task.name;
    file.source = path.string();
    const auto add = [&](const std::string& part, const Subset& samples) {
        std::vector<float> inputs(samples.size() * samples.features());
        std::vector<std::uint16_t> labels(samples.size());
        (void)samples.copy(0, inputs, labels);
        file.add<float>(part + ".inputs", {samples.size(), samples.features()}, inputs);
        file.add<std::uint16_t>(part + ".labels", {samples.size()}, labels);
    };
    add("train", task.train);
    add("validation", task.validation);
    add("test", task.test);
    save_safetensors(path, file);
}

}  // namespace tdca::support
