// Transforms of whole datasets: standardization and average pooling of images.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/tensor.hpp"
#include "tdca/data/dataset.hpp"
#include "tdca/data/subset.hpp"

namespace tdca::inline TDCA_ABI {

namespace detail {

/// `dataset` with these inputs, images of these extents.
[[nodiscard]] inline Dataset with_inputs(const Dataset& dataset, Matrix<float> inputs,
                                         std::size_t rows, std::size_t columns) {
    if (!dataset.has_labels()) {
        return Dataset(dataset.name(), std::move(inputs), dataset.numbers(), rows, columns);
    }
    if (dataset.steps() > 1) {
        auto labels = Matrix<std::uint16_t>::from_shape({dataset.size(), dataset.steps()});
        std::copy_n(dataset.labels().data(), labels.size(), labels.data());
        return Dataset(dataset.name(), std::move(inputs), labels, dataset.classes());
    }
    return Dataset(dataset.name(), std::move(inputs), dataset.labels(), dataset.classes(), rows,
                   columns);
}

/// `dataset` with `value(feature, x)` in place of every input x.
template <class Value>
[[nodiscard]] Dataset map_inputs(const Dataset& dataset, const Value& value) {
    auto inputs = Matrix<float>::from_shape({dataset.size(), dataset.features()});
    float* out = inputs.data();
    for (std::size_t i = 0; i < dataset.size(); ++i) {
        const auto sample = dataset.sample(i);
        for (std::size_t f = 0; f < sample.size(); ++f) {
            *out++ = static_cast<float>(value(f, static_cast<double>(sample[f])));
        }
    }
    return with_inputs(dataset, std::move(inputs), dataset.rows(), dataset.columns());
}

/// What to divide by: the standard deviation, or 1 where all values are equal.
[[nodiscard]] inline double scale_of(double sum_of_squares, double count) {
    const double deviation = std::sqrt(sum_of_squares / count);
    return deviation > 0 ? deviation : 1.0;
}

inline void require_samples(const Subset& samples) {
    require_some(samples.name(), "samples to fit a standardization to", samples.size());
}

}  // namespace detail

/// One affine map for all features: x → (x − mean) / scale.
///
/// Fit it to training samples alone and apply it to all data. Sums are in double precision, over
/// two passes, in the order of the samples.
struct Standardization {
    double mean = 0;   ///< of all inputs
    double scale = 1;  ///< what an input less the mean is divided by

    /// Mean and (population) standard deviation over all features of all samples.
    ///
    /// @throws tdca::Error where there are no samples
    [[nodiscard]] static Standardization fit(const Subset& samples) {
        detail::require_samples(samples);
        const auto sum = [&](auto&& term) {
            double total = 0;
            for (std::size_t i = 0; i < samples.size(); ++i) {
                for (const float x : samples.sample(i)) {
                    total += term(static_cast<double>(x));
                }
            }
            return total;
        };
        const auto count = static_cast<double>(samples.size() * samples.features());
        const double mean = sum([](double x) { return x; }) / count;
        const double squares = sum([mean](double x) { return (x - mean) * (x - mean); });
        return {mean, detail::scale_of(squares, count)};
    }

    /// A new dataset of the same name, labels and extents.
    [[nodiscard]] Dataset apply(const Dataset& dataset) const {
        return detail::map_inputs(dataset,
                                  [this](std::size_t, double x) { return (x - mean) / scale; });
    }
};

/// One affine map for each feature: x_f → (x_f − mean_f) / scale_f; constant features are centred.
struct FeatureStandardization {
    std::vector<double> mean;   ///< of each feature
    std::vector<double> scale;  ///< what each, less its mean, is divided by

    /// @throws tdca::Error where there are no samples
    [[nodiscard]] static FeatureStandardization fit(const Subset& samples) {
        detail::require_samples(samples);
        const auto count = static_cast<double>(samples.size());
        std::vector<double> mean(samples.features());
        std::vector<double> scale(samples.features());
        for (std::size_t i = 0; i < samples.size(); ++i) {
            const auto sample = samples.sample(i);
            for (std::size_t f = 0; f < mean.size(); ++f) {
                mean[f] += static_cast<double>(sample[f]);
            }
        }
        for (double& m : mean) m /= count;
        for (std::size_t i = 0; i < samples.size(); ++i) {
            const auto sample = samples.sample(i);
            for (std::size_t f = 0; f < mean.size(); ++f) {
                const double distance = static_cast<double>(sample[f]) - mean[f];
                scale[f] += distance * distance;
            }
        }
        for (double& s : scale) s = detail::scale_of(s, count);
        return {std::move(mean), std::move(scale)};
    }

    /// @throws tdca::Error where the dataset has another number of features
    [[nodiscard]] Dataset apply(const Dataset& dataset) const {
        if (dataset.features() != mean.size()) {
            throw Error(dataset.name(), "standardization fitted to other features", mean.size(),
                        dataset.features());
        }
        return detail::map_inputs(
            dataset, [this](std::size_t f, double x) { return (x - mean[f]) / scale[f]; });
    }
};

/// The same samples with this share of the labels changed to another class, all others equally
/// likely; which ones follows from `key`.
///
/// @throws tdca::Error where `share` is no share, or there is but one class
[[nodiscard]] inline Dataset with_wrong_labels(const Dataset& dataset, double share, Key key) {
    if (!(share >= 0 && share <= 1)) {
        throw Error(dataset.name(), "the share of wrong labels is no share", "from 0 to 1",
                    to_text(share));
    }
    const std::size_t classes = dataset.classes();
    if (!dataset.has_labels()) {
        throw Error(dataset.name(), "only labels can be wrong", "labels", "numbers");
    }
    if (dataset.steps() > 1) {
        throw Error(dataset.name(), "only labels of whole samples can be made wrong", 1,
                    dataset.steps());
    }
    if (classes < 2) {
        throw Error(dataset.name(), "with one class no label can be wrong", "at least 2 classes",
                    to_text(classes));
    }
    auto labels = dataset.labels();
    for (std::size_t i = 0; i < dataset.size(); ++i) {
        if ((key / 0).uniform(i) >= share) continue;
        const std::uint64_t shift = 1 + (key / 1).below(classes - 1, i);
        labels.data()[i] = static_cast<std::uint16_t>((dataset.label(i) + shift) % classes);
    }
    return Dataset(dataset.name(), dataset.inputs(), std::move(labels), classes, dataset.rows(),
                   dataset.columns());
}

/// Images shrunk by averaging `factor` × `factor` pixels: 28 × 28 becomes 14 × 14 with factor 2.
///
/// @throws tdca::Error where the samples are not images, or `factor` does not divide both extents
[[nodiscard]] inline Dataset pool(const Dataset& images, std::size_t factor) {
    const std::size_t rows = images.rows();
    const std::size_t columns = images.columns();
    if (rows == 0) {
        throw Error(images.name(), "only images can be pooled", "rows and columns",
                    to_text(images.features()) + " features");
    }
    if (factor == 0 || rows % factor != 0 || columns % factor != 0) {
        throw Error(images.name(), "the pooling factor does not divide the image",
                    "a divisor of " + to_text(rows) + "x" + to_text(columns), to_text(factor));
    }
    const std::size_t features = images.features() / (factor * factor);
    auto inputs = Matrix<float>::from_shape({images.size(), features});
    float* out = inputs.data();
    const auto area = static_cast<float>(factor * factor);
    for (std::size_t i = 0; i < images.size(); ++i) {
        const float* const pixels = images.sample(i).data();
        for (std::size_t row = 0; row < rows; row += factor) {
            for (std::size_t column = 0; column < columns; column += factor) {
                float sum = 0;
                for (std::size_t r = row; r < row + factor; ++r) {
                    const float* const line = pixels + r * columns + column;
                    for (std::size_t c = 0; c < factor; ++c) sum += line[c];
                }
                *out++ = sum / area;
            }
        }
    }
    return detail::with_inputs(images, std::move(inputs), rows / factor, columns / factor);
}

}  // namespace tdca
