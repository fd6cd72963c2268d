// Fashion-MNIST as our experiments use it: standardised, split, and pooled for evolution.
#pragma once

#include <filesystem>

#include "support/datasets.hpp"
#include "tdca/data/idx.hpp"

namespace tdca::support {

/// 50,000 images to learn from, 10,000 to validate on, the 10,000 test images; and the first two
/// pooled. The same as `load_dataset("fashion_mnist")`, from a folder of one's choice.
class FashionMnist : public ExperimentData {
public:
    /// @throws tdca::Error where the files are missing or broken
    explicit FashionMnist(const std::filesystem::path& directory)
        : ExperimentData(load_idx_directory(directory, Split::train),
                         load_idx_directory(directory, Split::test)) {}
};

}  // namespace tdca::support
