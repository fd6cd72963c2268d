// Subset: some samples of a dataset, in some order, and how such parts are cut.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/random.hpp"
#include "tdca/core/targets.hpp"
#include "tdca/data/dataset.hpp"

namespace tdca::inline TDCA_ABI {

/// What a dataset can tell of a sample: a label, or an array of numbers.
template <class Target>
concept ToldTarget = requires(const Dataset& dataset, Target& target) {
    { dataset.tell(std::size_t{0}, target) } noexcept;
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
    /// Number of classes; 0 where samples have numbers.
    [[nodiscard]] std::size_t classes() const noexcept { return dataset_->classes(); }
    /// Output units that a network needs.
    [[nodiscard]] std::size_t targets() const noexcept { return dataset_->targets(); }

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
    /// Numbers of sample `i` of the subset.
    [[nodiscard]] std::span<const float> numbers(std::size_t i) const noexcept {
        return dataset_->numbers(indices()[i]);
    }
    /// What is told of sample `i` of the subset.
    template <ToldTarget Target>
    void tell(std::size_t i, Target& target) const noexcept {
        dataset_->tell(indices()[i], target);
        if (class_weights_) weigh(target);
    }

    /// Those of which something is told: a label whose class counts, a number that is known, of
    /// sequences either at some step. Allocates nothing where that is so of all.
    [[nodiscard]] Subset told() const {
        if (dataset_->has_labels() && dataset_->steps() == 1 && !class_weights_) return *this;
        std::size_t first = 0;
        while (first < size_ && tells(first)) ++first;
        if (first == size_) return *this;
        const auto rows = indices();
        std::vector<std::uint32_t> kept(rows.begin(),
                                        rows.begin() + static_cast<std::ptrdiff_t>(first));
        for (std::size_t i = first; i < size_; ++i) {
            if (tells(i)) kept.push_back(rows[i]);
        }
        return reordered(std::move(kept));
    }

    /// The same samples, of which those of class c count `weights[c]` times as much as they would,
    /// when a network learns from them and when one is judged by them. See also `balanced`.
    ///
    /// @throws tdca::Error where samples have no labels, there is not one weight for each class,
    ///   one is negative or not finite, or all are 0
    [[nodiscard]] Subset weighted(std::vector<float> weights) const {
        if (!dataset_->has_labels()) {
            throw Error(name(), "only classes can have weights", "labels", "numbers");
        }
        if (weights.size() != classes()) {
            throw Error(name(), "one weight is needed for each class", classes(), weights.size());
        }
        double total = 0;
        for (std::size_t c = 0; c < weights.size(); ++c) {
            if (!std::isfinite(weights[c]) || weights[c] < 0) {
                throw Error(name(), "the weight of class " + to_text(c) + " is none",
                            "0 or more, and finite", to_text(weights[c]));
            }
            total += static_cast<double>(weights[c]);
        }
        if (total == 0) throw Error(name(), "all classes have a weight of 0");
        Subset result = *this;
        result.class_weights_ = std::make_shared<const std::vector<float>>(std::move(weights));
        return result;
    }
    /// The weight of each class; empty where all samples count alike.
    [[nodiscard]] std::span<const float> class_weights() const noexcept {
        return class_weights_ ? std::span<const float>(*class_weights_) : std::span<const float>();
    }
    /// The samples of this dataset at `indices`, with the weights of these.
    [[nodiscard]] Subset reordered(std::vector<std::uint32_t> indices) const {
        Subset result(*dataset_, std::move(indices));
        result.class_weights_ = class_weights_;
        return result;
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

    /// Copies as many samples from number `start` on as `targets` has room for; what is left of the
    /// batch becomes zero rows of label, or numbers, 0. Allocates nothing.
    ///
    /// @param inputs targets.size() × features, row-major
    /// @returns number of samples copied, 0 where `start` is at the end or beyond it
    template <ToldTarget Target, std::size_t Samples>
    [[nodiscard]] std::size_t copy(std::size_t start, std::span<float> inputs,
                                   std::span<Target, Samples> targets) const noexcept {
        assert(inputs.size() == targets.size() * features());
        const std::size_t count = std::min(targets.size(), size_ - std::min(start, size_));
        for (std::size_t s = 0; s < count; ++s) {
            std::copy_n(sample(start + s).data(), features(), inputs.data() + s * features());
            tell(start + s, targets[s]);
        }
        std::ranges::fill(inputs.subspan(count * features()), 0.0F);
        std::fill(targets.begin() + static_cast<std::ptrdiff_t>(count), targets.end(), Target{});
        return count;
    }
    /// The same for whatever holds labels.
    [[nodiscard]] std::size_t copy(std::size_t start, std::span<float> inputs,
                                   std::span<std::uint16_t> labels) const noexcept {
        return copy<std::uint16_t, std::dynamic_extent>(start, inputs, labels);
    }

private:
    [[nodiscard]] bool tells(std::size_t i) const noexcept {
        if (!dataset_->has_labels()) {
            return std::ranges::any_of(numbers(i), [](float x) { return !std::isnan(x); });
        }
        return std::ranges::any_of(dataset_->labels(indices()[i]), [this](std::uint16_t label) {
            const bool is_label = label < dataset_->classes();
            return is_label && (!class_weights_ || (*class_weights_)[label] > 0);
        });
    }

    void weigh(WeightedLabel& target) const noexcept {
        target.weight = (*class_weights_)[target.label];
    }
    template <std::size_t Steps>
    void weigh(StepTargets<WeightedLabel, Steps>& targets) const noexcept {
        for (auto& told : targets) {
            weigh(told.target);
            told.is_told = told.is_told && told.target.weight > 0;
        }
    }
    template <class Target>
    void weigh(Target& /*target*/) const noexcept {}

    const Dataset* dataset_;
    std::shared_ptr<const std::vector<std::uint32_t>> indices_;
    std::shared_ptr<const std::vector<float>> class_weights_;  ///< or null
    std::size_t begin_ = 0;
    std::size_t size_;
};

/// Every sample of `dataset`, in its order.
[[nodiscard]] inline Subset all(const Dataset& dataset) { return Subset(dataset); }
Subset all(const Dataset&&) = delete;

/// The same samples in an order that follows from `key`. O(samples), allocates.
[[nodiscard]] inline Subset shuffled(const Subset& samples, Key key) {
    const Permutation order(key, samples.size());
    std::vector<std::uint32_t> indices(samples.size());
    for (std::size_t i = 0; i < indices.size(); ++i) indices[i] = samples.indices()[order(i)];
    return samples.reordered(std::move(indices));
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
