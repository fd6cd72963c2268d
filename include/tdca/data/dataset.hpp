// Dataset: labelled samples in memory; Subset: some of its rows, in some order.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/memory.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/tensor.hpp"

namespace tdca::inline TDCA_ABI {

/// Labelled samples, validated once and immutable from then on.
///
/// Inputs are samples × features, row-major and finite; every label is below the number of classes.
/// Images keep their extents, with rows × columns = features; other data have extents of 0.
class Dataset {
public:
    /// @param name what error messages and metadata call these data
    /// @param inputs samples × features, at least one feature
    /// @param labels one per sample
    /// @param classes labels run from 0 to classes − 1
    /// @param rows, columns extents of one image, or 0 where the samples are not images
    /// @throws tdca::Error naming both values that disagree
    Dataset(std::string name, Matrix<float> inputs, Tensor<std::uint16_t, 1> labels,
            std::size_t classes, std::size_t rows = 0, std::size_t columns = 0)
        : name_(std::move(name)),
          inputs_(std::move(inputs)),
          labels_(std::move(labels)),
          classes_(classes),
          rows_(rows),
          columns_(columns) {
        require_consistent_shapes();
        require_known_labels();
        require_finite_inputs();
        prefer_large_pages(inputs_.data(), inputs_.size() * sizeof(float));
    }

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] const Matrix<float>& inputs() const noexcept { return inputs_; }
    [[nodiscard]] const Tensor<std::uint16_t, 1>& labels() const noexcept { return labels_; }

    /// Number of samples.
    [[nodiscard]] std::size_t size() const noexcept { return inputs_.shape()[0]; }
    /// Numbers in one sample.
    [[nodiscard]] std::size_t features() const noexcept { return inputs_.shape()[1]; }
    /// Number of classes.
    [[nodiscard]] std::size_t classes() const noexcept { return classes_; }
    /// Extents of one image; 0 where the samples are not images.
    [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
    /// Columns of one image, or 0.
    [[nodiscard]] std::size_t columns() const noexcept { return columns_; }

    /// The inputs of sample `index`, which must be below `size()`.
    [[nodiscard]] std::span<const float> sample(std::size_t index) const noexcept {
        assert(index < size());
        return {inputs_.data() + index * features(), features()};
    }

    /// The label of sample `index`, which must be below `size()`.
    [[nodiscard]] std::uint16_t label(std::size_t index) const noexcept {
        assert(index < size());
        return labels_.data()[index];
    }

private:
    void require_consistent_shapes() const {
        if (features() == 0) throw Error(name_, "samples without features", "at least 1", "0");
        if (size() > std::numeric_limits<std::uint32_t>::max()) {
            throw Error(name_, "too many samples", std::numeric_limits<std::uint32_t>::max(),
                        size());
        }
        if (labels_.size() != size()) {
            throw Error(name_, "one label is needed for each sample", size(), labels_.size());
        }
        if (rows_ == 0 && columns_ == 0) return;
        const bool fits = rows_ != 0 && columns_ != 0 && features() % rows_ == 0 &&
                          features() / rows_ == columns_;
        if (!fits) {
            throw Error(name_, "image extents do not multiply to the number of features",
                        to_text(features()) + " features",
                        to_text(rows_) + "x" + to_text(columns_));
        }
    }

    void require_known_labels() const {
        for (std::size_t i = 0; i < size(); ++i) {
            if (label(i) >= classes_) {
                throw Error(name_, "the label of sample " + to_text(i) + " is no class",
                            "below " + to_text(classes_), to_text(label(i)));
            }
        }
    }

    void require_finite_inputs() const {
        const float* const values = inputs_.data();
        const float* const end = values + inputs_.size();
        const auto finite = [](float x) { return std::isfinite(x); };
        const float* const wrong = std::find_if_not(values, end, finite);
        if (wrong == end) return;
        const auto position = static_cast<std::size_t>(wrong - values);
        throw Error(name_,
                    "feature " + to_text(position % features()) + " of sample " +
                        to_text(position / features()) + " is no number to learn from",
                    "a finite value", to_text(*wrong));
    }

    std::string name_;
    Matrix<float> inputs_;
    Tensor<std::uint16_t, 1> labels_;
    std::size_t classes_;
    std::size_t rows_;
    std::size_t columns_;
};

/// Some rows of a dataset, in some order: training, validation or test samples.
///
/// Does not own the dataset, which must outlive it and stay where it is. Owns its list of rows
/// jointly with the subsets cut from it, so that `range`, `first`, `rest` and copies are O(1) and
/// allocate nothing.
class Subset {
public:
    /// All samples, in the dataset's order; implicit, so that a dataset serves wherever a subset
    /// does. O(samples), allocates.
    // NOLINTNEXTLINE(google-explicit-constructor): see above.
    Subset(const Dataset& dataset) : dataset_(&dataset), size_(dataset.size()) {
        auto indices = std::make_shared<std::vector<std::uint32_t>>(size_);
        std::iota(indices->begin(), indices->end(), std::uint32_t{0});
        indices_ = std::move(indices);
    }
    Subset(const Dataset&&) = delete;

    /// The samples at `indices`, in that order; a sample may be listed more than once.
    ///
    /// @throws tdca::Error for an index that the dataset does not have
    Subset(const Dataset& dataset, std::vector<std::uint32_t> indices)
        : dataset_(&dataset), size_(indices.size()) {
        for (const std::uint32_t index : indices) {
            if (index < dataset.size()) continue;
            throw Error(dataset.name(), "no such sample", "below " + to_text(dataset.size()),
                        to_text(index));
        }
        indices_ = std::make_shared<const std::vector<std::uint32_t>>(std::move(indices));
    }
    Subset(const Dataset&&, std::vector<std::uint32_t>) = delete;

    /// The dataset's name.
    [[nodiscard]] const std::string& name() const noexcept { return dataset_->name(); }
    /// What it is a subset of.
    [[nodiscard]] const Dataset& dataset() const noexcept { return *dataset_; }
    /// Number of samples.
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    /// Numbers in one sample.
    [[nodiscard]] std::size_t features() const noexcept { return dataset_->features(); }
    /// Number of classes.
    [[nodiscard]] std::size_t classes() const noexcept { return dataset_->classes(); }

    /// Row numbers in the dataset.
    [[nodiscard]] std::span<const std::uint32_t> indices() const noexcept {
        return {indices_->data() + begin_, size_};
    }

    /// Inputs and label of the subset's i-th sample; `i` must be below `size()`.
    [[nodiscard]] std::span<const float> sample(std::size_t i) const noexcept {
        return dataset_->sample(indices()[i]);
    }
    /// Label of sample `i` of the subset.
    [[nodiscard]] std::uint16_t label(std::size_t i) const noexcept {
        return dataset_->label(indices()[i]);
    }

    /// The `count` samples from number `start` on.
    ///
    /// @throws tdca::Error where there are not as many
    [[nodiscard]] Subset range(std::size_t start, std::size_t count) const {
        if (start > size_ || count > size_ - start) {
            throw Error(name(), "more samples are asked for than there are",
                        to_text(size_) + " or fewer",
                        to_text(count) + " from number " + to_text(start) + " on");
        }
        Subset part = *this;
        part.begin_ += start;
        part.size_ = count;
        return part;
    }

    /// The leading `count` samples, and all but them.
    [[nodiscard]] Subset first(std::size_t count) const { return range(0, count); }
    /// All but the first `count`.
    [[nodiscard]] Subset rest(std::size_t count) const {
        return range(count, size_ - std::min(count, size_));
    }

    /// Copies as many samples from number `start` on as `labels` has room for; what is left of the
    /// batch becomes zero rows of label 0. Allocates nothing.
    ///
    /// @param inputs labels.size() × features, row-major
    /// @returns number of samples copied, 0 where `start` is at the end or beyond it
    [[nodiscard]] std::size_t copy(std::size_t start, std::span<float> inputs,
                                   std::span<std::uint16_t> labels) const noexcept {
        assert(inputs.size() == labels.size() * features());
        const std::size_t count = std::min(labels.size(), size_ - std::min(start, size_));
        for (std::size_t s = 0; s < count; ++s) {
            std::copy_n(sample(start + s).data(), features(), inputs.data() + s * features());
            labels[s] = label(start + s);
        }
        std::ranges::fill(inputs.subspan(count * features()), 0.0F);
        std::ranges::fill(labels.subspan(count), std::uint16_t{0});
        return count;
    }

private:
    const Dataset* dataset_;
    std::shared_ptr<const std::vector<std::uint32_t>> indices_;
    std::size_t begin_ = 0;
    std::size_t size_;
};

/// Whether samples can be put into the minibatches of a network: what does not fit would be written
/// past their end.
///
/// @throws tdca::Error where there are none, or where they have another number of features than the
///   network has inputs, or more classes than it has output units
inline void require_fit(const Subset& data, std::size_t features, std::size_t outputs) {
    require_some(data.name(), "samples", data.size());
    if (data.features() != features) {
        throw Error(data.name(), "features per sample differ from the network's inputs", features,
                    data.features());
    }
    if (data.classes() > outputs) {
        throw Error(data.name(), "more classes than the network has outputs", outputs,
                    data.classes());
    }
}

/// Every sample of `dataset`, in its order.
[[nodiscard]] inline Subset all(const Dataset& dataset) { return Subset(dataset); }
Subset all(const Dataset&&) = delete;

/// The same samples in an order that follows from `key`. O(samples), allocates.
[[nodiscard]] inline Subset shuffled(const Subset& samples, Key key) {
    const Permutation order(key, samples.size());
    std::vector<std::uint32_t> indices(samples.size());
    for (std::size_t i = 0; i < indices.size(); ++i) indices[i] = samples.indices()[order(i)];
    return {samples.dataset(), std::move(indices)};
}

/// Disjoint random parts of `samples` with the given numbers of samples, the same for the same key:
/// `auto [train, validation] = split(data, key, 50'000, 10'000)`. What is left over is dropped.
///
/// @throws tdca::Error where the counts ask for more than there is, or a count is negative
template <std::integral... Counts>
    requires(sizeof...(Counts) > 0)
[[nodiscard]] std::array<Subset, sizeof...(Counts)> split(const Subset& samples, Key key,
                                                          Counts... counts) {
    const Subset order = shuffled(samples, key);
    std::size_t start = 0;
    const auto take = [&](auto count) {
        if (std::cmp_less(count, 0)) {
            throw Error(order.name(), "a part with a negative number of samples", "0 or more",
                        to_text(count));
        }
        Subset part = order.range(start, static_cast<std::size_t>(count));
        start += part.size();
        return part;
    };
    return {take(counts)...};
}

}  // namespace tdca
