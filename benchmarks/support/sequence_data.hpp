// Sequences with a label each, in three parts, and a file of them for programs of other languages.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "support/architecture_task.hpp"
#include "tdca/data/dataset.hpp"
#include "tdca/data/subset.hpp"

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

    /// Writes them as @ref save_task does.
    ///
    /// @throws tdca::Error as `save_safetensors`
    void save(const std::filesystem::path& path) const {
        save_task(path, {data_.name(), nullptr, train(), validation(), test()});
    }

private:
    PartSizes sizes_;
    Dataset data_;
};

}  // namespace tdca::support
