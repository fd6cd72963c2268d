// Fashion-MNIST as our experiments use it: standardised, split, and pooled for evolution.
#pragma once

#include <filesystem>

#include "tdca/core/random.hpp"
#include "tdca/data/dataset.hpp"
#include "tdca/data/idx.hpp"
#include "tdca/data/transform.hpp"

namespace tdca::support {

/// Training images, split into 50,000 to learn from and 10,000 to validate on, the same split for
/// every experiment; and the test images, which are for final figures only.
///
/// Pixels are standardised by the mean and deviation of the 50,000. The same images pooled to
/// 14 × 14 and standardised are what evolution lives on: a lifetime costs a quarter there.
class FashionMnist {
public:
    /// @throws tdca::Error where the files are missing or broken
    explicit FashionMnist(const std::filesystem::path& directory)
        : raw_(load_idx_directory(directory, Split::train)),
          raw_pooled_(pool(raw_, 2)),
          standardization_(Standardization::fit(parts(raw_)[0])),
          images_(standardization_.apply(raw_)),
          pooled_(Standardization::fit(parts(raw_pooled_)[0]).apply(raw_pooled_)),
          test_(standardization_.apply(load_idx_directory(directory, Split::test))) {}

    FashionMnist(const FashionMnist&) = delete;
    FashionMnist& operator=(const FashionMnist&) = delete;

    [[nodiscard]] Subset train() const { return parts(images_)[0]; }
    [[nodiscard]] Subset validation() const { return parts(images_)[1]; }
    [[nodiscard]] Subset pooled_train() const { return parts(pooled_)[0]; }
    [[nodiscard]] Subset pooled_validation() const { return parts(pooled_)[1]; }
    [[nodiscard]] Subset test() const { return all(test_); }

private:
    static std::array<Subset, 2> parts(const Dataset& data) {
        return split(data, Key(20220801), data.size() * 5 / 6, data.size() / 6);
    }

    Dataset raw_;
    Dataset raw_pooled_;
    Standardization standardization_;
    Dataset images_;
    Dataset pooled_;
    Dataset test_;
};

}  // namespace tdca::support
