// Fashion-MNIST for the examples: standardised, and split into training and validation samples.
#pragma once

#include <array>
#include <cstddef>

#include "tdca/core/random.hpp"
#include "tdca/data/dataset.hpp"
#include "tdca/data/idx.hpp"
#include "tdca/data/subset.hpp"
#include "tdca/data/transform.hpp"

namespace tdca::support {

/// Images of one size: 50,000 to learn from and 10,000 to validate on. The two refer to the object,
/// which stays where it was made.
class FashionMnist {
public:
    /// @param pooling by which width and height shrink: 2 makes images of 14 × 14, on which a
    ///   lifetime costs a quarter
    /// @throws tdca::Error where the files are missing or broken
    explicit FashionMnist(std::size_t pooling = 1) : images_(load(pooling)) {}
    FashionMnist(const FashionMnist&) = delete;
    FashionMnist& operator=(const FashionMnist&) = delete;
    ~FashionMnist() = default;

    [[nodiscard]] Subset train() const { return parts(images_)[0]; }
    [[nodiscard]] Subset validation() const { return parts(images_)[1]; }

private:
    static std::array<Subset, 2> parts(const Dataset& images) {
        return split(images, Key(20220801), 50'000, 10'000);
    }
    static Dataset load(std::size_t pooling) {
        Dataset images = load_idx_directory(default_fashion_mnist_directory(), Split::train);
        if (pooling > 1) images = pool(images, pooling);
        return Standardization::fit(parts(images)[0]).apply(images);
    }

    Dataset images_;
};

}  // namespace tdca::support
