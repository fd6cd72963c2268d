// Dataset: samples in memory, and what the task says of each.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tdca/core/abi.hpp"
#include "tdca/core/error.hpp"
#include "tdca/core/memory.hpp"
#include "tdca/core/number.hpp"
#include "tdca/core/targets.hpp"
#include "tdca/core/tensor.hpp"

namespace tdca::inline TDCA_ABI {

/// Samples and what the task says of each, validated once and immutable from then on.
///
/// Inputs are samples × features, row-major and finite. A sample has a label below the number of
/// classes, or numbers: values to predict, or 0 and 1 for each of several labels, NaN where it is
/// not known which. Images keep their extents, with rows × columns = features; other data have
/// extents of 0.
class Dataset {
public:
    /// Samples with labels.
    ///
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
          numbers_(Matrix<float>::from_shape({std::size_t{0}, std::size_t{0}})),
          has_labels_(true),
          classes_(classes),
          rows_(rows),
          columns_(columns) {
        require_consistent_shapes("label is", labels_.size());
        require_known_labels();
        require_finite_inputs();
        prefer_large_pages(inputs_.data(), inputs_.size() * sizeof(float));
    }

    /// Sequences with a label at every step, or at some.
    ///
    /// @param name what error messages and metadata call these data
    /// @param inputs samples × (steps · features of a step), steps one after the other
    /// @param labels samples × steps, `no_label` where a step has none, of two steps or more
    /// @param classes labels run from 0 to classes − 1
    /// @throws tdca::Error naming both values that disagree
    Dataset(std::string name, Matrix<float> inputs, const Matrix<std::uint16_t>& labels,
            std::size_t classes)
        : name_(std::move(name)),
          inputs_(std::move(inputs)),
          labels_(Tensor<std::uint16_t, 1>::from_shape({labels.size()})),
          numbers_(Matrix<float>::from_shape({std::size_t{0}, std::size_t{0}})),
          has_labels_(true),
          classes_(classes),
          rows_(0),
          columns_(0),
          steps_(labels.shape()[1]) {
        std::copy_n(labels.data(), labels.size(), labels_.data());
        require_consistent_shapes("row of labels is", labels.shape()[0]);
        require_some(name_, "steps in a sequence", steps_);
        if (classes > no_label) {
            throw Error(name_, "more classes than labels of steps can tell apart", no_label,
                        classes);
        }
        if (features() % steps_ != 0) {
            throw Error(name_, "the inputs of a sequence are no whole number for each step",
                        "a multiple of " + to_text(steps_), to_text(features()));
        }
        require_known_labels();
        require_finite_inputs();
        prefer_large_pages(inputs_.data(), inputs_.size() * sizeof(float));
    }

    /// Stands for the label of a step that has none.
    static constexpr std::uint16_t no_label = std::numeric_limits<std::uint16_t>::max();

    /// Samples with numbers; those of sequences lie one step after the other.
    ///
    /// @param name what error messages and metadata call these data
    /// @param inputs samples × features, at least one feature
    /// @param numbers samples × numbers, at least one; none is infinite, NaN is not known
    /// @param rows, columns extents of one image, or 0 where the samples are not images
    /// @throws tdca::Error naming both values that disagree
    Dataset(std::string name, Matrix<float> inputs, Matrix<float> numbers, std::size_t rows = 0,
            std::size_t columns = 0)
        : name_(std::move(name)),
          inputs_(std::move(inputs)),
          labels_(Tensor<std::uint16_t, 1>::from_shape({std::size_t{0}})),
          numbers_(std::move(numbers)),
          has_labels_(false),
          classes_(0),
          rows_(rows),
          columns_(columns) {
        require_consistent_shapes("row of numbers is", numbers_.shape()[0]);
        require_some(name_, "numbers for each sample", numbers_.shape()[1]);
        require_no_infinite_numbers();
        require_finite_inputs();
        prefer_large_pages(inputs_.data(), inputs_.size() * sizeof(float));
    }

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] const Matrix<float>& inputs() const noexcept { return inputs_; }
    /// Of all samples, of sequences all steps of one after the other; empty where they have
    /// numbers.
    [[nodiscard]] const Tensor<std::uint16_t, 1>& labels() const noexcept { return labels_; }
    /// Samples × numbers; empty where they have labels.
    [[nodiscard]] const Matrix<float>& numbers() const noexcept { return numbers_; }

    /// Number of samples.
    [[nodiscard]] std::size_t size() const noexcept { return inputs_.shape()[0]; }
    /// Numbers in one sample.
    [[nodiscard]] std::size_t features() const noexcept { return inputs_.shape()[1]; }
    /// Number of classes; 0 where samples have numbers.
    [[nodiscard]] std::size_t classes() const noexcept { return classes_; }
    /// Labels of a sample: 1, but of sequences that have one at every step.
    [[nodiscard]] std::size_t steps() const noexcept { return steps_; }
    /// Whether samples have labels, or else numbers.
    [[nodiscard]] bool has_labels() const noexcept { return has_labels_; }
    /// Output units that a network needs: one for each class, or for each number.
    [[nodiscard]] std::size_t targets() const noexcept {
        return has_labels() ? classes_ : numbers_.shape()[1];
    }
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
        assert(index < size() && has_labels() && steps() == 1);
        return labels_.data()[index];
    }
    /// The labels of sequence `index`, one a step; `no_label` where there is none.
    [[nodiscard]] std::span<const std::uint16_t> labels(std::size_t index) const noexcept {
        assert(index < size() && has_labels());
        return {labels_.data() + index * steps_, steps_};
    }

    /// The numbers of sample `index`, which must be below `size()`.
    [[nodiscard]] std::span<const float> numbers(std::size_t index) const noexcept {
        assert(index < size() && !has_labels());
        return {numbers_.data() + index * targets(), targets()};
    }

    /// What is told of sample `index`, as signals take it: its label.
    void tell(std::size_t index, std::uint16_t& target) const noexcept { target = label(index); }
    /// Its label, which counts as much as any.
    void tell(std::size_t index, WeightedLabel& target) const noexcept {
        target = {label(index), 1.0F};
    }
    /// Its numbers; what the network has more output units for is not known.
    template <std::size_t Outputs>
    void tell(std::size_t index, std::array<float, Outputs>& target) const noexcept {
        tell_numbers(numbers(index), target);
    }
    /// The labels of its steps, or the numbers of each; nothing where there is none, or none known.
    template <class Target, std::size_t Steps>
    void tell(std::size_t index, StepTargets<Target, Steps>& targets) const noexcept {
        if constexpr (requires(Target target) { tell_label(std::uint16_t{0}, target); }) {
            const std::span<const std::uint16_t> told = labels(index);
            for (std::size_t t = 0; t < Steps; ++t) {
                targets[t].is_told = told[t] != no_label;
                tell_label(targets[t].is_told ? told[t] : std::uint16_t{0}, targets[t].target);
            }
        } else {
            const std::span<const float> told = numbers(index);
            const std::size_t each = told.size() / Steps;
            for (std::size_t t = 0; t < Steps; ++t) {
                tell_numbers(told.subspan(t * each, each), targets[t].target);
                targets[t].is_told =
                    std::ranges::any_of(targets[t].target, [](float x) { return !std::isnan(x); });
            }
        }
    }

private:
    static void tell_label(std::uint16_t label, std::uint16_t& target) noexcept { target = label; }
    static void tell_label(std::uint16_t label, WeightedLabel& target) noexcept {
        target = {label, 1.0F};
    }
    template <std::size_t Outputs>
    static void tell_numbers(std::span<const float> told,
                             std::array<float, Outputs>& target) noexcept {
        target.fill(std::numeric_limits<float>::quiet_NaN());
        std::copy_n(told.data(), std::min(told.size(), Outputs), target.data());
    }

    void require_consistent_shapes(const char* one, std::size_t told) const {
        if (features() == 0) throw Error(name_, "samples without features", "at least 1", "0");
        if (size() > std::numeric_limits<std::uint32_t>::max()) {
            throw Error(name_, "too many samples", std::numeric_limits<std::uint32_t>::max(),
                        size());
        }
        if (told != size()) {
            throw Error(name_, std::string("one ") + one + " needed for each sample", size(), told);
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
        for (std::size_t i = 0; i < labels_.size(); ++i) {
            const std::uint16_t label = labels_.data()[i];
            if (label < classes_ || (steps_ > 1 && label == no_label)) continue;
            const std::string step = steps_ > 1 ? ", step " + to_text(i % steps_) + "," : "";
            throw Error(name_, "the label of sample " + to_text(i / steps_) + step + " is no class",
                        "below " + to_text(classes_), to_text(label));
        }
    }

    void require_finite_inputs() const {
        require_each(inputs_, "feature ", "a finite value",
                     [](float x) { return std::isfinite(x); });
    }

    void require_no_infinite_numbers() const {
        require_each(numbers_, "target ", "a finite value, or NaN where it is not known",
                     [](float x) { return !std::isinf(x); });
    }

    template <class Right>
    void require_each(const Matrix<float>& matrix, const char* what, const char* expected,
                      const Right& right) const {
        const float* const end = matrix.data() + matrix.size();
        const float* const wrong = std::find_if_not(matrix.data(), end, right);
        if (wrong == end) return;
        const auto position = static_cast<std::size_t>(wrong - matrix.data());
        const std::size_t columns = matrix.shape()[1];
        throw Error(name_,
                    what + to_text(position % columns) + " of sample " +
                        to_text(position / columns) + " is no number to learn from",
                    expected, to_text(*wrong));
    }

    std::string name_;
    Matrix<float> inputs_;
    Tensor<std::uint16_t, 1> labels_;
    Matrix<float> numbers_;
    bool has_labels_;
    std::size_t classes_;
    std::size_t rows_;
    std::size_t columns_;
    std::size_t steps_ = 1;
};

}  // namespace tdca
